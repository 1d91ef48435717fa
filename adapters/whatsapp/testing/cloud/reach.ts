import type { Author, Ledger, LedgerMessage, Reach } from "../../../../core/testing/index.ts";
import { mediaKindOf } from "../formatting.ts";
import type { GraphServer } from "./graph-server.ts";
import { newWamid } from "./graph-server.ts";
import type { Notifications } from "./notifications.ts";
import { NUMBER } from "./showing.ts";

/** What Meta calls a person by: the number, the user id, or both. */
export interface Names {
  readonly phone?: string;
  readonly userId?: string;
}

type Person = Pick<Author, "id" | "name">;

/** What people do, as notifications. `namesOf` says how each of them is called in these. */
export function reachOf(
  ledger: Ledger,
  server: GraphServer,
  notifications: Notifications,
  namesOf: (person: string) => Names,
): Reach {
  const about = (person: Person, chat: string, fields: object): object => {
    const { phone, userId } = namesOf(person.id);
    const contact = { profile: { name: person.name }, wa_id: phone, user_id: userId };
    const from = { from: phone, from_user_id: userId, group_id: chat === person.id ? undefined : chat };
    const timestamp = String(Math.floor(ledger.now() / 1_000));
    return { contacts: [contact], messages: [{ ...from, timestamp, ...fields }] };
  };
  const tell = (person: Person, { chat }: LedgerMessage, type: string, content: object): void =>
    void notifications.notify(about(person, chat, { id: newWamid(), type, [type]: content }));
  return {
    self: NUMBER,
    directChat: (person) => person,
    newId: newWamid,
    said: async (message) =>
      await notifications.notify(about(message.author, message.chat, saidFields(message, server))),
    edited: (message) => {
      const { id: _id, ...changed } = saidFields(message, server);
      tell(message.author, message, "edit", { original_message_id: message.id, message: changed });
    },
    removed: (message) => tell(message.author, message, "revoke", { original_message_id: message.id }),
    reacted: (message, person, emoji) =>
      tell({ id: person, name: person }, message, "reaction", { message_id: message.id, emoji }),
    chose: async ({ id: messageId, chat }, person, { id, label, kind }) => {
      const type = kind === "button" ? "button_reply" : "list_reply";
      const pressed = { context: { from: NUMBER, id: messageId }, interactive: { type, [type]: { id, title: label } } };
      return await notifications.notify(about(person, chat, { id: newWamid(), type: "interactive", ...pressed }));
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
  const type = mediaKindOf(mediaType);
  const caption = text === "" ? {} : { caption: text };
  const filename = type === "document" ? { filename: name } : {};
  return { id, ...context, type, [type]: { id: media, mime_type: mediaType, ...caption, ...filename } };
}
