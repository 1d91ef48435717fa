/**
 * The network of the softmax model: scores = history · H + features · F + rectified(features · A) · B. The history enters
 * in a straight line and never through the hidden layer: who had one product when trained on has often two when asked for,
 * and a layer that bends would take that as something it has seen.
 */
import type { Random } from "../../random.ts";
import { type Knowledge, pairsOf } from "../memory.ts";
import type { SparseRow } from "../../sparse.ts";

/** Row-major; the last feature row is of everyone. */
export interface Network {
  readonly itemCount: number;
  /** Without the feature of everyone. */
  readonly featureCount: number;
  readonly hiddenCount: number;
  /** Items by items. */
  readonly history: Float32Array;
  /** Features by items. */
  readonly features: Float32Array;
  /** Features by hidden units. */
  readonly input: Float32Array;
  /** Hidden units by items. */
  readonly output: Float32Array;
}

export interface NetworkSize {
  readonly itemCount: number;
  readonly featureCount: number;
  readonly hiddenCount: number;
}

/** Zeros, but for a hidden layer of small random weights. */
export function createNetwork({ itemCount, featureCount, hiddenCount }: NetworkSize, random: Random): Network {
  const around = (length: number, scale: number): Float32Array =>
    new Float32Array(length).map(() => (2 * random.uniform() - 1) * scale);
  return {
    itemCount,
    featureCount,
    hiddenCount,
    history: new Float32Array(itemCount * itemCount),
    features: new Float32Array((featureCount + 1) * itemCount),
    input: around((featureCount + 1) * hiddenCount, 0.3),
    output: around(hiddenCount * itemCount, 1 / Math.sqrt(Math.max(1, hiddenCount))),
  };
}

/** The network as it is now, whatever becomes of it. */
export const copyNetwork = (network: Network): Network => ({
  ...network,
  history: network.history.slice(),
  features: network.features.slice(),
  input: network.input.slice(),
  output: network.output.slice(),
});

/** The same network with room for more items and features, which start at nothing. */
export function growNetwork(network: Network, size: Omit<NetworkSize, "hiddenCount">, random: Random): Network {
  const grown = createNetwork({ ...size, hiddenCount: network.hiddenCount }, random);
  const { itemCount, featureCount, hiddenCount } = network;
  copyRows(network.history, grown.history, itemCount, grown.itemCount);
  grown.output.fill(0);
  grown.input.fill(0);
  copyRows(network.output, grown.output, itemCount, grown.itemCount);
  const everyone = (table: Float32Array, width: number): Float32Array => table.subarray(featureCount * width);
  copyRows(network.features.subarray(0, featureCount * itemCount), grown.features, itemCount, grown.itemCount);
  grown.features.set(everyone(network.features, itemCount), size.featureCount * grown.itemCount);
  grown.input.set(network.input.subarray(0, featureCount * hiddenCount));
  grown.input.set(everyone(network.input, hiddenCount), size.featureCount * hiddenCount);
  return grown;
}

function copyRows(from: Float32Array, into: Float32Array, width: number, newWidth: number): void {
  for (let row = 0; row * width < from.length; row++) {
    into.set(from.subarray(row * width, (row + 1) * width), row * newWidth);
  }
}

/**
 * What goes into the network. The history has length 1, so that a long one is no louder than a short one; of the features
 * the strongest counts 1, however many there are; the last one is of everyone.
 */
export function inputOf({ history, features }: Knowledge, { featureCount }: NetworkSize): Knowledge {
  const strongest = features.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const known = [...pairsOf(features)].filter(([feature]) => feature < featureCount);
  const length = Math.sqrt(history.values.reduce((sum, value) => sum + value * value, 0));
  return {
    history: length > 0 ? { ...history, values: history.values.map((value) => value / length) } : history,
    features: {
      columns: Int32Array.of(...known.map(([feature]) => feature), featureCount),
      values: Float32Array.of(...known.map(([, value]) => value / strongest), 1),
    },
  };
}

/** Scores of all items into `scores`; the hidden layer's values, before they are rectified, into `hidden`. */
export function forward(network: Network, input: Knowledge, scores: Float32Array, hidden: Float32Array): void {
  scores.fill(0);
  addRows(network.history, input.history, scores);
  addRows(network.features, input.features, scores);
  hidden.fill(0);
  addRows(network.input, input.features, hidden);
  for (let unit = 0; unit < network.hiddenCount; unit++) {
    const value = hidden[unit] ?? 0;
    if (value > 0) addScaled(network.output, unit, value, scores);
  }
}

/** into += row · table */
function addRows(table: Float32Array, row: SparseRow, into: Float32Array): void {
  for (let index = 0; index < row.columns.length; index++) {
    addScaled(table, row.columns[index] ?? 0, row.values[index] ?? 0, into);
  }
}

function addScaled(table: Float32Array, row: number, factor: number, into: Float32Array): void {
  const start = row * into.length;
  for (let column = 0; column < into.length; column++) {
    into[column] = (into[column] ?? 0) + factor * (table[start + column] ?? 0);
  }
}
