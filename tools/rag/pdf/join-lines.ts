/** Puts the lines of a paragraph or a cell together again, and with them the words that were cut. */
import { oneLine } from "../../../core/text/cut.ts";

/** The words that stand whole in a document, as they are written. */
export type Words = ReadonlySet<string>;

/** Behind these a hyphen stands for the rest of the next word: "Ein- und Auszahlung", "short- or long-term". */
const ANOTHER_FOLLOWS = /^(?:und|oder|bzw\.?|sowie|bis|and|or|to|et|ou|y|o|e|en|of)\b/u;
const CUT_WORD = /(?<word>\p{L}[\p{L}\p{M}\p{N}'’]*)(?<mark>[-\u{2010}\u{AD}])$/u;
const FIRST_WORD = /^[\p{L}\p{M}]+/u;
const WORD = /\p{L}[\p{L}\p{M}\p{N}]*(?:[-\u{2010}]\p{L}[\p{L}\p{M}\p{N}]*)*/gu;

export function wordsOf(lines: readonly string[]): Words {
  const words = new Set<string>();
  for (const line of lines) {
    const found = [...line.matchAll(WORD)];
    for (const [index, { 0: word, index: at }] of found.entries()) {
      const isLast = index === found.length - 1 && /^[-\u{2010}\u{AD}]$/u.test(line.slice(at + word.length));
      if (!isLast && (index > 0 || word.includes("-") || lines.length === 1 || !startsInside(line))) words.add(word);
    }
  }
  return words;
}

/** The first word of a line may be the end of one that was cut. */
const startsInside = (line: string): boolean => /^\p{Ll}/u.test(line);

export function joinLines(lines: readonly string[], words: Words): string {
  let text = "";
  for (const line of lines) text = text === "" ? line : join(text, line.trimStart(), words);
  return oneLine(
    text
      .replaceAll("\u{AD}", "")
      .replaceAll(/[\u{2010}\u{2011}]/gu, "-")
      .replaceAll(/[\u{FB00}-\u{FB06}]/gu, (sign) => sign.normalize("NFKC")),
  );
}

function join(before: string, after: string, words: Words): string {
  const { word, mark } = CUT_WORD.exec(before)?.groups ?? {};
  if (word === undefined) return /[\p{L}\p{N}][-/]$/u.test(before) ? before + after : `${before} ${after}`;
  if (ANOTHER_FOLLOWS.test(after) && mark !== "\u{AD}") return `${before} ${after}`;
  const isAddress = /[@/.]/u.test(before.slice(before.lastIndexOf(" ") + 1));
  const isOwn = isAddress || !/^\p{Ll}/u.test(after) || (mark === "-" && isCompound(word, after, words));
  return isOwn && mark !== "\u{AD}" ? before + after : before.slice(0, -1) + after;
}

/** Whether the hyphen is the word's own, told by how the document writes it elsewhere. */
function isCompound(word: string, after: string, words: Words): boolean {
  const rest = FIRST_WORD.exec(after)?.[0] ?? "";
  if (words.has(word + rest)) return false;
  return words.has(`${word}-${rest}`) || ((words.has(word) || words.has(word.toLowerCase())) && words.has(rest));
}
