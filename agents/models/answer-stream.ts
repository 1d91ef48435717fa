import type { ChatGenerationChunk } from "@langchain/core/outputs";
import type { ParleyError } from "../../core/errors.ts";
import { linkSignals } from "../../core/timing/signals.ts";
import { checkedAnswer } from "./checked-answer.ts";
import { classifyModelError } from "./classify-model-error.ts";
import { ModelTimeoutError } from "./model-errors.ts";
import { retryPause, type RetryPolicy } from "./retry-policy.ts";
import type { Timing } from "./timing.ts";

/** A failed attempt as it is told to the log and the metrics. */
export interface AttemptFailure {
  readonly attempt: number;
  readonly error: ParleyError;
  /** `undefined` when there will be no further attempt. */
  readonly nextInMs: number | undefined;
}

export interface AnswerPolicy {
  readonly retry: RetryPolicy;
  /** For everything together: attempts, pauses and the answer itself. */
  readonly deadlineMs: number;
  readonly timing: Timing;
  /** In [0, 1). */
  readonly random: () => number;
  readonly onAttemptFailed: (failure: AttemptFailure) => void;
}

type Open = (signal: AbortSignal) => AsyncIterable<ChatGenerationChunk>;

/**
 * One answer as a stream, over as many attempts as the policy allows.
 *
 * - An attempt is repeated only while nothing of its answer was passed on.
 * - The stream ends without an error only when the answer is complete.
 * - Throws a `ModelError`, or the caller's own abort reason. Leaving the loop closes the connection.
 *
 * @yields pieces of one and the same answer
 */
export async function* streamAnswer(
  open: Open,
  policy: AnswerPolicy,
  caller: AbortSignal | undefined,
): AsyncGenerator<ChatGenerationChunk> {
  const { timing } = policy;
  const deadline = new AbortController();
  const cancelDeadline = timing.after(policy.deadlineMs, () => deadline.abort());
  const { signal, release } = linkSignals([caller, deadline.signal]);
  const start = timing.now();
  try {
    for (let attempt = 1; ; attempt += 1) {
      let shown = false;
      try {
        for await (const chunk of checkedAnswer(open(signal))) {
          shown = true;
          yield chunk;
        }
        return;
      } catch (thrown) {
        caller?.throwIfAborted();
        const error = deadline.signal.aborted ? tooLate(policy, thrown) : classifyModelError(thrown);
        const failed = { attempt, error, elapsedMs: timing.now() - start };
        const pause = shown || deadline.signal.aborted ? undefined : retryPause(policy.retry, failed, policy.random);
        policy.onAttemptFailed({ attempt, error, nextInMs: pause });
        if (pause === undefined) throw error;
        await pauseBeforeRetry(pause, { caller, signal, policy });
      }
    }
  } finally {
    cancelDeadline();
    release();
  }
}

interface Pause {
  readonly caller: AbortSignal | undefined;
  readonly signal: AbortSignal;
  readonly policy: AnswerPolicy;
}

async function pauseBeforeRetry(milliseconds: number, { caller, signal, policy }: Pause): Promise<void> {
  try {
    await policy.timing.sleep(milliseconds, signal);
  } catch (thrown) {
    caller?.throwIfAborted();
    throw signal.aborted ? tooLate(policy, thrown) : thrown;
  }
}

function tooLate(policy: AnswerPolicy, cause: unknown): ModelTimeoutError {
  return new ModelTimeoutError(`The model's answer was not complete after ${policy.deadlineMs} ms.`, { cause });
}
