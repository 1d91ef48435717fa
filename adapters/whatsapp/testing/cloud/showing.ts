import type { Ledger, LedgerChoice, SeenFile } from "../../../../testing.ts";
import type { GraphRefusal, OutboundMessage } from "./graph-rules.ts";
import type { GraphServer } from "./graph-server.ts";
import { newWamid } from "./graph-server.ts";
import type { Notifications } from "./notifications.ts";

/** The bot's number. */
export const NUMBER = "15550009999";

const DAY_MS = 24 * 60 * 60_000;
/** To one person: one message in six seconds, saved up to this many. */
const BURST = 45;
const SECONDS_EACH = 6;

/** What showing a bot's message needs. */
export interface Parts {
  readonly ledger: Ledger;
  readonly server: GraphServer;
  readonly notifications: Notifications;
  /** Per person: when the saved-up sends would be full again. */
  readonly rates: Map<string, number>;
  /** Whose number or user id it is; a group's id is its own. */
  readonly personAt: (address: string) => string;
}

/** Puts a bot's message before its reader, unless WhatsApp's rules forbid it. */
export function show(
  parts: Parts,
  message: OutboundMessage,
): { readonly id: string } | { readonly refusal: GraphRefusal } {
  const { ledger } = parts;
  const to = parts.personAt(message.to ?? message.recipient ?? "");
  if (!isThere(ledger, to, message))
    return { refusal: { status: 400, code: 131_026, message: "(#131026) Message undeliverable" } };
  if (isTooFast(parts, to))
    return {
      refusal: {
        status: 429,
        code: 131_056,
        message: "(#131056) (Business Account, Consumer Account) pair rate limit hit",
      },
    };
  if (message.type === "reaction") return react(ledger, message.reaction);
  const id = newWamid();
  const heard = ledger.messagesOf(to).findLast(({ author }) => !author.isBot)?.at ?? 0;
  if (message.type !== "template" && ledger.now() - heard > DAY_MS) {
    status(parts, message, { id, status: "failed", errors: [{ code: 131_047, title: "Re-engagement message" }] });
    return { id };
  }
  const { text, choices, files } = visible(message, parts.server);
  const replyTo = message.context?.message_id;
  ledger.add({ id, chat: to, author: { id: NUMBER, name: "Bot", isBot: true }, text, choices, files, replyTo });
  status(parts, message, { id, status: "sent" });
  return { id };
}

function isThere(ledger: Ledger, to: string, { recipient_type: as = "individual" }: OutboundMessage): boolean {
  const chat = ledger.chats().find(({ id }) => id === to);
  return chat?.type === (as === "group" ? "group" : "direct");
}

function isTooFast({ rates, ledger }: Parts, to: string): boolean {
  const busyUntil = Math.max(rates.get(to) ?? 0, ledger.now()) + SECONDS_EACH * 1_000;
  if (busyUntil - ledger.now() > BURST * SECONDS_EACH * 1_000) return true;
  rates.set(to, busyUntil);
  return false;
}

function react(
  ledger: Ledger,
  { message_id, emoji }: { readonly message_id: string; readonly emoji: string },
): { readonly id: string } | { readonly refusal: GraphRefusal } {
  const message = ledger.find(message_id);
  if (message === undefined) return { refusal: { status: 400, code: 131_009, message: "(#131009) No such message" } };
  ledger.react(message, NUMBER, emoji);
  return { id: newWamid() };
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

function visible(
  message: OutboundMessage,
  server: GraphServer,
): { readonly text: string; readonly choices: readonly LedgerChoice[]; readonly files: readonly SeenFile[] } {
  switch (message.type) {
    case "text":
      return { text: message.text.body, choices: [], files: [] };
    case "interactive": {
      const { body, ...rest } = message.interactive;
      const choices: readonly LedgerChoice[] =
        rest.type === "button"
          ? rest.action.buttons.map(({ reply }) => ({ id: reply.id, label: reply.title, kind: "button" as const }))
          : rest.action.sections
              .flatMap(({ rows }) => rows)
              .map(({ id, title }) => ({ id, label: title, kind: "select" as const }));
      return { text: body.text, choices, files: [] };
    }
    case "template": {
      const words = message.template.components.flatMap(({ parameters }) => parameters.map(({ text }) => text));
      return { text: `News for you: ${words.join(" ")}`, choices: [], files: [] };
    }
    case "reaction":
      return { text: "", choices: [], files: [] };
    case "image":
      return fileOf(server, message.image);
    case "audio":
      return fileOf(server, message.audio);
    case "video":
      return fileOf(server, message.video);
    case "document":
      return fileOf(server, message.document);
  }
}

function fileOf(
  server: GraphServer,
  {
    id,
    filename,
    caption = "",
  }: { readonly id: string; readonly filename?: string | undefined; readonly caption?: string | undefined },
): ReturnType<typeof visible> {
  const media = server.media.get(id);
  if (media === undefined) return { text: caption, choices: [], files: [] };
  const { name, mediaType, bytes } = media;
  return { text: caption, choices: [], files: [{ name: filename ?? name, mediaType, bytes, sizeBytes: bytes.length }] };
}
