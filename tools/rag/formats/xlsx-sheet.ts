/** The rows of one sheet, with its cells as they are shown. */
import { formatCell } from "./cell-format.ts";
import { MOST_ROWS, type Row } from "./table-blocks.ts";
import { readXml, type XmlAttributes } from "./xml.ts";

export interface Book {
  readonly texts: readonly string[];
  /** By a cell's style. */
  readonly formats: readonly string[];
  readonly is1904: boolean;
}

interface OpenCell {
  readonly column: number;
  readonly type: string;
  readonly style: number;
  value: string;
}

const MOST_COLUMNS = 200;
const MOST_MERGED = 10_000;

/** Empty rows between others are empty here; a cell over several rows stands in each of them. */
export async function readSheet(
  part: Uint8Array,
  book: Book,
): Promise<{ readonly rows: readonly Row[]; readonly leftOut: number }> {
  const grid = createGrid();
  const merged: string[] = [];
  let cell: OpenCell | undefined;
  let isValue = false;
  await readXml(part, {
    open: (name, attributes) => {
      const kind = name.slice(name.indexOf(":") + 1);
      if (kind === "row") grid.next(attributes["r"]);
      if (kind === "c") cell = openCell(attributes, grid.width());
      isValue = kind === "v" || kind === "t";
      if (kind === "mergeCell" && merged.length < MOST_MERGED) merged.push(attributes["ref"] ?? "");
    },
    text: (text) => {
      if (isValue && cell !== undefined) cell.value += text;
    },
    close: (name) => {
      isValue = false;
      if (!/^(?:\w+:)?c$/u.test(name) || cell === undefined) return;
      grid.put(cell.column, textOf(cell, book));
      cell = undefined;
    },
  });
  for (const reference of merged) spread(reference, grid.byNumber);
  return grid.end();
}

function openCell(attributes: XmlAttributes, next: number): OpenCell {
  const column = columnOf(attributes["r"]) ?? next;
  return { column, type: attributes["t"] ?? "n", style: Number(attributes["s"] ?? 0), value: "" };
}

/** Rows as they come, by the sheet's own count. */
function createGrid() {
  const rows: string[][] = [];
  const byNumber = new Map<number, string[]>();
  let [number, leftOut] = [0, 0];
  return {
    byNumber,
    next: (named: string | undefined): void => {
      const next = Number(named ?? number + 1);
      if (next > number + 1 && rows.length > 0 && rows.length < MOST_ROWS) rows.push([]);
      number = next;
      const row: string[] = [];
      if (rows.length >= MOST_ROWS) leftOut += 1;
      else if (rows.push(row) > 0) byNumber.set(number, row);
    },
    width: (): number => byNumber.get(number)?.length ?? 0,
    put: (column: number, text: string): void => put(byNumber.get(number), column, text),
    end: () => ({ rows: rows.map(trimmed), leftOut }),
  };
}

function put(row: string[] | undefined, column: number, text: string): void {
  if (row === undefined || text.trim() === "" || column >= MOST_COLUMNS) return;
  while (row.length < column) row.push("");
  row[column] = text.trim();
}

function trimmed(row: Row): Row {
  return row.slice(0, row.findLastIndex((text) => text !== "") + 1);
}

function textOf({ type, value, style }: OpenCell, { texts, formats, is1904 }: Book): string {
  if (type === "s") return texts[Number(value)] ?? "";
  if (type === "b") return value === "1" ? "TRUE" : "FALSE";
  if (type !== "n" || value.trim() === "") return value;
  const figure = Number(value);
  return Number.isFinite(figure) ? formatCell(figure, formats[style] ?? "General", is1904) : value;
}

/** `AB12` is column 27, counted from 0. */
function columnOf(reference: string | undefined): number | undefined {
  const [letters] = /^[A-Z]{1,3}/u.exec(reference ?? "") ?? [];
  if (letters === undefined) return undefined;
  return Array.from(letters).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function spread(reference: string, rows: ReadonlyMap<number, string[]>): void {
  const [, first, top, bottom] = /^([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})$/u.exec(reference) ?? [];
  const column = columnOf(first);
  const text = column === undefined ? undefined : rows.get(Number(top))?.[column];
  if (column === undefined || text === undefined) return;
  const last = Math.min(Number(bottom), Number(top) + MOST_ROWS);
  for (let number = Number(top) + 1; number <= last; number += 1) put(rows.get(number), column, text);
}
