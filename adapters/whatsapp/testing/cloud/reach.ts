import type { Ledger, LedgerMessage } from "../ledger.ts";
import type { Reach } from "../people.ts";
import type { GraphServer } from "./graph-server.ts";
import { newWamid } from "./graph-server.ts";
import type { Notifications } from "./notifications.ts";
import { NUMBER } from "./showing.ts";

/** What people do, as notifications. */
export function reachOf(ledger: Ledger, server: GraphServer, notifications: Notifications): Reach {
  const about = (person: { readonly id: string; readonly name: string }, fields: object): object => ({
    contacts: [{ wa_id: person.id, profile: { name: person.name } }],
    messages: [{ from: person.id, timestamp: String(Math.floor(ledger.now() / 1_000)), ...fields }],
  });
  const unsupported = (message: LedgerMessage): void =>
    void notifications.notify(
      about(message.author, { id: newWamid(), type: "unsupported", errors: [{ code: 131_051, title: "Unsupported" }] }),
    );
  return {
    self: NUMBER,
    directChat: (person) => person,
    newId: newWamid,
    said: async (message) => await notifications.notify(about(message.author, saidFields(message, server))),
    edited: unsupported,
    removed: unsupported,
    reacted: (message, person, emoji) =>
      void notifications.notify(
        about(
          { id: person, name: person },
          {
            id: newWamid(),
            type: "reaction",
            reaction: { message_id: message.id, emoji },
          },
        ),
      ),
    chose: async (message, person, { id, label, kind }) => {
      const type = kind === "button" ? "button_reply" : "list_reply";
      const context = { from: NUMBER, id: message.id };
      const interactive = { type, [type]: { id, title: label } };
      return await notifications.notify(about(person, { id: newWamid(), type: "interactive", context, interactive }));
    },
  };
}

function saidFields(message: LedgerMessage, server: GraphServer): object {
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
