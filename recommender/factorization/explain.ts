/**
 * What a score is made of. A score is the product of a sum and a sum: the user's embeddings (own, features, history) and
 * the item's (own, features). Products with an item's feature are that feature's; products of a user's feature with the
 * item itself are the user feature's; the rest comes from what the user did, and is told by the items of the history.
 */
import type { Subject, Term } from "../model.ts";
import { rowOf, type SparseRow } from "../sparse.ts";
import { factorize, solve } from "./fold-in.ts";
import type { Learned } from "./learned.ts";
import { sourcesOf, vectorOf, type Vectors } from "./vectors.ts";

/** So many items of a long history are told; the weightiest. */
const MOST_HISTORY = 64;
/** Ridge of the attribution, against the mean squared length of the items. */
const RIDGE = 0.1;

const NOTHING: SparseRow = { columns: new Int32Array(), values: new Float32Array() };

/** The terms of a score, largest first; they add up to it but for what is the same for all items. */
export function explainScore(learned: Learned, vectors: Vectors, subject: Subject, item: number): readonly Term[] {
  const { components, scorer } = vectors;
  const row = scorer.row(item);
  const { trained, trainedShare } = sourcesOf(learned, vectors, subject);
  const vector = vectorOf(learned, vectors, subject);
  const itemFeatures = featuresOf(learned, learned.itemFeatures, item);
  const itemParts = embeddingsOf(itemFeatures, vectors.itemRows, components, 1 - learned.settings.identityShare);
  const own = Float64Array.from(row.subarray(0, components));
  for (const { part } of itemParts) subtract(own, part);
  const userParts = userFeatureParts(learned, vectors, subject);
  const identity = Float64Array.from(trained.subarray(0, components));
  for (const { part } of userParts) subtract(identity, part);
  const terms: Term[] = [
    { source: "popularity", index: item, contribution: row[components] ?? 0 },
    ...itemParts.map(({ index, part }): Term => ({
      source: "item-feature",
      index,
      contribution: product(vector, part),
    })),
    ...userParts.map(({ index, part }): Term => ({
      source: "user-feature",
      index,
      contribution: trainedShare * product(part, own),
    })),
    ...historyTerms(learned, vectors, subject, { own, identity, trainedShare }),
  ];
  return mergeTerms(terms);
}

/** Same source and index become one; nothing that says nothing. */
function mergeTerms(terms: readonly Term[]): readonly Term[] {
  const merged = new Map<string, Term>();
  for (const term of terms) {
    const key = `${term.source} ${term.index}`;
    merged.set(key, { ...term, contribution: term.contribution + (merged.get(key)?.contribution ?? 0) });
  }
  return [...merged.values()]
    .filter(({ contribution }) => contribution !== 0)
    .toSorted((left, right) => Math.abs(right.contribution) - Math.abs(left.contribution));
}

interface Part {
  readonly index: number;
  readonly part: Float64Array;
}

function featuresOf({ settings }: Learned, features: Learned["userFeatures"], row: number): SparseRow {
  if (features === undefined || settings.identityShare === 1) return NOTHING;
  return rowOf(features, row);
}

function embeddingsOf(
  { columns, values }: SparseRow,
  { table, rowLength }: Vectors["userRows"],
  components: number,
  share: number,
): readonly Part[] {
  return Array.from(columns, (column, index) => ({
    index: column,
    part: Float64Array.from(
      table.subarray(column * rowLength, column * rowLength + components),
      (weight) => weight * (values[index] ?? 0) * share,
    ),
  }));
}

function userFeatureParts(
  learned: Learned,
  { userRows, components }: Vectors,
  { user, features }: Subject,
): readonly Part[] {
  if (user === undefined) {
    const known = learned.userFeatures === undefined || learned.settings.identityShare === 1 ? NOTHING : features;
    return embeddingsOf(known ?? NOTHING, userRows, components, 1);
  }
  const row = featuresOf(learned, learned.userFeatures, user);
  return embeddingsOf(row, userRows, components, 1 - learned.settings.identityShare);
}

interface Rest {
  /** The item without its features. */
  readonly own: Float64Array;
  /** The user without features. */
  readonly identity: Float64Array;
  readonly trainedShare: number;
}

function historyTerms(
  learned: Learned,
  vectors: Vectors,
  subject: Subject,
  { own, identity, trainedShare }: Rest,
): readonly Term[] {
  const { history: recent } = sourcesOf(learned, vectors, subject);
  const folded =
    trainedShare === 1
      ? []
      : vectors
          .foldIn()
          .parts(recent)
          .map((part) => (1 - trainedShare) * product(part, own));
  const terms = folded.map((contribution, index): Term => ({
    source: "history",
    index: recent.columns[index] ?? 0,
    contribution,
  }));
  if (subject.user === undefined) return terms;
  const past = weightiest(rowOf(learned.history, subject.user));
  const shares = attribute(vectors, past, identity, own);
  return [
    ...terms,
    ...shares.map((contribution, index): Term => ({
      source: "history",
      index: past.columns[index] ?? 0,
      contribution: trainedShare * contribution,
    })),
  ];
}

function weightiest({ columns, values }: SparseRow): SparseRow {
  if (columns.length <= MOST_HISTORY) return { columns, values };
  const places = [...values.keys()]
    .toSorted((left, right) => (values[right] ?? 0) - (values[left] ?? 0))
    .slice(0, MOST_HISTORY)
    .toSorted((left, right) => left - right);
  return {
    columns: Int32Array.from(places, (place) => columns[place] ?? 0),
    values: Float32Array.from(places, (place) => values[place] ?? 0),
  };
}

/**
 * A trained embedding as a mixture of the history's items (ridge regression), each with its product; what no mixture
 * reaches is everyone's, in equal shares.
 */
function attribute(vectors: Vectors, { columns }: SparseRow, identity: Float64Array, own: Float64Array): number[] {
  const size = columns.length;
  if (size === 0) return [];
  const rows = Array.from(columns, (item) => vectors.scorer.row(item).subarray(0, vectors.components));
  const gram = new Float64Array(size * size);
  let squares = 0;
  for (const [index, row] of rows.entries()) {
    for (const [other, otherRow] of rows.entries()) gram[index * size + other] = product(row, otherRow);
    squares += gram[index * size + index] ?? 0;
  }
  for (let index = 0; index < size; index++) {
    gram[index * size + index] = (gram[index * size + index] ?? 0) + (RIDGE * squares) / size + 1e-9;
  }
  factorize(gram, size);
  const weights = solve(
    gram,
    rows.map((row) => product(row, identity)),
  );
  const told = rows.map((row, index) => (weights[index] ?? 0) * product(row, own));
  const rest = product(identity, own) - told.reduce((sum, share) => sum + share, 0);
  return told.map((share) => share + rest / size);
}

function product(left: ArrayLike<number>, right: ArrayLike<number>): number {
  let sum = 0;
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at++) sum += (left[at] ?? 0) * (right[at] ?? 0);
  return sum;
}

function subtract(from: Float64Array, part: ArrayLike<number>): void {
  for (let at = 0; at < from.length; at++) from[at] = (from[at] ?? 0) - (part[at] ?? 0);
}
