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
  /** True for what the pack did by itself, such as a payment on its date: no call of a person tells of it. */
  readonly isOwn?: boolean;
}

/** Tables that the audit compares with what it recorded: each row there belongs to an audited call. */
export interface EvidenceBook {
  /** The file or the server, for people. */
  readonly place: string;
  readonly tables: readonly string[];
  /** Whether `rows` gives them in the order in which the audit saw them. @default false */
  readonly isOrdered?: boolean;
  /** True where each row of any time has an entry: none that is there at first is taken as it is. @default false */
  readonly isComplete?: boolean;
  readonly rows: () => AsyncIterable<StoredEvidence>;
  readonly close: () => Promise<void>;
}
