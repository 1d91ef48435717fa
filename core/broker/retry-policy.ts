/** When a failed turn runs again, and when it does not. Pure: the worker asks, the caller hands in the randomness. */
import type { RetryPolicy } from "./broker.ts";

export const DEFAULT_RETRY: RetryPolicy = { maxAttempts: 4, maxCrashes: 2, baseDelayMs: 500, maxDelayMs: 30_000 };

/** Why a head goes to the dead letters without being run: its process died too often while it worked on it. */
export function crashedTooOften(
  head: { readonly attempt: number; readonly failures: number },
  policy: RetryPolicy,
): boolean {
  return head.attempt - 1 - head.failures >= policy.maxCrashes;
}

/** Whether the failure with this number (from 1) was the last one allowed. */
export function failedTooOften(failures: number, policy: RetryPolicy): boolean {
  return failures >= policy.maxAttempts;
}

/**
 * How long to wait after the failure with this number (from 1), in whole ms: the base delay doubles each time up to the
 * maximum, then `random` (0 to 1) spreads it by ± 50 %. Never above the maximum.
 */
export function retryDelay(failures: number, policy: RetryPolicy, random: number): number {
  const exponent = Math.min(Math.max(failures - 1, 0), 52);
  const delay = Math.min(policy.baseDelayMs * 2 ** exponent, policy.maxDelayMs);
  return Math.round(Math.min(delay * (0.5 + random), policy.maxDelayMs));
}
