import { ParleyError } from "../errors.ts";

/** A file is larger than allowed. Noticed while it was read; nothing of it is kept. */
export class AttachmentTooLargeError extends ParleyError {
  override readonly name = "AttachmentTooLargeError";

  constructor(maxBytes: number) {
    super("attachment/too-large", `The file is larger than ${maxBytes} bytes, the most that is accepted.`, {
      status: 413,
    });
  }
}

/** A file was not fetched because of where it lies. The reason never contains the address, which may hold a token. */
export class AttachmentHostError extends ParleyError {
  override readonly name = "AttachmentHostError";

  constructor(reason: string) {
    super(
      "attachment/host-not-allowed",
      `The file was not fetched: ${reason}. Adapters list the hosts of their files in manifest.attachmentHosts.`,
      { status: 403 },
    );
  }
}

/** The platform's link to a file is dead. */
export class AttachmentExpiredError extends ParleyError {
  override readonly name = "AttachmentExpiredError";

  constructor() {
    super("attachment/expired", "The platform's link to the file has expired; ask for the file to be sent again.", {
      status: 410,
    });
  }
}

/** There is no such file, here or on the platform. */
export class AttachmentUnknownError extends ParleyError {
  override readonly name = "AttachmentUnknownError";

  constructor(where: string) {
    super("attachment/unknown", `There is no such file ${where}.`, { status: 404 });
  }
}

/** The platform did not give the file now. */
export class AttachmentFetchError extends ParleyError {
  override readonly name = "AttachmentFetchError";

  constructor(detail: string, retryable: boolean, cause?: unknown) {
    super("attachment/fetch-failed", `The file could not be fetched: ${detail}.`, { status: 502, retryable, cause });
  }
}
