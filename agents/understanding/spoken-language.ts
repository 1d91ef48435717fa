/**
 * Which language a message is in, by the three-letter pieces of what people say in each. Libraries were measured first
 * (docs/benchmarks.md): those that know short messages as well need 70 MB more memory, or 9 MB on disk.
 */
import { isNear } from "../../core/language/misspelt.ts";
import { COMPLETE, sentencesByLanguage } from "./language.ts";

/** As many pieces are learned of each: the languages with most sentences would seem unlikelier for what none has. */
const MOST_PIECES = 4_000;
const LONGEST = 400;
const SMOOTHING = 0.1;
const ALL_PIECES = 20_000;

const profiles = [...sentencesByLanguage()].map(([language, sentences]) => {
  const counts = new Map<string, number>();
  const every = Math.max(1, Math.floor((sentences.length * 25) / MOST_PIECES));
  const pieces = sentences.filter((_, index) => index % every === 0).flatMap((sentence) => piecesOf(sentence));
  for (const piece of pieces) counts.set(piece, (counts.get(piece) ?? 0) + 1);
  const total = pieces.length + SMOOTHING * ALL_PIECES;
  return { language, likelihood: (piece: string) => Math.log(((counts.get(piece) ?? 0) + SMOOTHING) / total) };
});

/** So much likelier, per piece, a language must be than the next one. */
const CLEAR = 0.1;
/** A few words may be a name, or of a trade: they must be clearer. */
const CLEAR_IN_FEW_WORDS = 0.5;
const FEW_WORDS = 3;
/** Where more of the words are English or German ones it is one of these. */
const MOST_KNOWN = 0.5;

const known: ReadonlySet<string> = new Set(
  COMPLETE.flatMap((tag) => sentencesByLanguage().get(tag) ?? []).flatMap((sentence) => wordsIn(sentence)),
);

/** A letter that is written twice or more, once: "yess" is a word as well. */
const plain = (word: string): string => word.replaceAll(/(\p{L})\1+/gu, "$1");
const wordsByLanguage: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  [...sentencesByLanguage()].map(([language, sentences]) => [
    language,
    new Set(sentences.flatMap((sentence) => wordsIn(sentence).map(plain))),
  ]),
);
const LONG_ENOUGH = 5;

/** Whether people say any word of a text to a bot, in this language or in any; of the longer ones with a slip of the keyboard. */
export function holdsKnownWord(text: string, language?: string): boolean {
  const all = language === undefined ? [...wordsByLanguage.values()] : [wordsByLanguage.get(language) ?? new Set()];
  // In all languages together, a word that is nearly one is rather a name.
  const slipped = language === undefined ? COMPLETE.map((tag) => wordsByLanguage.get(tag) ?? new Set<string>()) : all;
  return wordsIn(text)
    .map(plain)
    .some(
      (word) =>
        all.some((words) => words.has(word)) ||
        (word.length >= LONG_ENOUGH && slipped.some((words) => isNearOne(word, words))),
    );
}

function isNearOne(word: string, words: ReadonlySet<string>): boolean {
  return [...words].some((one) => one.length >= LONG_ENOUGH && one[0] === word[0] && isNear(one, word, 1));
}

/** The language of a text that is neither in English nor in German; undefined where it may be, and for names. */
export function foreignLanguage(text: string): string | undefined {
  const start = text.slice(0, LONGEST);
  const words = wordsIn(start);
  const share = words.filter((word) => known.has(word)).length / Math.max(1, words.length);
  if (words.length === 0 || share > MOST_KNOWN) return undefined;
  const [best, next] = likeliest(start);
  if (best === undefined || next === undefined || COMPLETE.some((tag) => tag === best.language)) return undefined;
  // A name alone may look like any language.
  if (words.length <= FEW_WORDS && !holdsKnownWord(start, best.language)) return undefined;
  const isClear = best.score - next.score >= (words.length > FEW_WORDS ? CLEAR : CLEAR_IN_FEW_WORDS);
  return isClear ? best.language : undefined;
}

/** The languages by how likely a text is in them, the likeliest first. */
export function likeliest(text: string): readonly { readonly language: string; readonly score: number }[] {
  const pieces = piecesOf(text);
  return profiles
    .map(({ language, likelihood }) => ({
      language,
      score: pieces.reduce((sum, piece) => sum + likelihood(piece), 0) / Math.max(1, pieces.length),
    }))
    .toSorted((left, right) => right.score - left.score);
}

function piecesOf(text: string): readonly string[] {
  return wordsIn(text).flatMap((word) => {
    const padded = ` ${word} `;
    return Array.from({ length: padded.length - 2 }, (_, index) => padded.slice(index, index + 3));
  });
}

/** Codes and numbers are in no language. */
function wordsIn(text: string): readonly string[] {
  return (
    text
      .replaceAll(/\{[^{}]*\}/gu, " ")
      .replaceAll(/\S*\p{N}\S*/gu, " ")
      .toLowerCase()
      .match(/[\p{L}\p{M}]+/gu) ?? []
  );
}
