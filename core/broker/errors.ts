import { ParleyError } from "../errors.ts";

/** The broker's server did not answer in time. The outcome is unknown; repeating with the same key is safe. */
export class BrokerUnavailableError extends ParleyError {
  override readonly name = "BrokerUnavailableError";

  /** `says` names the trouble and its remedy, where it is known. */
  constructor(operation: string, cause?: unknown, says?: string) {
    super(
      "broker/unavailable",
      says ?? `The broker did not answer "${operation}" in time. Is its server up? Run: parley doctor`,
      {
        retryable: true,
        status: 503,
        cause,
      },
    );
  }
}

/** The claim was lost to another worker; nothing was committed. */
export class FencedError extends ParleyError {
  override readonly name = "FencedError";

  constructor(conversation: string) {
    super("broker/fenced", `The claim on ${conversation} was taken over by another worker; this result was discarded.`);
  }
}

/** Too many events wait in one conversation. */
export class MailboxFullError extends ParleyError {
  override readonly name = "MailboxFullError";

  constructor(conversation: string, limit: number) {
    super(
      "broker/mailbox-full",
      `${conversation} already has ${limit} waiting events; try again when some are answered.`,
      {
        retryable: true,
        status: 429,
      },
    );
  }
}
