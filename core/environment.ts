/** Time, randomness and ids are handed in, so that every conversation test is deterministic. */
import { randomInt } from "node:crypto";

/** The current time in milliseconds since the Unix epoch. */
export type Clock = () => number;

/** A new unique id, sortable by creation time (ULID in production). */
export type NewId = () => string;

/** A number in [0, 1). */
export type Random = () => number;

/** A whole number from 0 up to, not including, `limit`, that nobody can predict. */
export type RandomBelow = (limit: number) => number;

/** The strong randomness of the platform. */
export const secureRandomBelow: RandomBelow = (limit) => randomInt(limit);

/** What code outside the process boundary would otherwise read from global state. */
export interface Environment {
  readonly clock: Clock;
  readonly newId: NewId;
  readonly random: Random;
  /** For what nobody may guess, such as codes; only tests give one that can be predicted. @default the platform's own */
  readonly randomBelow?: RandomBelow;
}
