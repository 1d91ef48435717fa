/** One training: from what was read to a version in bytes. Runs in a thread of its own; pure but for its reader. */
import { performance } from "node:perf_hooks";
import {
  createVocabulary,
  type Dataset,
  type Model,
  popularity,
  RecommenderError,
  type Training,
} from "parleyjs-recommender";
import type { TrainingData } from "../data/training-data.ts";
import type { Bundle } from "./bundle.ts";
import { chooseModel, choiceSummary } from "./choose-model.ts";
import type { Summary } from "./summary.ts";
import { faultOf, holdBack, judge, judgesFor, type Verdict } from "./verdict.ts";

/** Milliseconds after which somebody's taste counts half for what is popular. */
const POPULAR_HALF_LIFE = 60 * 86_400_000;

export interface TrainOptions extends Training {
  readonly version: string;
  /** ISO 8601. */
  readonly trainedAt: string;
  /** Called when the candidates are done and the version is compared. */
  readonly onJudging?: () => void;
}

/**
 * Chooses a model by what people did last, and trains it on everything. Where there is a version to be better than, the
 * choice and a first training go without what both will be asked for. Throws `recommender/invalid-data` when there is
 * nothing to learn from.
 */
export async function trainBundle(
  data: TrainingData,
  old: Bundle | undefined,
  options: TrainOptions,
): Promise<{ readonly bundle: Bundle; readonly verdict: Verdict }> {
  const startedAt = performance.now();
  const { dataset, report } = data;
  if (dataset.interactions.users.length === 0) {
    throw new RecommenderError(
      "recommender/invalid-data",
      `There is nothing to learn from: ${report.read} interactions were read and none of them could be used.`,
    );
  }
  const judges = judgesFor(data, old);
  const rest = holdBack(data, judges);
  const choice = await chooseModel(rest, options);
  const told = (): Told => ({
    version: options.version,
    trainedAt: options.trainedAt,
    ...choiceSummary(choice.report),
    seconds: (performance.now() - startedAt) / 1000,
  });
  options.onJudging?.();
  const verdict = judge(await bundleOf(data, choice.model, told(), rest), old, data, judges);
  const model = judges.length === 0 ? choice.model : await choice.fit(dataset, options);
  const bundle = await bundleOf(data, model, told());
  const broken = faultOf(bundle);
  return { bundle, verdict: broken === undefined ? verdict : { replace: false, why: broken } };
}

/** A version from one family alone, without a choice: what a bot begins with. */
export async function trainStarter(
  data: TrainingData,
  { kind, fit }: { readonly kind: string; readonly fit: (dataset: Dataset) => Promise<Model> },
  { version, trainedAt }: TrainOptions,
): Promise<Bundle> {
  const why = "the first version, until a training has chosen one";
  const told = { version, trainedAt, model: kind, why, warnings: [], candidates: [], seconds: 0 };
  return await bundleOf(data, await fit(data.dataset), told);
}

type Told = Omit<Summary, "people" | "products" | "cleaning">;

/** A version of these data; what is popular may be counted in fewer of them. */
async function bundleOf(data: TrainingData, model: Model, told: Told, popularIn = data): Promise<Bundle> {
  const { dataset, products, userFeatureNames, itemFeatureNames, evidence, report } = data;
  const { interactions, itemFeatures } = dataset;
  if (itemFeatures === undefined)
    throw new RecommenderError("recommender/invalid-data", "The products have no features.");
  return {
    products: createVocabulary(products),
    userFeatures: createVocabulary(userFeatureNames),
    itemFeatures: createVocabulary(itemFeatureNames),
    itemMatrix: itemFeatures,
    evidence,
    model,
    // By what was chosen; a look counts little.
    popularity: await popularity.fit(
      { ...popularIn.dataset, interactions: popularIn.choices },
      { bySegment: true, halfLife: POPULAR_HALF_LIFE, prior: 10 },
    ),
    summary: {
      ...told,
      people: interactions.userCount,
      products: interactions.itemCount,
      cleaning: { ...report },
    },
  };
}
