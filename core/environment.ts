/** Time, randomness and ids are handed in, so that every conversation test is deterministic. */

/** The current time in milliseconds since the Unix epoch. */
export type Clock = () => number;

/** A new unique id, sortable by creation time (ULID in production). */
export type NewId = () => string;

/** A number in [0, 1). */
export type Random = () => number;

/** What code outside the process boundary would otherwise read from global state. */
export interface Environment {
  readonly clock: Clock;
  readonly newId: NewId;
  readonly random: Random;
}
