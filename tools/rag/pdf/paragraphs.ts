/** Makes paragraphs, list items and headings of lines of text. */
import { countWords } from "../document.ts";
import { joinLines, type Words } from "./join-lines.ts";
import { type Line, median, pitches, type Segment } from "./segments.ts";

export interface Paragraph {
  readonly kind: "text" | "item" | "heading";
  readonly text: string;
  readonly size: number;
  readonly bold: boolean;
}

/** How most of the text is set. */
export interface Style {
  readonly size: number;
  readonly font: string;
  readonly bold: boolean;
  /** How far apart lines are, in font heights. */
  readonly leading: number;
}

const HEADING_WORDS = 14;
/** Lines further apart than this many times the usual distance are of different paragraphs. */
const PARAGRAPH_STEP = 1.3;
/** So are lines a little further apart where the first one ends a sentence. */
const ITEM_STEP = 1.12;

export function styleOf(pages: readonly (readonly Line[])[]): Style {
  const characters = new Map<string, { readonly segment: Segment; count: number }>();
  for (const segment of pages.flat().flatMap(({ segments }) => segments)) {
    const key = `${segment.size.toFixed(1)} ${segment.font}`;
    const entry = characters.get(key) ?? { segment, count: 0 };
    entry.count += segment.text.length;
    characters.set(key, entry);
  }
  const most = [...characters.values()].toSorted((left, right) => right.count - left.count)[0]?.segment;
  const steps = pages.flatMap((lines) =>
    pitches(lines).flatMap((pitch, index) => {
      const [one, other] = [lines[index], lines[index + 1]];
      const isText =
        one?.segments.length === 1 && other?.segments.length === 1 && Math.abs(one.size - other.size) < 0.5;
      return isText && pitch > one.size * 0.9 && pitch < one.size * 1.9 ? [pitch / one.size] : [];
    }),
  );
  return { size: most?.size ?? 0, font: most?.font ?? "", bold: most?.bold ?? false, leading: median(steps) };
}

export function paragraphsOf(lines: readonly Line[], style: Style, words: Words): readonly Paragraph[] {
  return groupsOf(lines, style).map((group) => describe(group, style, words));
}

function groupsOf(lines: readonly Line[], style: Style): readonly (readonly Line[])[] {
  const groups: Line[][] = [];
  for (const line of lines) {
    const before = groups.at(-1)?.at(-1);
    if (before !== undefined && goesOn(before, line, style)) groups.at(-1)?.push(line);
    else groups.push([line]);
  }
  return groups;
}

function goesOn(before: Line, line: Line, { leading }: Style): boolean {
  const step = (line.y - before.y) / line.size;
  const usual = leading === 0 ? 1.4 : leading;
  if (line.segments[0]?.listed === true || Math.abs(line.size - before.size) >= 0.5) return false;
  if (isBold(line) !== isBold(before) || step < 0) return false;
  return step <= usual * (/[.;:!?]$/u.test(textOf(before)) ? ITEM_STEP : PARAGRAPH_STEP);
}

const isBold = ({ segments }: Line): boolean => segments.every(({ bold }) => bold === true);
const textOf = ({ segments }: Line): string => segments.map(({ text }) => text).join(" ");

function describe(lines: readonly Line[], style: Style, words: Words): Paragraph {
  const [first] = lines;
  const text = joinLines(lines.map(textOf), words);
  const size = first?.size ?? 0;
  const bold = first !== undefined && isBold(first);
  const isItem = first?.segments[0]?.listed === true;
  const isHeading = isShort(text) && first !== undefined && standsOut(first, style);
  return { kind: isHeading ? "heading" : isItem ? "item" : "text", text, size, bold };
}

const isShort = (text: string): boolean =>
  countWords(text) <= HEADING_WORDS && /\p{L}/u.test(text) && !/[.;:,]$/u.test(text);

/** Set in a larger or bolder font than most of the text. */
function standsOut(line: Line, style: Style): boolean {
  if (line.size > style.size * 1.1) return true;
  if (line.size < style.size * 0.98) return false;
  const knows = line.segments.every(({ bold }) => bold !== undefined);
  return knows ? isBold(line) && !style.bold : line.segments.every(({ font }) => font !== style.font);
}
