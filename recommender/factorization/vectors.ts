/** What is learned, made ready for questions: vectors of users and items, and of whoever comes later. */
import type { Scorer } from "../kernel/scorer.ts";
import { webAssemblyScorer } from "../kernel/web-assembly-scorer.ts";
import type { Subject } from "../model.ts";
import { rowOf, type SparseRow } from "../sparse.ts";
import { createFoldIn, type FoldIn } from "./fold-in.ts";
import { withShares } from "./features.ts";
import { rowLengthOf, strideOf } from "./layout.ts";
import type { Learned } from "./learned.ts";
import { addEmbeddings, representationsOf, type WeightRows } from "./representations.ts";

/** A history of so many events counts as much as the features of someone unknown. */
const FEATURES_COUNT_AS = 3;

const NOTHING: SparseRow = { columns: new Int32Array(), values: new Float32Array() };

/** Rows of `stride` numbers that begin every `step` numbers. */
export interface Rows {
  readonly rows: Float32Array;
  readonly step: number;
  readonly stride: number;
}

/** Vectors of users and items. */
export interface Vectors {
  readonly stride: number;
  readonly components: number;
  readonly users: Rows;
  readonly userRows: WeightRows;
  readonly itemRows: WeightRows;
  readonly scorer: Scorer;
  /** Made when it is first asked for. */
  readonly foldIn: () => FoldIn;
  /** The mean weight of what was trained. */
  readonly meanWeight: number;
}

/** Makes them. */
export function createVectors({ settings, history, userFeatures, itemFeatures, tables }: Learned): Vectors {
  const { components, identityShare } = settings;
  const stride = strideOf(components);
  const shape = { rowLength: rowLengthOf(settings), stride };
  const userRows: WeightRows = { table: tables.users, constantAt: components, ...shape };
  const itemRows: WeightRows = { table: tables.items, constantAt: components + 1, ...shape };
  const shares = withShares(userFeatures, identityShare);
  // Without features the rows of the table are the users' vectors: nothing is copied.
  const users: Rows =
    shares === undefined
      ? { rows: tables.users, step: shape.rowLength, stride }
      : { rows: representationsOf(userRows, shares, history.rowCount), step: stride, stride };
  const items = representationsOf(itemRows, withShares(itemFeatures, identityShare), history.columnCount);
  let foldIn: FoldIn | undefined;
  return {
    stride,
    components,
    users,
    userRows,
    itemRows,
    scorer: webAssemblyScorer(items, stride),
    foldIn: () =>
      (foldIn ??= createFoldIn({ rows: items, stride, components, meanLength: meanLength(users, components) })),
    meanWeight: sumOf(history.values) / Math.max(1, history.values.length) || 1,
  };
}

/** A subject's vector by its sources: what was trained or is known by features, and what a history adds. */
export interface Sources {
  readonly trained: Float32Array;
  /** Weight of the trained part; the history's is the rest. */
  readonly trainedShare: number;
  /** Against the mean weight of the training. */
  readonly history: SparseRow;
}

/** Where a subject's vector comes from. */
export function sourcesOf(learned: Learned, vectors: Vectors, subject: Subject): Sources {
  const trained = trainedVector(learned, vectors, subject);
  const { columns, values } = subject.history ?? NOTHING;
  if (columns.length === 0) return { trained, trainedShare: 1, history: NOTHING };
  const history = { columns, values: values.map((value) => value / vectors.meanWeight) };
  const count = sumOf(history.values);
  const evidence = evidenceOf(learned, vectors, subject);
  return { trained, trainedShare: count > 0 ? evidence / (evidence + count) : 1, history };
}

/** The trained row, or what features say. */
function trainedVector(learned: Learned, vectors: Vectors, { user, features }: Subject): Float32Array {
  const { stride, components, users, userRows } = vectors;
  if (user !== undefined) {
    return users.rows.subarray(user * users.step, user * users.step + stride);
  }
  const vector = new Float32Array(stride);
  if (features !== undefined && learned.userFeatures !== undefined && learned.settings.identityShare < 1) {
    addEmbeddings(userRows, features, vector);
  }
  vector[components] = 1;
  return vector;
}

/** How many events of mean weight the trained part is worth. */
function evidenceOf({ history, userFeatures }: Learned, { meanWeight }: Vectors, { user, features }: Subject): number {
  if (user !== undefined) return sumOf(rowOf(history, user).values) / meanWeight;
  return userFeatures !== undefined && features !== undefined && features.columns.length > 0 ? FEATURES_COUNT_AS : 0;
}

/** A subject's vector, for the scorer. */
export function vectorOf(learned: Learned, vectors: Vectors, subject: Subject): Float32Array {
  const { trained, trainedShare, history } = sourcesOf(learned, vectors, subject);
  if (trainedShare === 1) return trained;
  const folded = vectors.foldIn().vector(history);
  const vector = trained.slice();
  for (let at = 0; at < vectors.components; at++) {
    vector[at] = trainedShare * (trained[at] ?? 0) + (1 - trainedShare) * (folded[at] ?? 0);
  }
  return vector;
}

/** The row of an item that is known by its features alone. */
export function newItemVector(
  learned: Learned,
  { stride, components, itemRows }: Vectors,
  features: SparseRow,
): Float32Array {
  const vector = new Float32Array(stride);
  // Its own part is not known yet, and nothing on average.
  const values = features.values.map((value) => value * (1 - learned.settings.identityShare));
  addEmbeddings(itemRows, { columns: features.columns, values }, vector);
  vector[components + 1] = 1;
  return vector;
}

const sumOf = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0);

function meanLength({ rows, step }: Rows, components: number): number {
  let sum = 0;
  for (let start = 0; start < rows.length; start += step) {
    let squares = 0;
    for (let at = 0; at < components; at++) squares += (rows[start + at] ?? 0) ** 2;
    sum += Math.sqrt(squares);
  }
  return rows.length === 0 ? 0 : (sum * step) / rows.length;
}
