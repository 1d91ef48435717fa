import { ParleyError } from "../errors.ts";
import type { Phrases } from "./phrases.ts";

/** The turn took longer than `limits.turnTimeoutMs`. */
export class TurnTimeoutError extends ParleyError {
  override readonly name = "TurnTimeoutError";

  constructor(milliseconds: number) {
    super("turn/timeout", `The turn took longer than ${milliseconds} ms (limits.turnTimeoutMs).`);
  }
}

/** A newer event of the same person took the turn's place. */
export class TurnSupersededError extends ParleyError {
  override readonly name = "TurnSupersededError";

  constructor(by: string) {
    super("turn/superseded", `The turn was cancelled by ${by}.`);
  }
}

/** The pressed button belongs to a reply that is no longer at hand. */
export class ExpiredChoiceError extends ParleyError {
  override readonly name = "ExpiredChoiceError";

  constructor() {
    super("turn/expired-choice", "The pressed button's reply is too far back, or was erased.");
  }
}

/** The event names a bot that is not configured (any more). */
export class UnknownBotError extends ParleyError {
  override readonly name = "UnknownBotError";

  constructor(bot: string) {
    super("turn/unknown-bot", `No bot "${bot}" is configured. Add it to bots.config.ts, or remove its dead letters.`);
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
