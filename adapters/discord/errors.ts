/** What can go wrong with Discord, by name and with its remedy; and what the library's errors mean for a message. */
import { ZodError } from "zod";
import { ParleyError } from "../../core/errors.ts";
import {
  AmbiguousSendError,
  MarkupRefusedError,
  PermanentSendError,
  RateLimitedError,
  TransientSendError,
} from "../../core/send-errors.ts";
import type { Discord } from "./gateway/library.ts";

export const CONTENT_REMEDY =
  "Switch on Message Content Intent (discord.com/developers/applications, your application, Bot, Privileged Gateway Intents), or set messageContent: false.";
export const TOKEN_REMEDY =
  "Make a new token (discord.com/developers/applications, your application, Bot, Reset Token) and set it where the configuration refers to.";

/** Discord does not know the token. */
export class DiscordTokenError extends ParleyError {
  override readonly name = "DiscordTokenError";

  constructor() {
    super("discord/invalid-token", `Discord refused the token: it was reset, revoked or mistyped. ${TOKEN_REMEDY}`);
  }
}

/** Discord could not be reached, or could not answer. */
export class DiscordUnreachableError extends ParleyError {
  override readonly name = "DiscordUnreachableError";

  constructor(detail: string) {
    super("discord/unreachable", `Discord did not answer as expected (${detail}). It is tried again.`, {
      retryable: true,
    });
  }
}

/** The gateway ended the connection for good. */
export class DiscordRefusedError extends ParleyError {
  override readonly name = "DiscordRefusedError";

  constructor({ detail, remedy }: Refusal) {
    super("discord/refused", `Discord closed the connection: ${detail}. ${remedy}`);
  }
}

export interface Refusal {
  readonly detail: string;
  readonly remedy: string;
}

/** What a close code means that no reconnect will mend. */
export function refusalOf(code: number): Refusal {
  switch (code) {
    case 4004:
      return { detail: "the token is not valid any more (4004)", remedy: TOKEN_REMEDY };
    case 4010:
    case 4011:
      return {
        detail: `the shards do not fit (${code})`,
        remedy: 'Correct shards, or leave it at "auto": the number of servers per shard is limited to 2500.',
      };
    case 4013:
    case 4014:
      return { detail: `an intent is not allowed (${code})`, remedy: CONTENT_REMEDY };
    default:
      return { detail: `close code ${code}`, remedy: "Run: parley doctor" };
  }
}

const REFUSED_CONNECTION = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/;

/** What an error of the library means for a message. Its own errors hold the request, so they are not passed on. */
export function toSendError(discord: Discord, thrown: unknown, plain: boolean): Error {
  if (thrown instanceof ParleyError) return thrown;
  if (thrown instanceof discord.RateLimitError)
    return new RateLimitedError("discord", Math.max(1, Math.ceil(thrown.retryAfter)));
  if (thrown instanceof discord.DiscordAPIError)
    return fromApiError(thrown.status, thrown.code, thrown.rawError, plain);
  if (thrown instanceof discord.HTTPError)
    return new TransientSendError("discord", `Discord answered ${thrown.status}`);
  const code = codeOf(thrown);
  if (code !== undefined && REFUSED_CONNECTION.test(code)) return new TransientSendError("discord", code);
  // The library forgets a token that was refused, and then says so before it sends anything.
  if (thrown instanceof Error && thrown.message.startsWith("Expected token"))
    return new TransientSendError("discord", "the token is not valid any more");
  return thrown instanceof ZodError || code !== undefined || isAbort(thrown)
    ? new AmbiguousSendError("discord")
    : asError(thrown);
}

function fromApiError(status: number, code: number | string, raw: unknown, plain: boolean): Error {
  const words = typeof raw === "object" && raw !== null && "message" in raw ? String(raw.message) : "no reason given";
  const detail = `${words}, code ${code}`;
  if (status === 401 || status === 429) return new TransientSendError("discord", detail);
  if (code === 50035 && !plain) return new MarkupRefusedError("discord");
  return new PermanentSendError("discord", detail);
}

function codeOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error)) return undefined;
  if ("code" in thrown && typeof thrown.code === "string") return thrown.code;
  return thrown.cause === undefined ? undefined : codeOf(thrown.cause);
}

function isAbort(thrown: unknown): boolean {
  return thrown instanceof Error && (thrown.name === "AbortError" || thrown.name === "TimeoutError");
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new AmbiguousSendError("discord", thrown);
}
