/** What people take for one character: a letter with its accents, an emoji of several parts. */

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/** The start of the grapheme cluster that contains `position`; `position` itself when it is a boundary. */
export function graphemeStart(text: string, position: number): number {
  if (position <= 0 || position >= text.length) return position;
  // Whether a cluster starts at a position depends on what precedes it and on the one code point there.
  return segmenter.segment(text.slice(0, position + 2)).containing(position)?.index ?? position;
}

/** The first grapheme cluster of a text. */
export function firstGrapheme(text: string): string {
  for (const { segment } of segmenter.segment(text)) return segment;
  return "";
}

/** How many grapheme clusters a text has. */
export function graphemeCount(text: string): number {
  return [...segmenter.segment(text)].length;
}

/** The start of the code point that contains `position`. */
export function codePointStart(text: string, position: number): number {
  return (text.codePointAt(position - 1) ?? 0) > 0xffff ? position - 1 : position;
}
