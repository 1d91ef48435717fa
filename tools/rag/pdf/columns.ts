/** The reading order of a page whose text stands in columns. */
import type { Ruling } from "./drawing.ts";
import { isFigure, type Line, linesOf, median, pitches, type Segment } from "./segments.ts";

const DEEPEST = 6;
/** A column has at least so many lines. */
const FEWEST_LINES = 3;

interface Split {
  readonly above: readonly Segment[];
  readonly left: readonly Segment[];
  readonly right: readonly Segment[];
  readonly below: readonly Segment[];
}

/** The parts of a page in reading order, each of one column. */
export function regionsOf(
  segments: readonly Segment[],
  rulings: readonly Ruling[],
  depth = 0,
): readonly (readonly Segment[])[] {
  const split = depth < DEEPEST ? bestSplit(segments, rulings) : undefined;
  if (split === undefined) return segments.length === 0 ? [] : [segments];
  const { above, left, right, below } = split;
  return [above, left, right, below].flatMap((part) => regionsOf(part, rulings, depth + 1));
}

function bestSplit(segments: readonly Segment[], rulings: readonly Ruling[]): Split | undefined {
  const sorted = segments.toSorted((one, other) => one.y - other.y);
  let best: { readonly split: Split; readonly worth: number } | undefined;
  for (const x of leftEdges(sorted)) {
    for (const band of bandsBeside(sorted, x, rulings)) {
      const split = asColumns(band, x);
      const worth = Math.min(split?.left.length ?? 0, split?.right.length ?? 0);
      if (split === undefined || worth <= (best?.worth ?? 0)) continue;
      const inside = new Set([...split.left, ...split.right]);
      const top = Math.min(...[...inside].map(({ y }) => y));
      const rest = sorted.filter((segment) => !inside.has(segment));
      const above = rest.filter(({ y }) => y < top);
      best = { worth, split: { ...split, above, below: rest.filter(({ y }) => y >= top) } };
    }
  }
  return best?.split;
}

/** Where several segments begin, though not the leftmost. */
function leftEdges(segments: readonly Segment[]): readonly number[] {
  const edges: { readonly x: number; count: number }[] = [];
  for (const { x } of segments.toSorted((one, other) => one.x - other.x)) {
    const edge = edges.at(-1);
    if (edge !== undefined && x - edge.x < 2) edge.count += 1;
    else edges.push({ x, count: 1 });
  }
  return edges
    .slice(1)
    .filter(({ count }) => count >= FEWEST_LINES)
    .toSorted((one, other) => other.count - one.count)
    .slice(0, 8)
    .map(({ x }) => x);
}

/** Runs of segments, from top to bottom, none of which crosses `x`, and between which no line is drawn across it. */
function bandsBeside(
  sorted: readonly Segment[],
  x: number,
  rulings: readonly Ruling[],
): readonly (readonly Segment[])[] {
  const drawn = drawnAcross(rulings, x);
  const bands: Segment[][] = [[]];
  for (const [index, segment] of sorted.entries()) {
    const before = sorted[index - 1]?.y ?? segment.y;
    if (drawn.some((at) => at > before && at < segment.y)) bands.push([]);
    if (segment.x < x - 2 && segment.right > x - 1) bands.push([]);
    else bands.at(-1)?.push(segment);
  }
  return bands.filter((band) => band.length >= 2 * FEWEST_LINES);
}

/** A band's two sides, where they are columns of text and not those of a table. */
function asColumns(band: readonly Segment[], x: number) {
  const right = band.filter((segment) => segment.x >= x - 2);
  const rightLines = linesOf(right);
  const [rightTop, rightEnd] = reachOf(rightLines);
  const leftLines = untilBreak(linesOf(band.filter((segment) => segment.x < x - 2)), rightEnd);
  if (!isProse(leftLines) || !isProse(rightLines)) return undefined;
  if (isRow(leftLines) || isRow(rightLines)) return undefined;
  const [leftTop, leftEnd] = reachOf(leftLines);
  const [top, end] = [Math.max(leftTop, rightTop), Math.min(leftEnd, rightEnd)];
  const isBeside = end - top >= Math.min(leftEnd - leftTop, rightEnd - rightTop) * 0.5;
  if (!isBeside || haveRows(leftLines, rightLines)) return undefined;
  return { left: leftLines.flatMap(({ segments }) => segments), right };
}

const reachOf = (lines: readonly Line[]): readonly [number, number] => [lines[0]?.y ?? 0, lines.at(-1)?.y ?? 0];

/** A left column goes on below the right one's end only as far as its text does. */
function untilBreak(lines: readonly Line[], end: number): readonly Line[] {
  const pitch = median(pitches(lines));
  const broken = lines.findIndex((line, index) => {
    const before = lines[index - 1];
    return before !== undefined && line.y > end + 1 && line.y - before.y > pitch * 1.2;
  });
  return broken === -1 ? lines : lines.slice(0, broken);
}

/** Lines of several words that mostly fill their column. */
function isProse(lines: readonly Line[]): boolean {
  if (lines.length < FEWEST_LINES) return false;
  const texts = lines.map(({ segments }) => segments.map(({ text }) => text).join(" "));
  const edges = lines.map(({ segments }) => [segments[0]?.x ?? 0, segments.at(-1)?.right ?? 0] as const);
  const width = Math.max(...edges.map(([, to]) => to)) - Math.min(...edges.map(([from]) => from));
  const full = edges.filter(([from, to]) => to - from > width * 0.6).length;
  const words = median(texts.map((text) => text.split(" ").length));
  const figures = texts.filter(isFigure).length;
  return full >= lines.length * 0.5 && words >= 3 && figures < lines.length * 0.3;
}

/** Few lines, one of them with several cells: wrapped cells of one row. */
const isRow = (lines: readonly Line[]): boolean =>
  lines.length < 2 * FEWEST_LINES && lines.some(({ segments }) => segments.length > 1);

/** Where lines are drawn from the left to the right side, in one go or cell by cell. */
function drawnAcross(rulings: readonly Ruling[], x: number): readonly number[] {
  const lines = rulings.filter(({ kind }) => kind === "horizontal");
  const right = lines.filter(({ from, to }) => from < x + 12 && to > x + 12);
  const isAcross = ({ at, from, to }: Ruling): boolean =>
    from < x - 12 && to > x - 12 && right.some((one) => Math.abs(one.at - at) < 2 && one.from < to + 6);
  return lines.filter(isAcross).map(({ at }) => at);
}

/** Most of what stands together on the left is level with something on the right: these are the rows of a table. */
function haveRows(left: readonly Line[], right: readonly Line[]): boolean {
  const [lefts, rights] = [blocksOf(left), blocksOf(right)];
  const [fewer, others] = lefts.length <= rights.length ? [lefts, rights] : [rights, lefts];
  const level = fewer.filter(([top, end]) =>
    others.some(([from, to]) => [top - from, end - to, (top + end - from - to) / 2].some((off) => Math.abs(off) < 2.5)),
  );
  return fewer.length >= 3 && level.length >= fewer.length * 0.7;
}

/** From where to where lines go that stand close together. */
function blocksOf(lines: readonly Line[]): readonly (readonly [number, number])[] {
  const steps = pitches(lines);
  const leading = Math.min(...steps.filter((step, index) => step > (lines[index]?.size ?? 0) * 0.9));
  const blocks: [number, number][] = [];
  for (const [index, { y }] of lines.entries()) {
    const last = blocks.at(-1);
    if (last !== undefined && (steps[index - 1] ?? 0) <= leading * 1.12) last[1] = y;
    else blocks.push([y, y]);
  }
  return blocks;
}
