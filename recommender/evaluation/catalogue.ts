/** What lists do to the catalogue: how much of it they show, how new and how popular it is. */

/** Of the lists of all users together. */
export interface CatalogueUse {
  /** Share of the catalogue that is in any list. */
  readonly coverage: number;
  /** How unequally items are shown: 0 all the same, towards 1 always the same few. */
  readonly gini: number;
  /** Mean surprise of a shown item, −log₂ of the share of users who had it in training, in bits. */
  readonly novelty: number;
  /**
   * Popularity bias: mean number of training users of a shown item, over the mean of the items that these users had
   * themselves. 1 is faithful to what people take; above 1 the lists are more mainstream than the people.
   */
  readonly popularityLift: number;
}

/** Counts that lists leave behind. */
export interface ListCounts {
  /** How often each item was in a list. */
  readonly shown: Float64Array;
  /** How often each item is in the training data of the users who got lists. */
  readonly taken: Float64Array;
  /** Training users of each item. */
  readonly popularity: Float64Array;
  readonly userCount: number;
}

/** Pure; counts in, figures out. NaN where there is nothing to count. */
export function catalogueUse({ shown, taken, popularity, userCount }: ListCounts): CatalogueUse {
  let bits = 0;
  let total = 0;
  for (let item = 0; item < shown.length; item++) {
    const count = shown[item] ?? 0;
    // An item that nobody had counts as one that one user had: its surprise stays finite.
    bits += count * -Math.log2(Math.max(1, popularity[item] ?? 0) / Math.max(1, userCount));
    total += count;
  }
  return {
    coverage: shown.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0) / shown.length,
    gini: giniOf(shown),
    novelty: bits / total,
    popularityLift: weightedMean(popularity, shown) / weightedMean(popularity, taken),
  };
}

function weightedMean(values: Float64Array, weights: Float64Array): number {
  let sum = 0;
  let total = 0;
  for (let index = 0; index < values.length; index++) {
    sum += (values[index] ?? 0) * (weights[index] ?? 0);
    total += weights[index] ?? 0;
  }
  return sum / total;
}

/** Gini coefficient of counts. */
export function giniOf(counts: Float64Array): number {
  const sorted = counts.toSorted();
  let sum = 0;
  let weighted = 0;
  for (let place = 0; place < sorted.length; place++) {
    sum += sorted[place] ?? 0;
    weighted += (place + 1) * (sorted[place] ?? 0);
  }
  return (2 * weighted) / (sorted.length * sum) - (sorted.length + 1) / sorted.length;
}
