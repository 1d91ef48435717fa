/**
 * Softmax on history and features, for small catalogues such as a bank's: the chance of each product to be the next one.
 * The first choice where a user has one product or two; in a large catalogue it would be slow and factorization is better.
 */
import { z } from "zod";
import { parseOptions } from "../../checks.ts";
import { interactionMatrix } from "../../dataset.ts";
import { RecommenderError } from "../../errors.ts";
import type { Model, ModelFamily, Term, Training } from "../../model.ts";
import { createRandom } from "../../random.ts";
import { damaged, parametersOf, sectionOf } from "../../serialize.ts";
import { checkVersion, createModel } from "../create-model.ts";
import { historyTerms, weightSimilarities } from "../ease.ts";
import { type Knowledge, type Memory, pairsOf, readMemory, remember } from "../memory.ts";
import { copyNetwork, createNetwork, forward, growNetwork, inputOf, type Network } from "./network.ts";
import { type Examples, examplesOf, trainNetwork } from "./train.ts";

export interface SoftmaxOptions {
  /** Units of a hidden layer over the features; 0 is multinomial logistic regression. @default 0 */
  readonly hidden?: number | undefined;
  /** @default 10 */
  readonly epochs?: number | undefined;
  /** Of the first step; falls to 0. @default 0.005 */
  readonly learningRate?: number | undefined;
  /** @default 64 */
  readonly batchSize?: number | undefined;
  /** Pulls the weights of the history towards 0. @default 0.000001 */
  readonly historyDecay?: number | undefined;
  /** How often training leaves the history out, so that the features can speak alone. @default 0.5 */
  readonly historyDropout?: number | undefined;
  /** @default 1 */
  readonly seed?: number | undefined;
}

const KIND = "softmax";
const VERSION = 1;
/** Each example costs as many operations as there are items, times the length of the history. */
const MAX_ITEMS = 1_000;

const Parameters = z.strictObject({
  hidden: z.int().nonnegative().max(4096).default(0),
  epochs: z.int().positive().max(10_000).default(10),
  learningRate: z.number().positive().max(10).default(0.005),
  batchSize: z.int().positive().max(1e6).default(64),
  historyDecay: z.number().nonnegative().max(1).default(1e-6),
  historyDropout: z.number().min(0).max(1).default(0.5),
  seed: z.int().default(1),
});
type Parameters = z.infer<typeof Parameters>;

export const softmax: ModelFamily<SoftmaxOptions> = {
  kind: KIND,
  fit: async (dataset, options = {}, training = {}) => {
    const parameters = parseOptions(Parameters, options, KIND);
    const memory = remember(dataset);
    checkCatalogue(memory.history.columnCount);
    const random = createRandom(parameters.seed);
    const size = { ...sizeOf(memory), hiddenCount: parameters.hidden };
    const network = createNetwork(size, random);
    const task = taskOf(network, memory, examplesOf(memory.history), parameters);
    await trainNetwork(network, task, { ...parameters, random }, training);
    return create(memory, network, parameters);
  },
  read: (container) => {
    checkVersion(container, VERSION);
    const memory = readMemory(container);
    const parameters = parametersOf(container, Parameters);
    const [itemCount, hiddenCount] = [memory.history.columnCount, parameters.hidden];
    const features = sectionOf(container, "features", Float32Array);
    const rows = features.length / Math.max(1, itemCount);
    if (!Number.isInteger(rows) || rows < sizeOf(memory).featureCount + 1)
      throw damaged("its features do not fit its items");
    const network = {
      itemCount,
      featureCount: rows - 1,
      hiddenCount,
      history: sectionOf(container, "history-weights", Float32Array, itemCount * itemCount),
      features,
      input: sectionOf(container, "input", Float32Array, rows * hiddenCount),
      output: sectionOf(container, "output", Float32Array, hiddenCount * itemCount),
    };
    return create(memory, network, parameters);
  },
};

/** What is trained on, and how to look at the network meanwhile. */
const taskOf = (network: Network, memory: Memory, examples: Examples, parameters: Parameters) => ({
  memory,
  examples,
  snapshot: () => create(memory, copyNetwork(network), parameters),
});

const sizeOf = ({ history, userFeatures }: Memory) => ({
  itemCount: history.columnCount,
  featureCount: userFeatures?.columnCount ?? 0,
});

function checkCatalogue(itemCount: number): void {
  if (itemCount <= MAX_ITEMS) return;
  throw new RecommenderError(
    "recommender/invalid-data",
    `Softmax is for catalogues of up to ${MAX_ITEMS} items; this one has ${itemCount}. Use ease or factorization.`,
  );
}

function create(memory: Memory, network: Network, parameters: Parameters): Model {
  const { itemCount, featureCount, hiddenCount } = network;
  const hidden = new Float32Array(hiddenCount);
  return createModel({
    kind: KIND,
    version: VERSION,
    memory,
    parameters,
    addScores: (knowledge, into) => forward(network, inputOf(knowledge, network), into, hidden),
    terms: (knowledge, item) => termsOf(network, knowledge, item),
    similarities: (item) => weightSimilarities(network.history, item, itemCount),
    learn: async (extended, added, training: Training) => {
      checkCatalogue(extended.history.columnCount);
      const random = createRandom(parameters.seed);
      const size = sizeOf(extended);
      const next = growNetwork(network, { ...size, featureCount: Math.max(size.featureCount, featureCount) }, random);
      const task = taskOf(next, extended, examplesOf(interactionMatrix(added.interactions)), parameters);
      await trainNetwork(next, task, { ...parameters, random }, training);
      return create(extended, next, parameters);
    },
    sections: () => ({
      "history-weights": network.history,
      features: network.features,
      input: network.input,
      output: network.output,
    }),
  });
}

/** Each feature's own weight and its way through the hidden layer, whose slope is known for this input. */
function termsOf(network: Network, knowledge: Knowledge, item: number): readonly Term[] {
  const { itemCount, featureCount, hiddenCount } = network;
  const input = inputOf(knowledge, network);
  const hidden = new Float32Array(hiddenCount);
  forward(network, input, new Float32Array(itemCount), hidden);
  const throughHidden = (feature: number): number => {
    let sum = 0;
    for (let unit = 0; unit < hiddenCount; unit++) {
      if ((hidden[unit] ?? 0) <= 0) continue;
      sum += (network.input[feature * hiddenCount + unit] ?? 0) * (network.output[unit * itemCount + item] ?? 0);
    }
    return sum;
  };
  const ofFeatures = [...pairsOf(input.features)].map(([feature, value]): Term => ({
    source: feature === featureCount ? "popularity" : "user-feature",
    index: feature === featureCount ? item : feature,
    contribution: value * ((network.features[feature * itemCount + item] ?? 0) + throughHidden(feature)),
  }));
  return [...ofFeatures, ...historyTerms(network.history, input.history, item, itemCount)];
}
