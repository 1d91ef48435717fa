/** Where the held-out items of a user stand among all that could have been recommended. */
import { RecommenderError } from "../errors.ts";

/** Scores below this are no candidates: items that the user had in training. */
const MASKED = -Infinity;

/**
 * The ranks of the held-out items, from 0, rising; −Infinity marks items that are no candidates. As LightFM has it: an
 * item's rank is the number of other candidates whose score is not lower, so that equal scores (and NaN) speak against a
 * model. One pass over the scores with a binary search among the few held-out ones, where the rank of each by itself
 * would take as many passes as there are held-out items.
 */
export function ranksOf(scores: Float32Array, heldOut: Int32Array): Int32Array {
  const thresholds = Float32Array.from(heldOut, (item) => scores[item] ?? Number.NaN).toSorted();
  const count = thresholds.length;
  // reached[n]: candidates that are at least as good as exactly n of the held-out items.
  const reached = new Int32Array(count + 1);
  const lowest = thresholds[0] ?? Number.NaN;
  for (let item = 0; item < scores.length; item++) {
    const score = scores[item] ?? Number.NaN;
    if (score < lowest) continue;
    const place = notAbove(thresholds, score);
    reached[place] = (reached[place] ?? 0) + 1;
  }
  const ranks = new Int32Array(count);
  let better = 0;
  for (let place = count; place > 0; place--) {
    better += reached[place] ?? 0;
    ranks[count - place] = better - 1;
  }
  return ranks;
}

/** How many thresholds a score is not lower than. NaN sorts last and is reached by everything, as it must. */
function notAbove(thresholds: Float32Array, score: number): number {
  let low = 0;
  let high = thresholds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (score < (thresholds[middle] ?? Number.NaN)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Takes the items of training out of the candidates, in place.
 * @throws RecommenderError `recommender/invalid-data` when an item is in both
 */
export function maskTrained(
  scores: Float32Array,
  { user, trained, heldOut }: { readonly user: number; readonly trained: Int32Array; readonly heldOut: Int32Array },
): void {
  for (const item of trained) scores[item] = MASKED;
  for (const item of heldOut) {
    if (scores[item] !== MASKED) continue;
    throw new RecommenderError(
      "recommender/invalid-data",
      `Item ${item} is in the training and in the test data of user ${user} (or has no score); a model would be asked for ` +
        "what it was told. Take repeated pairs out of the test data.",
    );
  }
}
