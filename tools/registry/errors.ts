import { ParleyError } from "../../core/errors.ts";

/** The tools of a bot do not fit together; it does not start. */
export class ToolsetError extends ParleyError {
  override readonly name = "ToolsetError";
}

/** The caller went away in the middle of a call: no failure of the service. */
export class CallAbortedError extends Error {
  override readonly name = "CallAbortedError";
}
