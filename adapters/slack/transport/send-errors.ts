/** What went wrong with a call of the Web API, and what that means. */
import { z } from "zod";
import {
  AmbiguousSendError,
  MarkupRefusedError,
  ParleyError,
  PermanentSendError,
  RateLimitedError,
  TransientSendError,
} from "../../../adapter.ts";

const REFUSED_TOKENS = new Set(
  "invalid_auth not_authed account_inactive token_revoked token_expired not_allowed_token_type".split(" "),
);
const REFUSED_MARKUP = new Set(
  "invalid_blocks invalid_blocks_format msg_blocks_too_long msg_too_long no_text invalid_chunks markdown_text_conflict".split(
    " ",
  ),
);
/** Slack itself does not know what became of the call. */
const IN_DOUBT = new Set(["internal_error", "fatal_error", "request_timeout", "service_unavailable"]);
const NOT_CONNECTED = new Set(
  "ECONNREFUSED ENOTFOUND EAI_AGAIN EHOSTUNREACH ENETUNREACH UND_ERR_CONNECT_TIMEOUT".split(" "),
);

const PlatformFailure = z.object({
  code: z.literal("slack_webapi_platform_error"),
  data: z.object({ error: z.string() }),
});
const Failure = z.object({
  code: z.string().optional(),
  retryAfter: z.number().optional(),
  statusCode: z.number().optional(),
  original: z
    .object({ code: z.string().optional(), cause: z.object({ code: z.string().optional() }).optional() })
    .optional(),
});

/** The app, its token or its Slack has no such method: asked again it answers the same. */
const UNABLE = new Set(
  "unknown_method method_deprecated missing_scope not_allowed_token_type feature_not_enabled".split(" "),
);

/** Whether a call is not worth another try before the next start. */
export function isUnable(error: string): boolean {
  return UNABLE.has(error);
}

/** Slack's own name of the error, where it answered with one. */
export function platformError(thrown: unknown): string | undefined {
  const failure = PlatformFailure.safeParse(thrown instanceof ParleyError ? thrown.cause : thrown);
  return failure.success ? failure.data.data.error : undefined;
}

export function isTokenRefused(thrown: unknown): boolean {
  return REFUSED_TOKENS.has(platformError(thrown) ?? "");
}

/** What a failed call means for a send. */
export function toSendError(thrown: unknown): ParleyError {
  if (thrown instanceof ParleyError) return thrown;
  const error = platformError(thrown);
  return error === undefined ? fromTransport(thrown) : fromPlatform(error, thrown);
}

function fromPlatform(error: string, thrown: unknown): ParleyError {
  if (error === "ratelimited") return new RateLimitedError("Slack", 1_000, thrown);
  if (REFUSED_MARKUP.has(error)) return new MarkupRefusedError("Slack", thrown);
  // A token that is refused now may be renewed or put right, and says nothing about the message.
  if (REFUSED_TOKENS.has(error)) return new TransientSendError("Slack", `the token is refused: ${error}`, thrown);
  return IN_DOUBT.has(error) ? new AmbiguousSendError("Slack", thrown) : new PermanentSendError("Slack", error, thrown);
}

function fromTransport(thrown: unknown): ParleyError {
  const { code, retryAfter = 1, statusCode = 500, original } = Failure.safeParse(thrown).data ?? {};
  if (code === "slack_webapi_rate_limited_error") return new RateLimitedError("Slack", retryAfter * 1_000, thrown);
  if (statusCode < 500) return new PermanentSendError("Slack", `HTTP ${statusCode}`, thrown);
  const network = original?.cause?.code ?? original?.code ?? "";
  // Only a connection that was never made says for certain that nothing was sent.
  const neverSent = NOT_CONNECTED.has(network);
  return neverSent ? new TransientSendError("Slack", network, thrown) : new AmbiguousSendError("Slack", thrown);
}
