/** When a delivery that failed is tried again: the schedule of the Standard Webhooks specification, three days and a quarter. */
const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];
const PAUSES_MS = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
] as const;

/** Attempts of one round. */
export const MOST_ATTEMPTS = PAUSES_MS.length + 1;

/** All pauses at their longest, and the longest that receivers may ask for: nothing waits longer in the queue. */
export const LONGEST_ROUND_MS = 14 * 24 * HOUR;

/** The pause after the failure with this number (from 1), ± 20 % by chance (0 to 1), so that many do not come at once. */
export function backOffFor(failures: number, chance: number): number {
  const pause = PAUSES_MS[Math.min(Math.max(failures, 1), PAUSES_MS.length) - 1] ?? 24 * HOUR;
  return Math.round(pause * (0.8 + 0.4 * chance));
}
