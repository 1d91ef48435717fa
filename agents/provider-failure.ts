/** Which failures of a language model the embedded brain can stand in for, and whom they concern. */
import { ParleyError } from "../core/errors.ts";

/** The provider's own trouble: it counts towards the breaker. */
const troubles = new Set([
  "model/overloaded",
  "model/unavailable",
  "model/rate-limited",
  "model/timeout",
  "model/stream-broken",
]);

/** Waiting does not help; a person has to act. */
const forAdmin = new Set(["model/spend-limit", "model/authentication", "model/request", "crew/no-key"]);

/** Failures of single answers; another way of answering may do better. */
const ofAnswers = new Set(["model/answer-invalid", "model/answer-incomplete", "breaker/open"]);

/** Whether a failure says that the provider is not well. */
export function speaksAgainstProvider(thrown: unknown): boolean {
  return hasCode(thrown, troubles) || hasCode(thrown, forAdmin);
}

/** Whether only the admin can mend it: key, credit, settings. */
export function needsAdmin(thrown: unknown): boolean {
  return hasCode(thrown, forAdmin);
}

/** Whether an answer without the model makes sense. A refusal or an overflow is told instead. */
export function isProviderFailure(thrown: unknown): boolean {
  return hasCode(thrown, troubles) || hasCode(thrown, forAdmin) || hasCode(thrown, ofAnswers);
}

/** Whether a model failed in any way, or answered with something that is no answer. */
export function isModelFailure(thrown: unknown): boolean {
  return isProviderFailure(thrown) || (thrown instanceof ParleyError && thrown.code.startsWith("model/"));
}

function hasCode(thrown: unknown, codes: ReadonlySet<string>): boolean {
  return thrown instanceof ParleyError && codes.has(thrown.code);
}
