/**
 * What the bot knows at rest. `createStore` implements it on SQLite and on PostgreSQL; nothing here assumes SQL,
 * transactions over several calls, or a local file. All writes are idempotent by their natural key.
 */
import { z } from "zod";
import type { Dialogue } from "../dialogue.ts";
import type { ConversationFacts, HistoryEntry } from "../adapter.ts";
import type { Check } from "../check.ts";
import type { AccountId, ConversationId } from "../conversation-id.ts";
import type { ModelUsage, MemoryFact } from "../crew.ts";
import type { Json } from "../json.ts";
import type { Reply } from "../reply.ts";
import type { Pruned, RetentionPolicy } from "../retention.ts";
import type { Trace } from "../trace.ts";
import type { PartReceipt } from "../broker/outbox-entry.ts";

export interface ConversationRecord extends ConversationFacts {
  readonly bot: string;
  readonly account: AccountId;
  readonly chatType: "direct" | "group";
  /** Counts up at each reset; the model's window never reaches back over one. */
  readonly session: number;
}

/** Conversations: created, resumed, reset, ended. */
export interface Conversations {
  /**
   * Opens or resumes it and notes the event. `created` is true the first time and after it was ended. With an
   * `eventId`, a replay of the last event counts once and gives the same answer.
   */
  readonly touch: (facts: {
    readonly id: ConversationId;
    readonly bot: string;
    readonly account: AccountId;
    readonly chatType: "direct" | "group";
    readonly userId: string;
    readonly eventId?: string;
    readonly at: string;
  }) => Promise<{ readonly record: ConversationRecord; readonly created: boolean }>;
  /** The open conversation; undefined when there is none or it was ended. */
  readonly get: (id: ConversationId) => Promise<ConversationRecord | undefined>;
  /**
   * Ends it; undefined when there is none that is open. With `idleBefore` it stays open when an event came since.
   * Its history stays: erasing is `Erasure`'s.
   */
  readonly end: (
    id: ConversationId,
    options: { readonly at: string; readonly idleBefore?: string },
  ) => Promise<ConversationRecord | undefined>;
  /** Open ones, the latest event first; `before` is the last one of the page before, as it was then. */
  readonly list: (options: {
    readonly bot?: string;
    readonly limit: number;
    readonly before?: Pick<ConversationRecord, "id" | "lastEventAt">;
  }) => Promise<readonly ConversationRecord[]>;
  /** Open conversations without an event since `before`. */
  readonly idle: (before: string, limit: number) => Promise<readonly ConversationRecord[]>;
}

/** A message that a turn answered. */
export interface AnsweredMessage {
  readonly id: string;
  readonly fingerprint: string;
}

/** How many turns of a person in a row, up to one, were not understood, and how many angry. */
export interface Strain {
  readonly misunderstood: number;
  readonly angry: number;
}

/** A summary, and the last turn that it covers. */
export interface Summary {
  readonly text: string;
  /** The event of that turn. */
  readonly through: string;
  /** When the oldest turn in it began: older than history may be kept, it is not carried on. */
  readonly since: string;
}

/** One turn as history keeps it: what was said and what was answered. Unique by (conversation, eventId). */
export interface TurnRecord {
  readonly conversation: ConversationId;
  readonly sequence: number;
  readonly session: number;
  readonly eventId: string;
  readonly userId: string;
  readonly userName?: string;
  readonly messageId?: string;
  /** The messages that the turn answered, each with what tells whether an edit changed its words or files. */
  readonly messages?: readonly AnsweredMessage[];
  /** The words of the turn; messages that it referred to stand in it as block quotes. */
  readonly text: string;
  readonly replies: readonly Reply[];
  /** Where the person's requests stood after it; left out where it changed nothing. */
  readonly dialogue?: Dialogue;
  /** Left out where nothing went wrong. */
  readonly strain?: Strain;
  /** Of the conversation before, where this turn made one. */
  readonly summary?: Summary;
  readonly at: string;
  readonly answeredAt: string;
}

export interface History {
  /**
   * Writes the turn unless (conversation, eventId) is there already, and its trace in place of an earlier one; gives the
   * turn that stands there now, so that a replay reuses it.
   */
  readonly write: (turn: TurnRecord, trace?: Trace) => Promise<TurnRecord>;
  readonly find: (conversation: ConversationId, eventId: string) => Promise<TurnRecord | undefined>;
  /** The newest turn that answered this message of the platform, in whatever session. */
  readonly byMessage: (conversation: ConversationId, messageId: string) => Promise<TurnRecord | undefined>;
  /** The newest turns of the session (left out: of all of them), oldest first (by insertion). */
  readonly window: (
    conversation: ConversationId,
    options: { readonly session?: number; readonly turns: number },
  ) => Promise<readonly TurnRecord[]>;
  /** Messages for people, oldest first, ending before `before` (an entry id: an event's or a reply's; none when unknown). */
  readonly page: (
    conversation: ConversationId,
    options: { readonly before?: string; readonly limit: number },
  ) => Promise<readonly HistoryEntry[]>;
}

/**
 * Facts to remember. A direct conversation's facts belong to the person and surface only in that person's direct
 * conversations; a group's facts belong to the group conversation and surface only there.
 */
export type MemoryScope =
  | { readonly kind: "person"; readonly bot: string; readonly person: string }
  | { readonly kind: "conversation"; readonly conversation: ConversationId };

export interface Memory {
  readonly set: (scope: MemoryScope, fact: MemoryFact) => Promise<void>;
  readonly list: (scope: MemoryScope) => Promise<readonly MemoryFact[]>;
  readonly forget: (scope: MemoryScope, key?: string) => Promise<number>;
}

export interface Traces {
  /** For a turn that history does not keep; with it, `History.write` takes the trace. The last one of an event stays. */
  readonly save: (trace: Trace) => Promise<void>;
  /** By event id, platform message id (in or out), or a message link that contains one; the last written first. */
  readonly find: (reference: string) => Promise<readonly Trace[]>;
  /** The last written first. */
  readonly list: (limit: number) => Promise<readonly Trace[]>;
}

/** What became of one reply. */
export interface DeliveryRecord {
  /** The outbox entry's id: the event's with a suffix, `<event id>.<index>`. */
  readonly id: string;
  readonly conversation: ConversationId;
  readonly account: AccountId;
  readonly eventId: string;
  readonly outcome: "delivered" | "partial" | "failed" | "unknown";
  readonly receipts: readonly PartReceipt[];
  readonly parts: number;
  readonly plain: boolean;
  readonly degraded: readonly { readonly feature: string; readonly shownAs: string }[];
  readonly detail?: string;
  readonly at: string;
}

export interface Deliveries {
  readonly save: (record: DeliveryRecord) => Promise<void>;
  readonly forEvent: (eventId: string) => Promise<readonly DeliveryRecord[]>;
  readonly byMessageId: (messageId: string) => Promise<readonly DeliveryRecord[]>;
  /** Those that did not arrive, or not for certain; the latest first. */
  readonly inTrouble: (limit: number) => Promise<readonly DeliveryRecord[]>;
}

/** One person over several platforms: linked only by a code typed on the second platform. */
export interface People {
  /** The same where it is known; nothing is made. */
  readonly find: (account: AccountId, userId: string) => Promise<string | undefined>;
  /** The person behind a platform user; made at first sight. */
  readonly personOf: (account: AccountId, userId: string) => Promise<string>;
  /** A single-use code for the person, valid until `expiresAt`; an older one stops working. */
  readonly createCode: (person: string, code: string, expiresAt: string) => Promise<void>;
  /** Joins the platform user to the code's person. Counts attempts; a code dies after 5 wrong uses of its prefix (its first half) or when used. */
  readonly redeem: (
    account: AccountId,
    userId: string,
    attempt: { readonly code: string; readonly now: string },
  ) => Promise<"linked" | "unknown" | "expired" | "own">;
  /** Makes a code useless that others may have seen; false when it is none. */
  readonly revokeCode: (code: string) => Promise<boolean>;
  /** Gives the platform user its own person back, with the facts it brought; false when it was linked to none. */
  readonly unlink: (account: AccountId, userId: string) => Promise<boolean>;
  readonly identities: (person: string) => Promise<readonly { readonly account: AccountId; readonly userId: string }[]>;
}

/** In which conversations the bot is silent: muted ones, and those that were handed over to people. */
export interface Controls {
  readonly mute: (conversation: ConversationId, mute: Mute) => Promise<void>;
  /** Begins; where people have it already it goes on, at least as long as this one would. Gives what stands then. */
  readonly handOver: (conversation: ConversationId, handOver: HandOver, now: string) => Promise<HandOver>;
  /** Changes what is given of a hand-over; false where there is none. */
  readonly change: (
    conversation: ConversationId,
    change: Partial<Pick<HandOver, "until" | "note" | "told">>,
  ) => Promise<boolean>;
  readonly get: (conversation: ConversationId, now: string) => Promise<Control | undefined>;
  /** Those that people have now, the oldest first. */
  readonly handedOver: (now: string) => Promise<readonly HandedOver[]>;
  /** Ends a hand-over; false where there is none. */
  readonly giveBack: (conversation: ConversationId) => Promise<boolean>;
}

export interface Mute {
  readonly kind: "muted";
  readonly until: string | undefined;
  readonly by: string;
}

/**
 * Why people have a conversation: the person asked for them, a rule of the configuration gave it to them, an admin took
 * it, or wrote in the bot's place.
 */
export const HandOverCause = z.enum(["asked", "angry", "misunderstandings", "fraud", "admin", "operator"]);
export type HandOverCause = z.infer<typeof HandOverCause>;

/** A conversation that people have, and the bot has not. */
export interface HandOver {
  readonly kind: "handed-over";
  readonly since: string;
  /** When the bot answers again, unless people say something before; undefined: when it is given back. */
  readonly until: string | undefined;
  readonly cause: HandOverCause;
  /** Who did it: a user of the platform, an admin. */
  readonly by: string;
  /** For the people who have it. */
  readonly note: string | undefined;
  /** The event in answer to which the person was told; undefined: not yet. */
  readonly told: string | undefined;
}

/** With the conversation, and its bot as far as it is known. */
export type HandedOver = HandOver & { readonly conversation: ConversationId; readonly bot: string | undefined };

export type Control = Mute | HandOver;

/** Sliding-window counters and budgets. Keys are scopes such as `user:…` or `bot:…`. */
export interface Usage {
  /** Adds a hit and gives how many there are in the window, atomically; over `limit` it is not added. Idempotent by `id`. */
  readonly hit: (
    key: string,
    hit: {
      readonly id: string;
      readonly at: number;
      readonly windowMs: number;
      readonly limit: number;
      /** Where this conversation is muted or taken over nothing is counted, and everything allowed. */
      readonly unlessControlled?: ConversationId;
    },
  ) => Promise<{ readonly allowed: boolean; readonly retryAtMs: number }>;
  /** Adds to each key's total of the day (`YYYY-MM-DD`), which is kept for eight days. Idempotent by `id`. */
  readonly spend: (
    keys: readonly string[],
    usage: ModelUsage,
    spending: { readonly id: string; readonly day: string },
  ) => Promise<void>;
  readonly spent: (key: string, day: string) => Promise<{ readonly tokens: number; readonly costMicroDollars: number }>;
  /** How many keys that begin with `prefix:` have spent so much of either on that day; what is left out is no limit. */
  readonly reached: (
    prefix: string,
    day: string,
    limit: { readonly tokens?: number | undefined; readonly costMicroDollars?: number | undefined },
  ) => Promise<number>;
}

/** Small durable values of one owner (a tool pack, an adapter): installations, cursors. */
export interface Values {
  readonly get: (owner: string, key: string) => Promise<Json | undefined>;
  readonly set: (owner: string, key: string, value: Json) => Promise<void>;
  readonly remove: (owner: string, key: string) => Promise<boolean>;
}

/** What goes when a conversation is forgotten. */
export interface ErasureScope {
  readonly bot: string;
  /** A direct conversation's people (one, but for linked platforms), by their ids; none for a group. */
  readonly persons: readonly string[];
  /** A direct conversation: all direct ones of its person with this bot. A group: itself. */
  readonly conversations: readonly ConversationId[];
  /** Groups that stay, without what these users said there and were answered. @default none */
  readonly groups?: readonly { readonly conversation: ConversationId; readonly userId: string }[];
}

/** Forgetting, in two steps, so that others can erase what they keep before the store no longer knows whose it was. */
export interface Erasure {
  /** Undefined for a conversation that was never seen, or of which nothing is left. */
  readonly scope: (conversation: ConversationId) => Promise<ErasureScope | undefined>;
  /** All that a bot keeps of a person, on every platform that they linked: groups too, as far as they spoke there. */
  readonly scopeOfPerson: (person: string, bot: string) => Promise<Required<ErasureScope>>;
  /**
   * Erases history, facts, traces, deliveries and controls of the scope, also from what the storage keeps of deleted
   * rows. Gives the spooled files that nobody else's conversation refers to. Repeating it does no harm.
   */
  readonly erase: (scope: ErasureScope) => Promise<{ readonly files: readonly string[] }>;
  /** The spooled files of a conversation. */
  readonly files: (conversation: ConversationId) => Promise<readonly string[]>;
  /** Notes that a conversation uses a spooled file. */
  readonly keepFile: (conversation: ConversationId, spoolKey: string, at: string) => Promise<void>;
}

export interface Store {
  readonly kind: string;
  readonly conversations: Conversations;
  readonly history: History;
  readonly memory: Memory;
  readonly traces: Traces;
  readonly deliveries: Deliveries;
  readonly people: People;
  readonly controls: Controls;
  readonly usage: Usage;
  readonly values: Values;
  readonly erasure: Erasure;
  /** Deletes what is older than its class allows, in small steps; gives how many rows of each class went. */
  readonly prune: (policy: RetentionPolicy, now: number) => Promise<Pruned>;
  readonly check: () => Promise<readonly Check[]>;
  readonly close: () => Promise<void>;
}
