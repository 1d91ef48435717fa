import { ParleyError } from "../errors.ts";

/** The database could not be opened, read or written; retryable where waiting or freeing space may help. */
export class DatabaseError extends ParleyError {
  override readonly name = "DatabaseError";

  constructor(what: string, options: { readonly retryable: boolean; readonly cause: unknown }) {
    super("store/database", what, { ...options, status: 503 });
  }
}

/** A row does not have the shape this version writes. */
export class CorruptRowError extends ParleyError {
  override readonly name = "CorruptRowError";

  constructor(table: string, cause: unknown) {
    super(
      "store/corrupt-row",
      `A row of table "${table}" cannot be read back. Was the file edited by hand? Restore a backup, then run: parley doctor`,
      { cause },
    );
  }
}

/** The store was closed before this call. */
export class StoreClosedError extends ParleyError {
  override readonly name = "StoreClosedError";

  constructor() {
    super("store/closed", "The store is closed; this write was not made.", { retryable: true, status: 503 });
  }
}
