/** Finds tables among the lines of a column, and reads their cells. */
import type { Ruling } from "./drawing.ts";
import { columnsOf, crosses, type Cuts, cutsOf } from "./grid.ts";
import { type Edges, edgesOf, type Header, headerOf } from "./header.ts";
import { joinLines, type Words } from "./join-lines.ts";
import type { Style } from "./paragraphs.ts";
import { type Row, rowsOf } from "./rows.ts";
import { type Line, median, type Segment } from "./segments.ts";

export interface Table {
  readonly kind: "table";
  /** From where to where the text of each column goes. */
  readonly edges: Edges;
  readonly header: Header;
  readonly rows: readonly (readonly string[])[];
}

export type Part = Table | { readonly kind: "lines"; readonly lines: readonly Line[] };

export interface Setting {
  readonly rulings: readonly Ruling[];
  readonly style: Style;
  readonly words: Words;
}

/** Rows are at most this many font heights apart. */
const FURTHEST = 4;

/** What stands in a column of a page, from top to bottom. */
export function partsOf(lines: readonly Line[], setting: Setting): readonly Part[] {
  return groupsOf(lines, setting.style).flatMap((group) => partsOfGroup(group, setting));
}

/** Lines that are not too far apart to be of one table; a heading parts them. */
function groupsOf(lines: readonly Line[], style: Style): readonly (readonly Line[])[] {
  const groups: Line[][] = [];
  const isLarge = ({ size, segments }: Line): boolean => segments.length === 1 && size > style.size * 1.1;
  for (const [index, line] of lines.entries()) {
    const before = groups.at(-1)?.at(-1);
    const isFar = before === undefined || line.y - before.y > FURTHEST * Math.min(line.size, before.size);
    if (isFar || isLarge(line) || isLarge(before) || headsTable(line, before, lines[index + 1])) groups.push([line]);
    else groups.at(-1)?.push(line);
  }
  return groups;
}

/** A bold line between a row and the bold header of another table. */
function headsTable(line: Line, before: Line, next: Line | undefined): boolean {
  const isBold = ({ segments }: Line): boolean => segments.every(({ bold }) => bold === true);
  const isHeading = line.segments.length === 1 && isBold(line) && !isBold(before);
  return isHeading && next !== undefined && next.segments.length > 1 && isBold(next);
}

const isRowLike = ({ segments }: Line): boolean => segments.length > 1;

function partsOfGroup(lines: readonly Line[], setting: Setting): readonly Part[] {
  const parts: Part[] = [];
  let rest = lines;
  while (rest.length > 0) {
    const first = rest.findIndex(isRowLike);
    const run = first === -1 ? undefined : runFrom(rest, first, setting);
    if (run === undefined) {
      const end = first === -1 ? rest.length : first + 1;
      parts.push({ kind: "lines", lines: rest.slice(0, end) });
      rest = rest.slice(end);
      continue;
    }
    if (run.from > 0) parts.push({ kind: "lines", lines: rest.slice(0, run.from) });
    parts.push(...tablesOf(rest.slice(run.from, run.to), run.cuts, setting));
    rest = rest.slice(run.to);
  }
  return parts;
}

interface Run {
  readonly from: number;
  readonly to: number;
  readonly cuts: Cuts;
}

/** The longest table that begins at a line of several cells. */
function runFrom(lines: readonly Line[], first: number, setting: Setting): Run | undefined {
  let end = first;
  let cuts: Cuts | undefined;
  for (let at = first + 1; at < lines.length; at += 1) {
    const line = lines[at];
    if (line === undefined || !isRowLike(line)) continue;
    const candidate = lines.slice(first, at + 1);
    const found = cutsOf(candidate, setting.rulings);
    if (found === undefined || !fits(candidate, found, setting)) break;
    [end, cuts] = [at, found];
  }
  const alone = lines[first];
  if (cuts === undefined && alone !== undefined && isRowAlone(alone, setting)) cuts = cutsOf([alone], setting.rulings);
  return cuts === undefined ? undefined : { ...grown(lines, first, end, { cuts, setting }), cuts };
}

/** One line of far distant texts, between lines or of three and more, is a row too. */
function isRowAlone({ segments, y, size }: Line, { rulings }: Setting): boolean {
  const gaps = segments.slice(1).map(({ x }, index) => x - (segments[index]?.right ?? x));
  const isFramed = rulings.some(({ kind, at }) => kind === "horizontal" && Math.abs(at - y) < size * 2);
  return Math.min(...gaps) > size * (segments.length > 2 || isFramed ? 1.5 : 3);
}

/** No line of text runs across the columns, except the odd one that spans cells. */
function fits(lines: readonly Line[], cuts: Cuts, { rulings }: Setting): boolean {
  const across = lines.filter(({ segments }) => segments.length === 1 && segments.some((one) => crosses(cuts, one)));
  const mixed = lines.filter(({ segments }) => segments.length > 1 && segments.some((one) => crosses(cuts, one)));
  const isSpanning = (line: Line): boolean => {
    const top = rulings.some(({ kind, at }) => kind === "horizontal" && at < line.y && at > line.y - line.size * 2.5);
    return top && rulings.some(({ kind, at }) => kind === "horizontal" && at > line.y && at < line.y + line.size * 2);
  };
  return across.every(isSpanning) && mixed.length <= Math.max(1, lines.length * 0.34);
}

/** Lines above and below that are parts of the first and the last row. */
function grown(
  lines: readonly Line[],
  first: number,
  end: number,
  { cuts, setting }: { readonly cuts: Cuts; readonly setting: Setting },
) {
  let [from, to] = [first, end + 1];
  const belongs = (line: Line | undefined, near: Line | undefined, isAbove: boolean): boolean => {
    if (line === undefined || near === undefined || isRowLike(line)) return false;
    const [segment] = line.segments;
    if (segment === undefined || crosses(cuts, segment)) return false;
    const step = Math.abs(line.y - near.y);
    const isWrapped = step <= Math.max(setting.style.leading, 1.25) * line.size * 1.12;
    return (
      isWrapped &&
      !isParted(line, near, setting) &&
      (!isAbove || columnsOf(cuts, segment)[0] > 0 || segment.bold === near.segments[0]?.bold)
    );
  };
  while (belongs(lines[from - 1], lines[from], true)) from -= 1;
  while (belongs(lines[to], lines[to - 1], false)) to += 1;
  return { from, to };
}

/** A line is drawn between two lines of text. */
function isParted(one: Line, other: Line, { rulings }: Setting): boolean {
  const [upper, lower] = one.y < other.y ? [one, other] : [other, one];
  return rulings.some(
    ({ kind, at }) => kind === "horizontal" && at > upper.y - upper.size * 0.1 && at < lower.y - lower.size * 0.5,
  );
}

/** One table, or several that stand below one another. */
function tablesOf(lines: readonly Line[], cuts: Cuts, setting: Setting): readonly Table[] {
  const rows = rowsOf(lines, cuts, setting.rulings, setting.style.leading);
  const begins = newTables(rows);
  if (begins.length === 0) return [tableOf(rows, cuts, setting)];
  return [0, ...begins].flatMap((from, index) => {
    const some = rows.slice(from, begins[index]);
    const own = lines.filter(({ segments }) => some.some((row) => segments.some((segment) => row.includes(segment))));
    return [tableOf(some, cutsOf(own, setting.rulings) ?? cuts, setting)];
  });
}

/** A bold row in the middle of a table, after some that are not, begins another one. */
function newTables(rows: readonly Row[]): readonly number[] {
  const isBold = (row: Row | undefined): boolean =>
    row !== undefined && row.length > 1 && row.every(({ bold }) => bold === true);
  const isPlain = (row: Row | undefined): boolean => row?.every(({ bold }) => bold !== true) ?? false;
  const gaps = rows.map((row, index) => topOf(row) - bottomOf(rows[index - 1] ?? row));
  const usual = median(gaps.slice(1));
  return rows.flatMap((row, index) => {
    const isFar = (gaps[index] ?? 0) > usual * 1.3;
    return isFar && isBold(row) && rows.slice(0, index).some(isPlain) && isPlain(rows[index + 1]) ? [index] : [];
  });
}

const topOf = (row: Row): number => Math.min(...row.map(({ y }) => y));
const bottomOf = (row: Row): number => Math.max(...row.map(({ y }) => y));

function tableOf(rows: readonly Row[], cuts: Cuts, { rulings, words }: Setting): Table {
  const header = headerOf(rows, { cuts, rulings, words });
  const edges = edgesOf(rows.flat(), cuts);
  return { kind: "table", edges, header, rows: rows.slice(header.count).map((row) => cellsOf(row, cuts, words)) };
}

function cellsOf(row: Row, cuts: Cuts, words: Words): readonly string[] {
  const cells = Array.from({ length: cuts.length + 1 }, (): Segment[] => []);
  for (const segment of row) cells[columnsOf(cuts, segment)[0]]?.push(segment);
  return cells.map((cell) => joinLines(withBlanks(cell), words));
}

/** The lines of a cell; what stands side by side in it is one line. */
function withBlanks(cell: readonly Segment[]): readonly string[] {
  const lines: { readonly y: number; text: string }[] = [];
  for (const { y, text } of cell.toSorted((one, other) => one.y - other.y || one.x - other.x)) {
    const last = lines.at(-1);
    if (last !== undefined && y - last.y < 1) last.text += ` ${text}`;
    else lines.push({ y, text });
  }
  return lines.map(({ text }) => text);
}
