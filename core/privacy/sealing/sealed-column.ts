/** Columns whose texts are sealed: said once, for whoever writes, reads, and seals them again. */

export interface SealedColumn<Part extends string = string> {
  readonly table: string;
  readonly column: string;
  /** The table's primary key, first to last. */
  readonly key: readonly string[];
  /** The columns that a value is bound to: its row. A text that is moved to another row opens nowhere. */
  readonly row: readonly Part[];
  /** True where the column is of bytes: the sealed text in UTF-8. */
  readonly isBytes?: true;
}

/** What stands in the columns that a value is bound to. */
export type SealedRow<Part extends string> = Readonly<Record<Part, string | number>>;

/** Says that a column is sealed. */
export function sealedColumn<const Part extends string>(column: SealedColumn<Part>): SealedColumn<Part> {
  return column;
}

/** For people and for the list of what was sealed again. */
export function nameOf({ table, column }: Pick<SealedColumn, "table" | "column">): string {
  return `${table}.${column}`;
}
