/** How likely a part of a passage answers, by what speaks for it. */

/**
 * Fitted by `npm run eval -- answers --fit` on the open half of the blind questions to the sample bank's documents: the
 * logarithm of the odds that a part of the eight best passages holds a fact that was asked for.
 */
const WEIGHTS = {
  /** Shares of the question's words: in its own words, in those just before it (of a row, the titles), in its headings. */
  own: 2.302,
  before: 2.053,
  section: 2.865,
  title: 2.635,
  /** Both at once tell more than their sum. */
  ownInSection: 4.027,
  /** Of the passage: its evidence, and 1/(1 + the number of better ones). */
  evidence: 1.041,
  rank: 0.516,
  /** The share of the facts asked for of which it has the kind; whether such a fact is a figure. */
  facts: 0.433,
  figures: 0.248,
  item: 0.151,
  asks: -1.319,
  /** Natural logarithm of its number of words; words of the question by its own. */
  length: 0.309,
  density: 1.015,
  /** The share of a row's name that the question says. */
  named: 0.829,
  /** 1/(1 + the number of parts before it). */
  place: 0.354,
};
const BIAS = -5.695;

export type Features = Readonly<Record<keyof typeof WEIGHTS, number>>;

/** Of the features, in the order in which they are fitted. */
export const FEATURES = [
  "own",
  "before",
  "section",
  "title",
  "ownInSection",
  "evidence",
  "rank",
  "facts",
  "figures",
  "item",
  "asks",
  "length",
  "density",
  "named",
  "place",
] as const satisfies readonly (keyof Features)[];

/** 0..1. */
export function likelihoodOf(features: Features): number {
  const odds = FEATURES.reduce((sum, name) => sum + WEIGHTS[name] * features[name], BIAS);
  return 1 / (1 + Math.exp(-odds));
}
