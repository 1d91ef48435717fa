/** What the Graph API's errors mean for a message. */
import { z } from "zod";
import type { ParleyError } from "../../../adapter.ts";
import {
  AmbiguousSendError,
  MarkupRefusedError,
  PermanentSendError,
  RateLimitedError,
  TransientSendError,
} from "../../../adapter.ts";

const GraphErrorBody = z.object({
  error: z.object({
    code: z.number(),
    error_subcode: z.number().optional(),
    is_transient: z.boolean().optional(),
    error_data: z.object({ details: z.string().optional() }).optional(),
  }),
});

/** The Graph API's answer that a call failed: its code, without texts that may quote the message. */
export interface GraphFailure {
  readonly status: number;
  readonly code: number | undefined;
  readonly transient: boolean;
  readonly retryAfterMs: number | undefined;
}

/** The person's last message is more than 24 hours old: only a template may be sent. */
export const WINDOW_CLOSED = 131_047;

/** Application, account and pair limits, and WhatsApp's brake on spam. */
const RATE_CODES: ReadonlySet<number> = new Set([4, 80_007, 130_429, 131_048, 131_056]);
/** WhatsApp's side is unavailable, overloaded or timed out before doing anything. */
const TRANSIENT_CODES: ReadonlySet<number> = new Set([1, 2, 131_000, 131_016, 131_057, 133_004]);
/** The token is expired, revoked or lacks the permission: an admin's matter, and the message can wait for it. */
const TOKEN_CODES: ReadonlySet<number> = new Set([0, 10, 190, 200, 131_005]);

/** A parameter is refused as it was written: plain words may pass where buttons or formatting did not. */
const CONTENT_CODES: ReadonlySet<number> = new Set([100, 131_009]);

const RATE_PAUSE_MS = 6_000;

/** Reads the body and the headers of a failed call. */
export function readFailure(status: number, body: unknown, retryAfter: string | null): GraphFailure {
  const parsed = GraphErrorBody.safeParse(body);
  const seconds = Number(retryAfter);
  return {
    status,
    code: parsed.data?.error.code,
    transient: parsed.data?.error.is_transient === true,
    retryAfterMs: retryAfter === null || !Number.isFinite(seconds) ? undefined : Math.max(0, seconds * 1_000),
  };
}

/** True when the access token is at fault. */
export function isTokenFailure({ status, code }: GraphFailure): boolean {
  return status === 401 || (code !== undefined && TOKEN_CODES.has(code));
}

/** The send error for a failed call; `cause` tells the failure to whoever wants to know more. */
export function sendErrorOf(failure: GraphFailure, cause?: unknown): ParleyError {
  const { status, code, retryAfterMs } = failure;
  const named = `status ${status}${code === undefined ? "" : `, code ${code}`}`;
  if (isRateLimit(failure)) return new RateLimitedError("whatsapp", retryAfterMs ?? RATE_PAUSE_MS, cause);
  if (isTokenFailure(failure))
    return new TransientSendError("whatsapp", `the access token is refused: ${named}`, cause);
  // A gateway's error says nothing about what happened behind it.
  if (status >= 500 && status !== 503 && code === undefined) return new AmbiguousSendError("whatsapp", cause);
  if (isTransient(failure)) return new TransientSendError("whatsapp", named, cause);
  if (code !== undefined && CONTENT_CODES.has(code)) return new MarkupRefusedError("whatsapp", cause);
  const detail =
    code === WINDOW_CLOSED ? "the person's last message is more than 24 hours old: configure a template" : named;
  return new PermanentSendError("whatsapp", detail, cause);
}

function isRateLimit({ status, code }: GraphFailure): boolean {
  return status === 429 || (code !== undefined && RATE_CODES.has(code));
}

function isTransient({ status, code, transient }: GraphFailure): boolean {
  return transient || status >= 500 || (code !== undefined && TRANSIENT_CODES.has(code));
}

/** The send error for a call that got no answer. */
export function connectionErrorOf(thrown: unknown): ParleyError {
  const code = codeOf(thrown);
  const neverSent = [
    "ECONNREFUSED",
    "ENOTFOUND",
    "EAI_AGAIN",
    "UND_ERR_CONNECT_TIMEOUT",
    "EHOSTUNREACH",
    "ENETUNREACH",
  ];
  return code !== undefined && neverSent.includes(code)
    ? new TransientSendError("whatsapp", `the Graph API cannot be reached: ${code}`, thrown)
    : new AmbiguousSendError("whatsapp", thrown);
}

function codeOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error)) return undefined;
  if ("code" in thrown && typeof thrown.code === "string") return thrown.code;
  return thrown.cause === undefined ? undefined : codeOf(thrown.cause);
}
