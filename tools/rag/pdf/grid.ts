/** The columns of a table, told by where its text stands and by the lines that are drawn. */
import type { Ruling } from "./drawing.ts";
import type { Line, Segment } from "./segments.ts";

/** Where columns part, from left to right. */
export type Cuts = readonly number[];

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Columns are at least this many font heights apart. */
const GUTTER = 0.3;

/** Undefined where the lines have no columns in common. */
export function cutsOf(lines: readonly Line[], rulings: readonly Ruling[]): Cuts | undefined {
  const rows = lines.filter(({ segments }) => segments.length > 1);
  const drawn = drawnCuts(rows, rulings);
  if (drawn !== undefined) return drawn;
  const most = usualCount(rows);
  const full = rows.filter(({ segments }) => segments.length >= most);
  const narrow = full.flatMap(({ segments }) => segments).toSorted((one, other) => widthOf(one) - widthOf(other));
  const size = rows[0]?.size ?? 0;
  // A text that spans columns hides where they part.
  for (let leftOut = 0; leftOut <= narrow.length * 0.2; leftOut += 1) {
    const spans = withoutSplit(spansOf(narrow.slice(0, narrow.length - leftOut), size), rows);
    if (spans.length < most) continue;
    const all = lines.flatMap(({ segments }) => segments);
    return spans.slice(1).map(({ from }, index) => cutIn({ from: spans[index]?.to ?? from, to: from }, all));
  }
  return undefined;
}

/** The middle of a gap, beside texts that stand alone on their line and reach into it. */
function cutIn({ from, to }: Span, segments: readonly Segment[]): number {
  const ends = segments.filter(({ x, right }) => x < from && right > from && right < to).map(({ right }) => right);
  const begins = segments.filter(({ x, right }) => x > from && x < to && right > to).map(({ x }) => x);
  const [end, begin] = [Math.max(from, ...ends), Math.min(to, ...begins)];
  return end < begin ? (end + begin) / 2 : (from + to) / 2;
}

const widthOf = ({ x, right }: Segment): number => right - x;

/** The largest number of cells that more than the odd line has. */
function usualCount(rows: readonly Line[]): number {
  const counts = rows.map(({ segments }) => segments.length).toSorted((one, other) => other - one);
  return counts[Math.min(counts.length - 1, Math.max(1, Math.floor(counts.length * 0.2)))] ?? 0;
}

/** What the segments cover, from left to right, where gaps count only if they are wide enough. */
function spansOf(segments: readonly Segment[], size: number): readonly Span[] {
  const spans: { from: number; to: number }[] = [];
  for (const { x, right } of segments.toSorted((one, other) => one.x - other.x)) {
    const last = spans.at(-1);
    if (last !== undefined && x < last.to + GUTTER * size) last.to = Math.max(last.to, right);
    else spans.push({ from: x, to: right });
  }
  return spans;
}

/** What never stands side by side is one column: a name on the left of it, and figures on its right. */
function withoutSplit(spans: readonly Span[], rows: readonly Line[]): readonly Span[] {
  const merged: Span[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    const together = rows.some(
      ({ segments }) => last !== undefined && touches(segments, last) && touches(segments, span),
    );
    if (last === undefined || together) merged.push(span);
    else merged[merged.length - 1] = { from: last.from, to: span.to };
  }
  return merged;
}

function touches(segments: readonly Segment[], { from, to }: Span): boolean {
  return segments.some(({ x, right }) => x < to && right > from);
}

/** Vertical lines along at least half of the rows, which no full row's text crosses. */
function drawnCuts(rows: readonly Line[], rulings: readonly Ruling[]): Cuts | undefined {
  const [top, bottom] = [rows[0]?.y ?? 0, rows.at(-1)?.y ?? 0];
  const left = Math.min(...rows.map(({ segments }) => segments[0]?.x ?? 0));
  const right = Math.max(...rows.map(({ segments }) => segments.at(-1)?.x ?? 0));
  const lengths: { readonly at: number; covered: Span[] }[] = [];
  const inside = rulings.filter(({ kind, at }) => kind === "vertical" && at > left && at <= right);
  for (const { at, from, to } of inside.toSorted((one, other) => one.at - other.at)) {
    const last = lengths.at(-1);
    if (last !== undefined && at - last.at < 3) last.covered.push({ from, to });
    else lengths.push({ at, covered: [{ from, to }] });
  }
  const places = rows.flatMap(({ segments }) => segments.map(({ x, right: end }) => (x + end) / 2));
  const long = lengths.flatMap(({ at, covered }) => (reach(covered, top, bottom) >= 0.5 ? [at] : []));
  // Between the boxes of neighbouring cells there is a line on each side, and nothing.
  const cuts = long.filter((at, index) =>
    places.some((x) => x > at && x < (long[index + 1] ?? Number.POSITIVE_INFINITY)),
  );
  const most = Math.max(...rows.map(({ segments }) => segments.length));
  if (cuts.length === 0 || cuts.length + 1 < usualCount(rows) || cuts.length + 1 > most * 2) return undefined;
  const crossed = rows
    .flatMap(({ segments }) => segments)
    .filter(({ x, right: end }) => columnAt(cuts, x + 1) !== columnAt(cuts, end - 1));
  return crossed.length <= rows.length * 0.3 ? cuts : undefined;
}

/** The share of rows' height at which there is a line. */
function reach(covered: readonly Span[], top: number, bottom: number): number {
  const steps = Array.from({ length: 20 }, (_, index) => top + ((bottom - top) * index) / 19);
  return steps.filter((y) => covered.some(({ from, to }) => from <= y + 1 && to >= y - 6)).length / steps.length;
}

/** The column in which a place is, counted from 0. */
export function columnAt(cuts: Cuts, x: number): number {
  const next = cuts.findIndex((cut) => x < cut);
  return next === -1 ? cuts.length : next;
}

/** The first and the last column that a text touches. */
export function columnsOf(cuts: Cuts, { x, right, size }: Segment): readonly [number, number] {
  const slack = Math.min(size * 0.3, (right - x) / 3);
  return [columnAt(cuts, x + slack), columnAt(cuts, right - slack)];
}

/** Whether a text crosses from one column to another. */
export function crosses(cuts: Cuts, segment: Segment): boolean {
  const [first, last] = columnsOf(cuts, segment);
  return first !== last;
}
