import { describeError } from "../../core/errors.ts";
import type { Logger } from "../../core/telemetry.ts";
import type { Audit } from "../../tools/audit/index.ts";
import type { Denial } from "./principal.ts";

/** Denials as entries of the audit of actions, chained and signed with the others. One that cannot be written is logged. */
export function auditDenials(audit: Pick<Audit, "write" | "append">, log: Logger): (denial: Denial) => Promise<void> {
  return async ({ principal, permission, bot = "", reason, call, correlationId }) => {
    try {
      await audit.write(() =>
        audit.append({
          kind: "refused",
          bot,
          person: principal,
          account: reason,
          userId: principal,
          conversation: "",
          tool: permission,
          eventId: correlationId,
          callId: call,
          code: "gateway/forbidden",
        }),
      );
    } catch (thrown) {
      log.error({ correlationId, error: describeError(thrown) }, "a denial could not be recorded");
    }
  };
}
