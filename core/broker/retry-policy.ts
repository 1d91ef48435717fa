/**
 * When the head of a mailbox is tried again, and when it is not. Pure: the worker asks, the caller hands in the randomness.
 *
 * All messages that were in flight in a process that died are suspects. Most did nothing: a process is killed from outside
 * far more often than from inside. So they are tried few at once first (one at a time where they are few), a suspect that
 * meets a second death with no other suspect beside it, and after a third, or after a death all alone, with nothing else
 * in its worker. Only what was alone in flight when its process died is blamed, so a bystander never is.
 */
import { ParleyError } from "../errors.ts";
import { backOffMs } from "../timing/back-off.ts";
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

/** What no turn is to blame for: a database, a broker or a storage of files that cannot be reached, is full or overloaded. */
const OUTAGES: ReadonlySet<string> = new Set(["store/database", "broker/unavailable", "files/unavailable"]);

/** Short, so that messages that waited are answered soon after it is over. */
const OUTAGE_BACK_OFF = { baseDelayMs: 500, maxDelayMs: 4_000 };

/** Whether the failure is an outage: the message waits in its mailbox until it is over, however long that takes. */
export function isOutage(thrown: unknown): boolean {
  return thrown instanceof ParleyError && thrown.retryable && OUTAGES.has(thrown.code);
}

/** How long the head waits during an outage, by the number of its attempt. */
export function outageDelayMs(attempt: number, random: number): number {
  return backOffMs(attempt, OUTAGE_BACK_OFF, random);
}

/** How long a reply whose delivery failed waits, by the number of the attempt: the end of an outage is not slept through. */
export function redeliveryDelayMs(thrown: unknown, attempt: number, random: number): number {
  if (isOutage(thrown)) return outageDelayMs(attempt, random);
  const asked = thrown instanceof ParleyError ? (thrown.retryAfterMs ?? 0) : 0;
  return Math.max(asked, backOffMs(attempt, DEFAULT_RETRY, random));
}
