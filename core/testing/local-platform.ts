/**
 * A platform that runs on this machine: a protocol-faithful server that an adapter's real client library connects to.
 *
 * It enforces what the platform enforces (lengths, markup, rate limits, signatures), answers with its error bodies,
 * and shows what each person sees. One contract for all platforms, so that one scripted conversation, one fault suite
 * and one page (`parley dev`) serve every adapter. An adapter exports `open<Platform>Locally` of type `OpenLocalPlatform`.
 */
import type { AccountConfig } from "../bot.ts";
import type { HttpRoute } from "../http.ts";

/** Something a person can press, choose or vote for below a message. */
export interface SeenChoice {
  readonly label: string;
  readonly kind: "button" | "select" | "poll" | "link" | "reply-keyboard";
  readonly style?: "primary" | "danger" | "default" | undefined;
  readonly disabled?: boolean;
  readonly url?: string | undefined;
}

export interface SeenFile {
  readonly name: string;
  readonly sizeBytes: number;
  readonly mediaType?: string;
  readonly bytes: Uint8Array;
}

/** One message, as one person sees it now. */
export interface SeenMessage {
  readonly id: string;
  readonly chat: string;
  readonly thread?: string | undefined;
  readonly author: { readonly id: string; readonly name: string; readonly isBot: boolean };
  /** Words alone, as a person reads them: markup taken away, cards' texts included. For assertions and transcripts. */
  readonly plain: string;
  /** Safe HTML that looks like the platform's client, for the page of `parley dev`. */
  readonly html: string;
  readonly choices: readonly SeenChoice[];
  readonly files: readonly SeenFile[];
  readonly replyTo?: string | undefined;
  readonly edited: boolean;
  /** Emojis under it, one entry for each reaction. */
  readonly reactions: readonly string[];
  /** Seen by this person only. */
  readonly ephemeral: boolean;
  readonly at: string;
}

export interface LocalChat {
  readonly id: string;
  readonly type: "direct" | "group";
  readonly title: string;
}

/** A file that a person sends. */
export interface LocalFile {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

export interface SayOptions {
  /** A group (`LocalPlatform.group`); left out: the direct chat with the bot. */
  readonly chat?: string;
  readonly thread?: string;
  /** Message id that is answered or quoted. */
  readonly replyTo?: string;
  readonly files?: readonly LocalFile[];
  /** Mentions the bot the way this platform's clients write it. */
  readonly mentionBot?: boolean;
}

/** What the platform told the person's client after a press or a command. */
export interface Acknowledgement {
  /** False when the bot did not answer within the platform's deadline ("This interaction failed"). */
  readonly acknowledged: boolean;
  readonly withinMs: number;
  /** A short notice shown to the presser alone (toast, alert), where the platform has them. */
  readonly notice?: string | undefined;
}

/**
 * A person at their client. Actions resolve when the platform has taken them, not when the bot has answered. What the
 * platform does not have is left out; the kit then leaves out its cases.
 */
export interface LocalPerson {
  readonly id: string;
  readonly name: string;
  /** Gives the message id. */
  readonly say: (text: string, options?: SayOptions) => Promise<string>;
  /** Everything this person sees, oldest first; of one chat, or of the direct chat with the bot. */
  readonly sees: (chat?: string) => readonly SeenMessage[];
  readonly edit?: (messageId: string, text: string) => Promise<void>;
  readonly remove?: (messageId: string) => Promise<void>;
  readonly react?: (messageId: string, emoji: string) => Promise<void>;
  /** Presses a button, chooses a menu entry or votes for a poll's option, by its label. Throws when it is not shown. */
  readonly press?: (messageId: string, label: string) => Promise<Acknowledgement>;
  /** A registered command (`/balance`). Throws when the bot registered no such command, where the platform shows a menu. */
  readonly command?: (name: string, text?: string, options?: Pick<SayOptions, "chat">) => Promise<Acknowledgement>;
  /** True while the platform shows the bot as typing (or a status line) to this person. */
  readonly seesTyping?: (chat?: string) => boolean;
  /** Opens a new thread under a message; gives the thread's id. */
  readonly openThread?: (messageId: string, title: string) => Promise<string>;
}

/** What goes wrong with one of the next calls of the bot. */
export type CallFault =
  /** 429 with `retry-after`; not executed. */
  | { readonly kind: "rate-limited"; readonly retryAfterMs: number }
  /** 5xx; not executed. */
  | { readonly kind: "server-error"; readonly status: number }
  /** The connection is cut before the call is executed. */
  | { readonly kind: "cut-before" }
  /** Executed, then the connection is cut before the answer: the ambiguous case. */
  | { readonly kind: "cut-after" }
  /** The platform's own "cannot parse markup" error; not executed. */
  | { readonly kind: "markup-refused" }
  /** The platform's own refusal of a file; not executed. Waits for a call that carries one, its upload included. */
  | { readonly kind: "file-refused" }
  /** The platform's own error for a thread or topic that is gone; not executed. */
  | { readonly kind: "place-gone" };

/** Breaks the platform in the ways that platforms break. */
export interface LocalFaults {
  /** Applies to the next `times` calls that show something (`send`), change something (`edit`), or to any call. */
  readonly next: (on: "send" | "edit" | "any", fault: CallFault, times?: number) => void;
  /** Ends every connection of the bot at once; the server stays. */
  readonly cutConnections: () => Promise<void>;
  /** The server is gone (refuses connections), what people say meanwhile is kept as the platform keeps it; and back. */
  readonly goDown?: () => Promise<void>;
  readonly comeBack?: () => Promise<void>;
  /** Delivers again what was delivered already, duplicates shuffled, as the platform may. Gives how many. */
  readonly redeliver?: () => Promise<number>;
  /** The token is revoked, the session is logged out. */
  readonly revoke: () => Promise<void>;
}

export interface LocalPlatform {
  readonly platform: string;
  /** The account for `bots.config.ts`, pointed at this server: the product's adapter with its real client library. */
  readonly account: AccountConfig;
  readonly person: (id: string, name?: string) => LocalPerson;
  /** A group that the bot is in, with these people. Left out where the platform has none. */
  readonly group?: (title: string, people: readonly LocalPerson[]) => Promise<LocalChat>;
  /** Adds the bot to a place whose platform then tells it, where `group` alone does not make that happen. */
  readonly addBot?: (title: string, people: readonly LocalPerson[]) => Promise<unknown>;
  /** The bot's calls that the platform refused as invalid (not by an injected fault), in words: a good adapter causes none. */
  readonly refusedCalls: () => readonly string[];
  readonly faults: LocalFaults;
  /** True once the bot is connected and receives. */
  readonly isConnected: () => boolean;
  /** Calls back whenever something visible changed. Gives the unsubscriber. Left out, `parley dev` looks once a second. */
  readonly onChange?: (listener: () => void) => () => void;
  readonly close: () => Promise<void>;
}

/** A person who can do everything that people do somewhere; threads are a platform's own. */
export type CompletePerson = Required<Omit<LocalPerson, "openThread">> & Pick<LocalPerson, "openThread">;

/** A local platform that leaves nothing out, as end-to-end and fault suites want it. */
export interface CompletePlatform
  extends Required<Omit<LocalPlatform, "person" | "faults" | "addBot">>, Pick<LocalPlatform, "addBot"> {
  readonly person: (id: string, name?: string) => CompletePerson;
  readonly faults: Required<LocalFaults>;
}

/** How a local platform is opened. */
export interface LocalPlatformOptions {
  /** Name of the account. @default "main" */
  readonly accountName?: string;
  /** Settings of the adapter beside those that point it at the server. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** For transports by webhook: where the adapter's routes are mounted. */
  readonly webhook?: { readonly url: string } | { readonly routes: () => readonly HttpRoute[] };
  /** Port of the server. @default any free one */
  readonly port?: number;
}

export type OpenLocalPlatform<Platform extends LocalPlatform = LocalPlatform> = (
  options?: LocalPlatformOptions,
) => Promise<Platform>;
