import { ParleyError } from "../../core/errors.ts";

/** The audit has entries, but the key that signs its checkpoints is gone. */
export class AuditKeyError extends ParleyError {
  override readonly name = "AuditKeyError";

  constructor(path: string, what: string) {
    super(
      "audit/key",
      `${path} ${what}. Without it nobody can tell whether the audit was cut short: restore the file from a backup, ` +
        "or move the database of actions away to begin a new audit.",
    );
  }
}
