/** How long what is kept about people is kept, by class of data. */
import { z } from "zod";

const Days = z.number().int().min(1).max(36_500).describe("whole days, from 1 to 36500 (100 years)");

/**
 * Days by class. What is older is deleted by a job that runs every hour; `parley doctor` says what it did last.
 * Audit: 7 years, as banks have to keep it. The others are as short as their use allows.
 */
export const RetentionPolicy = z.strictObject({
  /** What was said and answered, and conversations that ended. */
  history: Days.default(90),
  /** Why the bot answered as it did, or did not (`parley why`). */
  traces: Days.default(30),
  /** What became of each reply. */
  deliveries: Days.default(30),
  /** Actions that asked for confirmation, once they are decided. */
  proposals: Days.default(90),
  /** Notes of the running system: conversations created and ended, logins asked for. */
  lifecycle: Days.default(30),
  /** Messages that could not be processed. */
  deadLetters: Days.default(30),
  /** Files that people sent or that replies showed. */
  spool: Days.default(7),
  /** Who confirmed what, without texts and sums. */
  audit: Days.default(2557),
});
export type RetentionPolicy = z.infer<typeof RetentionPolicy>;
export type RetentionClass = keyof RetentionPolicy;

/** How many rows (or files) of a class were deleted. */
export type Pruned = Partial<Readonly<Record<RetentionClass, number>>>;

/** The time before which a class's data go, in ms since the epoch. */
export function expiryOf(policy: RetentionPolicy, kind: RetentionClass, now: number): number {
  return now - policy[kind] * 86_400_000;
}
