import type { Synonyms } from "./synonyms.ts";

/** Decides whether what was found can answer the question at all. A wrong citation is worse than none. */

/** How much a question's words tell, by their stems. */
export type Weights = ReadonlyMap<string, number>;

/** The words of a question, and what else they may be called. */
export interface Weighed {
  readonly weights: Weights;
  readonly synonyms: Synonyms;
}

/**
 * The least evidence that is answered; search itself returns what is weaker too. On the open half of the blind questions to
 * the sample's documents (`npm run eval -- answers`) it is a compromise: docs/benchmarks.md has the curve.
 * quality.test.ts holds what it refuses of the authors' own questions.
 */
export const LEAST_EVIDENCE = 0.45;

/** So much of what evidence lacks a surely known topic makes up for. */
const TOPIC_EVIDENCE = 0.3;
/** A topic that is no likelier says nothing: anything resembles something a little. */
const LEAST_LIKELY = 0.3;

/** The evidence of a passage in a document that is about the question's topic with this likelihood. */
export function onTopic(evidence: number, likelihood: number): number {
  const surely = Math.max(0, likelihood - LEAST_LIKELY) / (1 - LEAST_LIKELY);
  return evidence + (1 - evidence) * TOPIC_EVIDENCE * surely;
}

/** A name that no document knows ("the Savings Bank of Munich") is what such a question is about. */
const UNKNOWN_NAME_FACTOR = 3;
/** So is a word that no document has, in whatever form. */
const UNKNOWN_WORD_FACTOR = 1.5;

/**
 * Inverse document frequency of each stem over `chunks` chunks. `names` are the stems of names in the question.
 */
export function weighTerms(
  stems: readonly string[],
  corpus: { readonly chunks: number; readonly chunksWith: (stem: string) => number; readonly synonyms: Synonyms },
  names: ReadonlySet<string>,
): Weights {
  return new Map(
    [...new Set(stems)].map((stem) => {
      const others = corpus.synonyms(stem).flatMap(({ stems: [one = "", ...more] }) => (more.length > 0 ? [] : [one]));
      const count = corpus.chunksWith(stem) || Math.max(0, ...others.map(corpus.chunksWith));
      const weight = Math.log(1 + (corpus.chunks - count + 0.5) / (count + 0.5));
      return [stem, count === 0 ? weight * (names.has(stem) ? UNKNOWN_NAME_FACTOR : UNKNOWN_WORD_FACTOR) : weight];
    }),
  );
}

/** The weight of all words of a question. */
export function totalWeight(weights: Weights): number {
  return [...weights.values()].reduce((sum, weight) => sum + weight, 0);
}

/** A word in other words counts a little less. */
const SYNONYM_SHARE = 0.8;

/** Sum of the weights of those words that a text holds, in these or in other words; each counts once. */
export function overlap({ weights, synonyms }: Weighed, stems: ReadonlySet<string>): number {
  let sum = 0;
  for (const [stem, weight] of weights) {
    if (stems.has(stem)) sum += weight;
    else if (isOtherwiseHeld(stem, synonyms, stems)) sum += weight * SYNONYM_SHARE;
  }
  return sum;
}

/** Whether a text holds a word of a question, in this or in other words. */
export function isHeld(stem: string, { synonyms }: Pick<Weighed, "synonyms">, stems: ReadonlySet<string>): boolean {
  return stems.has(stem) || isOtherwiseHeld(stem, synonyms, stems);
}

const isOtherwiseHeld = (stem: string, synonyms: Synonyms, stems: ReadonlySet<string>): boolean =>
  synonyms(stem).some((other) => other.stems.every((one) => stems.has(one)));

/** Of a message of several sentences a passage holds no more than a few words: the others tell what happened. */
const WORDS_TO_HOLD = 6;

/**
 * How well a passage answers, 0..1: the mean of the weighted share of the question's words that it holds and of its
 * BM25 score in proportion to the weight of the question.
 */
export function evidenceOf(weighed: Weighed, held: number, score: number): number {
  const all = totalWeight(weighed.weights);
  const total = Math.min(all, (all / weighed.weights.size) * WORDS_TO_HOLD);
  if (total === 0) return 0;
  return (Math.min(1, held / total) + Math.min(1, Math.max(0, score / total))) / 2;
}
