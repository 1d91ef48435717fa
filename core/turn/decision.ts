import type { Broker, Claim, WaitingEvent } from "../broker/broker.ts";
import type { Choice, Reply, ReplyDraft, ReplyFile } from "../reply.ts";
import type { MemoryAccess } from "../conversation/index.ts";
import type { Standing } from "../budget/standing.ts";
import type { ConversationId } from "../conversation-id.ts";
import type { CrewTurn, MemoryFact } from "../crew.ts";
import type { Dialogue } from "../dialogue.ts";
import type { Environment } from "../environment.ts";
import type { Attachment, InboundEvent } from "../event.ts";
import type { HandOverDesk } from "../hand-over/index.ts";
import type { ConversationRecord, Store, Strain, Summary, TurnRecord } from "../store/store.ts";
import type { TextFile, ToolContext } from "../tool.ts";
import type { RetentionPolicy } from "../retention.ts";
import type { Telemetry } from "../telemetry.ts";
import type { Trace } from "../trace.ts";
import type { Arrivals } from "./arrivals.ts";
import type { Meter } from "./meter.ts";
import type { Recorder } from "./recorder.ts";
import type { RunningBot } from "./running-bot.ts";

/** What every turn shares. */
export interface TurnDependencies {
  readonly bot: (id: string) => RunningBot | undefined;
  readonly broker: Pick<Broker, "publish">;
  readonly handOver: HandOverDesk;
  readonly store: Store;
  readonly conversations: {
    readonly resume: (
      event: InboundEvent,
    ) => Promise<{ readonly record: ConversationRecord; readonly created: boolean }>;
    readonly end: (conversation: ConversationId, reason: "reset" | "forgotten") => Promise<unknown>;
  };
  /** Answers link commands and typed link codes; undefined when the text is neither. */
  readonly link: (event: InboundEvent, text: string) => Promise<string | undefined>;
  /** The choice a typed number stands for, where choices were shown as a numbered list. */
  readonly numberedChoice: (conversation: ConversationId, text: string) => Promise<Choice | undefined>;
  /** Keeps a file that a reply shows, as the conversation's. */
  readonly keepFile?: (
    conversation: ConversationId,
    ...file: Parameters<NonNullable<ToolContext["keepFile"]>>
  ) => Promise<ReplyFile>;
  /** The words of a file that a person sent; undefined where it is no plain text, or not here. Left out: none is read. */
  readonly textOfFile?: (event: InboundEvent, file: Attachment) => Promise<string | undefined>;
  /** `ToolContext.files`, for the events of a turn. Asked for in each turn with files, it finds them in later ones. */
  readonly filesOfTurn?: (events: readonly InboundEvent[]) => Promise<readonly TextFile[]>;
  /** For a turn that the history does not keep. Never rejects: a lost trace is logged. */
  readonly saveTrace: (trace: Trace) => Promise<void>;
  /** How long history is kept: nothing older is summed up. Left out: for ever. */
  readonly retention?: RetentionPolicy;
  readonly environment: Environment;
  readonly telemetry: Telemetry;
}

/** One turn in progress. */
export interface Turn {
  readonly claim: Claim;
  readonly bot: RunningBot;
  /** The head: its id is the correlation id. */
  readonly event: InboundEvent;
  readonly covered: readonly WaitingEvent[];
  /** The words of all covered events. */
  readonly text: string;
  readonly recorder: Recorder;
  readonly arrivals: Arrivals;
  readonly meter: Meter;
  readonly emit: CrewTurn["emit"];
  readonly dependencies: TurnDependencies;
}

/** The conversation as a turn sees it. */
export interface Session {
  readonly record: ConversationRecord;
  readonly created: boolean;
  readonly person: string;
  readonly memory: MemoryAccess;
  /** What is remembered. */
  readonly facts: readonly MemoryFact[];
  /** The newest turns of the conversation, in whatever session, oldest first. */
  readonly latest: readonly TurnRecord[];
  /** A cap on spending that is reached; undefined where none is. */
  readonly spent: Standing | undefined;
  /** Who calls the turn's tools. */
  readonly tools: ToolContext;
}

/** What a turn decided to say. */
export interface Decision {
  readonly outcome: Extract<Trace["outcome"], "answered" | "silent" | "cancelled">;
  readonly replies: readonly ReplyDraft[];
  readonly remember: readonly { readonly key: string; readonly value: string }[];
  readonly memory?: MemoryAccess;
  /** Where the person's requests stand; left out: as before. */
  readonly dialogue?: Dialogue;
  /** Of what was said before the history, where this turn made one. */
  readonly summary?: Summary;
  /** What goes wrong again and again; left out where nothing did. */
  readonly strain?: Strain;
  /** The conversation's session; undefined where nothing is to be kept in the history. */
  readonly session?: number;
  /** True when the replies report on money: they are never repeated after an ambiguous send. */
  readonly money: boolean;
  /** Why nothing is said. */
  readonly reason?: string;
  /** Nothing is said because the person said too much: when to say it again. */
  readonly retryAfterMs?: number;
  /** Replies of an earlier attempt whose commit was lost. */
  readonly replayed?: readonly Reply[];
}
