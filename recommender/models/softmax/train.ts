/** Trains the network: for each interaction, which of the items that the user did not have would it be? */
import { RecommenderError } from "../../errors.ts";
import type { Model, Training } from "../../model.ts";
import type { Random } from "../../random.ts";
import type { SparseMatrix, SparseRow } from "../../sparse.ts";
import { breathe } from "../create-model.ts";
import { type Knowledge, knowledgeOf, type Memory } from "../memory.ts";
import { addGradient, applyStep, createTable, type Table } from "./adam.ts";
import { forward, inputOf, type Network } from "./network.ts";

export interface TrainingOptions {
  readonly epochs: number;
  readonly learningRate: number;
  readonly batchSize: number;
  /** Pulls the weights of the history towards 0, per step of size 1. */
  readonly historyDecay: number;
  /** How often the history is left out, so that the features can speak alone for those who have none. */
  readonly historyDropout: number;
}

/** One interaction: the item to be guessed from the rest of the user's history. */
export interface Examples {
  readonly users: Int32Array;
  readonly items: Int32Array;
  readonly weights: Float32Array;
}

const DECAY = 1e-6;
const EMPTY: SparseRow = { columns: new Int32Array(), values: new Float32Array() };

/** Every stored pair of these. */
export function examplesOf({ rowCount, offsets, columns, values }: SparseMatrix): Examples {
  const users = new Int32Array(columns.length);
  for (let user = 0; user < rowCount; user++) users.fill(user, offsets[user] ?? 0, offsets[user + 1] ?? 0);
  return { users, items: columns, weights: values };
}

export interface Task {
  readonly memory: Memory;
  readonly examples: Examples;
  /** The model as it is now. */
  readonly snapshot: () => Model;
}

/**
 * Changes the network in place.
 * @throws RecommenderError `recommender/diverged`, `recommender/cancelled`
 */
export async function trainNetwork(
  network: Network,
  { memory, examples, snapshot }: Task,
  options: TrainingOptions & { readonly random: Random },
  training: Training,
): Promise<void> {
  const learner = createLearner(network, options);
  const order = Int32Array.from(examples.users.keys());
  const batches = Math.max(1, Math.ceil(order.length / options.batchSize)) * options.epochs;
  const total = Math.max(
    1,
    examples.weights.reduce((sum, weight) => sum + weight, 0),
  );
  let step = 0;
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    shuffle(order, options.random);
    let loss = 0;
    for (let start = 0; start < order.length; start += options.batchSize) {
      const batch = order.subarray(start, start + options.batchSize);
      for (const place of batch) loss += learn(learner, memory, examples, place);
      // Linear cooling: the last steps hardly move.
      const learningRate = options.learningRate * (1 - step / batches);
      step += 1;
      for (const table of learner.tables) applyStep(table, { learningRate, number: step, batch: batch.length });
      if (step % 200 === 0) await breathe(training);
    }
    checkLoss(loss);
    const progress = { done: epoch + 1, total: options.epochs, loss: loss / total };
    training.onProgress?.(progress);
    await breathe(training);
    if ((await training.onEpoch?.({ ...progress, model: snapshot })) === "stop") return;
  }
}

function checkLoss(loss: number): void {
  if (Number.isFinite(loss)) return;
  throw new RecommenderError(
    "recommender/diverged",
    "The loss of the softmax model is no longer a number; nothing was changed. Lower the learning rate.",
  );
}

function shuffle(order: Int32Array, random: Random): void {
  for (let place = order.length - 1; place > 0; place--) {
    const other = random.below(place + 1);
    const moved = order[place] ?? 0;
    order[place] = order[other] ?? 0;
    order[other] = moved;
  }
}

interface Learner {
  readonly network: Network;
  readonly random: Random;
  readonly historyDropout: number;
  readonly history: Table;
  readonly features: Table;
  readonly input: Table;
  readonly output: Table;
  readonly tables: readonly Table[];
  /** Scores, then chances, then errors. */
  readonly errors: Float32Array;
  readonly hidden: Float32Array;
  readonly hiddenErrors: Float32Array;
}

function createLearner(
  network: Network,
  { historyDecay, historyDropout, random }: TrainingOptions & { readonly random: Random },
): Learner {
  const { itemCount, hiddenCount } = network;
  const history = createTable(network.history, itemCount, historyDecay);
  const features = createTable(network.features, itemCount, DECAY);
  const input = createTable(network.input, hiddenCount, DECAY);
  const output = createTable(network.output, itemCount, DECAY);
  return {
    network,
    random,
    historyDropout,
    history,
    features,
    input,
    output,
    tables: hiddenCount === 0 ? [history, features] : [history, features, input, output],
    errors: new Float32Array(itemCount),
    hidden: new Float32Array(hiddenCount),
    hiddenErrors: new Float32Array(hiddenCount),
  };
}

/** Adds the gradients of one example; gives its loss. */
function learn(learner: Learner, memory: Memory, examples: Examples, place: number): number {
  const { network, errors, hidden, random } = learner;
  const item = examples.items[place] ?? 0;
  const weight = examples.weights[place] ?? 0;
  const knowledge = knowledgeOf(memory, { user: examples.users[place] ?? 0 });
  const owned = without(knowledge.history, item);
  const history = random.uniform() < learner.historyDropout ? EMPTY : owned;
  const input = inputOf({ history, features: knowledge.features }, network);
  forward(network, input, errors, hidden);
  const chance = toErrors(errors, item, history);
  for (let index = 0; index < errors.length; index++) errors[index] = (errors[index] ?? 0) * weight;
  addGradients(learner, input);
  return -weight * Math.log(chance);
}

function without({ columns, values }: SparseRow, item: number): SparseRow {
  return {
    columns: columns.filter((column) => column !== item),
    values: values.filter((_, index) => columns[index] !== item),
  };
}

/** Scores become chances among the items not owned, less 1 for the one it was; gives that one's chance. */
function toErrors(scores: Float32Array, target: number, owned: SparseRow): number {
  for (const item of owned.columns) scores[item] = -Infinity;
  let highest = -Infinity;
  for (const score of scores) highest = Math.max(highest, score);
  let sum = 0;
  for (let item = 0; item < scores.length; item++) {
    const value = Math.exp((scores[item] ?? 0) - highest);
    scores[item] = value;
    sum += value;
  }
  for (let item = 0; item < scores.length; item++) scores[item] = (scores[item] ?? 0) / sum;
  const chance = scores[target] ?? 0;
  scores[target] = chance - 1;
  return Math.max(chance, Number.MIN_VALUE);
}

function addGradients(learner: Learner, { history, features }: Knowledge): void {
  const { errors, hidden, hiddenErrors, network } = learner;
  addRowGradients(learner.history, history, errors);
  addRowGradients(learner.features, features, errors);
  if (network.hiddenCount === 0) return;
  for (let unit = 0; unit < network.hiddenCount; unit++) {
    const value = hidden[unit] ?? 0;
    hiddenErrors[unit] = value > 0 ? product(rowAt(network.output, unit, network.itemCount), errors) : 0;
    if (value > 0) addGradient(learner.output, unit, value, errors);
  }
  addRowGradients(learner.input, features, hiddenErrors);
}

function addRowGradients(table: Table, row: SparseRow, errors: Float32Array): void {
  for (let index = 0; index < row.columns.length; index++) {
    addGradient(table, row.columns[index] ?? 0, row.values[index] ?? 0, errors);
  }
}

const rowAt = (table: Float32Array, row: number, width: number): Float32Array =>
  table.subarray(row * width, (row + 1) * width);

function product(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < left.length; index++) sum += (left[index] ?? 0) * (right[index] ?? 0);
  return sum;
}
