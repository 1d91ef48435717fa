import { ParleyError } from "../errors.ts";

/** A deliberate error that says that trying again is of no use; anything unknown may pass. */
export function isHopeless(thrown: unknown): boolean {
  return thrown instanceof ParleyError && !thrown.retryable;
}
