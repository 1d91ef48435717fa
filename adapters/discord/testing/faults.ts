/** What goes wrong with the next calls: asked for by a test, used up call by call. */
import type { CallFault } from "../../../core/testing/index.ts";
import type { Answer, Call } from "./calls.ts";

export type FaultKind = "send" | "edit" | "any";

export interface PlannedFaults {
  readonly next: (on: FaultKind, fault: CallFault, times?: number) => void;
  /** The fault of this call, if any; it is used up. */
  readonly take: (call: Call) => CallFault | undefined;
}

export function createFaults(): PlannedFaults {
  const planned: { readonly on: FaultKind; readonly fault: CallFault; left: number }[] = [];
  return {
    next: (on, fault, times = 1) => {
      planned.push({ on, fault, left: times });
    },
    take: (call) => {
      const kind = kindOf(call);
      const found = planned.find(({ on, left }) => left > 0 && (on === "any" || on === kind));
      if (found === undefined) return undefined;
      found.left -= 1;
      if (found.left === 0) planned.splice(planned.indexOf(found), 1);
      return found.fault;
    },
  };
}

/** An answer to a command is shown by an edit of "is thinking…", which counts as a send. */
function kindOf({ method, path }: Call): "send" | "edit" | undefined {
  const isOriginal = path.endsWith("/messages/@original");
  if (method === "POST" && (/^\/channels\/\d+\/messages$/.test(path) || /^\/webhooks\/\d+\/[^/]+$/.test(path)))
    return "send";
  if (method !== "PATCH" || !path.includes("/messages/")) return undefined;
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
    case "cut-before":
    case "cut-after":
      return undefined;
  }
}
