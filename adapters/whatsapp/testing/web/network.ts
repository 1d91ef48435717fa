/** WhatsApp's servers behind the page: what becomes of what it says, and what it is told. */
import { randomBytes } from "node:crypto";
import type {
  CallFault,
  FaultQueue,
  Ledger,
  LedgerMessage,
  NewMessage,
  SeenFile,
} from "../../../../core/testing/index.ts";
import { mediaKindOf } from "../formatting.ts";
import type { Addresses } from "./ids.ts";
import { keyOf } from "./ids.ts";
import type { Down } from "./page-server.ts";
import type { Send, Up as Operation } from "./rules.ts";
import { Refused, Up } from "./rules.ts";

/** The account's number. */
export const NUMBER = "15550001111";
export const SELF = `${NUMBER}@c.us`;
const SELF_LID = "84440009999@lid";
const TYPING_MS = 25_000;
const FAILED = -1;

export interface NetworkOptions {
  readonly ledger: Ledger;
  readonly faults: FaultQueue;
  readonly addresses: Addresses;
  readonly down: (operation: Down) => void;
  /** A code to link with is shown. */
  readonly onCode: () => void;
}

export type Network = ReturnType<typeof createNetwork>;

export function createNetwork(options: NetworkOptions) {
  const { ledger, faults, down } = options;
  const state: { device?: string; synced: boolean } = { synced: false };
  const refused: string[] = [];
  const toPage = (message: LedgerMessage): object => pageMessage(options, message);
  const greeting = (device: string): Down => {
    if (state.device === undefined || device !== state.device) return { name: "unlinked" };
    return { name: "linked", device, number: SELF, lid: SELF_LID, messages: ledger.all().map(toPage) };
  };
  const refuse = (operation: unknown, why: string): void => {
    refused.push(why);
    const send = Refused.safeParse(operation);
    if (send.success) down({ name: "ack", id: send.data.id, ack: FAILED });
  };
  const take = (operation: Operation): void => {
    if (operation.name === "synced") state.synced = true;
    else if (operation.name === "logout") delete state.device;
    else if (operation.name === "ref" || operation.name === "pairing-code") options.onCode();
    else if (operation.name === "missing-module") refused.push(`the page has no module ${operation.module}`);
    else if (operation.name !== "seen") act(operation);
  };
  const act = (operation: Action): void => {
    try {
      apply(options, operation);
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      return refuse(operation, thrown.message);
    }
    if (operation.name === "send") down({ name: "ack", id: operation.id, ack: 1 });
  };
  return {
    hear: (said: unknown): "answered" | "cut" | "busy" => {
      const parsed = Up.safeParse(said);
      const name = parsed.data?.name;
      const fault = faults.take(name === "send" || name === "edit" ? name : "other");
      if (fault !== undefined && fault.kind !== "cut-after") return fail(down, said, fault.kind);
      if (parsed.success) take(parsed.data);
      else refuse(said, parsed.error.issues[0]?.message ?? "invalid");
      return fault === undefined ? "answered" : "cut";
    },
    /** What a page is told that opens its line. */
    greeting,
    /** The telephone links the device that shows a code. */
    link: (): void => {
      state.device = randomBytes(8).toString("hex");
      down(greeting(state.device));
    },
    unlink: (): void => {
      delete state.device;
      state.synced = false;
      down({ name: "logout" });
    },
    isSynced: (): boolean => state.synced,
    refused,
    /** A message as the page has it. */
    toPage,
    fileAt: (path: string): SeenFile | undefined =>
      ledger.find(decodeURIComponent(path.replace("/media/", "")))?.files[0],
  };
}

/**
 * What a fault makes of an operation that is not carried out. An overloaded server is asked again by the page itself;
 * a message that WhatsApp will not take gets its warning sign.
 */
function fail(down: NetworkOptions["down"], said: unknown, kind: CallFault["kind"]): "answered" | "cut" | "busy" {
  const send = Refused.safeParse(said);
  if (kind === "cut-before") return "cut";
  if (kind !== "markup-refused" || !send.success) return "busy";
  down({ name: "ack", id: send.data.id, ack: FAILED });
  return "answered";
}

type Action = Extract<Operation, { name: "send" | "edit" | "revoke" | "react" | "typing" }>;

/** What WhatsApp does not carry out, and why. */
class Refusal extends Error {
  override readonly name = "Refusal";
}

function refusal(why: string): never {
  throw new Refusal(why);
}

/** Does what the page asked. Throws a refusal. */
function apply({ ledger, addresses }: NetworkOptions, operation: Action): void {
  if (operation.name === "send") return show(ledger, addresses, operation);
  if (operation.name === "typing")
    return ledger.setTyping(addresses.fromPage(operation.chat), operation.on ? TYPING_MS : 0);
  const message = ledger.find(operation.id) ?? refusal(`there is no message ${operation.id}`);
  if (operation.name === "react") return ledger.react(message, NUMBER, operation.emoji);
  if (!keyOf(message.id).fromMe) refusal("only own messages can be changed");
  ledger.change(message, operation.name === "edit" ? { text: operation.body, edited: true } : { removed: true });
}

function show(ledger: Ledger, addresses: Addresses, send: Send): void {
  const chat = addresses.fromPage(send.chat);
  if (!ledger.chats().some(({ id }) => id === chat)) refusal(`nobody has the chat ${send.chat}`);
  // The page sends again what it got no answer for.
  if (ledger.find(send.id) !== undefined) return;
  const { quoted, id, mentions } = send;
  const replyTo = ledger.messagesOf(chat).find((message) => keyOf(message.id).id === quoted)?.id;
  if (quoted !== undefined && replyTo === undefined) refusal(`there is no message ${quoted} to quote`);
  ledger.add({ id, chat, author: { id: NUMBER, name: "Bot", isBot: true }, replyTo, mentions, ...visibleOf(send) });
}

function visibleOf({ poll, media, body, caption = "" }: Send): Pick<NewMessage, "text" | "choices" | "files"> {
  if (media !== undefined) {
    const { name = "file", mediaType } = media;
    const bytes = new Uint8Array(Buffer.from(media.bytes, "base64"));
    return { text: caption, files: [{ name, mediaType, sizeBytes: bytes.length, bytes }] };
  }
  if (poll === undefined) return { text: body };
  return { text: poll.question, choices: poll.options.map((label, id) => ({ id: String(id), label, kind: "poll" })) };
}

function pageMessage({ ledger, addresses }: NetworkOptions, message: LedgerMessage): object {
  const { id, chat, author, at, edited, mentions, replyTo } = message;
  const title = ledger.chats().find((one) => one.id === chat)?.title;
  const quoted = replyTo === undefined ? undefined : ledger.find(replyTo);
  return {
    key: keyOf(id),
    t: Math.floor(at / 1_000),
    notifyName: author.name,
    chat: { title, participants: [SELF, ...ledger.membersOf(chat).map(addresses.toPage)] },
    mentions: mentions.map(addresses.toPage),
    latestEditSenderTimestampMs: edited ? at : undefined,
    quoted: quoted && { id: keyOf(quoted.id).id, participant: senderOf(addresses, quoted), body: quoted.text },
    ...contentOf(message),
  };
}

function senderOf(addresses: Addresses, { id, author }: LedgerMessage): string {
  return keyOf(id).fromMe ? SELF : addresses.toPage(author.id);
}

function contentOf({ id, removed, text, choices, files }: LedgerMessage): object {
  if (removed) return { type: "revoked" };
  const [file] = files;
  if (file !== undefined) {
    const { name, mediaType = "application/octet-stream", sizeBytes } = file;
    const type = mediaKindOf(mediaType);
    const directPath = `/media/${encodeURIComponent(id)}`;
    return { type, caption: text, directPath, mimetype: mediaType, filename: name, size: sizeBytes };
  }
  if (choices.length === 0) return { type: "chat", body: text };
  return {
    type: "poll_creation",
    pollName: text,
    pollOptions: choices.map(({ label }, localId) => ({ name: label, localId })),
  };
}
