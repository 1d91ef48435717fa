import { conceptsOf } from "./concepts.ts";
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
  readonly indexOf: ReadonlyMap<string, number>;
  readonly inverseDocumentFrequency: Float32Array;
}

/** Which terms of the training texts become features. */
export interface FeatureOptions {
  /** A word n-gram must occur in this many training texts. @default 1 */
  readonly minimumWordTexts?: number;
  /** A character n-gram must occur in this many training texts. @default 2 */
  readonly minimumCharacterTexts?: number;
}

interface Terms {
  readonly words: ReadonlyMap<string, number>;
  readonly characters: ReadonlyMap<string, number>;
  readonly concepts: ReadonlyMap<string, number>;
}

const SHORTEST_CHARACTER_RUN = 2;
const LONGEST_CHARACTER_RUN = 5;

function count(into: Map<string, number>, term: string): void {
  into.set(term, (into.get(term) ?? 0) + 1);
}

/** Counts word 1- and 2-grams (with a mark for the start) and character 2- to 5-grams inside padded words. */
function termsOf(text: string): Terms {
  const words = new Map<string, number>();
  const characters = new Map<string, number>();
  const concepts = new Map<string, number>();
  let previous = "^";
  let before: readonly string[] = ["^"];
  for (const word of wordsOf(normalizeForClassification(text))) {
    count(words, word);
    count(words, `${previous} ${word}`);
    previous = word;
    const meant = conceptsOf(word);
    for (const concept of meant) {
      count(concepts, `#${concept}`);
      for (const earlier of before) count(concepts, `#${earlier} ${concept}`);
    }
    if (meant.length > 0) before = meant;
    const padded = ` ${word} `;
    for (let length = SHORTEST_CHARACTER_RUN; length <= LONGEST_CHARACTER_RUN; length += 1) {
      // As in scikit-learn's `char_wb`: a word shorter than the run counts once, whole.
      if (length > padded.length) break;
      for (let start = 0; start + length <= padded.length; start += 1) {
        count(characters, `_${padded.slice(start, start + length)}`);
      }
    }
  }
  return { words, characters, concepts };
}

function keepFrequent(
  textCounts: ReadonlyMap<string, number>,
  minimum: number,
): readonly (readonly [string, number])[] {
  return [...textCounts].filter(([, texts]) => texts >= minimum);
}

/** Learns the vocabulary and the smoothed inverse document frequencies of a set of texts. */
export function fitFeatures(texts: readonly string[], options: FeatureOptions = {}): FeatureSpace {
  const wordTexts = new Map<string, number>();
  const characterTexts = new Map<string, number>();
  const conceptTexts = new Map<string, number>();
  for (const text of texts) {
    const terms = termsOf(text);
    for (const term of terms.words.keys()) count(wordTexts, term);
    for (const term of terms.characters.keys()) count(characterTexts, term);
    for (const term of terms.concepts.keys()) count(conceptTexts, term);
  }
  const words = keepFrequent(wordTexts, options.minimumWordTexts ?? 1);
  const kept = [...words, ...keepFrequent(characterTexts, options.minimumCharacterTexts ?? 2), ...conceptTexts];
  const indexOf = new Map(kept.map(([term], index) => [term, index] as const));
  const inverseDocumentFrequency = Float32Array.from(
    kept,
    ([, textCount]) => Math.log((1 + texts.length) / (1 + textCount)) + 1,
  );
  return { size: kept.length, wordCount: words.length, indexOf, inverseDocumentFrequency };
}

interface Block {
  readonly indices: readonly number[];
  readonly values: readonly number[];
}

function blockOf(space: FeatureSpace, counts: ReadonlyMap<string, number>): Block {
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
  const words = blockOf(space, terms.words);
  const characters = blockOf(space, terms.characters);
  const concepts = blockOf(space, terms.concepts);
  return {
    indices: Uint32Array.from([...words.indices, ...characters.indices, ...concepts.indices]),
    values: Float32Array.from([...words.values, ...characters.values, ...concepts.values]),
  };
}
