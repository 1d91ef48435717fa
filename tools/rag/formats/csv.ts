/** Reads tables of comma-, semicolon-, tab- or bar-separated values. */
import { titleFromPath, type ReadDocument } from "../document.ts";
import { needReaders } from "./packages.ts";
import { MOST_ROWS, namesColumns, tableBlocks, type Row } from "./table-blocks.ts";

/** Of two that part the lines alike the first: a comma may part decimals. */
const DELIMITERS = ["\t", ";", "|", ","] as const;
/** So many lines show which sign parts the cells. */
const SAMPLE_LINES = 50;

/** What stands alone in a line above the table is text, such as its title. */
export async function readCsv(source: string, path: string): Promise<ReadDocument & { readonly problem?: string }> {
  needReaders("csv");
  const { parse } = await import("csv-parse/sync");
  const { delimiter, text } = delimited(source);
  const rows: readonly Row[] = parse(text, {
    delimiter,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    to: MOST_ROWS + 1,
    max_record_size: 1_000_000,
  });
  const width = Math.max(0, ...rows.map(filledCells));
  const begin = Math.max(
    0,
    rows.findIndex((row) => filledCells(row) > 1 || width === 1),
  );
  const [first, ...rest] = rows.slice(begin, MOST_ROWS);
  const above = rows.slice(0, begin).map((row) => ({ kind: "text" as const, text: row.join(" ").trim() }));
  const isHeader = first !== undefined && namesColumns(first, rest);
  const table =
    first === undefined ? [] : tableBlocks(isHeader ? first : undefined, isHeader ? rest : [first, ...rest]);
  const blocks = [...above.filter(({ text: line }) => line !== ""), ...table];
  return {
    title: titleFromPath(path),
    sections: [{ headings: [], anchor: "", blocks }],
    ...(rows.length > MOST_ROWS && { problem: `only the first ${MOST_ROWS} rows are read` }),
  };
}

function filledCells(row: Row): number {
  return row.filter((cell) => cell.trim() !== "").length;
}

/** Excel may say the delimiter in a first line of its own; else it is the sign that parts most lines alike. */
function delimited(source: string): { readonly delimiter: string; readonly text: string } {
  const [said, sign] = /^sep=(.)\r?\n/u.exec(source) ?? [];
  if (said !== undefined && sign !== undefined) return { delimiter: sign, text: source.slice(said.length) };
  const unquoted = source.slice(0, 100_000).replaceAll(/"(?:[^"]|"")*"/gu, "");
  const lines = unquoted.split(/\r\n?|\n/u, SAMPLE_LINES).filter((line) => line.trim() !== "");
  const scored = DELIMITERS.map((delimiter) => ({ delimiter, score: commonCount(lines, delimiter) }));
  const best = scored.toSorted((left, right) => right.score - left.score)[0];
  return { delimiter: best?.delimiter ?? ",", text: source };
}

/** How many lines have the commonest number of these signs; a few more for more signs in a line. */
function commonCount(lines: readonly string[], sign: string): number {
  const counts = new Map<number, number>();
  for (const line of lines) {
    const found = line.split(sign).length - 1;
    if (found > 0) counts.set(found, (counts.get(found) ?? 0) + 1);
  }
  return Math.max(0, ...[...counts].map(([signs, count]) => count + Math.min(signs, 20) / 100));
}
