/** Splits plain text at a platform's limit without losing anything. */
import { breakAnywhere, findBreak } from "./breaks.ts";
import { checkLimit, largestFit, type SplitOptions, unsplittable } from "./room.ts";

/** Which units of the source a part holds: `[start, end)`. */
export type SourceRange = readonly [start: number, end: number];

type PlainSplitOptions = Pick<SplitOptions, "limit" | "measure">;

/** Where to end the part that starts `rest`, and where the next one starts. */
function cutPlain(rest: string, fits: (text: string) => boolean, window: number): SourceRange | undefined {
  let most = largestFit(rest.length, (count) => fits(rest.slice(0, count)));
  for (; most > 0; most -= 1) {
    const place = findBreak(rest, most, window) ?? breakAnywhere(rest, most, true);
    if (place === undefined) return undefined;
    if (!fits(rest.slice(0, place.end))) continue;
    // The indentation of the next line is content, the line break before it is not.
    const line = rest.slice(place.end, place.next).lastIndexOf("\n");
    return [place.end, line < 0 ? place.next : place.end + line + 1];
  }
  return undefined;
}

/**
 * The ranges of the source that the parts hold, in order. Between two ranges there is only white space.
 *
 * Throws `InvalidInputError` for a limit below 100 or a measure that nothing fits.
 */
export function splitPlainRanges(text: string, options: PlainSplitOptions): readonly SourceRange[] {
  const { limit, measure = (part: string): number => part.length } = options;
  checkLimit(limit);
  const fits = (part: string): boolean => measure(part) <= limit;
  const ranges: SourceRange[] = [];
  const end = text.trimEnd().length;
  let start = Math.max(0, /^(?:[ \t]*\n)+/.exec(text)?.[0].length ?? 0);
  while (start < end) {
    const rest = text.slice(start, end);
    if (rest.length <= 8 * limit && fits(rest)) {
      ranges.push([start, end]);
      break;
    }
    const cut = cutPlain(rest, fits, limit / 2);
    if (cut === undefined) throw unsplittable(limit);
    ranges.push([start, start + cut[0]]);
    start += cut[1];
  }
  return ranges;
}

/**
 * Splits plain text into parts of at most `limit`: between paragraphs, lines, sentences, words, graphemes, in that order.
 *
 * White space at the cuts is dropped, everything else is kept. A blank text has no part.
 */
export function splitPlain(text: string, options: PlainSplitOptions): readonly string[] {
  return splitPlainRanges(text, options).map(([start, end]) => text.slice(start, end));
}
