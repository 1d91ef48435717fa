/** What the four roles of a crew share: the state that travels through the graph, and what each role is asked. */
import type { BaseMessage } from "@langchain/core/messages";
import type { Crew, CrewInput, CrewTurn } from "../../core/crew.ts";
import type { Dialogue, Frame } from "../../core/dialogue.ts";
import type { Money } from "../../core/money.ts";
import type { Clock } from "../../core/environment.ts";
import type { Choice, ReplyDraft } from "../../core/reply.ts";
import type { Telemetry } from "../../core/telemetry.ts";
import type { ToolOutcome } from "../../core/tool.ts";
import type { TraceStep } from "../../core/trace.ts";
import type { Configured } from "../embedded/answers.ts";
import type { Route } from "../embedded/routes.ts";
import type { Step } from "../dialogue/step.ts";
import type { PromptMask } from "../model-roles/prompt-mask.ts";
import type { Specialist } from "../specialists/specialist.ts";
import type { Reading } from "../embedded/reading.ts";

/** What every role may know about the turn. Only the orchestrator touches `turn.tools.call`. */
export interface Desk {
  readonly input: CrewInput;
  readonly turn: CrewTurn;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** What a model does not see of the turn. */
  readonly mask: PromptMask;
  /** Whom the intent analyzer may choose; left out where there is nobody to choose. */
  readonly specialists?: readonly Pick<Specialist, "name" | "description">[];
  /** The instructions of whoever works now, besides those of the crew. */
  readonly brief?: string;
}

/** What the intent analyzer found. */
export interface Intention {
  /** The label of the request, for traces and rules: `greet`, `tool:get_forecast`. */
  readonly intent: string;
  readonly route: Route;
  /** 0..1. */
  readonly confidence: number;
  /** The message as a request that stands alone, with what earlier messages add to it. */
  readonly request: string;
  /** False when it can be answered without any tool. */
  readonly needsTools: boolean;
  /** True when earlier messages, memory or names were used to read it. */
  readonly personal: boolean;
  /** Facts to remember; an empty value forgets the key. */
  readonly remember: readonly Fact[];
  /** BCP 47 tag of the language to answer in, where the reader can tell. */
  readonly language?: string;
  /** The offline analyzer's own reading, for the offline selector and generator. */
  readonly reading?: Reading;
  /** What is known of the request beforehand, by the bot's configuration or its tool packs. */
  readonly configured?: Configured;
  /** What it is likely about, best first, in words of documents. */
  readonly topics?: readonly { readonly words: string; readonly confidence: number }[];
  /** The specialists that are to work on it, in that order. */
  readonly specialists?: readonly string[];
  /** What is to be done for the tools that were asked for in words, in that order; left out where none was. */
  readonly steps?: readonly Step[];
  /** The first calls, where the same look at the message chose them too. */
  readonly selection?: Selection;
  /** Where a message asks for several things: each by itself, in the order of the words. */
  readonly parts?: readonly Part[];
}

/** One of the things that a message asks for. */
export interface Part {
  readonly text: string;
  readonly intention: Intention;
  readonly when?: Condition;
}

/** What must be so for a part to be done: a quantity that a tool tells, compared with one that was said. */
export interface Condition {
  /** As it was said. */
  readonly text: string;
  readonly call: WantedCall;
  readonly comparison: "above" | "atLeast" | "below" | "atMost";
  /** In the smallest units. */
  readonly than: Money;
  /** The part is done where it does not hold. */
  readonly isOtherwise: boolean;
}

export interface Fact {
  readonly key: string;
  readonly value: string;
}

/** A call that the tool selector wants; the orchestrator makes it. */
export interface WantedCall {
  readonly tool: string;
  readonly input: unknown;
  /** The model's own id of the call, by which it expects the outcome. */
  readonly reference?: string;
  /** The specialist that wants it. */
  readonly by?: string;
  /** The request that it is for: its waiting proposal is replaced by this one. */
  readonly frame?: Frame;
  /** The part of the message that it is for, and its words. */
  readonly part?: number;
  readonly asked?: string;
}

export interface MadeCall extends WantedCall {
  readonly outcome: ToolOutcome;
}

/** What the tool selector decided. */
export type Selection =
  | {
      readonly kind: "call";
      readonly calls: readonly WantedCall[];
      readonly transcript?: readonly BaseMessage[];
      /** True when no further calls follow, as long as none of these fails. */
      readonly isLast?: boolean;
    }
  | { readonly kind: "enough" }
  /** A single agent that needs no further tool has written the answer already. */
  | { readonly kind: "answer"; readonly draft: Draft };

/** An answer before the orchestrator has made a reply of it, and what it does, where its writer knows. */
export interface Draft extends Pick<TraceStep, "act" | "missing" | "data"> {
  readonly text: string;
  readonly confidence: number;
  readonly sources?: ReplyDraft["sources"];
  readonly choices?: readonly Choice[];
  /** Where the requests stand when this is said, where it is not as the step has it. */
  readonly dialogue?: Dialogue;
}

/** The state of one turn. The orchestrator owns it; the other roles return what they add. `null`: not known yet. */
export interface CrewState {
  /** The person's words: the turn's text, then what was steered in. */
  readonly words: readonly string[];
  readonly intention: Intention | null;
  /** Wanted and not made yet. */
  readonly wanted: readonly WantedCall[];
  readonly made: readonly MadeCall[];
  /** So many of `made` were made before the words were read: by a model that failed then, or before new words came. */
  readonly earlier: number;
  /** What the tool selector's model said in this turn, to be sent back to it unchanged. */
  readonly transcript: readonly BaseMessage[];
  /** Rounds of tool calls so far. */
  readonly rounds: number;
  readonly toolsSettled: boolean;
  /** The chosen specialists that are not done yet; the first is at work. */
  readonly atWork: readonly string[];
  readonly draft: Draft | null;
  /** Set when the turn is answered: the answer, and what follows it. */
  readonly replies: readonly [ReplyDraft, ...ReplyDraft[]] | null;
  readonly next: NextRole;
}

export type NextRole = "intentAnalyzer" | "toolSelector" | "responseGenerator" | "done";

/** One way to fill the roles: by rules, or by a language model. */
export interface Roles {
  /** Named in the reply. */
  readonly model: string;
  /** What the person wants. Calls no tools. */
  readonly analyze: (state: CrewState, desk: Desk) => Promise<Intention>;
  /** Which calls are needed next, if any. Calls no tools. */
  readonly select: (state: CrewState, desk: Desk) => Promise<Selection>;
  /** Writes the answer from what the tools gave. Has no tools. */
  readonly respond: (state: CrewState, desk: Desk) => Promise<Draft>;
  /** Sums up older messages; left out where no model is. */
  readonly summarize?: (older: OlderMessages, desk: SummaryDesk) => Promise<string>;
}

type Summarize = NonNullable<Crew["summarize"]>;
export type OlderMessages = Parameters<Summarize>[0];

/** What a summary is made with: no tools, and nobody who hears it. */
export interface SummaryDesk extends Pick<Desk, "clock" | "telemetry" | "mask"> {
  readonly turn: Parameters<Summarize>[1];
}

/** What a role adds to the state, and what the trace says of it: never message text or personal data. */
export interface RoleStep extends Pick<TraceStep, "act" | "missing" | "data"> {
  readonly update: Partial<CrewState>;
  readonly outcome: string;
  readonly detail?: string;
}

/** The state that a turn starts with; `made`: what a model called that failed then. */
export function startState(text: string, made: readonly MadeCall[] = []): CrewState {
  return {
    words: [text],
    intention: null,
    wanted: [],
    made: [...made],
    earlier: made.length,
    transcript: [],
    rounds: 0,
    toolsSettled: false,
    atWork: [],
    draft: null,
    replies: null,
    next: "intentAnalyzer",
  };
}

/** Everything the person said in this turn, as one text. */
export function requestOf(state: Pick<CrewState, "words">): string {
  return state.words.join("\n");
}
