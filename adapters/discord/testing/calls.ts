/** Calls of the REST API: which faults they meet, authorisation, rate limits, and then the route. */
import { z } from "zod";
import type { ApiAnswer, ApiCall, CallKind } from "../../../core/testing/index.ts";
import { answer, type ApiContext } from "./api.ts";
import type { RateLimits } from "./rate-limits.ts";
import { type ApiError, Refused } from "./validate.ts";

/** An answer to a command is shown by an edit of "is thinking…", which counts as a send. */
export function kindOf({ method, path }: ApiCall): CallKind | undefined {
  if (path.startsWith("/attachments/")) return undefined;
  if (method === "POST" && (/^\/channels\/\d+\/messages$/.test(path) || /^\/webhooks\/\d+\/[^/]+$/.test(path)))
    return "send";
  if (method !== "PATCH" || !path.includes("/messages/")) return "other";
  return path.endsWith("/messages/@original") ? "send" : "edit";
}

const tooFast = (seconds: number, global: boolean, headers: Readonly<Record<string, string>>): ApiAnswer => ({
  status: 429,
  headers: { "Retry-After": seconds.toFixed(3), ...headers },
  body: { message: "You are being rate limited.", retry_after: seconds, global },
});

const refused = ({ status, ...body }: ApiError): ApiAnswer => ({ status, body });

export const faultAnswers = {
  rateLimited: (seconds: number) => tooFast(seconds, false, { "X-RateLimit-Scope": "shared" }),
  serverError: (status: number) => ({ status, body: { message: `${status}: Server Error`, code: 0 } }),
  markupRefused: () =>
    refused({
      status: 400,
      code: 50035,
      message: "Invalid Form Body",
      errors: { embeds: { _errors: [{ code: "BASE_TYPE_INVALID", message: "The markup was refused." }] } },
    }),
  fileRefused: refused({ status: 403, code: 50013, message: "Missing Permissions" }),
  placeGone: refused({ status: 404, code: 10003, message: "Unknown Channel" }),
};

/** With files the body is a field of its own. */
const WithFiles = z.object({ payload_json: z.unknown() });

/** Authorisation, then rate limits, then the route. */
export function createExecutor(
  context: ApiContext,
  token: () => string,
  limits: RateLimits,
): (call: ApiCall) => ApiAnswer {
  return (given) => {
    const body = given.files.length === 0 ? given.body : WithFiles.safeParse(given.body).data?.payload_json;
    try {
      return execute({ ...given, body });
    } catch (thrown) {
      if (!(thrown instanceof Refused)) throw thrown;
      return { ...refused(thrown.error), refused: `${given.method} ${given.path}: ${thrown.message}` };
    }
  };
  function execute(call: ApiCall): ApiAnswer {
    // Interactions, their webhooks and files carry tokens of their own.
    const isOpen = /^\/(?:interactions|webhooks|attachments)\//.test(call.path);
    if (!isOpen && call.authorization !== `Bot ${token()}`)
      return {
        status: 401,
        body: { message: "401: Unauthorized", code: 0 },
        refused: `${call.method} ${call.path}: 401`,
      };
    const { headers, refused: over } = limits.take(call.method, call.path);
    if (over !== undefined) return tooFast(over.retryAfterSeconds, over.global, headers);
    const given = answer(context, call);
    return { ...given, headers: { ...headers, ...given.headers } };
  }
}
