/** Takes out of a text what a reader cannot see but a program, or a trick on the reader, can use. */
import { cutText } from "../text/cut.ts";

/** What was taken out, or replaced (`surrogate`). */
export type RemovedKind = "control" | "bidi" | "zero-width" | "tag" | "variation-selector" | "surrogate";

/** A text without invisible characters, and how many of which kind it had. */
export interface CleanedText {
  readonly text: string;
  readonly removed: Readonly<Partial<Record<RemovedKind, number>>>;
}

/** The tag sequences that are emoji: the flags of England, Scotland and Wales. Any other could carry hidden text. */
const tagFlag =
  /\u{1F3F4}(?:\u{E0067}\u{E0062}(?:\u{E0065}\u{E006E}\u{E0067}|\u{E0073}\u{E0063}\u{E0074}|\u{E0077}\u{E006C}\u{E0073}))\u{E007F}/u;
const unit = new RegExp(`${tagFlag.source}|[^]`, "gu");

const emojiBefore = /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\uFE0F|\u{1F3F4}.+)$/su;
const emoji = /^\p{Extended_Pictographic}$/u;
/** Scripts whose letters join, or whose conjuncts form, by ZWJ and ZWNJ (Unicode 16, section 23.2). */
const joining =
  /^[\p{scx=Arabic}\p{scx=Syriac}\p{scx=Mongolian}\p{scx=Nko}\p{scx=Devanagari}\p{scx=Bengali}\p{scx=Gurmukhi}\p{scx=Gujarati}\p{scx=Oriya}\p{scx=Tamil}\p{scx=Telugu}\p{scx=Kannada}\p{scx=Malayalam}\p{scx=Sinhala}\p{scx=Khmer}\p{scx=Myanmar}]$/u;
const rightToLeft = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

const kinds: readonly (readonly [RemovedKind, RegExp])[] = [
  ["bidi", /^[\u202A-\u202E\u2066-\u2069]$/],
  ["tag", /^[\u{E0000}-\u{E007F}]$/u],
  ["variation-selector", /^\p{Variation_Selector}$/u],
  ["zero-width", /^[\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB]$/u],
  ["control", /^(?![\n\t])[\p{Cc}\p{Noncharacter_Code_Point}]$/u],
];

/** Whatever a text must have to be changed at all; nearly none has it, and then one look is enough. */
const suspicious =
  /(?![\n\t])[\p{Cc}\p{Surrogate}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}\p{Variation_Selector}\u2028\u2029\u202A-\u202E\u2066-\u2069\uFFF9-\uFFFB\u{E0000}-\u{E007F}]/u;

const kindOf = (character: string): RemovedKind | undefined =>
  kinds.find(([, pattern]) => pattern.test(character))?.[0];

interface Neighbours {
  /** The last character that was kept. */
  readonly before: string;
  readonly after: string;
  readonly hasRightToLeft: boolean;
}

/** A zero-width joiner builds emoji families, and letters in the scripts that join. */
function joins(character: string, before: string, after: string): boolean {
  const behindLetter = joining.test(before) && kindOf(before) === undefined;
  if (character === "\u200D") return behindLetter || (emojiBefore.test(before) && emoji.test(after));
  return behindLetter && joining.test(after) && kindOf(after) === undefined;
}

/** Whether an invisible character does its proper work between these neighbours. */
function isNeeded(character: string, kind: RemovedKind, { before, after, hasRightToLeft }: Neighbours): boolean {
  if (character === "\u200C" || character === "\u200D") return joins(character, before, after);
  const behindVisible = before !== "" && kindOf(before) === undefined;
  if (/[\u200E\u200F\u061C]/.test(character)) return hasRightToLeft && behindVisible;
  // One selector behind a visible character chooses its form; a chain of them can carry any bytes.
  return kind === "variation-selector" && behindVisible && !/\s/.test(before);
}

/**
 * Strips control characters (all but line feed and tab), bidi overrides and isolates, zero-width and tag characters
 * and chains of variation selectors, normalises line ends to `\n` and replaces lone surrogates by U+FFFD.
 *
 * Keeps what writing needs: ZWJ inside emoji and in Arabic or Indic scripts, ZWNJ between their letters, direction
 * marks in a text with right-to-left letters, the three flags made of tags. Idempotent. Look-alike letters of other
 * scripts (homoglyphs) and long stacks of accents are visible and stay.
 */
export function cleanText(text: string): CleanedText {
  if (!suspicious.test(text)) return { text, removed: {} };
  const removed: Partial<Record<RemovedKind, number>> = {};
  const count = (kind: RemovedKind): void => {
    removed[kind] = (removed[kind] ?? 0) + 1;
  };
  const wellFormed = text
    .replace(/\p{Surrogate}/gu, () => {
      count("surrogate");
      return "\uFFFD";
    })
    .replace(/\r\n?|[\v\f\u0085\u2028\u2029]/g, "\n");
  const hasRightToLeft = rightToLeft.test(wellFormed);
  const characters = wellFormed.match(unit) ?? [];
  const kept: string[] = [];
  characters.forEach((character, index) => {
    const kind = kindOf(character);
    const neighbours = { before: kept.at(-1) ?? "", after: characters[index + 1] ?? "", hasRightToLeft };
    if (kind === undefined || isNeeded(character, kind, neighbours)) kept.push(character);
    else count(kind);
  });
  return { text: kept.join(""), removed };
}

/**
 * A name, title or other metadata from outside as one JSON string: cleaned, on one line, at most `maxLength` UTF-16
 * units before quoting, cut between graphemes with `…`. Angle brackets are escaped, so that it cannot close a tag.
 */
export function quoteData(value: string, maxLength: number): string {
  // What is cut off anyway need not be cleaned; the factor leaves room for what cleaning takes out.
  const line = cleanText(value.slice(0, 20 * maxLength + 100))
    .text.replace(/\s+/g, " ")
    .trim();
  const capped = line.length <= maxLength ? line : `${cutText(line, maxLength - 1).trimEnd()}…`;
  return JSON.stringify(capped).replaceAll("<", "\\u003c").replaceAll(">", "\\u003e");
}
