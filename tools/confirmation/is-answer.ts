import { ParleyError } from "../../core/errors.ts";

/** A tool that says why not. Anything else (a time-out, a bug, a store that is down) leaves open what happened. */
export function isAnswer(thrown: unknown): thrown is ParleyError {
  return thrown instanceof ParleyError && !thrown.retryable && !thrown.code.startsWith("store/");
}
