import type { Ledger, LedgerMessage, Reach } from "../../../../testing.ts";
import type { GraphServer } from "./graph-server.ts";
import { newWamid } from "./graph-server.ts";
import type { Notifications } from "./notifications.ts";
import { NUMBER } from "./showing.ts";

/** What Meta calls a person by: the number, the user id, or both. */
export interface Names {
  readonly phone?: string;
  readonly userId?: string;
}

/** What people do, as notifications. `namesOf` says how each of them is called in these. */
export function reachOf(
  ledger: Ledger,
  server: GraphServer,
  notifications: Notifications,
  namesOf: (person: string) => Names,
): Reach {
  const about = (person: { readonly id: string; readonly name: string }, chat: string, fields: object): object => {
    const { phone, userId } = namesOf(person.id);
    const contact = {
      profile: { name: person.name },
      ...(phone === undefined ? {} : { wa_id: phone }),
      ...(userId === undefined ? {} : { user_id: userId }),
    };
    const message = {
      ...(phone === undefined ? {} : { from: phone }),
      ...(userId === undefined ? {} : { from_user_id: userId }),
      ...(chat === person.id ? {} : { group_id: chat }),
      timestamp: String(Math.floor(ledger.now() / 1_000)),
      ...fields,
    };
    return { contacts: [contact], messages: [message] };
  };
  return {
    self: NUMBER,
    directChat: (person) => person,
    newId: newWamid,
    said: async (message) =>
      await notifications.notify(about(message.author, message.chat, saidFields(message, server))),
    edited: (message) => {
      const { id: _id, ...changed } = saidFields(message, server);
      const edit = { original_message_id: message.id, message: changed };
      void notifications.notify(about(message.author, message.chat, { id: newWamid(), type: "edit", edit }));
    },
    removed: ({ id, author, chat }) => {
      const revoke = { original_message_id: id };
      void notifications.notify(about(author, chat, { id: newWamid(), type: "revoke", revoke }));
    },
    reacted: ({ id, chat }, person, emoji) => {
      const reaction = { message_id: id, emoji };
      void notifications.notify(
        about({ id: person, name: person }, chat, { id: newWamid(), type: "reaction", reaction }),
      );
    },
    chose: async ({ id: messageId, chat }, person, { id, label, kind }) => {
      const type = kind === "button" ? "button_reply" : "list_reply";
      const context = { from: NUMBER, id: messageId };
      const interactive = { type, [type]: { id, title: label } };
      return await notifications.notify(
        about(person, chat, { id: newWamid(), type: "interactive", context, interactive }),
      );
    },
  };
}

function saidFields(message: LedgerMessage, server: GraphServer): Readonly<Record<string, unknown>> {
  const { id, text, replyTo, files } = message;
  const context = replyTo === undefined ? {} : { context: { id: replyTo, from: NUMBER } };
  const [file] = files;
  if (file === undefined) return { id, ...context, type: "text", text: { body: text } };
  const { name, mediaType = "application/octet-stream", bytes } = file;
  const media = server.addMedia({ name, mediaType, bytes });
  const kind = mediaType.split("/")[0] ?? "";
  const type = ["image", "audio", "video"].includes(kind) ? kind : "document";
  const caption = text === "" ? {} : { caption: text };
  const filename = type === "document" ? { filename: name } : {};
  return { id, ...context, type, [type]: { id: media, mime_type: mediaType, ...caption, ...filename } };
}
