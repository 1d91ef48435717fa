/** Tables as people send them: CSV, TSV and JSON, read into rows of values by column. */
import { isTooDeep, Json } from "../../core/json.ts";

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, Json>>[];
  /** True where further rows were left out. */
  readonly cut: boolean;
}

const DELIMITERS = [",", ";", "\t", "|"];
const MOST_COLUMNS = 200;
const MOST_ROWS = 50_000;

/** Reads a table; undefined where the text is none: fewer than one column, or no row below the heading. */
export function readTable(text: string): Table | undefined {
  const trimmed = text.replace(/^\uFEFF/u, "").trim();
  return /^[[{]/u.test(trimmed) ? tableOfJson(trimmed) : tableOfLines(trimmed);
}

/** A list of objects, or the first such list within an object. */
function tableOfJson(text: string): Table | undefined {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isTooDeep(data) ? undefined : tableOfData(data);
}

/** The rows of data that a program or a tool gave; undefined where it has none. */
export function tableOfData(data: unknown): Table | undefined {
  const parsed = Json.safeParse(data).data;
  const list = Array.isArray(parsed) ? parsed : Object.values(isRecord(parsed) ? parsed : {}).find(Array.isArray);
  const rows = (Array.isArray(list) ? list : []).filter(isRecord);
  const columns = [...new Set(rows.slice(0, 1_000).flatMap((row) => Object.keys(row)))].slice(0, MOST_COLUMNS);
  if (columns.length === 0) return undefined;
  return { columns, rows: rows.slice(0, MOST_ROWS), cut: rows.length > MOST_ROWS };
}

const isRecord = (value: unknown): value is Readonly<Record<string, Json>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function tableOfLines(text: string): Table | undefined {
  const delimiter = delimiterOf(text);
  const [heading = [], ...lines] = cellsOf(text, delimiter);
  const columns = uniqueNames(heading.slice(0, MOST_COLUMNS));
  const filled = lines.filter((cells) => cells.some((cell) => cell.trim() !== ""));
  if (filled.length === 0) return undefined;
  const kept = filled.slice(0, MOST_ROWS);
  const readers = columns.map((_name, at) => readerOf(kept.map((cells) => cells[at] ?? "")));
  const rows = kept.map((cells) =>
    Object.fromEntries(columns.map((name, at) => [name, readers[at]?.(cells[at] ?? "") ?? null])),
  );
  return { columns, rows, cut: filled.length > MOST_ROWS };
}

/** What stands most often in the heading; a file with one column has none. */
function delimiterOf(text: string): string {
  const [heading = ""] = text.split("\n", 1);
  const counts = DELIMITERS.map((delimiter) => ({ delimiter, count: heading.split(delimiter).length - 1 }));
  return counts.reduce((most, one) => (one.count > most.count ? one : most)).delimiter;
}

/** RFC 4180, with any delimiter and line end. */
function cellsOf(text: string, delimiter: string): readonly (readonly string[])[] {
  const plain = String.raw`[^\n\r${delimiter}]*`;
  return rowsOf(
    text,
    new RegExp(String.raw`(?:"((?:[^"]|"")*)"${plain}|(${plain}))(\r\n|\n|\r|[${delimiter}]|$)`, "y"),
  );
}

function rowsOf(text: string, cell: RegExp): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (cell.lastIndex = 0; ;) {
    const [, quoted, plain = "", end = ""] = cell.exec(text) ?? [];
    row.push(quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"'));
    if (end !== "" && !/[\n\r]/u.test(end)) continue;
    rows.push(row);
    if (end === "") return rows;
    row = [];
  }
}

/** Names that can be spoken of: none is empty, and none stands twice. */
function uniqueNames(heading: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return heading.map((cell, at) => {
    const name = cell.trim() === "" ? `column ${at + 1}` : cell.trim();
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} ${count}`;
  });
}

const POINT_NUMBER = /^[-+]?(?:\d{1,3}(?:[,' ]\d{3})+|\d+)(?:\.\d+)?$/u;
const COMMA_NUMBER = /^[-+]?(?:\d{1,3}(?:[.' ]\d{3})+|\d+)(?:,\d+)?$/u;

/** A column is numbers where each of its cells is one, written the same way; leading zeros are a code, such as a postcode. */
function readerOf(cells: readonly string[]): (cell: string) => Json {
  const written = cells.map((cell) => cell.trim()).filter((cell) => cell !== "");
  if (written.length === 0 || written.some((cell) => /^[-+]?0\d/u.test(cell))) return wordsOf;
  if (written.every((cell) => POINT_NUMBER.test(cell))) return numberBy(/[,' ]/gu);
  return written.every((cell) => COMMA_NUMBER.test(cell)) ? numberBy(/[.' ]/gu) : wordsOf;
}

const wordsOf = (cell: string): Json => (cell === "" ? null : cell);

function numberBy(grouping: RegExp): (cell: string) => Json {
  return (cell) => (cell.trim() === "" ? null : Number(cell.trim().replaceAll(grouping, "").replace(",", ".")));
}
