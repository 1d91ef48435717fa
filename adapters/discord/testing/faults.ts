/** What goes wrong with the next calls: asked for by a test, used up call by call. */
import type { CallFault, FaultQueue } from "../../../testing.ts";
import { createFaultQueue } from "../../../testing.ts";
import type { Answer, Call } from "./calls.ts";

export interface PlannedFaults extends Pick<FaultQueue, "next"> {
  /** The fault of this call, if any; it is used up. */
  readonly take: (call: Call) => CallFault | undefined;
}

export function createFaults(): PlannedFaults {
  const { next, take } = createFaultQueue();
  return {
    next,
    take: (call) => take(kindOf(call), call.files.length > 0),
  };
}

/** An answer to a command is shown by an edit of "is thinking…", which counts as a send. */
function kindOf({ method, path }: Call): "send" | "edit" | "other" {
  const isOriginal = path.endsWith("/messages/@original");
  if (method === "POST" && (/^\/channels\/\d+\/messages$/.test(path) || /^\/webhooks\/\d+\/[^/]+$/.test(path)))
    return "send";
  if (method !== "PATCH" || !path.includes("/messages/")) return "other";
  return isOriginal ? "send" : "edit";
}

/** What a fault answers instead; undefined where the connection is cut. */
export function faultAnswer(fault: CallFault): Answer | undefined {
  switch (fault.kind) {
    case "rate-limited": {
      const seconds = fault.retryAfterMs / 1_000;
      return {
        status: 429,
        headers: { "Retry-After": seconds.toFixed(3), "X-RateLimit-Scope": "shared" },
        body: { message: "You are being rate limited.", retry_after: seconds, global: false },
      };
    }
    case "server-error":
      return { status: fault.status, body: { message: `${fault.status}: Server Error`, code: 0 } };
    case "markup-refused":
      return {
        status: 400,
        body: {
          code: 50035,
          message: "Invalid Form Body",
          errors: { embeds: { _errors: [{ code: "BASE_TYPE_INVALID", message: "The markup was refused." }] } },
        },
      };
    case "file-refused":
      return { status: 403, body: { code: 50013, message: "Missing Permissions" } };
    case "place-gone":
      return { status: 404, body: { code: 10003, message: "Unknown Channel" } };
    case "cut-before":
    case "cut-after":
      return undefined;
  }
}
