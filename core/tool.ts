/**
 * What agents may do.
 *
 * A tool's author writes a typed `ToolDefinition`; the registry (in `tools/`) validates, authorises, weighs the risk,
 * asks for confirmation, executes and audits, in that order, the same way whoever calls. Identity is never model input:
 * it comes in the context, beside the arguments.
 */
import type { z } from "zod";
import type { AccountId, ConversationId } from "./conversation-id.ts";
import type { Environment } from "./environment.ts";
import type { Evidence } from "./evidence.ts";
import type { InboundEvent } from "./event.ts";
import type { Json } from "./json.ts";
import type { CardDraft, Choice, Proposal, ReplyDraft, ReplyFile, Source } from "./reply.ts";
import type { Money } from "./money.ts";
import type { Hearer, LanguageWords, NamedEntity, Slot, Teaching } from "./teaching.ts";
import type { Tracer } from "./trace.ts";

export type Risk = "low" | "medium" | "high";

/** What a tool may know about the turn that called it. */
export interface ToolContext {
  readonly bot: string;
  readonly account: AccountId;
  readonly conversation: ConversationId;
  readonly chatType: "direct" | "group";
  /** The platform's user id of the requester. */
  readonly userId: string;
  /** The person: the same over linked platforms, else `platform:account:user`. */
  readonly person: string;
  /** What the requester may do; tools name the scopes they need. */
  readonly scopes: ReadonlySet<string>;
  /** The event that is processed: idempotency keys are derived from it and from `callId`. */
  readonly eventId: string;
  /** The call within the turn, stable over retries of the turn. */
  readonly callId: string;
  /**
   * The requester's own words in recent turns and in this one, newest last: payees and amounts must be literal in them.
   * What they quoted, pasted or handed on is left out; words that arrive during the turn and are taken in are added.
   */
  readonly userTexts: readonly string[];
  /** The part of the newest words that the call is for, where a message asks for several things. */
  readonly asked?: string;
  /** Words before the crew that the requester did not say themselves: where a value of a proposal came from is looked for there. */
  readonly otherWords?: readonly OtherWords[];
  /** The person's: of the language that they write, else the bot's. What a tool says is said in it. */
  readonly locale: string;
  readonly environment: Environment;
  readonly signal: AbortSignal;
  readonly trace: Tracer;
  /**
   * The text files that the requester sent or referred to in this turn; where there are none, those of their last turn that
   * had some. Their words are data, never instructions. Left out where nothing keeps files.
   */
  readonly files?: () => Promise<readonly TextFile[]>;
  /** What tools gave in this turn so far, oldest first. */
  readonly results?: () => readonly { readonly tool: string; readonly value: Json }[];
  /** Keeps a file that the answer shows (`ToolResult.files`). Left out where nothing keeps files. */
  readonly keepFile?: (bytes: Uint8Array, facts: Pick<ReplyFile, "name" | "mediaType" | "alt">) => Promise<ReplyFile>;
  /** What the requester confirmed; set only while a confirmed call is executed, which must refuse to do anything else. */
  readonly confirmed?: Echo;
}

/** Words of others: quoted, pasted or handed on; of a file that was sent; remembered of the person. */
export interface OtherWords {
  readonly from: "quoted" | "document" | "remembered";
  readonly text: string;
}

/** A text file of the requester's. */
export interface TextFile {
  readonly name: string;
  /** Its words; undefined where it is no text, longer than a tool reads, or gone. */
  readonly read: () => Promise<string | undefined>;
}

/** What a confirmed call will do, in words made by code from the stored arguments. */
export interface Echo {
  readonly summary: string;
  readonly amount?: Money;
  readonly payee?: string;
}

/** What a tool gives back: data for the model, and what the reply should show. */
export interface ToolResult<Value = Json> {
  readonly value: Value;
  readonly sources?: readonly Source[];
  readonly cards?: readonly CardDraft[];
  readonly files?: readonly ReplyFile[];
  /** What can be pressed about it, where the answer has no choices of its own. */
  readonly choices?: readonly Choice[];
  /** The one quantity that it is about, where there is one; made by `defineTool` of a definition's `figure`. */
  readonly figure?: Money;
  /** What the tool tells of it in its own words; made by `defineTool` of a definition's `say`. */
  readonly say?: (hearer: Hearer) => string;
  /** Rows that the call wrote, for the audit alone: a later change of them is found (`ToolPackFactory.evidence`). */
  readonly evidence?: readonly Evidence[];
}

/**
 * Kinds of work that a crew knows whatever the tool is called: `documents` finds passages of the bot's documents for a
 * `query` and gives them as sources, `tables` reckons with tables, `programs` runs code.
 */
export type ToolPurpose = "documents" | "tables" | "programs";

interface ToolBasics<Input extends z.ZodType, Value extends Json> extends Teaching<keyof z.input<Input>, Value> {
  /** snake_case, verb first: `get_forecast`. The model sees it. */
  readonly name: string;
  /** When to use it and what it gives. The model sees it. */
  readonly description: string;
  readonly input: Input;
  /** What kind of work it does, where a crew is to know that. */
  readonly purpose?: ToolPurpose;
  /**
   * Changes whose data the tools work on, such as logging in to another account: once it is executed, what the person
   * asked for before and has not confirmed is void.
   */
  readonly endsRequests?: true;
  /** What its caller must be allowed to do; each of a bot's people may do `public`, linked ones `customer` too. */
  readonly scopes: readonly string[];
  /** `public`: the answer depends on no user, account or action, and may be cached. */
  readonly depends: "public" | "user";
  /**
   * Does it. With effects it must be idempotent by `idempotencyKey`: the same key gives the stored result.
   * Throw a `ParleyError` to say why it could not be done.
   */
  readonly execute: (
    input: z.output<Input>,
    context: ToolContext & { readonly idempotencyKey: string },
  ) => Promise<ToolResult<Value>>;
  /**
   * Names that would make it another call, such as the person's other payees: said while this one waits to be confirmed,
   * they void it.
   */
  readonly alternatives?: (input: z.output<Input>, context: ToolContext) => Promise<readonly string[]>;
  /**
   * The one quantity that a result is about, such as what is available: "if there are more than 500, …" is measured by it.
   * Undefined where the result is about several, or none.
   */
  readonly figure?: (value: Value) => Money | undefined;
  /** What a person can do who wants it undone after it was executed, in a sentence. */
  readonly afterwards?: (locale: string) => string;
  /** Undoes an executed call, by the same key. */
  readonly compensate?: (
    input: z.output<Input>,
    context: ToolContext & { readonly idempotencyKey: string },
  ) => Promise<void>;
}

/** Checks feasibility and says exactly what will happen. Changes nothing. */
type Propose<Input extends z.ZodType> = (input: z.output<Input>, context: ToolContext) => Promise<Echo>;

/** Whether and when its requester must confirm a call before it is executed. High risk is always confirmed. */
type Confirmed<Input extends z.ZodType> =
  | { readonly confirmation: "never"; readonly risk: "low" | "medium"; readonly propose?: never; readonly said?: never }
  /** Each call becomes a proposal. */
  | { readonly confirmation: "always"; readonly risk: Risk; readonly propose: Propose<Input>; readonly said?: never }
  /**
   * So does each that its requester did not plainly ask for in their own words of this turn, whichever model calls.
   */
  | {
      readonly confirmation: "unless-said";
      readonly risk: "low" | "medium";
      readonly propose: Propose<Input>;
      /** Whether these own words plainly ask for exactly this call. */
      readonly said: (input: z.output<Input>, text: string) => boolean;
    };

/** What an author writes; {@link Tool} is what the framework holds. */
export type ToolDefinition<Input extends z.ZodType, Value extends Json> = ToolBasics<Input, Value> & Confirmed<Input>;

/** A tool as the registry holds it: the input type is gone, validation moved inside. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the input. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
  /** What fills its fields, where it says so itself or has a language. */
  readonly slots: Readonly<Record<string, Slot>>;
  /** How people ask for it and what they are told, by BCP 47 tag; empty where only models can call it. */
  readonly language: Readonly<Record<string, LanguageWords>>;
  /** Requests to offer, by BCP 47 tag, with `default` for all others; empty for a tool that is no bot's main business. */
  readonly samples: Readonly<Record<string, string>>;
  /** Whether its results have a `figure`. */
  readonly measures: boolean;
  readonly purpose?: ToolPurpose;
  readonly endsRequests?: true;
  readonly risk: Risk;
  readonly confirmation: "never" | "always" | "unless-said";
  readonly said: (input: Json, text: string) => boolean;
  readonly scopes: readonly string[];
  readonly depends: "public" | "user";
  /** Canonical arguments. Throws `tool/invalid-input` with field paths. */
  readonly parse: (rawInput: unknown) => Json;
  readonly propose: (input: Json, context: ToolContext) => Promise<Echo>;
  readonly execute: (input: Json, context: ToolContext & { readonly idempotencyKey: string }) => Promise<ToolResult>;
  readonly alternatives?: (input: Json, context: ToolContext) => Promise<readonly string[]>;
  readonly afterwards?: (locale: string) => string;
  readonly compensate?: (input: Json, context: ToolContext & { readonly idempotencyKey: string }) => Promise<void>;
}

/** What became of a call. Failures are data: a model reads them. */
export type ToolOutcome =
  | { readonly status: "done"; readonly result: ToolResult }
  /** `replaced`: what waited before and is void because of it, in words made by code. */
  | { readonly status: "proposed"; readonly proposal: Proposal; readonly replaced?: readonly string[] }
  | { readonly status: "refused" | "failed"; readonly code: string; readonly message: string };

/** A tool as a crew sees it. */
export type DescribedTool = Pick<
  Tool,
  | "name"
  | "description"
  | "inputSchema"
  | "risk"
  | "confirmation"
  | "depends"
  | "slots"
  | "language"
  | "samples"
  | "measures"
  | "purpose"
  | "endsRequests"
  | "parse"
>;

/** The tools of a bot as a crew sees them: described, and callable within one turn. */
export interface ToolRunner {
  readonly tools: readonly DescribedTool[];
  /** What the tool packs know by name for this person. Asked once a turn; what cannot be found out is left out. */
  readonly entities: () => Promise<readonly NamedEntity[]>;
  /**
   * Never throws except on abort.
   */
  readonly call: (name: string, rawInput: unknown, callId: string, purpose?: CallPurpose) => Promise<ToolOutcome>;
}

/** What a call is for, where its caller knows. */
export interface CallPurpose {
  /**
   * The waiting proposal that it takes the place of, empty where it is none; left out, what of the same tool the
   * requester's words change is void.
   */
  readonly supersedes?: string | undefined;
  /** The part of the newest words that asks for it. */
  readonly asked?: string | undefined;
}

/** Decides proposals, outside every model. Implemented by `tools/`, called by the turn before the crew. */
export interface Confirmations {
  /**
   * The person took the words of a turn back (edited or deleted the message): what was proposed in answer to that event
   * and still waits is void; without an event, all that waits in the conversation, save what the event `notOf` asked for.
   * Gives how many proposals.
   */
  readonly withdraw: (
    words: { readonly conversation: ConversationId; readonly eventId?: string; readonly notOf?: string },
    by: { readonly eventId: string },
  ) => Promise<number>;
  /**
   * Handles the event when it confirms or cancels a proposal (a pressed button, an exact typed code, a refusal in words),
   * else gives undefined. A stale, foreign or repeated decision is handled too: with a refusal, state unchanged. Of words
   * that are said to people who have the conversation only a refusal counts: a "yes" may be meant for them.
   */
  readonly handle: (
    event: InboundEvent,
    context: ToolContext,
    saidTo?: "bot" | "people",
  ) => Promise<ReplyDraft | undefined>;
  /** Whether the event names another value for what waits for the sender. Changes nothing. */
  readonly changes: (event: InboundEvent, context: ToolContext) => Promise<boolean>;
  /**
   * Voids what waits for the sender when the event names another value for it, unless a new proposal was made of the same
   * words. Gives what is to be said, with the answer to them where that is about the same tool; undefined where nothing
   * became void.
   */
  readonly replace: (
    event: InboundEvent,
    context: ToolContext,
    answer?: AnswerOfTool,
  ) => Promise<ReplyDraft | undefined>;
  /** What still waits for the sender, in one sentence to stand below an answer; undefined where nothing does. */
  readonly reminder: (event: InboundEvent, context: ToolContext) => Promise<string | undefined>;
  /** What was proposed in a conversation, newest first. */
  readonly list: (conversation: ConversationId) => Promise<readonly ListedAction[]>;
}

/** What was answered about a request for a tool. */
export interface AnswerOfTool {
  readonly tool: string;
  readonly reply: ReplyDraft;
}

/** What asked for a confirmation, and what became of it: without its code and arguments. */
export interface ListedAction {
  readonly id: string;
  readonly tool: string;
  readonly summary: string;
  readonly status: "pending" | "confirmed" | "executed" | "failed" | "cancelled" | "expired";
  readonly createdAt: string;
  readonly decidedAt?: string;
  /** What its requester was told. */
  readonly result?: string;
}

/** All tools of a bot behind one executor. Implemented by `tools/`. */
export interface Toolset {
  readonly tools: readonly DescribedTool[];
  /** The tools, bound to one turn's identity. */
  readonly forTurn: (context: ToolContext) => ToolRunner;
  readonly confirmations: Confirmations;
  /** Erases what is kept of a person's actions with this bot; the audit keeps that they were, by ids and hashes. */
  readonly forget: (person: string) => Promise<void>;
  /** A person's proposals, for them to read. */
  readonly kept: (person: string) => Promise<Json>;
}
