/** What went wrong with a server, in words of ours: its own may hold anything. */
import type * as Sdk from "@modelcontextprotocol/client";
import { ParleyError } from "../../core/errors.ts";

/** A code of the system or the protocol's library; never its message, which may hold an address or a header. */
function codeOf(thrown: unknown): string {
  for (let error: unknown = thrown; error instanceof Error; error = causeOf(error)) {
    const code = "code" in error ? String(error.code) : "";
    if (/^[A-Z][A-Z0-9_]+$/u.test(code)) return code;
    if (/^-\d+$/u.test(code)) return `error ${code}`;
  }
  return thrown instanceof Error ? thrown.name : "an error";
}

/** An error of ours, which the library may have wrapped. */
function ownOf(thrown: unknown): ParleyError | undefined {
  for (let error: unknown = thrown; error instanceof Error; error = causeOf(error))
    if (error instanceof ParleyError) return error;
  return undefined;
}

/** The library keeps what its probe met as data. */
function causeOf(error: Error): unknown {
  if (error.cause !== undefined || !("data" in error)) return error.cause;
  const { data } = error;
  return typeof data === "object" && data !== null && "cause" in data ? data.cause : undefined;
}

/** A connection that could not be made: nothing was sent. */
export function unavailable(server: string, thrown: unknown): ParleyError {
  const own = ownOf(thrown);
  if (own !== undefined) return own;
  return new ParleyError("mcp/unavailable", `The MCP server "${server}" cannot be reached (${codeOf(thrown)}).`, {
    retryable: true,
    status: 503,
    cause: thrown,
  });
}

/** Too many calls wait for it already; this one was not sent. */
export function tooBusy(server: string): ParleyError {
  return new ParleyError("mcp/busy", `Too many calls wait for the MCP server "${server}". Try again in a moment.`, {
    retryable: true,
    status: 503,
  });
}

/** A call that ended without a result. With effects nobody knows whether they happened. */
export function callFailure(server: string, thrown: unknown, sdk: typeof Sdk): ParleyError {
  const own = ownOf(thrown);
  if (own !== undefined) return own;
  const isTimeout = thrown instanceof sdk.SdkError && thrown.code === sdk.SdkErrorCode.RequestTimeout;
  if (isTimeout)
    return new ParleyError("mcp/timeout", `The MCP server "${server}" did not answer in time.`, {
      retryable: true,
      status: 504,
      cause: thrown,
    });
  if (thrown instanceof sdk.ProtocolError)
    return new ParleyError("mcp/refused", `The MCP server "${server}" refuses the call (${codeOf(thrown)}).`, {
      status: 422,
      cause: thrown,
    });
  return new ParleyError("mcp/interrupted", `The MCP server "${server}" broke off (${codeOf(thrown)}).`, {
    retryable: true,
    status: 503,
    cause: thrown,
  });
}
