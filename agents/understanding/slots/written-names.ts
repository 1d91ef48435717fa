/** Names that no sentence taught, by how they are written and where they stand. */
import { isNear } from "../../../core/language/index.ts";
import { isSpoken, type Word } from "./words.ts";

/** Indexes of the first word and of the one behind the last. */
interface Place {
  readonly from: number;
  readonly next: number;
}

const MOST_WORDS_AROUND = 4;

/** "Berlin forecast pls": the one run of unknown words of a short message, where it is written as a name. */
export function loneName(words: readonly Word[], known: ReadonlySet<string>): Place | undefined {
  const isName = (word: Word | undefined): boolean =>
    word !== undefined && isSpoken(word) && !word.form.startsWith("<") && !known.has(word.form);
  const from = words.findIndex(isName);
  if (from < 0 || words.filter(isSpoken).length > MOST_WORDS_AROUND) return undefined;
  const length = words.slice(from).findIndex((word) => !isName(word));
  const next = length < 0 ? words.length : from + length;
  if (words.slice(next).some(isName)) return undefined;
  if (words[from]?.isCapital === true) return { from, next };
  // In lower case only at the end, and where it is no slip of the keyboard.
  const isClear = ({ form }: Word): boolean => form.length > 3 && !nearOne(form, known);
  return words.slice(next).some(isSpoken) || !words.slice(from, next).every(isClear) ? undefined : { from, next };
}

/** So many words may stand between a preposition and a name: "bei der Deutschen Bahn". */
const MOST_WORDS_BEFORE_NAME = 2;

/** "What did I spend on Netflix": a word behind a preposition that is written as a name and used for nothing else. */
export function writtenName(
  words: readonly Word[],
  isPreposition: (word: Word | undefined) => boolean,
  isNew: (word: Word, isLed: boolean) => boolean,
): Place | undefined {
  const isName = (word: Word | undefined, isLed: boolean): boolean =>
    word !== undefined && isSpoken(word) && !word.form.startsWith("<") && isNew(word, isLed);
  const from = words.findIndex(
    (word, at) =>
      word.form.length > 2 &&
      isName(word, isPreposition(words[at - 1])) &&
      words.slice(Math.max(0, at - 1 - MOST_WORDS_BEFORE_NAME), at).some(isPreposition),
  );
  if (from < 0) return undefined;
  const length = words.slice(from).findIndex((word) => !isName(word, word === words[from]));
  return { from, next: length < 0 ? words.length : from + length };
}

/** Whether it may be a slip of the keyboard, or the word itself. */
export const nearOne = (form: string, known: ReadonlySet<string>): boolean =>
  known.has(form) || [...known].some((one) => one.length > 3 && isNear(form, one, 1));
