/** Steps of gradient descent in plain JavaScript: the twin of `assembly/update.ts`. */
import type { ReferenceFeatures, ReferenceSettings } from "./reference-settings.ts";

const ELEMENT_WISE = 0;
const ROW_WISE = 1;

/** Sum of the learning rates of the rows that a step changed, and how many these were. */
export interface Rates {
  sum: number;
  rows: number;
}

/** Without identities, who has no features has no rows. */
const meanOf = ({ sum, rows }: Rates): number => (rows > 0 ? sum / rows : 0);

/** A row of a table, and how far it moves. */
interface RowStep {
  readonly row: number;
  readonly gradient: number;
  /** The row's share of the representation, with the sign of the gradient. */
  readonly value: number;
  readonly penalty: number;
  /** The representation that follows, 0 for none; and the row's share of it. */
  readonly cache: number;
  readonly part: number;
}

function stepElements(settings: ReferenceSettings, { row, gradient, value, penalty, cache, part }: RowStep): number {
  const { reals, stride, accumulators, learningRate } = settings;
  let rates = 0;
  for (let at = 0; at < stride; at++) {
    const g = value * (reals[gradient + at] ?? 0);
    const accumulated = reals[row + accumulators + at] ?? 0;
    const local = learningRate / Math.sqrt(accumulated);
    const weight = reals[row + at] ?? 0;
    const moved = local * (g - penalty * weight);
    reals[row + at] = weight - moved;
    if (cache !== 0) reals[cache + at] = (reals[cache + at] ?? 0) - part * moved;
    reals[row + accumulators + at] = accumulated + g * g;
    rates += local;
  }
  return rates / stride;
}

function stepRow(settings: ReferenceSettings, { row, gradient, value, penalty, cache, part }: RowStep): number {
  const { reals, stride, accumulators, learningRate } = settings;
  const accumulated = reals[row + accumulators] ?? 0;
  const local = learningRate / Math.sqrt(accumulated);
  let squares = 0;
  for (let at = 0; at < stride; at++) {
    const g = value * (reals[gradient + at] ?? 0);
    const weight = reals[row + at] ?? 0;
    const moved = local * (g - penalty * weight);
    reals[row + at] = weight - moved;
    if (cache !== 0) reals[cache + at] = (reals[cache + at] ?? 0) - part * moved;
    squares += g * g;
  }
  reals[row + accumulators] = accumulated + squares / (stride - 1);
  return local;
}

function stepAdadelta(settings: ReferenceSettings, { row, gradient, value, penalty, cache, part }: RowStep): number {
  const { reals, stride, accumulators, momentum, decay, epsilon } = settings;
  let rates = 0;
  for (let at = 0; at < stride; at++) {
    const g = value * (reals[gradient + at] ?? 0);
    const accumulated = decay * (reals[row + accumulators + at] ?? 0) + (1 - decay) * g * g;
    const moving = reals[row + momentum + at] ?? 0;
    const local = Math.sqrt((moving + epsilon) / (accumulated + epsilon));
    const weight = reals[row + at] ?? 0;
    const moved = local * (g - penalty * weight);
    reals[row + at] = weight - moved;
    if (cache !== 0) reals[cache + at] = (reals[cache + at] ?? 0) - part * moved;
    reals[row + accumulators + at] = accumulated;
    reals[row + momentum + at] = decay * moving + (1 - decay) * (local * g) ** 2;
    rates += local;
  }
  return rates / stride;
}

function stepOne(settings: ReferenceSettings, step: RowStep): number {
  if (settings.optimizer === ELEMENT_WISE) return stepElements(settings, step);
  if (settings.optimizer === ROW_WISE) return stepRow(settings, step);
  return stepAdadelta(settings, step);
}

/** One side: its own row, or the rows of its features. `sign` turns the gradient. */
function stepSide(
  settings: ReferenceSettings,
  features: ReferenceFeatures,
  entity: number,
  sign: number,
  rates: Rates,
): void {
  const { integers, reals, rowLength, constant } = settings;
  const isItem = features.table === settings.itemTable;
  const gradient = isItem ? settings.itemGradient : settings.userGradient;
  const penalty = isItem ? settings.itemPenalty : settings.userPenalty;
  if (features.offsets === 0) {
    const row = features.table + entity * rowLength;
    rates.sum += stepOne(settings, { row, gradient, value: sign, penalty, cache: 0, part: 0 });
    rates.rows += 1;
    reals[row + constant + (isItem ? 1 : 0)] = 1;
    return;
  }
  const cache = isItem ? settings.itemBase + entity * settings.itemStride : 0;
  const last = integers[features.offsets + entity + 1] ?? 0;
  for (let index = integers[features.offsets + entity] ?? 0; index < last; index++) {
    const row = features.table + (integers[features.columns + index] ?? 0) * rowLength;
    const part = reals[features.values + index] ?? 0;
    rates.sum += stepOne(settings, { row, gradient, value: sign * part, penalty, cache, part });
    rates.rows += 1;
  }
  if (isItem) reals[cache + constant + 1] = 1;
}

/** Element-wise AdaGrad where users and items are rows of the tables; returns the mean learning rate. */
function pairElements(settings: ReferenceSettings, u: number, p: number, q: number, loss: number): number {
  const { reals, stride, accumulators, learningRate, itemPenalty, userPenalty } = settings;
  let rates = 0;
  for (let at = 0; at < stride; at++) {
    const uv = reals[u + at] ?? 0;
    const pv = reals[p + at] ?? 0;
    const qv = reals[q + at] ?? 0;
    const gi = loss * uv;
    const gu = loss * (qv - pv);
    const up = reals[p + accumulators + at] ?? 0;
    const uq = reals[q + accumulators + at] ?? 0;
    const uu = reals[u + accumulators + at] ?? 0;
    const rp = learningRate / Math.sqrt(up);
    const rq = learningRate / Math.sqrt(uq);
    const ru = learningRate / Math.sqrt(uu);
    const squared = gi * gi;
    reals[p + at] = pv + rp * (gi + itemPenalty * pv);
    reals[p + accumulators + at] = up + squared;
    reals[q + at] = qv - rq * (gi - itemPenalty * qv);
    reals[q + accumulators + at] = uq + squared;
    reals[u + at] = uv - ru * (gu - userPenalty * uv);
    reals[u + accumulators + at] = uu + gu * gu;
    rates += rp + rq + ru;
  }
  return rates / (3 * stride);
}

/** The same with one accumulator per row. */
function pairRows(settings: ReferenceSettings, u: number, p: number, q: number, loss: number): number {
  const { reals, stride, accumulators, learningRate, itemPenalty, userPenalty } = settings;
  const up = reals[p + accumulators] ?? 0;
  const uq = reals[q + accumulators] ?? 0;
  const uu = reals[u + accumulators] ?? 0;
  const rp = learningRate / Math.sqrt(up);
  const rq = learningRate / Math.sqrt(uq);
  const ru = learningRate / Math.sqrt(uu);
  let itemSquares = 0;
  let userSquares = 0;
  for (let at = 0; at < stride; at++) {
    const uv = reals[u + at] ?? 0;
    const pv = reals[p + at] ?? 0;
    const qv = reals[q + at] ?? 0;
    const difference = qv - pv;
    reals[p + at] = (pv + rp * loss * uv) * (1 + itemPenalty * rp);
    reals[q + at] = (qv - rq * loss * uv) * (1 + itemPenalty * rq);
    reals[u + at] = (uv - ru * loss * difference) * (1 + userPenalty * ru);
    itemSquares += uv * uv;
    userSquares += difference * difference;
  }
  const mean = (loss * loss) / (stride - 1);
  reals[p + accumulators] = up + itemSquares * mean;
  reals[q + accumulators] = uq + itemSquares * mean;
  reals[u + accumulators] = uu + userSquares * mean;
  return (rp + rq + ru) / 3;
}

/** A comparison or a point: who, which items, where their representations are, how strongly. */
export interface Step {
  readonly user: number;
  /** The item that goes up with a negative loss, and down with a positive one where there is no second. */
  readonly item: number;
  readonly negative: number;
  readonly u: number;
  readonly p: number;
  readonly q: number;
  readonly loss: number;
}

/** The positive item up, the negative down; returns the mean learning rate. */
export function stepPair(settings: ReferenceSettings, { user, item, negative, u, p, q, loss }: Step): number {
  const { reals, stride, constant, itemGradient, userGradient, userFeatures, itemFeatures, optimizer } = settings;
  if (userFeatures.offsets === 0 && itemFeatures.offsets === 0 && optimizer <= ROW_WISE) {
    const pair = optimizer === ELEMENT_WISE ? pairElements : pairRows;
    const rate = pair(settings, u, p, q, loss);
    reals[u + constant] = 1;
    reals[p + constant + 1] = 1;
    reals[q + constant + 1] = 1;
    return rate;
  }
  for (let at = 0; at < stride; at++) {
    reals[itemGradient + at] = loss * (reals[u + at] ?? 0);
    reals[userGradient + at] = loss * ((reals[q + at] ?? 0) - (reals[p + at] ?? 0));
  }
  const rates = { sum: 0, rows: 0 };
  stepSide(settings, itemFeatures, item, -1, rates);
  stepSide(settings, itemFeatures, negative, 1, rates);
  stepSide(settings, userFeatures, user, 1, rates);
  return meanOf(rates);
}

/** One item alone: `loss` is the derivative by the score; returns the mean learning rate. */
export function stepPoint(settings: ReferenceSettings, { user, item, u, p, loss }: Step): number {
  const { reals, stride, itemGradient, userGradient, userFeatures, itemFeatures } = settings;
  for (let at = 0; at < stride; at++) {
    reals[itemGradient + at] = loss * (reals[u + at] ?? 0);
    reals[userGradient + at] = loss * (reals[p + at] ?? 0);
  }
  const rates = { sum: 0, rows: 0 };
  stepSide(settings, itemFeatures, item, 1, rates);
  stepSide(settings, userFeatures, user, 1, rates);
  return meanOf(rates);
}
