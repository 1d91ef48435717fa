/** Which lines of a table are one row: cells are often wrapped, and their text may stand at the top, the middle or the bottom. */
import type { Ruling } from "./drawing.ts";
import { columnsOf, type Cuts } from "./grid.ts";
import { isFigure, type Line, type Segment } from "./segments.ts";

export type Row = readonly Segment[];

/** A distance larger than that of wrapped lines by this factor is one between rows. */
const ROW_STEP = 1.1;
/** Wrapped lines are at most this many font heights apart, or a little more than those of the page's paragraphs. */
const LOOSE = 1.45;

/** Rows from top to bottom. `leading` is how far apart the lines of the page's paragraphs are, in font heights. */
export function rowsOf(
  lines: readonly Line[],
  cuts: Cuts,
  rulings: readonly Ruling[],
  leading: number,
): readonly Row[] {
  const drawn = drawnBands(lines, rulings);
  const bands = drawn ?? spacedBands(lines, cuts, leading);
  const several = bands.filter((band) => band.length > 1);
  // Lines are also drawn around groups of rows: then each line within them is a row.
  const whole = several.filter((band) => band.every((line) => isFull(line, cuts) && startsSentence(line)));
  const areGroups = whole.length > several.length * 0.7 && several.length >= bands.length / 2;
  const rows = drawn === undefined || areGroups ? bands.flatMap((band) => byFigures(band, cuts)) : bands;
  return rows.map((row) => row.flatMap(({ segments }) => segments));
}

function isFull({ segments }: Line, cuts: Cuts): boolean {
  return new Set(segments.map((segment) => columnsOf(cuts, segment)[0])).size === cuts.length + 1;
}

/** Lines between the drawn ones; undefined where too few are drawn to part rows. */
function drawnBands(lines: readonly Line[], rulings: readonly Ruling[]): readonly (readonly Line[])[] | undefined {
  const all = lines.flatMap(({ segments }) => segments);
  const left = Math.min(...all.map(({ x }) => x));
  const right = Math.max(...all.map((segment) => segment.right));
  const edges = horizontals(rulings, left, right);
  const bands: Line[][] = [];
  let before: number | undefined;
  for (const line of lines) {
    // The middle of the letters, which no line is drawn through.
    const band = edges.filter((at) => at < line.y - line.size * 0.3).length;
    if (band === before && !isBelowHeader(bands.at(-1)?.at(-1), line)) bands.at(-1)?.push(line);
    else bands.push([line]);
    before = band;
  }
  return bands.length >= 3 || (bands.length === 2 && lines.length <= 5) ? splitLoose(bands) : undefined;
}

/** Plain cells below bold ones, with no line drawn between them. */
function isBelowHeader(before: Line | undefined, line: Line): boolean {
  const isHeader =
    before !== undefined && before.segments.length > 1 && before.segments.every(({ bold }) => bold === true);
  return isHeader && line.segments.length > 1 && line.segments.every(({ bold }) => bold === false);
}

/** A header with a line below it, and rows without: its lines are far apart, so that they are rows. */
function splitLoose(bands: readonly (readonly Line[])[]): readonly (readonly Line[])[] | undefined {
  const longest = Math.max(...bands.map((band) => band.length));
  return longest > 12 ? undefined : bands;
}

/** Distances from the top at which lines are drawn across most of the table, one by one or cell by cell. */
function horizontals(rulings: readonly Ruling[], left: number, right: number): readonly number[] {
  const found: { readonly at: number; covered: number }[] = [];
  const parts = rulings.filter(({ kind, from, to }) => kind === "horizontal" && to > left && from < right);
  for (const { at, from, to } of parts.toSorted((one, other) => one.at - other.at)) {
    const length = Math.min(to, right) - Math.max(from, left);
    const last = found.at(-1);
    if (last !== undefined && at - last.at < 2) last.covered += length;
    else found.push({ at, covered: length });
  }
  return found.filter(({ covered }) => covered > (right - left) * 0.7).map(({ at }) => at);
}

/** Lines that are set closer to one another than to the others. */
function spacedBands(lines: readonly Line[], cuts: Cuts, leading: number): readonly (readonly Line[])[] {
  const wrapped = wrappedPitch(lines, cuts);
  const size = lines[0]?.size ?? 0;
  if (wrapped === undefined || wrapped > Math.max(leading * 1.15, LOOSE) * size) return lines.map((line) => [line]);
  const bands: Line[][] = [];
  for (const line of lines) {
    const before = bands.at(-1)?.at(-1);
    if (before !== undefined && line.y - before.y <= wrapped * ROW_STEP) bands.at(-1)?.push(line);
    else bands.push([line]);
  }
  return bands;
}

/** The smallest distance of two lines in one column. */
function wrappedPitch(lines: readonly Line[], cuts: Cuts): number | undefined {
  const latest = new Map<number, number>();
  let smallest: number | undefined;
  for (const { segments, y, size } of lines) {
    for (const segment of segments) {
      const [column] = columnsOf(cuts, segment);
      const step = y - (latest.get(column) ?? Number.NEGATIVE_INFINITY);
      latest.set(column, y);
      if (step > size * 0.8 && step < (smallest ?? Number.POSITIVE_INFINITY)) smallest = step;
    }
  }
  return smallest;
}

/** Lines that are equally far apart: a line with a label and another figure, or with all cells, is a row of its own. */
function byFigures(band: readonly Line[], cuts: Cuts): readonly (readonly Line[])[] {
  const rows: Line[][] = [];
  let filled = new Set<number>();
  for (const line of band) {
    const places = line.segments.map((segment) => columnsOf(cuts, segment)[0]);
    const figures = places.filter((_place, index) => isFigure(line.segments[index]?.text ?? ""));
    const last = rows.at(-1);
    const begins = places.length > 1 && places.includes(0) && figures.some((column) => filled.has(column));
    const isWhole = isFull(line, cuts) && startsSentence(line) && last?.some((one) => isFull(one, cuts)) === true;
    if (last === undefined || begins || isWhole) {
      rows.push([line]);
      filled = new Set();
    } else {
      last.push(line);
    }
    for (const column of figures) filled.add(column);
  }
  return rows;
}

const startsSentence = ({ segments }: Line): boolean => segments.every(({ text }) => /^[^\p{Ll}]/u.test(text));
