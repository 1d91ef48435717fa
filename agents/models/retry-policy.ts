import type { ParleyError } from "../../core/errors.ts";

export interface RetryPolicy {
  /** Attempts in all, the first included. */
  readonly attempts: number;
  /** No attempt starts later than this after the first. A longer `retry-after` is left to the queue. */
  readonly withinMs: number;
  /** The first pause; it doubles with each attempt, less up to half by chance. */
  readonly pauseMs: number;
}

interface FailedAttempt {
  /** From 1. */
  readonly attempt: number;
  readonly error: ParleyError;
  readonly elapsedMs: number;
}

/** How long to wait before the next attempt, or `undefined` when there should be none. */
export function retryPause(policy: RetryPolicy, failed: FailedAttempt, random: () => number): number | undefined {
  const { attempt, error, elapsedMs } = failed;
  if (!error.retryable || attempt >= policy.attempts) return undefined;
  const pause = error.retryAfterMs ?? policy.pauseMs * 2 ** (attempt - 1) * (1 - random() / 2);
  return elapsedMs + pause <= policy.withinMs ? pause : undefined;
}
