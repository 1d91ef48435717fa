import type { ErrorCode, ParleyError } from "../../core/errors.ts";
import { backOffMs } from "../../core/timing/back-off.ts";

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

/** Less by up to half by chance, and never above what is left of the time. */
const BACK_OFF = { maxDelayMs: Number.POSITIVE_INFINITY, jitter: [1, 0.5] } as const;

/** Silence took its time already; a model that writes nonsense twice writes it again. */
const fewerAttempts: Readonly<Partial<Record<ErrorCode, number>>> = { "model/timeout": 1, "model/answer-invalid": 2 };

/** How long to wait before the next attempt, or `undefined` when there should be none. */
export function retryPause(policy: RetryPolicy, failed: FailedAttempt, random: () => number): number | undefined {
  const { attempt, error, elapsedMs } = failed;
  if (!error.retryable || attempt >= (fewerAttempts[error.code] ?? policy.attempts)) return undefined;
  const pause = error.retryAfterMs ?? backOffMs(attempt, { ...BACK_OFF, baseDelayMs: policy.pauseMs }, random());
  return elapsedMs + pause <= policy.withinMs ? pause : undefined;
}
