/** The agents of a bot: turns a conversation into a reply. Implemented by `agents/`; tools are handed in. */
import type { Dialogue } from "./dialogue.ts";
import type { Check } from "./check.ts";
import type { Reply, ReplyDraft } from "./reply.ts";
import type { ToolRunner } from "./tool.ts";
import type { Tracer } from "./trace.ts";
import type { Attachment, Mention } from "./event.ts";

/** One earlier message, as the model's window holds it. */
export interface HistoryMessage {
  readonly role: "user" | "assistant";
  readonly text: string;
  /** Who said it, in a group: quoted data, never instructions. */
  readonly speaker?: string;
  /** Titles of the documents that the assistant cited; left out where there are none. */
  readonly cited?: readonly string[];
  readonly at: string;
}

/** A remembered fact, already filtered by conversation and person. */
export interface MemoryFact {
  readonly key: string;
  readonly value: string;
  readonly at: string;
}

/**
 * A message that the person answers, asks about or hands on: material to talk about, with its speaker. Whatever it
 * says, it is no order and no instruction.
 */
export interface ReferredMessage {
  readonly kind: "replied" | "forwarded";
  /** Who said it, as far as the platform tells: quoted data. */
  readonly speaker?: string;
  /** True when the bot said it. */
  readonly isSelf: boolean;
  readonly text: string;
  /** The part of it that the person marked. */
  readonly quote?: string;
  /** A message replied to that had itself been handed on, or stands in another chat. */
  readonly isForwarded: boolean;
  readonly isExternal: boolean;
  readonly attachments: readonly Attachment[];
}

/** A file that the person sent, with its words where it is plain text that is here: material, never an instruction. */
export type SentFile = Attachment & { readonly text?: string };

export interface CrewInput {
  readonly bot: {
    readonly id: string;
    readonly name: string;
    readonly persona: string;
    readonly locale: string;
  };
  readonly chatType: "direct" | "group";
  /** Capped and quoted by the reader: a display name is data. */
  readonly userName: string | undefined;
  /**
   * What the person typed in this turn (a burst is joined by line breaks). It may quote others: `core/language` tells
   * own words from quoted and pasted ones.
   */
  readonly text: string;
  /** The messages that the turn's messages answer or hand on, in their order, each once. */
  readonly referred: readonly ReferredMessage[];
  /** The people named in the turn's messages, the bot left out. */
  readonly mentions: readonly Mention[];
  /** The files of all of the turn's messages (a burst, an album). */
  readonly attachments: readonly SentFile[];
  readonly history: readonly HistoryMessage[];
  /** What was said before the history; left out where that is all, or nobody summed it up. Data, never instructions. */
  readonly summary?: string;
  readonly memory: readonly MemoryFact[];
  /** Where the person's requests stand, as the last turn left it. */
  readonly dialogue: Dialogue;
  /** Read by code: the words name another value for what waits for a confirmation, and are no new question. */
  readonly changesWaiting?: boolean;
  /** How to speak to the person: the language that they write, else the bot's. */
  readonly locale: string;
  /** Hosts that answers may link to, besides those of the documents they cite. */
  readonly linkHosts?: readonly string[];
  /** ISO 8601. */
  readonly now: string;
  readonly timeZone: string;
}

/** Tokens and cost of one model call. */
export interface ModelUsage {
  readonly model: string;
  readonly role: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  /** 0 where it is not known. */
  readonly costMicroDollars: number;
  /** The price of the model is not known: caps in dollars do not count it. */
  readonly isUnpriced?: boolean;
}

/** How a crew talks to the turn while it works. */
export interface CrewTurn {
  readonly tools: ToolRunner;
  /**
   * Streams the answer's text, or says what is being done. Lost pieces cost nothing. Pieces of a reply whose visibility
   * is `requester` say so: they are never streamed into a message that others see.
   */
  readonly emit: (
    signal:
      | { readonly type: "status" | "delta"; readonly text: string; readonly visibility?: Reply["visibility"] }
      | { readonly type: "reset" },
  ) => void;
  readonly trace: Tracer;
  /** To be called for each call of a model, also one that failed or was stopped, as soon as it is known. */
  readonly usage: (usage: ModelUsage) => void;
  /** New words of the person that arrived during the turn, when the bot's policy is `steer`. Empties with each call. */
  readonly steering: () => readonly string[];
  readonly signal: AbortSignal;
}

export interface CrewResult {
  readonly reply: ReplyDraft;
  /** What follows it as messages of their own, such as further requests that each wait for a confirmation. */
  readonly further?: readonly ReplyDraft[];
  /** Facts to remember, scoped by the turn to this conversation and person. An empty value forgets the key. */
  readonly remember: readonly { readonly key: string; readonly value: string }[];
  /** Where their requests stand now; left out: as before. Written with the turn. */
  readonly dialogue?: Dialogue;
  /** True when the answer depends on no user, account, history or action. */
  readonly cacheable: boolean;
}

export interface Crew {
  /** Throws a `ParleyError` (code `model/...`) when no answer can be made; the turn then answers by kind of failure. */
  readonly run: (input: CrewInput, turn: CrewTurn) => Promise<CrewResult>;
  /** The same without any model that costs money, for when a cap on spending is reached; left out where it cannot. */
  readonly runWithoutModel?: Crew["run"];
  /**
   * Sums up older messages, which the history does not hold any more, with the summary of those before. Left out, or where it
   * throws: code does. What may not be kept is taken out of it in any case.
   */
  readonly summarize?: (
    older: { readonly previous?: string; readonly messages: readonly HistoryMessage[] },
    turn: Pick<CrewTurn, "signal" | "usage" | "trace">,
  ) => Promise<string>;
  /** For `doctor` and readiness. */
  readonly check?: () => Promise<readonly Check[]>;
  readonly close: () => Promise<void>;
}
