/** Whether words around a known name may mean somebody else: "Jana Nowak", "the other Jana", "Jana's sister". Pure. */
import { isNear } from "../../../core/language/index.ts";
import { formOf, type Word } from "../../understanding/slots/words.ts";
import { allCues, formsOf } from "../cues.ts";
import type { Mention } from "./mentions.ts";

const titles = formsOf(allCues().flatMap((cues) => cues.titles));
const relations = formsOf(allCues().flatMap((cues) => cues.relations));
const others = /^(?:other|another|ander\p{L}*|zweite\p{L}*)$/u;
const belonging = /^(?:of|von|vom|des|der)$/u;
const owning = /['’]s?$/u;

/** The words that may name somebody else than the value that they were taken for; undefined where they do not. */
export function otherPersonIn(
  { from, next, source, literal }: Mention,
  value: unknown,
  { text, words }: { readonly text: string; readonly words: readonly Word[] },
): string | undefined {
  if (source !== "known" || typeof value !== "string") return undefined;
  const first = withoutTitles(words, from);
  const [before, after] = [formAt(words, first - 1), formAt(words, next)];
  const slice = (start: number, end: number): string =>
    text.slice(words[start]?.start ?? 0, words[end - 1]?.end ?? text.length);
  if (others.test(before) && /\p{L}/u.test(literal)) return slice(first - 1, next);
  if (relations.has(after) && owning.test(literal)) return slice(first, next + 1);
  if (belonging.test(before) && relations.has(formAt(words, first - 2))) return slice(first - 2, next);
  const open = tokensOf(value).filter((token) => !tokensOf(literal).includes(token));
  if (tokensOf(literal).some((word) => isOtherName(word, tokensOf(value)))) return literal;
  if (isOtherName(before, open)) return slice(first - 1, next);
  return isOtherName(after, open) ? slice(first, next + 1) : undefined;
}

const formAt = (words: readonly Word[], at: number): string => words[at]?.form ?? "";

/** The place of the first title before the name, or of the name. */
function withoutTitles(words: readonly Word[], from: number): number {
  let first = from;
  while (first > 0 && (titles.has(formAt(words, first - 1)) || formAt(words, first - 1) === ".")) first -= 1;
  return first;
}

const tokensOf = (name: string): readonly string[] =>
  formOf(name)
    .split(/[^\p{L}\p{M}]+/u)
    .map(plain)
    .filter((word) => word.length > 1);

/** Accents and German umlauts in each spelling, "ı" as "i", the mark of an owner left out. */
const plain = (word: string): string =>
  word
    .replace(owning, "")
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll("ı", "i")
    .replaceAll(/(?<=[aou])e(?![aiou])/gu, "");

const SHORTEST = 4;

/** "Nowak" for "Novak", "Paula" for "Paul": a letter doubled, or swapped with its neighbour, is a slip, and another one another name. */
function isOtherName(word: string, tokens: readonly string[]): boolean {
  const own = plain(word);
  if (own.length < SHORTEST || tokens.includes(own)) return false;
  return tokens.some(
    (token) => token.length >= SHORTEST && isNear(own, token, own.length >= 8 ? 2 : 1) && !isSlip(own, token),
  );
}

function isSlip(one: string, other: string): boolean {
  const single = (word: string): string => word.replaceAll(/(\p{L})\1+/gu, "$1");
  const sorted = (word: string): string => word.split("").toSorted().join("");
  return single(one) === single(other) || sorted(one) === sorted(other);
}
