/** How tables are defined on each engine. */

export type Engine = "sqlite" | "postgres";

/** Pieces of definitions that differ. */
export interface Definitions {
  readonly engine: Engine;
  /**
   * A table's definition, which is written as SQLite takes it: `INTEGER` has 64 bits and `TEXT` is ordered by its bytes on
   * both; `STRICT` and `WITHOUT ROWID` are SQLite's alone.
   */
  readonly tables: (definition: string) => string;
  /** A trigger that refuses changes: `event` such as `UPDATE` or `DELETE`, `when` over OLD, NEW and subqueries. */
  readonly refuse: (
    name: string,
    rule: { readonly event: string; readonly table: string; readonly message: string; readonly when?: string },
  ) => string;
  /** Removes it again. */
  readonly allow: (name: string, table: string) => string;
  /** The table that announcements need. */
  readonly announcements: string;
}
