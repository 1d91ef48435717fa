/** Rows that calls write, as the audit proves them: it keeps keyed hashes of their fields, never the fields. */
export interface Evidence {
  readonly table: string;
  /** Unique in the table. */
  readonly id: string;
  readonly fields: Readonly<Record<string, string | number | null>>;
}

/** A row as it lies there now. */
export interface StoredEvidence extends Evidence {
  /** The idempotency key of the call that wrote it, where the row tells: such a call may not be audited yet. */
  readonly key?: string;
}

/** Tables that the audit compares with what it recorded: each row there belongs to an audited call. */
export interface EvidenceBook {
  /** The file or the server, for people. */
  readonly place: string;
  readonly tables: readonly string[];
  /** Every row, those of one table in the order in which they were written. */
  readonly rows: () => AsyncIterable<StoredEvidence>;
  readonly close: () => Promise<void>;
}
