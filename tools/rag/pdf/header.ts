/** Tells which rows of a table name its columns, and reads their names. */
import { columnsOf, type Cuts } from "./grid.ts";
import { joinLines, type Words } from "./join-lines.ts";
import type { Row } from "./rows.ts";
import { isFigure, linesOf, type Segment } from "./segments.ts";
import type { Ruling } from "./drawing.ts";

/** A header has at most so many rows. */
const MOST_ROWS = 3;
const YEAR = /^(?:19|20)\d\d$/u;

export interface Header {
  /** One for each column; empty where the table has no header. */
  readonly names: readonly string[];
  /** How many rows it takes. */
  readonly count: number;
  /** It is set otherwise than the rows; else it is told by what stands in them. */
  readonly isMarked: boolean;
}

export type Edges = readonly (readonly [number, number])[];

export interface Columns {
  readonly cuts: Cuts;
  readonly rulings: readonly Ruling[];
  readonly words: Words;
}

export function headerOf(rows: readonly Row[], columns: Columns): Header {
  const marked = markedRows(rows);
  const count = marked > 0 ? marked : namesFigures(rows, columns.cuts) ? 1 : 0;
  const names = count === 0 ? [] : namesOf(rows.slice(0, count).flat(), rows, columns);
  return { names, count, isMarked: marked > 0 };
}

/** How many rows at the top are bold, or in a font that the rows below do not have. */
function markedRows(rows: readonly Row[]): number {
  const knows = rows.some((row) => row.some(({ bold }) => bold !== undefined));
  const body = rows.at(-1)?.at(-1)?.font;
  const isMarked = (row: Row): boolean => row.every(({ bold, font }) => (knows ? bold === true : font !== body));
  const first = rows.findIndex((row) => !isMarked(row));
  return first > 0 && first <= MOST_ROWS ? first : 0;
}

/** Words, or years, above columns of figures. */
function namesFigures([first, ...rows]: readonly Row[], cuts: Cuts): boolean {
  if (first === undefined || rows.length === 0 || first.length < 2) return false;
  const names = first.filter((segment) => columnsOf(cuts, segment)[0] > 0 || cuts.length > 1);
  const isYears = first.filter(({ text }) => YEAR.test(text)).length >= Math.max(2, first.length - 1);
  const below = rows.flat().filter((segment) => columnsOf(cuts, segment)[0] > 0);
  const figures = below.filter(({ text }) => isFigure(text));
  if (isYears) return !below.some(({ text }) => YEAR.test(text));
  return rows.length > 1 && names.every(({ text }) => !isFigure(text)) && figures.length > below.length * 0.6;
}

/** What stands in the header above each column, a name that spans columns above each of them. */
function namesOf(header: Row, rows: readonly Row[], columns: Columns): readonly string[] {
  const { cuts, words } = columns;
  const names = Array.from({ length: cuts.length + 1 }, (): string[] => []);
  const edges = edgesOf(rows.flat(), cuts);
  for (const { segments } of linesOf(header)) {
    const taken = new Set(segments.flatMap((segment) => [...between(columnsOf(cuts, segment))]));
    for (const segment of segments) {
      for (const column of spanOf(segment, { taken, edges, columns })) names[column]?.push(segment.text);
    }
  }
  return names.map((lines) => joinLines(lines, words));
}

function between([first, last]: readonly [number, number]): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** From where to where the text of each column goes. */
export function edgesOf(segments: readonly Segment[], cuts: Cuts): Edges {
  return Array.from({ length: cuts.length + 1 }, (_, column) => {
    const own = segments.filter((segment) => columnsOf(cuts, segment).every((one) => one === column));
    return [Math.min(...own.map(({ x }) => x)), Math.max(...own.map(({ right }) => right))] as const;
  });
}

interface Level {
  /** Columns that have a name of their own on this line. */
  readonly taken: ReadonlySet<number>;
  readonly edges: Edges;
  readonly columns: Columns;
}

/** The columns above which a name stands: those in its cell, or those around whose middle it is set. */
function spanOf(segment: Segment, level: Level): readonly number[] {
  const { cuts, rulings } = level.columns;
  const span = columnsOf(cuts, segment);
  const beside = rulings.filter(
    ({ kind, from, to }) =>
      kind === "vertical" && from < segment.y - segment.size * 0.3 && to > segment.y - segment.size * 0.3,
  );
  const parted = cuts.map((cut) => beside.some(({ at }) => Math.abs(at - cut) < 4));
  if (parted.includes(true)) return cellOf(span, parted, level);
  return span[0] === span[1] ? [span[0]] : around(segment, span, level);
}

const isFree = (column: number, { taken, edges }: Level): boolean =>
  column >= 0 && column < edges.length && !taken.has(column);

/** All columns between the lines that are drawn beside a name. */
function cellOf(span: readonly [number, number], parted: readonly boolean[], level: Level): readonly number[] {
  let [from, to] = span;
  while (isFree(from - 1, level) && parted[from - 1] === false) from -= 1;
  while (isFree(to + 1, level) && parted[to] === false) to += 1;
  return between([from, to]);
}

/** The columns that a name touches, and those beside them as long as it stands in the middle. */
function around({ x, right }: Segment, span: readonly [number, number], level: Level): readonly number[] {
  const offset = ([from, to]: readonly [number, number]): number =>
    Math.abs(((level.edges[from]?.[0] ?? 0) + (level.edges[to]?.[1] ?? 0) - x - right) / 2);
  let best = span;
  for (let from = span[0]; from === span[0] || isFree(from, level); from -= 1) {
    for (let to = span[1]; to === span[1] || isFree(to, level); to += 1) {
      if (offset([from, to]) < offset(best) - 2) best = [from, to];
    }
  }
  return between(best);
}
