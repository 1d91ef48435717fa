/**
 * Finds fixed phrases in what a person wrote: by whole words, with a mistyped letter forgiven in longer ones, in any
 * script. Pure, and linear in the length of the text.
 */
import { isNear } from "./misspelt.ts";

/** The words of a text: lower case, compatibility forms and accents folded, apostrophes closed ("don't" is "dont"). */
export function wordsOfText(text: string): readonly string[] {
  return foldText(text).match(/[\p{L}\p{N}\p{M}]+|[\p{Extended_Pictographic}]/gu) ?? [];
}

function foldText(text: string): string {
  const closed = text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/(?<=[a-z])['’`´](?=(?:t|s|d|m|ll|ve|re)\b)/gu, "");
  return closed
    .normalize("NFD")
    .replaceAll(/(?<=[a-z])\p{M}+/gu, "")
    .normalize("NFC")
    .replaceAll("ß", "ss");
}

/** Phrases by their words, to be looked for at a place of a text. */
export interface Phrases {
  /** How many words the longest phrase takes that begins at this place; 0 where none does. */
  readonly at: (words: readonly string[], place: number) => number;
}

/** Reads phrases, one each line or string; words may stand in any spelling that `wordsOfText` folds. */
export function phrasesOf(texts: readonly string[]): Phrases {
  const byFirst = new Map<string, (readonly string[])[]>();
  for (const text of texts) {
    const words = wordsOfText(text);
    const [first] = words;
    if (first !== undefined) byFirst.set(first, [...(byFirst.get(first) ?? []), words]);
  }
  const firsts = [...byFirst.keys()];
  const lengthFrom = (first: string, words: readonly string[], place: number): number =>
    (byFirst.get(first) ?? [])
      .filter((phrase) => phrase.every((word, index) => index === 0 || isWord(words[place + index], word)))
      .reduce((longest, { length }) => Math.max(longest, length), 0);
  return {
    at: (words, place) => {
      const word = words[place];
      if (word === undefined) return 0;
      if (byFirst.has(word)) {
        const exact = lengthFrom(word, words, place);
        if (exact > 0) return exact;
      }
      if (word.length < MISTYPED_FROM) return 0;
      const near = firsts.filter((first) => isWord(word, first));
      return near.reduce((longest, first) => Math.max(longest, lengthFrom(first, words, place)), 0);
    },
  };
}

/** Shorter words are other words when a letter changes. */
const MISTYPED_FROM = 5;

function isWord(word: string | undefined, wanted: string): boolean {
  if (word === undefined) return false;
  if (word === wanted) return true;
  // The first letter is seldom wrong.
  const mayBeMistyped = word.length >= MISTYPED_FROM && wanted.length >= MISTYPED_FROM - 1 && word[0] === wanted[0];
  return mayBeMistyped && isNear(word, wanted, 1);
}
