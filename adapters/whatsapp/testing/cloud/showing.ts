import type { Ledger, NewMessage, TakeFrom } from "../../../../core/testing/index.ts";
import type { Media, OutboundMessage } from "./graph-rules.ts";
import { refuse } from "./graph-rules.ts";
import type { GraphServer } from "./graph-server.ts";
import { newWamid } from "./graph-server.ts";
import type { Notifications } from "./notifications.ts";

/** The bot's number. */
export const NUMBER = "15550009999";

const DAY_MS = 24 * 60 * 60_000;
/** To one person: one message in six seconds, saved up to so many. */
const RATE = { burst: 45, perSecond: 1 / 6 };

/** What showing a bot's message needs. */
export interface Parts {
  readonly ledger: Ledger;
  readonly server: GraphServer;
  readonly notifications: Notifications;
  readonly takeFrom: TakeFrom;
  /** Whose number or user id it is; a group's id is its own. */
  readonly personAt: (address: string) => string;
}

/** Puts a bot's message before its reader, and gives its id. Throws where WhatsApp's rules forbid it. */
export function show(parts: Parts, message: OutboundMessage): string {
  const { ledger } = parts;
  const to = parts.personAt(message.to ?? message.recipient ?? "");
  if (!isThere(ledger, to, message)) refuse(131_026, "Message undeliverable");
  if (parts.takeFrom(to, RATE) > 0) refuse(131_056, "(Business Account, Consumer Account) pair rate limit hit", 429);
  const id = newWamid();
  if (message.type === "reaction") {
    const { message_id: reacted, emoji } = message.reaction;
    ledger.react(ledger.find(reacted) ?? refuse(131_009, "No such message"), NUMBER, emoji);
    return id;
  }
  const heard = ledger.messagesOf(to).findLast(({ author }) => !author.isBot)?.at ?? 0;
  if (message.type !== "template" && ledger.now() - heard > DAY_MS) {
    status(parts, message, { id, status: "failed", errors: [{ code: 131_047, title: "Re-engagement message" }] });
    return id;
  }
  const replyTo = message.context?.message_id;
  const author = { id: NUMBER, name: "Bot", isBot: true };
  ledger.add({ id, chat: to, author, replyTo, choices: [], files: [], ...visible(message, parts.server) });
  status(parts, message, { id, status: "sent" });
  return id;
}

function isThere(ledger: Ledger, to: string, { recipient_type: as = "individual" }: OutboundMessage): boolean {
  const chat = ledger.chats().find(({ id }) => id === to);
  return chat?.type === (as === "group" ? "group" : "direct");
}

function status({ notifications, ledger }: Parts, message: OutboundMessage, fields: object): void {
  const key = message.biz_opaque_callback_data;
  const shown = {
    ...fields,
    timestamp: String(Math.floor(ledger.now() / 1_000)),
    ...(message.to === undefined ? { recipient_user_id: message.recipient } : { recipient_id: message.to }),
    ...(key === undefined ? {} : { biz_opaque_callback_data: key }),
  };
  void notifications.notify({ statuses: [shown] });
}

type Visible = Pick<NewMessage, "text" | "choices" | "files">;

function visible(message: OutboundMessage, { media }: GraphServer): Visible {
  switch (message.type) {
    case "text":
      return { text: message.text.body };
    case "interactive": {
      const { body, ...rest } = message.interactive;
      const options = rest.type === "button" ? rest.action.buttons : rest.action.sections.flatMap(({ rows }) => rows);
      const kind = rest.type === "button" ? "button" : "select";
      const choices = options.map((one) => ("reply" in one ? one.reply : one));
      return { text: body.text, choices: choices.map(({ id, title: label }) => ({ id, label, kind })) };
    }
    case "template": {
      const words = message.template.components.flatMap(({ parameters }) => parameters.map(({ text }) => text));
      return { text: `News for you: ${words.join(" ")}` };
    }
    case "reaction":
      return { text: "" };
    case "image":
      return fileOf(media, message.image);
    case "audio":
      return fileOf(media, message.audio);
    case "video":
      return fileOf(media, message.video);
    case "document":
      return fileOf(media, message.document);
  }
}

function fileOf(media: GraphServer["media"], { id, filename, caption: text = "" }: Media): Visible {
  const file = media.get(id);
  return {
    text,
    files: file === undefined ? [] : [{ ...file, name: filename ?? file.name, sizeBytes: file.bytes.length }],
  };
}
