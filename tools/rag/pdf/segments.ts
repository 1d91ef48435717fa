/** Puts the pieces of text that a page draws together to segments (what stands together) and lines. */
import type { Mark, Ruling } from "./drawing.ts";
import { guttersOf } from "./gutters.ts";
import type { PdfPage, Piece } from "./read-pages.ts";

/** Text that stands together on a line: a line of a paragraph, or of a table's cell. */
export interface Segment extends Piece {
  /** A mark of a list stands before it: a bullet, or a number. */
  readonly listed: boolean;
}

export interface Line {
  /** From left to right; at least one. */
  readonly segments: readonly Segment[];
  readonly y: number;
  readonly size: number;
}

/** A gap wider than this many font heights parts two segments. */
const SEGMENT_GAP = 1;
/** A gap wider than this many font heights is a blank, also where the file writes none. */
const BLANK_GAP = 0.22;
/** Between a mark of a list and its text there are at most this many font heights. */
const MARK_GAP = 4;

const BULLET = /^[•◦‣▪▫●○■□–—*·\u{F0B7}\u{F0A7}-]$/u;
const NUMBER_MARK = /^(?:\(?(?:\d{1,2}|[a-z]|[ivx]{1,5})[.)]|\d{1,2}(?:\.\d{1,2}){1,3}\.?)$/u;
/** Dots that lead the eye from a name to its price. */
const LEADERS = /\s*(?:(?:[.·]\s?){4,}|…{2,})\s*|\s{3,}/gu;

/** The segments of a page, in the order in which the file draws them. */
export function segmentsOf({
  pieces,
  rulings,
  marks,
}: Pick<PdfPage, "pieces" | "rulings" | "marks">): readonly Segment[] {
  const upright = rulings.filter(({ kind }) => kind === "vertical");
  const isColumn = guttersOf(pieces);
  const segments: Segment[] = [];
  let blank = false;
  for (const whole of pieces) {
    if (whole.text.trim() === "") blank = true;
    for (const piece of whole.text.trim() === "" ? [] : withoutLeaders(whole)) {
      const last = segments.at(-1);
      if (last !== undefined && continues(last, piece) && !isParted(last, piece, upright) && !isColumn(last, piece))
        segments[segments.length - 1] = joined(last, piece, blank);
      else segments.push({ ...piece, text: piece.text.trim(), listed: false });
      blank = false;
    }
    blank ||= /\s$/u.test(whole.text);
  }
  return segments.map((segment) =>
    marks.some((mark) => isMarkOf(mark, segment)) ? { ...segment, listed: true } : segment,
  );
}

/** A drawn bullet stands a little left of its text, in the middle of its small letters. */
function isMarkOf({ x, y }: Mark, { x: left, y: baseline, size }: Segment): boolean {
  const isBeside = left > x && left - x < MARK_GAP * size;
  return isBeside && Math.abs(baseline - size * 0.3 - y) < size * 0.25;
}

/** One piece may hold several cells, held apart by blanks or dots. */
function withoutLeaders(piece: Piece): readonly Piece[] {
  const perCharacter = (piece.right - piece.x) / piece.text.length;
  const parts: Piece[] = [];
  let from = 0;
  const add = (to: number): void => {
    const text = piece.text.slice(from, to);
    const lead = text.length - text.trimStart().length;
    const x = piece.x + (from + lead) * perCharacter;
    if (text.trim() !== "") parts.push({ ...piece, text, x, right: x + text.trim().length * perCharacter });
  };
  for (const { index, 0: leaders } of piece.text.matchAll(LEADERS)) {
    add(index);
    from = index + leaders.length;
  }
  if (from === 0) return [piece];
  add(piece.text.length);
  return parts;
}

function continues(last: Segment, piece: Piece): boolean {
  const size = Math.max(last.size, piece.size);
  const gap = piece.x - last.right;
  const shift = Math.abs(piece.y - last.y);
  const level = shift < size * 0.2 || (piece.size < last.size * 0.85 && shift < last.size * 0.6);
  return level && gap > -0.3 * size && gap < SEGMENT_GAP * size;
}

/** A line is drawn between two pieces, as between cells. */
function isParted(last: Segment, { x, y, size }: Piece, upright: readonly Ruling[]): boolean {
  if (x - last.right < size * 0.1) return false;
  const middle = y - size * 0.3;
  return upright.some(({ at, from, to }) => at > last.right - 1 && at < x + 1 && from < middle && to > middle);
}

function joined(last: Segment, piece: Piece, blank: boolean): Segment {
  const size = Math.max(last.size, piece.size);
  const raised = piece.size < last.size * 0.85 && last.y - piece.y > last.size * 0.15;
  // A raised figure is a footnote's: it must not become a digit of the number before it.
  const isNote = raised && /^[\d,*)\s]+$/u.test(piece.text);
  const apart = blank || /^\s/u.test(piece.text) || isNote || piece.x - last.right > BLANK_GAP * size;
  const text = isNote ? raise(piece.text.trim()) : piece.text;
  const bold = last.bold === piece.bold ? last.bold : false;
  return {
    ...last,
    bold,
    text: `${last.text}${apart ? " " : ""}${text.trim()}`,
    right: Math.max(last.right, piece.right),
  };
}

const raise = (digits: string): string => digits.replaceAll(/\d/gu, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(Number(digit)));

/** Segments by their baselines, from top to bottom. */
export function linesOf(segments: readonly Segment[]): readonly Line[] {
  const rows: Segment[][] = [];
  for (const segment of segments.toSorted((one, other) => one.y - other.y)) {
    const row = rows.at(-1);
    const first = row?.[0];
    if (row !== undefined && first !== undefined && segment.y - first.y < Math.min(first.size, segment.size) * 0.3)
      row.push(segment);
    else rows.push([segment]);
  }
  return rows.map((row) => {
    const together = withMarks(row.toSorted((one, other) => one.x - other.x));
    const [first] = together;
    return { segments: together, y: first?.y ?? 0, size: Math.max(...together.map(({ size }) => size)) };
  });
}

/** A bullet belongs to the text behind it, and so does a number that has one text behind it. */
function withMarks(row: readonly Segment[]): readonly Segment[] {
  const [mark, next, ...others] = row;
  if (mark === undefined || next === undefined || next.x - mark.right > MARK_GAP * next.size) return row;
  const isMark = BULLET.test(mark.text) || (others.length === 0 && NUMBER_MARK.test(mark.text));
  if (!isMark) return row;
  const text = BULLET.test(mark.text) ? next.text : `${mark.text} ${next.text}`;
  return [{ ...next, text, x: mark.x, listed: true }, ...others];
}

/** The middle one of some numbers; 0 of none. */
export function median(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0;
}

/** Distances of each line from the one before it. */
export function pitches(lines: readonly { readonly y: number }[]): readonly number[] {
  return lines.slice(1).map((line, index) => line.y - (lines[index]?.y ?? line.y));
}

/** Text that stands for a figure: an amount, a rate, a year, a dash. */
export function isFigure(text: string): boolean {
  return /^(?:[^\p{L}]*\d[^\p{L}]*|[-–—]|(?:[A-Z]{3}|[^\p{L}]{0,2})?\s?[-−+]?\d[\d.,'\s]*(?:[A-Z]{3}|bp|p\.\s?a\.)?)$/u.test(
    text,
  );
}
