import { ParleyError, publicDetail } from "../../adapter.ts";

/** The session id was not issued here, or the session was forgotten. */
export class UnknownSessionError extends ParleyError {
  override readonly name = "UnknownSessionError";

  constructor() {
    super(
      "web/unknown-session",
      "There is no such session. Leave sessionId out to be given one, and send that one from then on.",
      { status: 404 },
    );
  }
}

/** A caller named a user where the admin does not allow it, or one whose name is reserved. */
export class UserIdRefusedError extends ParleyError {
  override readonly name = "UserIdRefusedError";

  constructor(reason: string) {
    super("web/user-id-refused", `This userId is not accepted: ${reason}.`, { status: 403 });
  }
}

/** An upload that cannot be taken. */
export class UploadRefusedError extends ParleyError {
  override readonly name = "UploadRefusedError";

  constructor(code: "empty-file" | "multipart" | "file-too-large", message: string, status: 400 | 413 | 415) {
    super(`web/${code}`, message, { status });
  }
}

/** A socket sent something that is no frame of this interface. */
export class FrameError extends ParleyError {
  override readonly name = "FrameError";

  constructor(detail: string) {
    super("web/invalid-frame", `The frame does not fit: ${detail}`, { status: 400 });
  }
}

/** More was asked than the limits allow; it was not answered, and is not going to be. */
export class RateLimitedError extends ParleyError {
  override readonly name = "RateLimitedError";

  constructor(retryAfterMs: number) {
    const seconds = Math.max(1, Math.ceil(retryAfterMs / 1_000));
    super("web/rate-limited", `Too many messages or new sessions from here. Wait ${seconds} s, then say it again.`, {
      status: 429,
      retryAfterMs: seconds * 1_000,
    });
  }
}

export class TooManySocketsError extends ParleyError {
  override readonly name = "TooManySocketsError";

  constructor(where: string) {
    super("web/too-many-sockets", `Too many sockets are open ${where}; close one and try again.`, {
      status: 429,
      retryable: true,
    });
  }
}

/** What an `error` frame says of an error. */
export function errorFacts(error: ParleyError) {
  const { code, retryable, retryAfterMs } = error;
  return { code, detail: publicDetail(error), retryable, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}
