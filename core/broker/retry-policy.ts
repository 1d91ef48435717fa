/**
 * When the head of a mailbox is tried again, and when it is not. Pure: the worker asks, the caller hands in the randomness.
 *
 * All messages that were in flight in a process that died are suspects. Most did nothing: a process is killed from outside
 * far more often than from inside. So they are tried few at once first (one at a time where they are few), a suspect that
 * meets a second death with no other suspect beside it, and after a third, or after a death all alone, with nothing else
 * in its worker. Only what was alone in flight when its process died is blamed, so a bystander never is.
 */
import type { RetryPolicy } from "./broker.ts";

export interface Suspicion {
  /** Deaths of a process in which the head was in flight, since it was last seen to end. */
  readonly crashes: number;
  /** Those of them at which nothing else was in flight. */
  readonly deaths: number;
}

export const INNOCENT: Suspicion = { crashes: 0, deaths: 0 };

/** `few`: few suspects at once in its worker; `singly`: no other suspect; `alone`: nothing at all. */
export const QUARANTINES = ["few", "singly", "alone"] as const;
export type Quarantine = (typeof QUARANTINES)[number];

/** Under which quarantine the head may run; undefined when there is nothing against it. */
export function quarantineFor({ crashes, deaths }: Suspicion): Quarantine | undefined {
  if (crashes === 0) return undefined;
  if (deaths > 0 || crashes > 2) return "alone";
  return crashes === 2 ? "singly" : "few";
}

/** Whether a worker that offers this quarantine may run what needs that one. */
export function admits(offered: Quarantine | undefined, needed: Quarantine | undefined): boolean {
  return rankOf(offered) >= rankOf(needed);
}

function rankOf(quarantine: Quarantine | undefined): number {
  return quarantine === undefined ? -1 : QUARANTINES.indexOf(quarantine);
}

export const DEFAULT_RETRY: RetryPolicy = { maxAttempts: 4, maxCrashes: 2, baseDelayMs: 500, maxDelayMs: 30_000 };

/** Why a head goes to the dead letters without being run: its process died too often while nothing else was in flight. */
export function crashedTooOften({ deaths }: Suspicion, policy: RetryPolicy): boolean {
  return deaths >= policy.maxCrashes;
}

/** Whether the failure with this number (from 1) was the last one allowed. */
export function failedTooOften(failures: number, policy: RetryPolicy): boolean {
  return failures >= policy.maxAttempts;
}
