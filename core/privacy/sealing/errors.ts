import { ParleyError } from "../../errors.ts";

/** A sealed value was changed, moved from another row or column, or is not what it says it is. */
export class UnreadableValueError extends ParleyError {
  override readonly name = "UnreadableValueError";

  constructor(place: string) {
    super(
      "sealing/unreadable",
      `A sealed value of ${place} cannot be opened: it was changed, or moved there from another place. Restore it from a backup.`,
    );
  }
}

/** A value names a data key that this process does not know: another process may have made it a moment ago. */
export class UnknownKeyError extends ParleyError {
  override readonly name = "UnknownKeyError";

  constructor(place: string, keyId: string) {
    super(
      "sealing/unknown-key",
      `A sealed value of ${place} needs the data key ${keyId}, which is not in this installation's list of keys. ` +
        "Restore the list (sealing.sqlite, or the table sealing_keys) from the same backup as the value.",
      { retryable: true },
    );
  }
}
