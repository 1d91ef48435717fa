/** What the four roles of a crew share: the state that travels through the graph, and what each role is asked. */
import type { BaseMessage } from "@langchain/core/messages";
import type { CrewInput, CrewTurn } from "../../core/crew.ts";
import type { Clock } from "../../core/environment.ts";
import type { Choice, ReplyDraft } from "../../core/reply.ts";
import type { Telemetry } from "../../core/telemetry.ts";
import type { ToolOutcome } from "../../core/tool.ts";
import type { Route } from "../offline/index.ts";
import type { Reading } from "../offline-roles/reading.ts";
import type { CallDesk } from "./tool-calls.ts";

/** What every role may know about the turn. Only the orchestrator touches `turn.tools.call`. */
export interface Desk {
  readonly input: CrewInput;
  readonly turn: CrewTurn;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** What the intent analyzer found. */
export interface Intention {
  /** A short label, for traces and rules: `transfer`, `feesQuestion`. */
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
}

export interface MadeCall extends WantedCall {
  readonly outcome: ToolOutcome;
}

/** What the tool selector decided. */
export type Selection =
  | { readonly kind: "call"; readonly calls: readonly WantedCall[]; readonly transcript?: readonly BaseMessage[] }
  | { readonly kind: "enough" }
  /** A single agent that needs no further tool has written the answer already. */
  | { readonly kind: "answer"; readonly draft: Draft };

/** An answer before the orchestrator has made a reply of it. */
export interface Draft {
  readonly text: string;
  readonly confidence: number;
  readonly sources?: ReplyDraft["sources"];
  readonly choices?: readonly Choice[];
}

/** The state of one turn. The orchestrator owns it; the other roles return what they add. `null`: not known yet. */
export interface CrewState {
  /** The person's words: the turn's text, then what was steered in. */
  readonly words: readonly string[];
  readonly intention: Intention | null;
  /** Wanted and not made yet. */
  readonly wanted: readonly WantedCall[];
  readonly made: readonly MadeCall[];
  /** What the tool selector's model said in this turn, to be sent back to it unchanged. */
  readonly transcript: readonly BaseMessage[];
  /** Rounds of tool calls so far. */
  readonly rounds: number;
  readonly toolsSettled: boolean;
  readonly draft: Draft | null;
  /** Set when the turn is answered. */
  readonly reply: ReplyDraft | null;
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
}

/** What the roles of one turn work with, besides its state. */
export interface RoleRun {
  readonly desk: Desk;
  readonly roles: Roles;
  readonly calls: CallDesk;
  /** Rounds of tool calls at most; then it is answered from what there is. */
  readonly maxToolRounds: number;
}

/** What a role adds to the state, and what the trace says of it: never message text or personal data. */
export interface RoleStep {
  readonly update: Partial<CrewState>;
  readonly outcome: string;
  readonly detail?: string;
}

/** The state that a turn starts with. */
export function startState(text: string): CrewState {
  return {
    words: [text],
    intention: null,
    wanted: [],
    made: [],
    transcript: [],
    rounds: 0,
    toolsSettled: false,
    draft: null,
    reply: null,
    next: "intentAnalyzer",
  };
}

/** Everything the person said in this turn, as one text. */
export function requestOf(state: Pick<CrewState, "words">): string {
  return state.words.join("\n");
}
