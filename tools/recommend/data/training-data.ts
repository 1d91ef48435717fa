/** From interactions as they are kept to what a model learns from: cleaned, weighted, with features, as sparse rows. */
import type { Interaction } from "../../../core/store/interactions/index.ts";
import {
  compressRows,
  createVocabulary,
  type Dataset,
  type Interactions,
  normalizeRows,
  type SparseMatrix,
} from "parleyjs-recommender";
import type { Product } from "../catalogue/product.ts";
import { type CleaningReport, createBotDetector, createCleaner } from "./clean.ts";
import type { Evidence } from "./evidence.ts";
import { type Feature, personFeatures, productFeatures, type Sketch } from "./features.ts";
import { createPeople } from "./people.ts";

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
  /** When each pair of the dataset first happened. */
  readonly firstTimes: Float64Array;
  /** The pairs as what is popular counts them. */
  readonly choices: Interactions;
  readonly evidence: Evidence;
}

export interface TrainingSource {
  readonly products: readonly Product[];
  /** All interactions in batches; read twice. */
  readonly read: () => AsyncIterable<readonly Interaction[]>;
  readonly now: number;
}

/** A fact that so few people share says nothing, and might name them. */
const FEWEST_PEOPLE = 3;

/** Reads, cleans and packs. */
export async function readTrainingData({ products, read, now }: TrainingSource): Promise<TrainingData> {
  const bots = createBotDetector();
  const customers = new Map<string, string>();
  for await (const batch of read()) {
    for (const interaction of batch) {
      bots.see(interaction);
      if (interaction.customerId !== undefined) customers.set(interaction.userId, interaction.customerId);
    }
  }
  const items = createVocabulary(products.map(({ id }) => id));
  const cleaner = createCleaner(bots, (id) => items.find(id) !== undefined, now);
  // Somebody who is a customer counts as one person, in the chat and at the bank.
  const people = createPeople(items, now, (userId) => customers.get(userId) ?? userId);
  for await (const batch of read()) {
    for (const interaction of batch) {
      const usable = cleaner.clean(interaction);
      if (usable !== undefined) people.add(usable);
    }
  }
  const { interactions, firstTimes, choices, sketches } = people.take();
  const users = featureMatrix(sketches.map(personFeatures), FEWEST_PEOPLE);
  const catalogue = featureMatrix(products.map(productFeatures), 1);
  return {
    dataset: { interactions, userFeatures: users.matrix, itemFeatures: catalogue.matrix },
    products: items.names(),
    userFeatureNames: users.names,
    itemFeatureNames: catalogue.names,
    ...segmentsOf(sketches),
    report: cleaner.report(),
    firstTimes,
    choices,
    evidence: people.evidence.take(users.matrix),
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
