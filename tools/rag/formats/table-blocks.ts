/** Tables of any format as blocks: one header, rows with as many cells as it has columns. */
import { oneLine } from "../../../core/text/cut.ts";
import type { Block } from "../document.ts";

export type Row = readonly string[];

/** The most rows of one table; the rest is left out. */
export const MOST_ROWS = 20_000;
const MOST_COLUMNS = 200;
const LONGEST_CELL = 5_000;
/** A column's title is a name and not a sentence. */
const LONGEST_TITLE = 60;
const YEAR = /^(?:19|20)\d{2}$/u;

/**
 * Rows where one cell fills the table's whole width are a text between the rows; the header stands again below it.
 * @param header absent where the table names no columns
 */
export function tableBlocks(header: Row | undefined, rows: readonly Row[]): readonly Block[] {
  const titles = header === undefined ? [] : [{ kind: "header" as const, text: rowText(header) }];
  const width = Math.max(header?.length ?? 0, ...rows.slice(0, MOST_ROWS).map((row) => row.length));
  const blocks: Block[] = [];
  let isBelowText = true;
  for (const row of rows.slice(0, MOST_ROWS)) {
    const filled = row.filter((cell) => cell.trim() !== "");
    const [only] = filled;
    if (only === undefined) continue;
    const isText = filled.length === 1 && width > 1 && row.length === 1;
    if (!isText && isBelowText) blocks.push(...titles);
    blocks.push(isText ? { kind: "text", text: cellText(only) } : { kind: "row", text: rowText(row) });
    isBelowText = isText;
  }
  return blocks;
}

/** Whether a first row names columns: short words or years, each once, no other figures; only the corner may be empty. */
export function namesColumns(first: Row, rest: readonly Row[]): boolean {
  const names = first.map((cell) => cell.trim());
  if (names.length < 2 || rest.length === 0) return false;
  const isName = (name: string, at: number): boolean =>
    name === "" ? at === 0 : name.length <= LONGEST_TITLE && (!isFigure(name) || (at > 0 && YEAR.test(name)));
  return names.every(isName) && new Set(names).size === names.length;
}

function isFigure(text: string): boolean {
  return /^[^\p{L}]*\d[^\p{L}]*$/u.test(text) || /^\p{Sc}|^[A-Z]{3} ?\d|\d ?(?:\p{Sc}|[A-Z]{3}|%)$/u.test(text);
}

/** Cells are parted by bars, so that none may stand in one. */
function rowText(row: Row): string {
  const last = row.findLastIndex((cell) => cell.trim() !== "");
  return row
    .slice(0, Math.min(MOST_COLUMNS, last + 1))
    .map(cellText)
    .join(" | ");
}

function cellText(cell: string): string {
  return oneLine(cell.replaceAll("|", "/"), LONGEST_CELL);
}
