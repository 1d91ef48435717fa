/** One training: from what was read to a version in bytes. Runs in a thread of its own; pure but for its reader. */
import { performance } from "node:perf_hooks";
import {
  createVocabulary,
  type Dataset,
  type Model,
  popularity,
  RecommenderError,
  type Training,
} from "../../../recommender/index.ts";
import type { TrainingData } from "../data/training-data.ts";
import type { Bundle } from "./bundle.ts";
import { chooseModel, choiceSummary } from "./choose-model.ts";

/** Milliseconds after which somebody's taste counts half for what is popular. */
const POPULAR_HALF_LIFE = 60 * 86_400_000;

export interface TrainOptions extends Training {
  readonly version: string;
  /** ISO 8601. */
  readonly trainedAt: string;
}

/**
 * Chooses a model by what people did last, and trains it on everything. Throws `recommender/invalid-data` when there is
 * nothing to learn from.
 */
export async function trainBundle(data: TrainingData, options: TrainOptions): Promise<Bundle> {
  const startedAt = performance.now();
  const { dataset } = data;
  if (dataset.interactions.users.length === 0) {
    throw new RecommenderError(
      "recommender/invalid-data",
      `There is nothing to learn from: ${data.report.read} interactions were read and none of them could be used.`,
    );
  }
  const choice = await chooseModel(data, options);
  const popular = await fitPopularity(dataset);
  const { report } = data;
  return {
    ...names(data),
    model: choice.model,
    popularity: popular,
    summary: {
      version: options.version,
      trainedAt: options.trainedAt,
      ...choiceSummary(choice.report),
      people: dataset.interactions.userCount,
      products: dataset.interactions.itemCount,
      cleaning: { ...report },
      seconds: (performance.now() - startedAt) / 1000,
    },
  };
}

/** A version from one family alone, without a choice: what a bot begins with. */
export async function trainStarter(
  data: TrainingData,
  { kind, fit }: { readonly kind: string; readonly fit: (dataset: Dataset) => Promise<Model> },
  { version, trainedAt }: TrainOptions,
): Promise<Bundle> {
  const { dataset, report } = data;
  const model = await fit(dataset);
  return {
    ...names(data),
    model,
    popularity: await fitPopularity(dataset),
    summary: {
      version,
      trainedAt,
      model: kind,
      why: "the first version, until a training has chosen one",
      warnings: [],
      people: dataset.interactions.userCount,
      products: dataset.interactions.itemCount,
      cleaning: { ...report },
      candidates: [],
      seconds: 0,
    },
  };
}

async function fitPopularity(dataset: Dataset): Promise<Model> {
  return await popularity.fit(dataset, { bySegment: true, halfLife: POPULAR_HALF_LIFE, prior: 10 });
}

function names({ dataset, products, userFeatureNames, itemFeatureNames }: TrainingData) {
  const { itemFeatures } = dataset;
  if (itemFeatures === undefined)
    throw new RecommenderError("recommender/invalid-data", "The products have no features.");
  return {
    products: createVocabulary(products),
    userFeatures: createVocabulary(userFeatureNames),
    itemFeatures: createVocabulary(itemFeatureNames),
    itemMatrix: itemFeatures,
  };
}
