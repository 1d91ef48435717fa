import type { BackOff } from "../timing/back-off.ts";

/** How often and how patiently a part is tried. */
export interface SendPolicy extends BackOff {
  /** Failed tries of one part before the reply fails. */
  readonly maxFailures: number;
  /** A send that takes longer counts as ambiguous, in ms. */
  readonly sendTimeoutMs: number;
}

/** Eight tries: 2 + 4 + … + 128 s between them, a good four minutes. */
export const DEFAULT_SEND_POLICY: SendPolicy = {
  maxFailures: 8,
  baseDelayMs: 2_000,
  maxDelayMs: 128_000,
  sendTimeoutMs: 60_000,
};
