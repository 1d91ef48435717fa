/**
 * One question to one model, for as long as it takes to have a whole answer: failed attempts are repeated, answers that
 * stopped too early are continued, and a conversation that is too long is told shorter. Everything together has one
 * deadline, and every attempt is paid for, whatever became of it.
 */
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, HumanMessage, type AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import type { Runnable } from "@langchain/core/runnables";
import type { ParleyError } from "../../core/errors.ts";
import { linkSignals } from "../../core/timing/signals.ts";
import { classifyModelError } from "./classify-model-error.ts";
import { ModelAnswerIncompleteError, ModelContextExceededError, ModelTimeoutError } from "./model-errors.ts";
import { readAnswer, type ReadAnswer } from "./read-answer.ts";
import { retryPause, type RetryPolicy } from "./retry-policy.ts";
import type { Timing } from "./timing.ts";
import { tellsUsage, usageOf, type ModelUsage, type PriceOf } from "./usage.ts";

/** A failed attempt as it is told to the log. */
export interface AttemptFailure {
  readonly attempt: number;
  readonly error: ParleyError;
  /** `undefined` when there will be no further attempt. */
  readonly nextInMs: number | undefined;
}

export interface AnswerPolicy {
  readonly retry: RetryPolicy;
  /** For everything together: attempts, pauses, continuations. */
  readonly deadlineMs: number;
  /** The answer must get on within this time, again and again; a ping is no progress. */
  readonly idleTimeoutMs: number;
  readonly timing: Timing;
  /** In [0, 1). */
  readonly random: () => number;
  readonly onAttemptFailed: (failure: AttemptFailure) => void;
  /** Heard after each whole answer of which the provider did not tell what it used, so that it is estimated. */
  readonly onUsageEstimated?: (model: string) => void;
}

/** A chat model of a crew. */
export interface CrewModel {
  /** As traces, metrics and bills name it. */
  readonly name: string;
  readonly model: BaseChatModel;
  /** Whether prompts may mark what the provider should cache. */
  readonly marksCache: boolean;
  /** True where each whole answer ends with the reason why: one without it was cut off. */
  readonly tellsStop: boolean;
  readonly policy: AnswerPolicy;
  readonly priceOf: PriceOf;
}

/** How much of what is known is told: 0 everything, 1 earlier messages and long results in short, 2 the least. */
export type Brevity = 0 | 1 | 2;

export interface Question {
  readonly messages: (brevity: Brevity) => readonly BaseMessage[];
  /** The model with the tools of this question; left out: without tools. */
  readonly bound?: Pick<Runnable<BaseMessage[], AIMessageChunk>, "stream"> | undefined;
  readonly signal: AbortSignal;
  /** Shows the answer while it comes; left out: nobody sees it. */
  readonly show?: { readonly text: (piece: string) => void; readonly takeBack: () => void };
  /** Told once for each attempt that the provider began to answer. */
  readonly onSpent: (usage: ModelUsage) => void;
}

export interface WholeAnswer {
  readonly text: string;
  readonly calls: readonly NonNullable<AIMessage["tool_calls"]>[number][];
  /** What the model said, to be sent back to it unchanged. */
  readonly transcript: readonly BaseMessage[];
}

const MOST_CONTINUATIONS = 3;
const GO_ON =
  "<system>Your answer was cut off by its length limit. Go on exactly where it stopped, without repeating anything and without a remark about it.</system>";

interface Asking {
  readonly model: CrewModel;
  readonly question: Question;
  /** The caller's signal, or the deadline's. */
  readonly signal: AbortSignal;
  readonly isLate: () => boolean;
  readonly startedAt: number;
}

/** The whole answer. Throws a `ModelError`, or the caller's own abort reason. */
export async function askModel(model: CrewModel, question: Question): Promise<WholeAnswer> {
  const { timing, deadlineMs } = model.policy;
  const deadline = new AbortController();
  const cancel = timing.after(deadlineMs, () => deadline.abort());
  const { signal, release } = linkSignals([question.signal, deadline.signal]);
  const asking = { model, question, signal, isLate: () => deadline.signal.aborted, startedAt: timing.now() };
  try {
    return await answerInFull(asking);
  } finally {
    cancel();
    release();
  }
}

async function answerInFull(asking: Asking): Promise<WholeAnswer> {
  const said: BaseMessage[] = [];
  let text = "";
  let brevity: Brevity = 0;
  for (let part = 0; part <= MOST_CONTINUATIONS;) {
    try {
      const { message, text: shown, stop } = await attempts(asking, [...asking.question.messages(brevity), ...said]);
      text += shown;
      const calls = message.tool_calls ?? [];
      if (stop === "end") return { text, calls, transcript: [...said, message] };
      said.push(...continuationOf({ message, text: shown }, stop));
      part += 1;
    } catch (thrown) {
      if (!(thrown instanceof ModelContextExceededError) || brevity === 2) throw thrown;
      brevity = brevity === 0 ? 1 : 2;
    }
  }
  throw new ModelAnswerIncompleteError(
    "The answer is longer than the settings allow, even in several parts. Raise maxTokens; thinking counts towards it.",
  );
}

/** What makes the model go on. A turn that it paused is handed back as it is, a cut text with the request to go on. */
function continuationOf(
  { message, text }: Pick<ReadAnswer, "message" | "text">,
  stop: "paused" | "cut",
): readonly BaseMessage[] {
  if (stop === "paused") return [message];
  if (text.trim() === "") {
    throw new ModelAnswerIncompleteError(
      "The model used up its tokens before it wrote anything. Raise maxTokens; thinking counts towards it.",
    );
  }
  return [new AIMessage(text.trimEnd()), new HumanMessage(GO_ON)];
}

async function attempts(asking: Asking, messages: readonly BaseMessage[]): Promise<ReadAnswer> {
  const { model, question, signal, startedAt } = asking;
  const { retry, timing, random, onAttemptFailed } = model.policy;
  for (let attempt = 1; ; attempt += 1) {
    const shown = { any: false };
    try {
      return await oneAttempt(asking, messages, shown);
    } catch (thrown) {
      question.signal.throwIfAborted();
      const error = asking.isLate() ? tooLate(model, thrown) : classifyModelError(thrown);
      const failed = { attempt, error, elapsedMs: timing.now() - startedAt };
      const pause = asking.isLate() ? undefined : retryPause(retry, failed, random);
      onAttemptFailed({ attempt, error, nextInMs: pause });
      if (shown.any && (pause !== undefined || error instanceof ModelContextExceededError)) question.show?.takeBack();
      if (pause === undefined) throw error;
      await timing.sleep(pause, signal).catch((reason: unknown) => {
        question.signal.throwIfAborted();
        throw asking.isLate() ? tooLate(model, reason) : reason;
      });
    }
  }
}

async function oneAttempt(
  { model, question, signal }: Asking,
  messages: readonly BaseMessage[],
  shown: { any: boolean },
): Promise<ReadAnswer> {
  const { policy, priceOf, tellsStop } = model;
  let received: AIMessageChunk | undefined;
  const leave = new AbortController();
  const linked = linkSignals([signal, leave.signal]);
  try {
    const open = async () => await (question.bound ?? model.model).stream([...messages], { signal: linked.signal });
    const answer = await readAnswer(open, {
      tellsStop,
      idleTimeoutMs: policy.idleTimeoutMs,
      timing: policy.timing,
      onReceived: (soFar) => (received = soFar),
      onText: (piece) => {
        if (question.show === undefined) return;
        shown.any = true;
        question.show.text(piece);
      },
      onTakenBack: () => question.show?.takeBack(),
    });
    if (received !== undefined && !tellsUsage(received)) policy.onUsageEstimated?.(model.name);
    return answer;
  } catch (thrown) {
    // Whatever went wrong, nobody listens any more: the connection is closed.
    leave.abort(thrown);
    throw thrown;
  } finally {
    linked.release();
    if (received !== undefined) question.onSpent(usageOf(received, messages, { model: model.name, priceOf }));
  }
}

function tooLate({ policy }: CrewModel, cause: unknown): ModelTimeoutError {
  return new ModelTimeoutError(`The model's answer was not complete after ${policy.deadlineMs} ms.`, { cause });
}
