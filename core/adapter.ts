/**
 * The code for one platform, reduced to what the framework needs.
 *
 * A small required core (`manifest`, `configSchema`, `normalize`, `render`, `connect`) and optional capabilities that
 * the manifest declares. `normalize` and `render` are pure, so most tests need no network. A capability is declared
 * only when the conformance suite has a passing case for it; a method that is not declared is never called.
 */
import type { z } from "zod";
import type { Acceptance } from "./broker/broker.ts";
import type { Check } from "./check.ts";
import type { AccountId, ConversationId } from "./conversation-id.ts";
import type { Environment } from "./environment.ts";
import type { Attachment, EventDraft } from "./event.ts";
import type { Files, KeptFiles } from "./files/files.ts";
import type { HttpRoute, SocketRoute } from "./http.ts";
import type { Json } from "./json.ts";
import type { LiveSignal } from "./live.ts";
import type { Network } from "./network/network.ts";
import type { Reply, ReplyTarget } from "./reply.ts";
import type { Logger } from "./telemetry.ts";
import type { ListedAction } from "./tool.ts";

/** Bumped on a breaking change. A manifest with another version is refused before load, naming both. */
export const ADAPTER_API_VERSION = 2;

/** What the platform can do, with its limits. Rendering degrades by it and says so. */
export interface Capabilities {
  readonly text: {
    /** Longest message. */
    readonly maxLength: number;
    readonly unit: "utf16" | "codepoints" | "bytes";
    readonly markup: "markdown" | "html" | "ansi" | "none";
  };
  /** Buttons: how many, how long their labels; 0 where there are none (a numbered list is sent instead). */
  readonly choices: { readonly max: number; readonly labelMaxLength: number };
  /** True where choices may be shown as a poll. */
  readonly polls: boolean;
  /** True where a reply can be shown to one person of a chat alone. */
  readonly ephemeral: boolean;
  readonly edit: boolean;
  readonly remove: boolean;
  readonly react: boolean;
  /** How often a typing signal must be repeated to stay alive, in ms; false where there is none. */
  readonly typing: { readonly refreshMs: number } | false;
  /** `native`: `live` gets every signal. `edits`: a message is sent and edited. `none`: only the final reply. */
  readonly streaming:
    | { readonly style: "native" }
    | { readonly style: "edits"; readonly minIntervalMs: number }
    | false;
  readonly threads: boolean;
  readonly files: { readonly maxBytes: number } | false;
  readonly history: boolean;
  /** True when `reconcile` can tell whether an ambiguous send arrived. */
  readonly reconcile: boolean;
  /** True when the platform itself drops a second send with the same key. */
  readonly idempotentSend: boolean;
  /** Sends allowed per second; the delivery's limiter obeys before the platform has to complain. */
  readonly rate: { readonly perChatPerSecond: number; readonly perAccountPerSecond: number };
}

export interface AdapterManifest {
  readonly platform: string;
  readonly apiVersion: number;
  readonly displayName: string;
  /** When the platform is told that an event arrived. `none`: it never asks. */
  readonly acknowledgement: "after-accept" | "on-offset" | "none";
  /**
   * `exclusive`: one process at a time is connected for an account (a socket, a poller, a browser); others stand by and
   * take over when it stops or dies. `shared`: every process may be. `gateway`: every process that has a gateway, and no
   * other, because everything comes in over HTTP (web pages, signed webhooks).
   */
  readonly connection: "exclusive" | "shared" | "gateway";
  readonly capabilities: Capabilities;
  /** Hosts that files may be fetched from; a token is never sent to any other. `*.example.com` means all below one. */
  readonly attachmentHosts: readonly string[];
}

/** Who the account is on its platform: learned when it connects, so that `normalize` can tell the bot from others. */
export interface Identity {
  /** All ids that the platform knows the account by, the one shown to people first. Empty before it connects. */
  readonly userIds: readonly string[];
  /** What people mention it by: a user name, a nick. */
  readonly name?: string;
}

/** What `normalize` knows besides the payload. */
export interface NormalizeContext<Settings> {
  readonly accountName: string;
  readonly settings: Settings;
  readonly identity: Identity;
}

/** The outcome of reading one raw platform payload. */
export type Normalized =
  | { readonly event: EventDraft }
  /** Counted, and visible to `parley why`: a named reason, in words. `messageId` where there is one. */
  | { readonly ignored: string; readonly messageId?: string; readonly chat?: string };

/** What was asked for and could not be shown as such. */
export interface Degradation {
  /** For example `choices`. */
  readonly feature: string;
  /** For example `numbered list`. */
  readonly shownAs: string;
}

export interface Rendered<Payload> {
  /** In order; each is one message on the platform. Never empty. */
  readonly parts: readonly Payload[];
  readonly degraded: readonly Degradation[];
  /** True when choices are shown as numbers, so that a typed number must be read as a choice. */
  readonly numberedChoices?: boolean;
}

/** How a reply is to be rendered. */
export interface RenderOptions {
  readonly capabilities: Capabilities;
  /** True after the platform refused the markup: send plain text. */
  readonly plain: boolean;
  /** The bot's locale (BCP 47) and time zone: labels, amounts and times are written in them, see `localeText`. */
  readonly locale?: string | undefined;
  readonly timeZone?: string | undefined;
}

/** The state of a connection, by received traffic rather than by socket state. */
export interface Health {
  readonly state: "starting" | "stand-by" | "login-required" | "live" | "degraded" | "down" | "closed";
  readonly detail: string;
  /** What to do about it. */
  readonly remedy?: string;
  /** When something was last received, ISO 8601. */
  readonly lastReceivedAt?: string;
}

/** A command that people can call by name, registered with the platform where it keeps a list. */
export interface CommandDefinition {
  /** Without the slash. */
  readonly name: string;
  readonly description: string;
  /** One free text after the name. */
  readonly argument?: { readonly name: string; readonly description: string; readonly required: boolean };
}

/** What a person must do at their phone or desk so that the account may connect. */
export interface LoginPrompt {
  readonly kind: "qr" | "pairing-code";
  /** The QR code's content, or the code to type. */
  readonly value: string;
  readonly expiresAt: string;
}

/** What became of an event that was handed in. */
export type Accepted = Acceptance & {
  readonly eventId: string;
  readonly conversation: ConversationId;
};

/** What an adapter gets from the framework when it connects. */
export interface AdapterContext<Settings> {
  readonly account: AccountId;
  /** The account part alone, as configured. */
  readonly accountName: string;
  readonly bot: {
    readonly id: string;
    readonly name: string;
    /** For what the platform shows beside replies. @default "en" and "UTC" */
    readonly locale?: string;
    readonly timeZone?: string;
  };
  readonly settings: Settings;
  readonly environment: Environment;
  readonly log: Logger;
  /** How others are reached. `fetch` is routed by itself; other clients take their agent from here. Left out: directly. */
  readonly network?: Network;
  /** Says who the account is, as soon as it is known and before the first `accept`: what is recorded then says it too. */
  readonly identify: (identity: Identity) => void;
  /**
   * Hands in what `normalize` made of a raw payload. Resolves when it is durable: only then acknowledge the platform.
   * Rejects with a retryable `ParleyError` within about a second when it cannot be made durable.
   * `undefined` for an ignored payload. `raw`, the payload it was made of, is looked at by a recorder of fixtures only.
   */
  readonly accept: (normalized: Normalized, raw?: unknown) => Promise<Accepted | undefined>;
  /** Puts bytes that arrived with the event itself (an upload) in the spool; gives the key for `Attachment.spoolKey`. */
  readonly spool: (
    bytes: AsyncIterable<Uint8Array>,
    facts: { readonly name?: string; readonly mediaType?: string; readonly conversation: ConversationId },
  ) => Promise<SpooledFile>;
  /**
   * The bytes behind an address of the account's attachment hosts, and of no other, also after redirects. Headers go to
   * the first host alone. Throws `attachment/host-not-allowed`, `attachment/too-large`, `attachment/expired` (404, 410) or
   * `attachment/fetch-failed`.
   */
  readonly fetchFile: (
    address: string,
    options: {
      readonly maxBytes: number;
      readonly signal: AbortSignal;
      readonly headers?: Readonly<Record<string, string>>;
    },
  ) => Promise<AsyncIterable<Uint8Array>>;
  /** The bytes of a reply's file. Throws `attachment/unknown` when they are gone. */
  readonly openFile: (spoolKey: string) => Promise<AsyncIterable<Uint8Array>>;
  /** The bot's commands, to be registered with the platform. */
  readonly commands: readonly CommandDefinition[];
  /** Shows a login prompt to whoever is waiting for one (`parley login`, a dashboard); undefined takes it away. */
  readonly login: (prompt: LoginPrompt | undefined) => Promise<void>;
  /** Reads from the framework's history of a conversation (web pages that reload, consoles that resume). */
  readonly history: (
    conversation: ConversationId,
    options: { readonly before?: string; readonly limit: number },
  ) => Promise<readonly HistoryEntry[]>;
  /** What the bot proposed in a conversation and what became of it, newest first: cards say it after a reload too. */
  readonly actions: (conversation: ConversationId) => Promise<readonly ListedAction[]>;
  /** Ends a conversation; `forget` erases its history as well. */
  readonly endConversation: (conversation: ConversationId, reason: "reset" | "forgotten") => Promise<void>;
  /**
   * Takes a user's link to a person away, because the platform says that the user may be somebody else by now. False
   * where there was none.
   */
  readonly unlink: (userId: string) => Promise<boolean>;
  /** Facts of a conversation, or undefined when there is none. */
  readonly conversation: (conversation: ConversationId) => Promise<ConversationFacts | undefined>;
  /** Small durable values of this account, shared by all processes: cursors, keys. Left out where nothing is kept. */
  readonly values?: {
    readonly get: (key: string) => Promise<Json | undefined>;
    readonly set: (key: string, value: Json) => Promise<void>;
  };
  /**
   * Where files of its own are kept, by keys that begin with the platform's name: on this machine, or where all machines see
   * them. Left out where nothing is kept.
   */
  readonly files?: Files;
}

export interface ConversationFacts {
  readonly id: ConversationId;
  readonly createdAt: string;
  readonly lastEventAt: string;
  readonly messageCount: number;
  readonly userIds: readonly string[];
}

/** A message as a person sees it in a history. */
export interface HistoryEntry {
  readonly id: string;
  readonly role: "user" | "assistant";
  readonly at: string;
  readonly userId?: string;
  /** The platform's own id of a person's message, where it had one. */
  readonly messageId?: string;
  readonly text: string;
  readonly reply?: Reply;
}

export interface SpooledFile {
  readonly key: string;
  readonly sizeBytes: number;
  /** Detected from the bytes, not believed from the sender. */
  readonly mediaType: string;
}

/** One message to send. */
export interface Outgoing<Payload> {
  readonly conversation: ConversationId;
  readonly target: ReplyTarget;
  readonly payload: Payload;
  /** Stable over retries: the platform's idempotency key or nonce where it has one. */
  readonly key: string;
  /** The event answered, which of the turn's replies this is, which part of it, and of how many. */
  readonly eventId: string;
  readonly replyIndex: number;
  readonly replyCount: number;
  readonly part: number;
  readonly partCount: number;
  /** True while the reply is still being written: the final text follows, by an edit of this message. */
  readonly live?: boolean;
  readonly signal: AbortSignal;
}

/** What the platform answered to a send. */
export interface SendReceipt {
  readonly messageId: string;
}

/**
 * A live connection.
 *
 * Contract: `send` resolves with the platform's message id, or throws one of the errors of `send-errors.ts`
 * (anything else counts as ambiguous); `close` is safe to call twice, and no `accept` starts after it resolves.
 */
export interface AdapterSession<Payload> {
  readonly send: (outgoing: Outgoing<Payload>) => Promise<SendReceipt>;
  readonly health: () => Health;
  readonly close: () => Promise<void>;
  readonly edit?: (outgoing: Outgoing<Payload>, messageId: string) => Promise<void>;
  /**
   * Shows a reply that is still being written as a preview that vanishes by itself when the reply is sent. False where
   * this chat has none: then a message is sent and edited.
   */
  readonly preview?: (outgoing: Outgoing<Payload>) => Promise<boolean>;
  readonly remove?: (target: ReplyTarget, messageId: string) => Promise<void>;
  readonly react?: (target: ReplyTarget, messageId: string, emoji: string) => Promise<void>;
  /** Shows that the bot is typing, once. */
  readonly typing?: (target: ReplyTarget, on: boolean) => Promise<void>;
  /** Streaming style `native`. Must not throw; a lost signal costs nothing. */
  readonly live?: (signal: LiveSignal) => void;
  readonly reconcile?: (outgoing: Outgoing<Payload>) => Promise<{ readonly sent: string } | "not-sent" | "unknown">;
  /** Opens an attachment's bytes with the platform's own authorisation. */
  readonly fetchAttachment?: (attachment: Attachment, signal: AbortSignal) => Promise<AsyncIterable<Uint8Array>>;
  readonly routes?: readonly HttpRoute[];
  readonly sockets?: readonly SocketRoute[];
}

export interface Adapter<Settings = unknown, Payload = unknown> {
  readonly manifest: AdapterManifest;
  /** Account settings; secrets are marked with `secret()`. */
  readonly configSchema: z.ZodType<Settings>;
  /** Peers of Parley that it loads when it connects: one that is not installed is told before anything starts. */
  readonly packages?: readonly string[];
  /** The files that it keeps in `context.files`: `parley store copy` takes them along. */
  readonly files?: readonly KeptFiles[];
  /** Raw platform payload to event draft, or a named reason to ignore it. Pure; never throws on unknown payloads. */
  readonly normalize: (raw: unknown, context: NormalizeContext<Settings>) => Normalized;
  /** Reply to platform payloads and a report of what was degraded. Pure. */
  readonly render: (reply: Reply, options: RenderOptions, settings: Settings) => Rendered<Payload>;
  /**
   * For fixtures that `parley dev --record` writes: the parts of a raw payload's string (with its key) that tell nothing of
   * anybody, in their order, such as a type as a whole. Every other word is masked. Pure. Left out: all words are.
   */
  readonly safeParts?: (text: string, key: string) => readonly string[];
  /** Resolves when live. Throws a named error with the remedy when it cannot connect. */
  readonly connect: (context: AdapterContext<Settings>) => Promise<AdapterSession<Payload>>;
  /** Where the settings decide it (polling or webhook): wins over the manifest's `connection`. */
  readonly connection?: (settings: Settings) => AdapterManifest["connection"];
  /**
   * Where the settings decide it (a server of one's own): wins over the manifest's `attachmentHosts`. A host that the
   * manifest does not name may be this machine.
   */
  readonly attachmentHosts?: (settings: Settings) => readonly string[];
  /** For `doctor`: token valid, scopes present, … without starting to receive. */
  readonly probe?: (settings: Settings, network?: Network) => Promise<readonly Check[]>;
  /** What an account calls, so that `doctor` can say how it is reached. Files come from `attachmentHosts`. */
  readonly addresses?: (settings: Settings) => readonly OutgoingAddress[];
}

/** Something that is called from here. */
export interface OutgoingAddress {
  /** For example `gateway`. */
  readonly what: string;
  readonly address: string;
}
