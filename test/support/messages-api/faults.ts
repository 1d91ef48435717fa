import type { ApiFailure } from "./api-error.ts";
import type { Turn } from "./turn.ts";

/** A step of a script: an answer, a refusal of the service, or a connection that dies before any answer. */
export type Step = Turn | { readonly failure: ApiFailure } | { readonly dropConnection: true };

/** 529: the service is overloaded. */
export const overloaded: Step = { failure: { status: 529, type: "overloaded_error", message: "Overloaded" } };

/** 500: something broke inside the service. */
export const serverError: Step = { failure: { status: 500, type: "api_error", message: "Internal server error" } };

/** The socket is destroyed before the first byte of an answer. */
export const connectionDropped: Step = { dropConnection: true };

/** 402: the account has no credit. */
export const billingError: Step = {
  failure: {
    status: 402,
    type: "billing_error",
    message: "Your credit balance is too low to access the Anthropic API.",
  },
};

/** 429 by the limits on requests or tokens per minute, with `retry-after` where `seconds` is given. */
export function rateLimited(seconds?: number): Step {
  return {
    failure: {
      status: 429,
      type: "rate_limit_error",
      message: "This request would exceed your organization's rate limit of 50 requests per minute.",
      ...(seconds === undefined ? {} : { headers: { "retry-after": String(seconds) } }),
    },
  };
}

/** 429 because the spend limit of the account's tier is reached: no `retry-after`, waiting does not help. */
export const spendLimitReached: Step = {
  failure: {
    status: 429,
    type: "rate_limit_error",
    message: "Your organization has reached its monthly API usage threshold.",
    details: { error_code: "enforced_spend_limit_reached" },
  },
};

/** The answer's first byte comes late. */
export function slow(delayMs: number, turn: Turn): Turn {
  return { ...turn, delayMs };
}

/** The stream goes silent and stays open until somebody closes it. */
export function stalls(turn: Turn, afterDeltas: number): Turn {
  return { ...turn, interruption: { by: "stall", afterDeltas } };
}

/** The stream goes on with nothing but pings. */
export function onlyPings(turn: Turn, afterDeltas: number, everyMs: number): Turn {
  return { ...turn, interruption: { by: "pings", afterDeltas, everyMs } };
}

/** The socket is destroyed in the middle of the stream. */
export function cut(turn: Turn, afterDeltas: number): Turn {
  return { ...turn, interruption: { by: "cut", afterDeltas } };
}

/** The stream ends properly for HTTP but without `message_stop`, as behind a proxy that gave up. */
export function endsEarly(turn: Turn, afterDeltas: number): Turn {
  return { ...turn, interruption: { by: "end", afterDeltas } };
}

/** An `error` event arrives in the middle of the stream, after a 200. */
export function failsMidStream(turn: Turn, afterDeltas: number): Turn {
  const failure = { status: 529, type: "overloaded_error", message: "Overloaded" };
  return { ...turn, interruption: { by: "error", afterDeltas, failure } };
}

/** The same step `count` times. */
export function times(count: number, step: Step): readonly Step[] {
  return Array.from({ length: count }, () => step);
}

/** The same step for ever. */
export function always(step: Step): () => Step {
  return () => step;
}
