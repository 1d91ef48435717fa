/** How long to wait before something that failed is tried again: one rule for all of them. Pure: chance is handed in. */

export interface BackOff {
  /** After the first failure, in ms; doubles each time. */
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
  /** The factors between which chance (0 to 1) moves a wait, so that many do not try again in step. @default [0.5, 1.5] */
  readonly jitter?: readonly [number, number];
}

/** The wait after the failure with this number (from 1), in whole ms. Never above the maximum. */
export function backOffMs(failures: number, backOff: BackOff, chance: number): number {
  const { baseDelayMs, maxDelayMs, jitter: [from, to] = [0.5, 1.5] } = backOff;
  const exponent = Math.min(Math.max(failures - 1, 0), 52);
  const delay = Math.min(baseDelayMs * 2 ** exponent, maxDelayMs);
  return Math.round(Math.min(delay * (from + (to - from) * chance), maxDelayMs));
}
