/** A table of a page while it is read: cells over several columns and rows are laid out in its grid. */
import type { Block } from "../document.ts";
import { MOST_ROWS, namesColumns, tableBlocks, type Row } from "./table-blocks.ts";

export interface Cell {
  readonly text: string;
  readonly isHeader: boolean;
  readonly columns: number;
  readonly rows: number;
}

interface GridRow {
  readonly cells: string[];
  readonly isHeader: boolean;
  /** One cell over the whole width. */
  readonly isSingle: boolean;
}

/** What still reaches down into the next rows, by column. */
type Hanging = Map<number, { readonly text: string; rows: number }>;

const MOST_SPAN = 200;

export type TableReader = ReturnType<typeof createTable>;

export function createTable() {
  let rows: GridRow[] = [];
  let row: Cell[] = [];
  let hanging: Hanging = new Map();
  let isInHead = false;
  let left = 0;
  const endRow = (): void => {
    if (row.length === 0) return;
    if (rows.length < MOST_ROWS) rows.push(gridRow(row, hanging, isInHead));
    else left += 1;
    row = [];
  };
  return {
    /** `thead` begins or ends. */
    head: (isIn: boolean): void => void (isInHead = isIn),
    endRow,
    add: (cell: Cell): void => {
      if (row.length < MOST_SPAN) row.push(cell);
    },
    /** What was read so far; the table is empty then. */
    take: (): readonly Block[] => {
      endRow();
      const blocks = blocksOf(rows);
      rows = [];
      hanging = new Map();
      return blocks;
    },
    /** Rows that were too many. */
    leftOut: (): number => left,
  };
}

/** A span of a page's cell; no more than a table may have. */
export function spanOf(text: string | undefined): number {
  const span = Number.parseInt(text ?? "1", 10);
  return Number.isNaN(span) ? 1 : Math.min(MOST_SPAN, Math.max(1, span));
}

function gridRow(row: readonly Cell[], hanging: Hanging, isInHead: boolean): GridRow {
  const cells: string[] = [];
  const isHeader = isInHead || row.every((cell) => cell.isHeader);
  const [first] = row;
  const isSingle = row.length === 1 && hanging.size === 0 && first !== undefined && first.columns > 1;
  for (const cell of row) {
    fillHanging(cells, hanging);
    for (let count = 0; count < cell.columns && cells.length < MOST_SPAN; count += 1) {
      // A header names each of its columns, a value is there once.
      const text = isHeader || count === 0 ? cell.text : "";
      if (cell.rows > 1) hanging.set(cells.length, { text, rows: cell.rows - 1 });
      cells.push(text);
    }
  }
  fillHanging(cells, hanging);
  return { cells: isSingle ? [first.text] : cells, isHeader, isSingle };
}

function fillHanging(cells: string[], hanging: Hanging): void {
  for (let above = hanging.get(cells.length); above !== undefined; above = hanging.get(cells.length)) {
    if (above.rows === 1) hanging.delete(cells.length);
    else above.rows -= 1;
    cells.push(above.text);
  }
}

/** Header rows are those above the first other row; of several each column's words are put together. */
function blocksOf(all: readonly GridRow[]): readonly Block[] {
  const begin = Math.max(
    0,
    all.findIndex((row) => !row.isSingle),
  );
  const above = tableBlocks(
    undefined,
    all.slice(0, begin).map((row) => row.cells),
  ).map(({ text }) => ({ kind: "text" as const, text }));
  const rows = all.slice(begin);
  const firstOther = rows.findIndex((row) => !row.isHeader || row.isSingle);
  const heads = rows.slice(0, firstOther === -1 ? rows.length - 1 : firstOther);
  const rest = rows.slice(heads.length).map((row) => row.cells);
  const [first, ...others] = rest;
  if (heads.length > 0) return [...above, ...tableBlocks(mergedHeader(heads), rest)];
  const isNamed = first !== undefined && namesColumns(first, others);
  return [...above, ...(isNamed ? tableBlocks(first, others) : tableBlocks(undefined, rest))];
}

function mergedHeader(heads: readonly GridRow[]): Row {
  const width = Math.max(...heads.map((head) => head.cells.length));
  return Array.from({ length: width }, (_, column) => [
    ...new Set(heads.map((head) => head.cells[column] ?? "").filter((text) => text !== "")),
  ]).map((words) => words.join(" "));
}
