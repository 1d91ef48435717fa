/** New items by content: an item that nobody had yet is worth what the items are worth that share its features. */
import { rowOf, type SparseMatrix, type SparseRow } from "../sparse.ts";

/**
 * The mean score of the known items, each weighted by the square of the cosine between its features and the new item's;
 * undefined when no known item shares a feature.
 */
export function scoreByContent(
  scores: Float32Array,
  itemFeatures: SparseMatrix | undefined,
  features: SparseRow,
): number | undefined {
  if (itemFeatures === undefined) return undefined;
  let sum = 0;
  let total = 0;
  for (const [item, weight] of contentWeights(itemFeatures, features)) {
    sum += weight * (scores[item] ?? 0);
    total += weight;
  }
  return total > 0 ? sum / total : undefined;
}

/** @yields each item that shares a feature with these, and the square of their cosine */
function* contentWeights(
  itemFeatures: SparseMatrix,
  features: SparseRow,
): Generator<readonly [item: number, weight: number]> {
  const dense = new Float64Array(itemFeatures.columnCount);
  for (const [index, column] of features.columns.entries()) dense[column] = features.values[index] ?? 0;
  const length = squares(features.values);
  for (let item = 0; item < itemFeatures.rowCount; item++) {
    const { columns, values } = rowOf(itemFeatures, item);
    let product = 0;
    for (let index = 0; index < columns.length; index++)
      product += (values[index] ?? 0) * (dense[columns[index] ?? 0] ?? 0);
    if (product > 0) yield [item, (product * product) / (length * squares(values))];
  }
}

function squares(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}

/** How near each item is by its features; undefined when there are none. */
export function contentSimilarities(itemFeatures: SparseMatrix | undefined, item: number): Float32Array | undefined {
  if (itemFeatures === undefined || item >= itemFeatures.rowCount) return undefined;
  const similarities = new Float32Array(itemFeatures.rowCount);
  for (const [other, weight] of contentWeights(itemFeatures, rowOf(itemFeatures, item))) similarities[other] = weight;
  return similarities;
}
