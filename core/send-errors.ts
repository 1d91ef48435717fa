/** What an adapter's `send` may throw. Anything else counts as ambiguous. */
import { ParleyError } from "./errors.ts";

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

/** The connection died between the send and its receipt: it may or may not have arrived. */
export class AmbiguousSendError extends ParleyError {
  override readonly name = "AmbiguousSendError";

  constructor(platform: string, cause?: unknown) {
    super("send/ambiguous", `${platform}: the connection ended before the platform confirmed the send`, { cause });
  }
}
