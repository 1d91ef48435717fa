/** From interactions as they are kept to what a model learns from: cleaned, weighted, with features, as sparse rows. */
import type { Interaction } from "../../../core/store/interactions/index.ts";
import {
  compressRows,
  createInteractions,
  createVocabulary,
  type Dataset,
  limitInfluence,
  normalizeRows,
  type SparseMatrix,
  type Vocabulary,
} from "../../../recommender/index.ts";
import type { Product } from "../catalogue/product.ts";
import { type CleaningReport, createBotDetector, createCleaner } from "./clean.ts";
import { addToSketch, emptySketch, type Feature, personFeatures, productFeatures, type Sketch } from "./features.ts";
import { weightOf } from "./weights.ts";

export interface TrainingData {
  readonly dataset: Dataset;
  /** Product ids by item. */
  readonly products: readonly string[];
  readonly userFeatureNames: readonly string[];
  readonly itemFeatureNames: readonly string[];
  /** The segment of each user as a place in `segmentNames`; −1 where none is known. */
  readonly segments: Int32Array;
  readonly segmentNames: readonly string[];
  readonly report: Readonly<CleaningReport>;
}

export interface TrainingSource {
  readonly products: readonly Product[];
  /** All interactions in batches; read twice. */
  readonly read: () => AsyncIterable<readonly Interaction[]>;
  readonly now: number;
}

/** How much one person may count: with one product, and in all. */
const INFLUENCE = { perPair: 10, perUser: 60 };
/** A fact that so few people share says nothing, and might name them. */
const FEWEST_PEOPLE = 3;

/** Reads, cleans and packs. */
export async function readTrainingData({ products, read, now }: TrainingSource): Promise<TrainingData> {
  const bots = createBotDetector();
  for await (const batch of read()) for (const interaction of batch) bots.see(interaction);
  const items = createVocabulary(products.map(({ id }) => id));
  const cleaner = createCleaner({ bots, isKnown: (id) => items.find(id) !== undefined, now });
  const people = createPeople(items, now);
  for await (const batch of read()) {
    for (const interaction of batch) {
      const usable = cleaner.clean(interaction);
      if (usable !== undefined) people.add(usable);
    }
  }
  const { interactions, sketches } = people.take();
  const users = featureMatrix(sketches.map(personFeatures), FEWEST_PEOPLE);
  const catalogue = featureMatrix(products.map(productFeatures), 1);
  return {
    dataset: { interactions, userFeatures: users.matrix, itemFeatures: catalogue.matrix },
    products: items.names(),
    userFeatureNames: users.names,
    itemFeatureNames: catalogue.names,
    ...segmentsOf(sketches),
    report: cleaner.report(),
  };
}

/** Collects what each person did. Memory: 24 bytes an interaction, a sketch a person. */
function createPeople(items: Vocabulary, now: number) {
  const people = createVocabulary();
  const sketches: Sketch[] = [];
  const [users, columns, weights, times]: [number[], number[], number[], number[]] = [[], [], [], []];
  /** What speaks against a product, by person and product: few have any. */
  const against = new Map<number, number>();
  return {
    add: (interaction: Interaction): void => {
      const user = people.add(interaction.userId);
      const sketch = (sketches[user] ??= emptySketch());
      addToSketch(sketch, interaction);
      const weight = weightOf(interaction, now);
      if (weight === 0) return;
      for (const product of interaction.productIds) {
        const item = items.add(product);
        const pair = user * items.size() + item;
        if (weight < 0) against.set(pair, (against.get(pair) ?? 0) - weight);
        else {
          users.push(user);
          columns.push(item);
          weights.push(weight);
          times.push(Date.parse(interaction.timestamp));
        }
      }
    },
    take: () => {
      // What speaks against a product takes from what speaks for it, the earliest first.
      for (const [index, weight] of weights.entries()) {
        const pair = (users[index] ?? 0) * items.size() + (columns[index] ?? 0);
        const left = against.get(pair);
        if (left === undefined) continue;
        weights[index] = Math.max(0, weight - left);
        against.set(pair, Math.max(0, left - weight));
      }
      const kept = weights.flatMap((weight, index) => (weight > 0 ? [index] : []));
      const pick = (values: readonly number[]): readonly number[] => kept.map((index) => values[index] ?? 0);
      const interactions = createInteractions({
        userCount: people.size(),
        itemCount: items.size(),
        users: pick(users),
        items: pick(columns),
        weights: pick(weights),
        times: pick(times),
      });
      return { interactions: limitInfluence(interactions, INFLUENCE), sketches };
    },
  };
}

/** Rows of features that at least `fewest` rows have, normalized. */
function featureMatrix(
  rows: readonly (readonly Feature[])[],
  fewest: number,
): { readonly matrix: SparseMatrix; readonly names: readonly string[] } {
  const counts = new Map<string, number>();
  for (const row of rows) for (const [name] of row) counts.set(name, (counts.get(name) ?? 0) + 1);
  const names = createVocabulary([...counts].filter(([, count]) => count >= fewest).map(([name]) => name));
  const entries = rows.flatMap((row, index) =>
    row.flatMap(([name, value]) => {
      const column = names.find(name);
      return column === undefined ? [] : [{ row: index, column, value }];
    }),
  );
  const matrix = compressRows({
    rowCount: rows.length,
    columnCount: names.size(),
    rows: entries.map(({ row }) => row),
    columns: entries.map(({ column }) => column),
    values: entries.map(({ value }) => value),
  });
  return { matrix: normalizeRows(matrix), names: names.names() };
}

function segmentsOf(sketches: readonly Sketch[]): Pick<TrainingData, "segments" | "segmentNames"> {
  const names = createVocabulary();
  const segments = Int32Array.from(sketches, ({ demographics: { segment } }) =>
    segment === undefined ? -1 : names.add(segment.toLowerCase()),
  );
  return { segments, segmentNames: names.names() };
}
