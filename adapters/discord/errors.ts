/** What can go wrong with Discord, by name and with its remedy; and what the library's errors mean for a message. */
import type { DiscordAPIError } from "discord.js";
import { ZodError } from "zod";
import {
  AmbiguousSendError,
  FileRefusedError,
  MarkupRefusedError,
  ParleyError,
  PermanentSendError,
  RateLimitedError,
  TransientSendError,
} from "../../adapter.ts";
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

  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super("discord/refused", `Discord closed the connection: ${refusal.detail}. ${refusal.remedy}`);
    this.refusal = refusal;
  }
}

/** Why an account was not let in, where the error says so. */
export function refusalIn(thrown: unknown): Refusal | undefined {
  if (thrown instanceof DiscordRefusedError) return thrown.refusal;
  if (!(thrown instanceof DiscordTokenError)) return undefined;
  return { detail: "Discord refuses the token", remedy: TOKEN_REMEDY };
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

/** What Discord says of a thread that is gone, archived, locked, or not the bot's to write in. */
const PLACE_GONE: ReadonlySet<number | string> = new Set([10003, 50001, 50013, 50083, 160005, 160006]);
/** What it says of files: too large, not allowed here, not a file. A missing permission may be that for files. */
const FILE_REFUSED: ReadonlySet<number | string> = new Set([40005, 50013, 50045, 50046, 20009]);

/** Whether the place is the reason. A missing permission is, once there is no file that it may be about. */
export function isPlaceGone(discord: Discord, thrown: unknown, hasFiles: boolean): boolean {
  if (!(thrown instanceof discord.DiscordAPIError)) return false;
  return PLACE_GONE.has(thrown.code) && !(hasFiles && FILE_REFUSED.has(thrown.code));
}

/** What was sent, as far as it says what a refusal is about. */
export interface SentAs {
  readonly plain: boolean;
  readonly hasFiles: boolean;
}

/** What an error of the library means for a message. Its own errors hold the request, so they are not passed on. */
export function toSendError(discord: Discord, thrown: unknown, sent: SentAs): Error {
  if (thrown instanceof ParleyError) return thrown;
  if (thrown instanceof discord.RateLimitError)
    return new RateLimitedError("discord", Math.max(1, Math.ceil(thrown.retryAfter)));
  if (thrown instanceof discord.DiscordAPIError) return fromApiError(thrown, sent);
  if (thrown instanceof discord.HTTPError) return fromHttpError(thrown.status, sent);
  return fromTransport(thrown);
}

function fromHttpError(status: number, { hasFiles }: SentAs): Error {
  const detail = `Discord answered ${status}`;
  return hasFiles && status === 413
    ? new FileRefusedError("discord", detail)
    : new TransientSendError("discord", detail);
}

function fromTransport(thrown: unknown): Error {
  const code = codeOf(thrown);
  if (code !== undefined && REFUSED_CONNECTION.test(code)) return new TransientSendError("discord", code);
  // The library forgets a token that was refused, and then says so before it sends anything.
  if (thrown instanceof Error && thrown.message.startsWith("Expected token"))
    return new TransientSendError("discord", "the token is not valid any more");
  return thrown instanceof ZodError || code !== undefined || isAbort(thrown)
    ? new AmbiguousSendError("discord")
    : asError(thrown);
}

function fromApiError({ status, code, rawError: raw }: DiscordAPIError, { plain, hasFiles }: SentAs): Error {
  const words = typeof raw === "object" && raw !== null && "message" in raw ? raw.message : "no reason given";
  const detail = `${words}, code ${code}`;
  if (status === 401 || status === 429) return new TransientSendError("discord", detail);
  if (hasFiles && FILE_REFUSED.has(code)) return new FileRefusedError("discord", detail);
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
