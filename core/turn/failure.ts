import { ParleyError } from "../errors.ts";
import type { Phrases } from "./phrases.ts";

/** A newer event of the same person took the turn's place. */
export class TurnSupersededError extends ParleyError {
  override readonly name = "TurnSupersededError";

  constructor(by: string) {
    super("turn/superseded", `The turn was cancelled by ${by}.`);
  }
}

/** The words that the turn works on were edited or deleted by their writer. */
export class TurnAmendedError extends ParleyError {
  override readonly name = "TurnAmendedError";

  constructor(by: "edit" | "delete") {
    super("turn/amended", `The turn's words were ${by === "edit" ? "edited" : "deleted"} while it ran.`);
  }
}

/**
 * What to say when no answer could be made, by kind of failure. Undefined for anything that is not a deliberate error:
 * that is a bug, the queue retries it and finally keeps it as a dead letter.
 */
export function failurePhrase(thrown: unknown, phrases: Phrases): string | undefined {
  if (!(thrown instanceof ParleyError)) return undefined;
  switch (thrown.code) {
    case "turn/timeout":
    case "model/timeout":
      return phrases.tooSlow;
    case "turn/expired-choice":
      return phrases.expiredChoice;
    case "model/overloaded":
    case "model/rate-limited":
      return phrases.overloaded;
    case "model/refused":
      return phrases.refused;
    case "model/context-exceeded":
      return phrases.outOfContext;
    default:
      return /^(model|crew|breaker)\//u.test(thrown.code) ? phrases.unavailable : undefined;
  }
}
