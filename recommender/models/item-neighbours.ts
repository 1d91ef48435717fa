/** Item-kNN: people who took this took that. Cosine of the items' columns, raw or weighted by BM25. */
import { z } from "zod";
import { parseOptions } from "../checks.ts";
import { matrixSections, readMatrix } from "../matrix-sections.ts";
import type { Model, ModelFamily, Term, Training } from "../model.ts";
import { damaged, parametersOf } from "../serialize.ts";
import { rowOf, type SparseMatrix, transpose } from "../sparse.ts";
import { topItems } from "../top-k.ts";
import { breathe, checkCancelled, checkVersion, createModel } from "./create-model.ts";
import { favourites, type Memory, pairsOf, readMemory, remember } from "./memory.ts";

export interface ItemNeighboursOptions {
  /** How many neighbours an item keeps. @default 300 */
  readonly neighbours?: number | undefined;
  /** `cosine` hears heavy users less, each in proportion to 1 over their interactions; `bm25` rare items more. @default "cosine" */
  readonly similarity?: "cosine" | "bm25" | undefined;
  /** Taken from the trust in similarities that few people support: n / (n + shrinkage). @default 0 */
  readonly shrinkage?: number | undefined;
}

const KIND = "item-neighbours";
const VERSION = 1;

const Parameters = z.strictObject({
  neighbours: z.int().positive().max(1e6).default(300),
  similarity: z.enum(["cosine", "bm25"]).default("cosine"),
  shrinkage: z.number().nonnegative().max(1e12).default(0),
});
type Parameters = z.infer<typeof Parameters>;

export const itemNeighbours: ModelFamily<ItemNeighboursOptions> = {
  kind: KIND,
  fit: async (dataset, options = {}, training = {}) =>
    await train(remember(dataset), parseOptions(Parameters, options, KIND), training),
  read: (container) => {
    checkVersion(container, VERSION);
    const memory = readMemory(container);
    const { columnCount } = memory.history;
    const neighbours = readMatrix(container, "neighbours");
    if (neighbours.rowCount !== columnCount || neighbours.columnCount !== columnCount) {
      throw damaged(`its neighbours are of ${neighbours.rowCount} items, its history of ${columnCount}`);
    }
    return create(memory, neighbours, parametersOf(container, Parameters));
  },
};

async function train(memory: Memory, parameters: Parameters, training: Training): Promise<Model> {
  checkCancelled(training);
  const weighted = parameters.similarity === "bm25" ? bm25(memory.history) : dampen(memory.history);
  return create(memory, await neighboursOf(weighted, parameters, training), parameters);
}

/** Each user's row divided by the root of its sum, so that products of two are divided by the sum. */
function dampen(history: SparseMatrix): SparseMatrix {
  const values = history.values.slice();
  for (let user = 0; user < history.rowCount; user++) {
    const own = values.subarray(history.offsets[user], history.offsets[user + 1]);
    const sum = own.reduce((total, value) => total + value, 0);
    for (let index = 0; index < own.length; index++) own[index] = (own[index] ?? 0) / Math.sqrt(Math.max(sum, 1e-12));
  }
  return { ...history, values };
}

/** BM25 with a user as the document and items as its words: k₁ = 100, b = .5, as for implicit feedback. */
function bm25(history: SparseMatrix): SparseMatrix {
  const [saturation, lengthShare] = [100, 0.5];
  const { rowCount, columns, offsets } = history;
  const values = history.values.slice();
  const users = new Float64Array(history.columnCount);
  for (const item of columns) users[item] = (users[item] ?? 0) + 1;
  const meanLength = columns.length / Math.max(1, rowCount);
  for (let user = 0; user < rowCount; user++) {
    const start = offsets[user] ?? 0;
    const end = offsets[user + 1] ?? 0;
    const norm = saturation * (1 - lengthShare + (lengthShare * (end - start)) / meanLength);
    for (let place = start; place < end; place++) {
      const value = values[place] ?? 0;
      const rarity = Math.log(rowCount / (1 + (users[columns[place] ?? 0] ?? 0))) + 1;
      values[place] = (value * (saturation + 1) * Math.max(0, rarity)) / (norm + value);
    }
  }
  return { ...history, values };
}

/** Row `i` has the nearest items of `i` with their similarity. */
async function neighboursOf(
  history: SparseMatrix,
  { neighbours, shrinkage }: Parameters,
  training: Training,
): Promise<SparseMatrix> {
  const items = transpose(history);
  const itemCount = items.rowCount;
  const norms = Float64Array.from({ length: itemCount }, (_, item) => lengthOf(rowOf(items, item).values));
  const products = new Float32Array(itemCount);
  const support = new Float32Array(itemCount);
  const rows: (readonly [columns: Int32Array, values: Float32Array])[] = [];
  for (let item = 0; item < itemCount; item++) {
    products.fill(0);
    support.fill(0);
    for (const [user, weight] of pairsOf(rowOf(items, item))) addUser(history, user, weight, { products, support });
    for (let other = 0; other < itemCount; other++) {
      const shared = support[other] ?? 0;
      if (shared === 0) continue;
      const cosine = (products[other] ?? 0) / ((norms[item] ?? 1) * (norms[other] ?? 1) || 1);
      products[other] = (cosine * shared) / (shared + shrinkage);
    }
    rows.push(inOrder(topItems(products, neighbours, [item])));
    if (item % 256 === 255) {
      training.onProgress?.({ done: item + 1, total: itemCount });
      await breathe(training);
    }
  }
  return stack(rows, itemCount);
}

function lengthOf(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}

interface Sums {
  readonly products: Float32Array;
  readonly support: Float32Array;
}

function addUser({ offsets, columns, values }: SparseMatrix, user: number, weight: number, sums: Sums): void {
  const end = offsets[user + 1] ?? 0;
  for (let place = offsets[user] ?? 0; place < end; place++) {
    const other = columns[place] ?? 0;
    sums.products[other] = (sums.products[other] ?? 0) + weight * (values[place] ?? 0);
    sums.support[other] = (sums.support[other] ?? 0) + 1;
  }
}

/** A ranking as a sparse row: items rise, and those without similarity are left out. */
function inOrder({ items, scores }: { readonly items: Int32Array; readonly scores: Float32Array }) {
  const places = [...items.keys()]
    .filter((place) => (scores[place] ?? 0) > 0)
    .toSorted((left, right) => (items[left] ?? 0) - (items[right] ?? 0));
  return [
    Int32Array.from(places, (place) => items[place] ?? 0),
    Float32Array.from(places, (place) => scores[place] ?? 0),
  ] as const;
}

function stack(
  rows: readonly (readonly [columns: Int32Array, values: Float32Array])[],
  columnCount: number,
): SparseMatrix {
  const offsets = new Int32Array(rows.length + 1);
  for (const [row, [columns]] of rows.entries()) offsets[row + 1] = (offsets[row] ?? 0) + columns.length;
  const all = new Int32Array(offsets[rows.length] ?? 0);
  const values = new Float32Array(all.length);
  for (const [row, [columns, similarities]] of rows.entries()) {
    all.set(columns, offsets[row]);
    values.set(similarities, offsets[row]);
  }
  return { rowCount: rows.length, columnCount, offsets, columns: all, values };
}

function create(memory: Memory, neighbours: SparseMatrix, parameters: Parameters): Model {
  const popular = favourites(memory);
  return createModel({
    kind: KIND,
    version: VERSION,
    memory,
    parameters,
    addScores: ({ history }, into) => {
      into.set(popular);
      for (const [item, weight] of pairsOf(history)) {
        const end = neighbours.offsets[item + 1] ?? 0;
        for (let place = neighbours.offsets[item] ?? 0; place < end; place++) {
          const other = neighbours.columns[place] ?? 0;
          into[other] = (into[other] ?? 0) + weight * (neighbours.values[place] ?? 0);
        }
      }
    },
    terms: ({ history }, item) => [
      { source: "popularity", index: item, contribution: popular[item] ?? 0 },
      ...[...pairsOf(history)].map(([owned, weight]): Term => {
        const { columns, values } = rowOf(neighbours, owned);
        return { source: "history", index: owned, contribution: weight * (values[columns.indexOf(item)] ?? 0) };
      }),
    ],
    similarities: (item) => {
      const similarities = new Float32Array(memory.history.columnCount);
      for (const [other, similarity] of pairsOf(rowOf(neighbours, item))) similarities[other] = similarity;
      return similarities;
    },
    // Similarities of all items change with every new interaction; they are cheap enough to be computed anew.
    learn: async (extended, _added, training) => await train(extended, parameters, training),
    sections: () => matrixSections("neighbours", neighbours),
  });
}
