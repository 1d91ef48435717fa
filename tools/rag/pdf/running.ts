/** Finds what is printed on top and at the bottom of many pages: running titles, footers, page numbers. */
import { linesOf, type Line, type Segment } from "./segments.ts";

/** They stand in the outer parts of a page: this share of its height. */
const MARGIN = 0.15;
/** They are on at least this share of the pages, for those of left and right pages may differ. */
const LEAST_SHARE = 0.4;
const MOST_LINES = 6;

interface Page {
  readonly segments: readonly Segment[];
  readonly height: number;
}

interface Mark {
  readonly page: number;
  readonly line: Line;
  readonly text: string;
}

/** The pages' segments without those that repeat. */
export function withoutRunning(pages: readonly Page[]): readonly (readonly Segment[])[] {
  if (pages.length < 2) return pages.map(({ segments }) => segments);
  const removed = new Set<Segment>();
  const lines = pages.map(({ segments }) => linesOf(segments));
  for (const side of ["top", "bottom"] as const) {
    for (let depth = 0; depth < MOST_LINES; depth += 1) {
      const marks = pages.flatMap(({ height }, page) => outermost(lines[page] ?? [], { page, height, side, removed }));
      const running = runningOf(marks, pages.length);
      if (running.length === 0) break;
      for (const { line } of running) for (const segment of line.segments) removed.add(segment);
    }
  }
  return pages.map(({ segments }) => segments.filter((segment) => !removed.has(segment)));
}

interface Edge {
  readonly page: number;
  readonly height: number;
  readonly side: "top" | "bottom";
  readonly removed: ReadonlySet<Segment>;
}

/** The outermost line of a page that is not removed yet. */
function outermost(lines: readonly Line[], { page, height, side, removed }: Edge): readonly Mark[] {
  const left = lines.filter(({ segments }) => segments.some((segment) => !removed.has(segment)));
  const [line, next, afterNext] = side === "top" ? left : left.toReversed();
  if (line === undefined) return [];
  const isOutside = side === "top" ? line.y < height * MARGIN : line.y > height * (1 - MARGIN);
  if (!isOutside || (next !== undefined && isOneTable(line, next, afterNext))) return [];
  return [{ page, line, text: line.segments.map(({ text }) => text).join(" ") }];
}

/** A table's header that is printed on each page stands close above rows that begin where it does. */
function isOneTable(line: Line, next: Line, afterNext: Line | undefined): boolean {
  if (line.segments.length < 2 || next.segments.length < 2) return false;
  const usual = afterNext === undefined ? line.size * 3 : Math.abs(afterNext.y - next.y);
  const begins = Math.abs((line.segments[0]?.x ?? 0) - (next.segments[0]?.x ?? 0)) < 2;
  return begins && Math.abs(line.y - next.y) < Math.min(usual * 1.5, line.size * 6);
}

/** Lines that say the same at the same place on several pages, but for the page's number. */
function runningOf(marks: readonly Mark[], pageCount: number): readonly Mark[] {
  const groups = new Map<string, Mark[]>();
  for (const mark of marks) {
    const key = `${mark.text.replaceAll(/\d+/gu, "#")} ${Math.round(mark.line.size)}`;
    groups.set(key, [...(groups.get(key) ?? []), mark]);
  }
  const least = Math.max(2, Math.ceil(pageCount * LEAST_SHARE));
  return [...groups.values()].flatMap((group) => {
    const counted = group.filter((mark) => group.some((other) => other !== mark && isSame(mark, other)));
    return counted.length >= least || (counted.length >= 2 && isNumbered(counted)) ? counted : [];
  });
}

function isSame(one: Mark, other: Mark): boolean {
  if (Math.abs(one.line.y - other.line.y) > 4) return false;
  const [ours, theirs] = [figuresOf(one.text), figuresOf(other.text)];
  return ours.every((figure, index) => {
    const difference = (theirs[index] ?? 0) - figure;
    return difference === 0 || difference === other.page - one.page;
  });
}

/** Only a page's number, or that and how many there are. */
function isNumbered(marks: readonly Mark[]): boolean {
  return marks.every(({ text }) => /^\D{0,12}\d{1,4}\D{0,8}(?:\d{1,4})?\D{0,2}$/u.test(text)) && marks.length >= 3;
}

const figuresOf = (text: string): readonly number[] => (text.match(/\d+/gu) ?? []).map(Number);
