/** What an adapter's `send` may throw. Anything else counts as ambiguous. */
import { ParleyError } from "./errors.ts";
import type { ReplyTarget } from "./reply.ts";

/** The platform said "slow down". Certainly not sent; retried after `retryAfterMs`. */
export class RateLimitedError extends ParleyError {
  override readonly name = "RateLimitedError";

  constructor(platform: string, retryAfterMs: number, cause?: unknown) {
    super("send/rate-limited", `${platform}: rate limited, retry after ${retryAfterMs} ms`, {
      retryable: true,
      retryAfterMs,
      cause,
    });
  }
}

/** Certainly not sent, and the same call may succeed later. */
export class TransientSendError extends ParleyError {
  override readonly name = "TransientSendError";

  constructor(platform: string, detail: string, cause?: unknown) {
    super("send/transient", `${platform}: not sent, will be retried (${detail})`, {
      retryable: true,
      cause,
    });
  }
}

/** Certainly not sent, and never will be (chat gone, bot blocked, not allowed). */
export class PermanentSendError extends ParleyError {
  override readonly name = "PermanentSendError";

  constructor(platform: string, detail: string, cause?: unknown) {
    super("send/permanent", `${platform}: cannot be sent (${detail})`, { cause });
  }
}

/** The platform refused the markup; the delivery sends the same content as plain text. */
export class MarkupRefusedError extends ParleyError {
  override readonly name = "MarkupRefusedError";

  constructor(platform: string, cause?: unknown) {
    super("send/markup-refused", `${platform}: the markup was refused; resending as plain text`, {
      retryable: true,
      cause,
    });
  }
}

/** Where the same people may hear what was meant for a place that is gone: everyone in its chat, or the person answered. */
export interface Elsewhere {
  readonly audience: "chat" | "requester";
  readonly target: ReplyTarget;
}

/**
 * The place inside a chat (a topic, a thread) is gone or takes no messages, while the chat does. Certainly not sent. The
 * delivery goes `elsewhere` once; left out: to the target's chat, without the thread. Name it where the place had fewer
 * readers than its chat, or where the chat is closed as a whole: then it is the person's own chat with the bot.
 */
export class PlaceGoneError extends ParleyError {
  override readonly name = "PlaceGoneError";
  readonly elsewhere: Elsewhere | undefined;

  constructor(
    platform: string,
    detail: string,
    { elsewhere, cause }: { readonly elsewhere?: Elsewhere; readonly cause?: unknown } = {},
  ) {
    super("send/place-gone", `${platform}: the place inside the chat is gone or closed (${detail})`, { cause });
    this.elsewhere = elsewhere;
  }
}

/** The platform refused the file of a message, not its words. Certainly not sent; the words are sent without the file. */
export class FileRefusedError extends ParleyError {
  override readonly name = "FileRefusedError";

  constructor(platform: string, detail: string, cause?: unknown) {
    super("send/file-refused", `${platform}: the file was refused (${detail}); its words are sent without it`, {
      cause,
    });
  }
}

/** The connection died between the send and its receipt: it may or may not have arrived. */
export class AmbiguousSendError extends ParleyError {
  override readonly name = "AmbiguousSendError";

  constructor(platform: string, cause?: unknown) {
    super("send/ambiguous", `${platform}: the connection ended before the platform confirmed the send`, { cause });
  }
}
