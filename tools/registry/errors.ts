import { ParleyError } from "../../core/errors.ts";

/** The tools of a bot do not fit together; it does not start. */
export class ToolsetError extends ParleyError {
  override readonly name = "ToolsetError";
}

/** A tool did not answer in time; whether it had an effect is unknown. */
export class ToolTimeoutError extends ParleyError {
  override readonly name = "ToolTimeoutError";

  constructor(tool: string, timeoutMs: number) {
    super("tool/timeout", `${tool} did not answer within ${timeoutMs} ms.`, { retryable: true, status: 504 });
  }
}

/** The caller went away in the middle of a call: no failure of the service. */
export class CallAbortedError extends Error {
  override readonly name = "CallAbortedError";
}
