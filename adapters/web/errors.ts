import { ParleyError } from "../../core/errors.ts";

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

/** The session belongs to another user. */
export class ForeignSessionError extends ParleyError {
  override readonly name = "ForeignSessionError";

  constructor() {
    super(
      "web/foreign-session",
      "This session belongs to another userId. Use that user's session, or leave sessionId out to be given a new one.",
      { status: 403 },
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

/** Nothing is known of a message. */
export class UnknownMessageError extends ParleyError {
  override readonly name = "UnknownMessageError";

  constructor() {
    super(
      "web/unknown-message",
      "Nothing is known of this message here. Send it again with the same messageId: it is not doubled.",
      { status: 404 },
    );
  }
}

/** A file was asked for that no reply of this session carried. */
export class FileUnknownError extends ParleyError {
  override readonly name = "FileUnknownError";

  constructor() {
    super(
      "web/unknown-file",
      "No reply of this session carried such a file. Use the `spoolKey` of a reply's `files`.",
      {
        status: 404,
      },
    );
  }
}

/** An attachment was named that this session did not upload. */
export class UnknownAttachmentError extends ParleyError {
  override readonly name = "UnknownAttachmentError";

  constructor() {
    super(
      "web/unknown-attachment",
      "There is no such attachment in this session. Upload the file with POST /api/v1/chat/attachments and use the id it gives.",
      { status: 404 },
    );
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

/** A socket sends faster than a person can. */
export class TooFastError extends ParleyError {
  override readonly name = "TooFastError";

  constructor() {
    super("web/too-fast", "Too many frames at once; wait a moment and send it again.", {
      status: 429,
      retryable: true,
      retryAfterMs: 1_000,
    });
  }
}

/** A web account's name becomes part of its address, and this one cannot. */
export class AccountNameError extends ParleyError {
  override readonly name = "AccountNameError";

  constructor(accountName: string) {
    super(
      "web/account-name",
      `The name of a web account is part of its address: "${accountName}" may have lower-case letters, digits and dashes only. Change it in web({ name }).`,
    );
  }
}
