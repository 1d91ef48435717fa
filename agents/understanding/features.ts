import { beginTerm, extendByText, extendTerm, finishTerm } from "./hash-terms.ts";
import { normalizeForClassification, wordsOf } from "./normalize.ts";

/** A row of features: `values[i]` belongs to feature number `indices[i]`; every feature that is not listed is zero. */
export interface SparseVector {
  readonly indices: Uint32Array;
  readonly values: Float32Array;
}

/** The features learned from a training set: the number of each term and how much a rare term counts. */
export interface FeatureSpace {
  readonly size: number;
  /** Terms numbered below this are word n-grams, the others character n-grams; each block has length 1. */
  readonly wordCount: number;
  /** The hash of each term, by its number. */
  readonly terms: Uint32Array;
  readonly inverseDocumentFrequency: Float32Array;
  readonly indexOf: ReadonlyMap<number, number>;
}

/** Which terms of the training texts become features. */
export interface FeatureOptions {
  /** A pair of words must occur in this many training texts; a word is kept in any case. @default 2 */
  readonly minimumPairTexts?: number;
  /** A run of characters must occur in this many training texts. @default 3 */
  readonly minimumCharacterTexts?: number;
}

interface Terms {
  readonly words: ReadonlyMap<number, number>;
  readonly pairs: ReadonlyMap<number, number>;
  readonly characters: ReadonlyMap<number, number>;
}

const SHORTEST_CHARACTER_RUN = 2;
const LONGEST_CHARACTER_RUN = 5;
const WORD = beginTerm(1);
const PAIR = beginTerm(2);
const SKIPPING = beginTerm(3);
const CHARACTERS = beginTerm(4);
const BLANK = 32;

function count(into: Map<number, number>, term: number): void {
  const whole = finishTerm(term);
  into.set(whole, (into.get(whole) ?? 0) + 1);
}

/**
 * Counts words, pairs of neighbours and of every second one (with a mark for the start), and runs of 2 to 5 characters
 * inside padded words.
 */
function termsOf(text: string): Terms {
  const words = new Map<number, number>();
  const pairs = new Map<number, number>();
  const characters = new Map<number, number>();
  let [beforeLast, last] = ["", "^"];
  for (const word of wordsOf(normalizeForClassification(text))) {
    count(words, extendByText(WORD, word));
    count(pairs, extendByText(extendTerm(extendByText(PAIR, last), BLANK), word));
    if (beforeLast !== "") count(pairs, extendByText(extendTerm(extendByText(SKIPPING, beforeLast), BLANK), word));
    [beforeLast, last] = [last, word];
    countRuns(characters, ` ${word} `);
  }
  return { words, pairs, characters };
}

/** As in scikit-learn's `char_wb`: a word shorter than the run counts once, whole. */
function countRuns(into: Map<number, number>, padded: string): void {
  for (let start = 0; start + SHORTEST_CHARACTER_RUN <= padded.length; start += 1) {
    const end = Math.min(start + LONGEST_CHARACTER_RUN, padded.length);
    let run = CHARACTERS;
    for (let at = start; at < end; at += 1) {
      run = extendTerm(run, padded.charCodeAt(at));
      if (at - start + 1 >= SHORTEST_CHARACTER_RUN) count(into, run);
    }
  }
}

/** In how many texts each term stands. */
function textsOf(terms: readonly ReadonlyMap<number, number>[]): ReadonlyMap<number, number> {
  const texts = new Map<number, number>();
  for (const one of terms) for (const term of one.keys()) texts.set(term, (texts.get(term) ?? 0) + 1);
  return texts;
}

/** Learns the vocabulary and the smoothed inverse document frequencies of a set of texts. */
export function fitFeatures(
  texts: readonly string[],
  { minimumPairTexts = 2, minimumCharacterTexts = 3 }: FeatureOptions = {},
): FeatureSpace {
  const terms = texts.map(termsOf);
  const kept = (part: keyof Terms, minimum: number): readonly (readonly [number, number])[] =>
    [...textsOf(terms.map(({ [part]: one }) => one))].filter(([, standsIn]) => standsIn >= minimum);
  const words = [...kept("words", 1), ...kept("pairs", minimumPairTexts)];
  const all = [...words, ...kept("characters", minimumCharacterTexts)];
  return featureSpace(
    words.length,
    Uint32Array.from(all, ([term]) => term),
    Float32Array.from(all, ([, textCount]) => Math.log((1 + texts.length) / (1 + textCount)) + 1),
  );
}

/** The space with the terms of further texts, out of `textCount` texts in all: what was known keeps its number and its value. */
export function widerSpace(space: FeatureSpace, texts: readonly string[], textCount: number): FeatureSpace {
  const { terms, inverseDocumentFrequency } = fitFeatures(texts);
  const added = [...terms.keys()].filter((index) => !space.indexOf.has(terms[index] ?? 0));
  // Known to these texts alone: as rare in all of them as the logarithm makes of it.
  const rarer = Math.log((1 + textCount) / (1 + texts.length));
  return featureSpace(
    space.wordCount,
    Uint32Array.from([...space.terms, ...added.map((index) => terms[index] ?? 0)]),
    Float32Array.from([
      ...space.inverseDocumentFrequency,
      ...added.map((index) => (inverseDocumentFrequency[index] ?? 0) + rarer),
    ]),
  );
}

/** The space of these terms. */
export function featureSpace(
  wordCount: number,
  terms: Uint32Array,
  inverseDocumentFrequency: Float32Array,
): FeatureSpace {
  const indexOf = new Map<number, number>();
  for (const [index, term] of terms.entries()) indexOf.set(term, index);
  return { size: terms.length, wordCount, terms, inverseDocumentFrequency, indexOf };
}

interface Block {
  readonly indices: readonly number[];
  readonly values: readonly number[];
}

function blockOf(space: FeatureSpace, counts: Iterable<readonly [number, number]>): Block {
  const indices: number[] = [];
  const values: number[] = [];
  let squares = 0;
  for (const [term, frequency] of counts) {
    const index = space.indexOf.get(term);
    if (index === undefined) continue;
    const value = (1 + Math.log(frequency)) * (space.inverseDocumentFrequency[index] ?? 0);
    indices.push(index);
    values.push(value);
    squares += value * value;
  }
  const length = Math.sqrt(squares);
  return { indices, values: values.map((value) => value / length) };
}

/** The tf-idf row of a text. A text without any known term gives an empty row. */
export function vectorize(space: FeatureSpace, text: string): SparseVector {
  const terms = termsOf(text);
  const words = blockOf(space, [...terms.words, ...terms.pairs]);
  const characters = blockOf(space, terms.characters);
  return {
    indices: Uint32Array.from([...words.indices, ...characters.indices]),
    values: Float32Array.from([...words.values, ...characters.values]),
  };
}
