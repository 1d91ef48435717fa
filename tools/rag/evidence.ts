/** Decides whether what was found can answer the question at all. A wrong citation is worse than none. */

/** How much a question's words tell, by their stems. */
export type Weights = ReadonlyMap<string, number>;

/**
 * The least evidence that is answered. Chosen on the sample questions, where the area under the ROC curve is 0.96: it
 * refuses 10 of the 12 that no document answers and 6 of the other 91. quality.test.ts holds these rates, and those of
 * 48 further questions (16 of 24 refused, 1 of 24 refused wrongly).
 */
export const LEAST_EVIDENCE = 0.45;

/** So much of what evidence lacks a surely known topic makes up for. */
const TOPIC_EVIDENCE = 0.8;

/** The evidence of a passage in a document that is about the question's topic with this likelihood. */
export function onTopic(evidence: number, likelihood: number): number {
  return evidence + (1 - evidence) * TOPIC_EVIDENCE * likelihood;
}

/** A name that no document knows ("the Savings Bank of Munich") is what such a question is about. */
const UNKNOWN_NAME_FACTOR = 2;

/**
 * Inverse document frequency of each stem over `chunks` chunks. `names` are the stems of names in the question.
 */
export function weighTerms(
  stems: readonly string[],
  corpus: { readonly chunks: number; readonly chunksWith: (stem: string) => number },
  names: ReadonlySet<string>,
): Weights {
  return new Map(
    [...new Set(stems)].map((stem) => {
      const count = corpus.chunksWith(stem);
      const weight = Math.log(1 + (corpus.chunks - count + 0.5) / (count + 0.5));
      return [stem, count === 0 && names.has(stem) ? weight * UNKNOWN_NAME_FACTOR : weight];
    }),
  );
}

/** The weight of all words of a question. */
export function totalWeight(weights: Weights): number {
  return [...weights.values()].reduce((sum, weight) => sum + weight, 0);
}

/** Sum of the weights of those stems that stand in a text; each counts once. */
export function overlap(weights: Weights, stems: ReadonlySet<string>): number {
  let sum = 0;
  for (const [stem, weight] of weights) if (stems.has(stem)) sum += weight;
  return sum;
}

/**
 * How well a passage answers, 0..1: the mean of the weighted share of the question's words that it holds and of its
 * BM25 score in proportion to the weight of the question.
 */
export function evidenceOf(weights: Weights, stems: ReadonlySet<string>, score: number): number {
  const total = totalWeight(weights);
  if (total === 0) return 0;
  const covered = overlap(weights, stems) / total;
  return (covered + Math.min(1, Math.max(0, score / total))) / 2;
}
