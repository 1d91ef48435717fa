import { ContextOverflowError } from "@langchain/core/errors";
import { z } from "zod";
import { ParleyError, toError } from "../../core/errors.ts";
import { SilentConnectionError, UnreachableError } from "./connection-errors.ts";
import {
  ModelAuthenticationError,
  ModelContextExceededError,
  ModelOverloadedError,
  ModelRateLimitedError,
  ModelRequestError,
  ModelSpendLimitError,
  ModelStreamBrokenError,
  ModelTimeoutError,
  ModelUnavailableError,
} from "./model-errors.ts";
import { type Failure, failureOf } from "./provider-error.ts";

const SPEND_LIMITS = new Set([
  "enforced_spend_limit_reached",
  "contract_spend_limit_reached",
  "linked_organization_spend_limit_reached",
  "insufficient_quota",
]);

const TOO_LONG = /^prompt is too long|context_length_exceeded|input token count .{0,40}exceeds/u;

/** Turns whatever a model call threw into one of our errors. Errors of ours pass unchanged. */
export function classifyModelError(thrown: unknown): ParleyError {
  const own = findInCauses(thrown, (error) => error instanceof ParleyError);
  if (own instanceof ParleyError) return own;
  const silent = findInCauses(thrown, (error) => error instanceof SilentConnectionError);
  if (silent instanceof Error) return new ModelTimeoutError(silent.message, { cause: thrown });
  const unreachable = findInCauses(thrown, (error) => error instanceof UnreachableError);
  if (unreachable instanceof Error) return new ModelUnavailableError(unreachable.message, { cause: thrown });
  if (ContextOverflowError.isInstance(thrown)) {
    return new ModelContextExceededError("The conversation is too long for the model. Send a shorter history.", {
      cause: thrown,
    });
  }
  const failure = failureOf(thrown);
  return failure === undefined ? classifyUnnamed(thrown) : classifyFailure(failure);
}

function findInCauses(thrown: unknown, matches: (error: unknown) => boolean): unknown {
  let current = thrown;
  for (let depth = 0; depth < 6 && current instanceof Error; depth += 1) {
    if (matches(current)) return current;
    current = current.cause;
  }
  return undefined;
}

/** The error types of the API, by the statuses they come with. A mid-stream `error` event has the type alone. */
const typeOfStatus: Readonly<Record<number, string>> = {
  401: "authentication_error",
  402: "billing_error",
  403: "permission_error",
  404: "not_found_error",
  408: "timeout_error",
  413: "request_too_large",
  429: "rate_limit_error",
  504: "timeout_error",
  529: "overloaded_error",
};

type Classify = (failure: Failure) => ParleyError;

const spendLimit: Classify = ({ details }) =>
  new ModelSpendLimitError(
    "The model's account has reached its spend limit or has no credit. Raise the limit or add credit in the provider's console.",
    details,
  );

const keyRefused: Classify = ({ said, details }) =>
  new ModelAuthenticationError(
    `The provider does not accept the key (${said}). Check the key's value, and that its workspace may use the model.`,
    details,
  );

const tooLong: Classify = ({ details }) =>
  new ModelContextExceededError("The conversation is too long for the model. Send a shorter history.", details);

const failedInside: Classify = ({ said, details }) =>
  new ModelUnavailableError(`The provider failed inside: ${said}`, details);

const classifyType: Readonly<Record<string, Classify>> = {
  authentication_error: keyRefused,
  permission_error: keyRefused,
  billing_error: spendLimit,
  request_too_large: tooLong,
  not_found_error: ({ said, details }) =>
    new ModelRequestError(
      `The provider does not know what was asked for (${said}). Check the model id and the base URL.`,
      details,
    ),
  rate_limit_error: ({ details }) =>
    new ModelRateLimitedError(
      "The model's rate limit is reached. Ask the provider for a higher limit if this happens often.",
      details,
    ),
  overloaded_error: ({ details }) => new ModelOverloadedError("The model is overloaded at the moment.", details),
  timeout_error: ({ details }) =>
    new ModelTimeoutError("The provider gave up on the answer because it took too long.", details),
  api_error: failedInside,
  server_error: failedInside,
};

function classifyFailure(failure: Failure): ParleyError {
  const { status = 200, type, errorCode = "", said, details } = failure;
  if (SPEND_LIMITS.has(errorCode)) return spendLimit(failure);
  if (TOO_LONG.test(said) || TOO_LONG.test(errorCode)) return tooLong(failure);
  const known = typeOfStatus[status] ?? (status >= 500 ? "api_error" : type);
  const classify = known === undefined ? undefined : classifyType[known];
  return (
    classify?.(failure) ?? new ModelRequestError(`The provider refused the request (HTTP ${status}): ${said}`, details)
  );
}

/** Errors without a body: a socket that broke, a stream that is no JSON, a plain HTTP error page of a proxy. */
function classifyUnnamed(thrown: unknown): ParleyError {
  const bare = z.object({ status: z.number() }).safeParse(thrown);
  if (bare.success) {
    const message = `Something between us and the provider answered HTTP ${bare.data.status}. Check the base URL and proxies.`;
    return bare.data.status >= 500
      ? new ModelUnavailableError(message, { cause: thrown })
      : new ModelRequestError(message, { cause: thrown });
  }
  const error = toError(thrown);
  return new ModelStreamBrokenError(`The connection to the model broke (${error.name}).`, { cause: thrown });
}
