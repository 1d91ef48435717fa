/**
 * The training loops in plain JavaScript: the reference that the compiled kernel is held against, number for number but
 * for the last digits (JavaScript computes in double precision between loads and stores).
 */
import type { TrainingKernel } from "parleyjs-recommender/testing";
import { readSettings, type ReferenceFeatures, type ReferenceSettings } from "./reference-settings.ts";
import { stepPair, stepPoint } from "./reference-update.ts";

const SMALLEST_SCALE = 1e-6;
const TWO_TO_MINUS_32 = 2 ** -32;

/** What changes in a run. */
interface Run {
  settings: ReferenceSettings;
  randomState: number;
  userScale: number;
  itemScale: number;
  scoreScale: number;
  tries: number;
  updates: number;
  loss: number;
}

/** The training loops in JavaScript on this memory. */
export function referenceTraining(memory: ArrayBufferLike): TrainingKernel {
  const fresh = { userScale: 1, itemScale: 1, scoreScale: 1, tries: 0, updates: 0, loss: 0 };
  const run: Run = { settings: readSettings(memory, 0), randomState: 1, ...fresh };
  return {
    configure: (scratch) => {
      run.settings = readSettings(memory, scratch);
    },
    begin: (randomState) => {
      Object.assign(run, fresh, { randomState: randomState | 0 });
    },
    shuffle: (from, to) => {
      for (let last = to - 1; last > from; last--) swap(run.settings, last, from + drawBelow(run, last - from + 1));
    },
    train: {
      warp: (from, to) => trainWarp(run, from, to),
      "warp-kos": (from, to) => trainKthOrderStatistic(run, from, to),
      bpr: (from, to) => trainBpr(run, from, to),
      logistic: (from, to) => trainLogistic(run, from, to),
    },
    refreshItems: (from, to) => {
      for (let item = from; item < to; item++) refreshItem(run.settings, item);
    },
    rescale: (table, rows, factor, constantAt) => rescale(run.settings, table / 4, rows, factor, constantAt / 4),
    state: () => ({ ...run }),
  };
}

function drawBelow(run: Run, bound: number): number {
  let state = run.randomState;
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  run.randomState = state;
  return Math.floor((state >>> 0) * (bound * TWO_TO_MINUS_32));
}

function grow(run: Run, rate: number): void {
  run.itemScale *= 1 + run.settings.itemPenalty * rate;
  run.userScale *= 1 + run.settings.userPenalty * rate;
  run.scoreScale = 1 / (run.itemScale * run.userScale);
  run.updates += 1;
}

const weightOf = ({ sampleWeights, reals }: ReferenceSettings, sample: number): number =>
  sampleWeights === 0 ? 1 : (reals[sampleWeights + sample] ?? 0);

/** Looks for an item that scores above the positive's less one, and steps. */
function warpStep(run: Run, user: number, item: number, u: number, p: number, weight: number): void {
  const { settings } = run;
  const { itemCount, itemBase, itemStride, maxSampled, reals, lossTable } = settings;
  // A negative passes when it scores above this: the positive's score less a margin of one.
  const limit = dot(settings, u, p) - 1 / run.scoreScale;
  for (let tried = 1; tried <= maxSampled; tried++) {
    run.tries += 1;
    const negative = drawBelow(run, itemCount);
    const q = itemBase + negative * itemStride;
    if (!(dot(settings, u, q) > limit)) continue;
    if (isPositive(settings, user, negative)) continue;
    const loss = (reals[lossTable + tried] ?? 0) * weight;
    run.loss += loss;
    grow(run, stepPair(settings, { user, item, negative, u, p, q, loss }));
    return;
  }
}

function trainWarp(run: Run, from: number, to: number): number {
  const { settings } = run;
  const { integers, samples } = settings;
  for (let sample = from; sample < to; sample++) {
    const weight = weightOf(settings, sample);
    if (weight > 0) {
      const user = integers[samples + sample * 2] ?? 0;
      const item = integers[samples + sample * 2 + 1] ?? 0;
      warpStep(run, user, item, userAt(settings, user), itemAt(settings, item), weight);
    }
    if (run.scoreScale < SMALLEST_SCALE) return sample + 1;
  }
  return to;
}

function trainKthOrderStatistic(run: Run, from: number, to: number): number {
  const { settings } = run;
  const { integers, samples, positiveOffsets, positiveItems, positiveWeights, reals } = settings;
  for (let sample = from; sample < to; sample++) {
    const user = integers[samples + sample * 2] ?? 0;
    const start = integers[positiveOffsets + user] ?? 0;
    const available = (integers[positiveOffsets + user + 1] ?? 0) - start;
    const count = Math.min(settings.sampledPositives, available);
    if (count === 0) continue;
    const u = userAt(settings, user);
    const drawn: { score: number; at: number }[] = [];
    for (let index = 0; index < count; index++) {
      const at = start + drawBelow(run, available);
      drawn.push({ score: Math.fround(dot(settings, u, itemAt(settings, integers[positiveItems + at] ?? 0))), at });
    }
    drawn.sort((left, right) => right.score - left.score);
    const at = drawn[Math.min(settings.chosenPositive, count) - 1]?.at ?? start;
    const weight = positiveWeights === 0 ? 1 : (reals[positiveWeights + at] ?? 0);
    const item = integers[positiveItems + at] ?? 0;
    if (weight > 0) warpStep(run, user, item, u, itemAt(settings, item), weight);
    if (run.scoreScale < SMALLEST_SCALE) return sample + 1;
  }
  return to;
}

function trainBpr(run: Run, from: number, to: number): number {
  const { settings } = run;
  const { integers, samples, sampleCount } = settings;
  for (let sample = from; sample < to; sample++) {
    const weight = weightOf(settings, sample);
    const user = integers[samples + sample * 2] ?? 0;
    const item = integers[samples + sample * 2 + 1] ?? 0;
    const negative = integers[samples + drawBelow(run, sampleCount) * 2 + 1] ?? 0;
    if (weight <= 0 || isPositive(settings, user, negative)) continue;
    const u = userAt(settings, user);
    const p = itemAt(settings, item);
    const q = itemAt(settings, negative);
    const loss = sigmoid((dot(settings, u, q) - dot(settings, u, p)) * run.scoreScale);
    run.tries += 1;
    run.loss -= Math.log(Math.max(1 - loss, 1e-12)) * weight;
    grow(run, stepPair(settings, { user, item, negative, u, p, q, loss: loss * weight }));
    if (run.scoreScale < SMALLEST_SCALE) return sample + 1;
  }
  return to;
}

function logisticStep(run: Run, user: number, item: number, target: number, weight: number): void {
  const { settings } = run;
  const u = userAt(settings, user);
  const p = itemAt(settings, item);
  const predicted = sigmoid(dot(settings, u, p) * run.scoreScale);
  run.loss -= Math.log(Math.max(target > 0 ? predicted : 1 - predicted, 1e-12)) * weight;
  grow(run, stepPoint(settings, { user, item, negative: item, u, p, q: p, loss: (predicted - target) * weight }));
}

function trainLogistic(run: Run, from: number, to: number): number {
  const { integers, samples, itemCount, drawnNegatives } = run.settings;
  for (let sample = from; sample < to; sample++) {
    const weight = weightOf(run.settings, sample);
    if (weight > 0) {
      const user = integers[samples + sample * 2] ?? 0;
      logisticStep(run, user, integers[samples + sample * 2 + 1] ?? 0, 1, weight);
      for (let drawn = 0; drawn < drawnNegatives; drawn++) {
        const negative = drawBelow(run, itemCount);
        run.tries += 1;
        if (!isPositive(run.settings, user, negative)) logisticStep(run, user, negative, 0, weight);
      }
    }
    if (run.scoreScale < SMALLEST_SCALE) return sample + 1;
  }
  return to;
}

function rescale(settings: ReferenceSettings, table: number, rows: number, factor: number, constantAt: number): void {
  const { reals, stride, rowLength } = settings;
  for (let row = 0; row < rows; row++) {
    const start = table + row * rowLength;
    for (let at = start; at < start + stride; at++) reals[at] = (reals[at] ?? 0) * factor;
    if (constantAt >= 0) reals[start + constantAt] = 1;
  }
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

function dot({ reals, stride }: ReferenceSettings, a: number, b: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let at = 0; at < stride; at += 4) {
    s0 += (reals[a + at] ?? 0) * (reals[b + at] ?? 0);
    s1 += (reals[a + at + 1] ?? 0) * (reals[b + at + 1] ?? 0);
    s2 += (reals[a + at + 2] ?? 0) * (reals[b + at + 2] ?? 0);
    s3 += (reals[a + at + 3] ?? 0) * (reals[b + at + 3] ?? 0);
  }
  return s0 + s1 + (s2 + s3);
}

function isPositive(
  { integers, positiveOffsets, positiveItems }: ReferenceSettings,
  user: number,
  item: number,
): boolean {
  let low = integers[positiveOffsets + user] ?? 0;
  const end = integers[positiveOffsets + user + 1] ?? 0;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((integers[positiveItems + middle] ?? 0) < item) low = middle + 1;
    else high = middle;
  }
  return low < end && integers[positiveItems + low] === item;
}

function swap({ integers, reals, samples, sampleWeights }: ReferenceSettings, one: number, other: number): void {
  for (const part of [0, 1]) {
    const a = samples + one * 2 + part;
    const b = samples + other * 2 + part;
    const kept = integers[a] ?? 0;
    integers[a] = integers[b] ?? 0;
    integers[b] = kept;
  }
  if (sampleWeights === 0) return;
  const kept = reals[sampleWeights + one] ?? 0;
  reals[sampleWeights + one] = reals[sampleWeights + other] ?? 0;
  reals[sampleWeights + other] = kept;
}

/** The sum of an entity's feature embeddings. */
function represent(settings: ReferenceSettings, features: ReferenceFeatures, entity: number, target: number): void {
  const { reals, integers, stride, rowLength } = settings;
  reals.fill(0, target, target + stride);
  const last = integers[features.offsets + entity + 1] ?? 0;
  for (let index = integers[features.offsets + entity] ?? 0; index < last; index++) {
    const row = features.table + (integers[features.columns + index] ?? 0) * rowLength;
    const value = reals[features.values + index] ?? 0;
    for (let at = 0; at < stride; at++) reals[target + at] = (reals[target + at] ?? 0) + value * (reals[row + at] ?? 0);
  }
}

function userAt(settings: ReferenceSettings, user: number): number {
  const target = settings.userBase + user * settings.userStride;
  if (settings.userFeatures.offsets === 0) return target;
  represent(settings, settings.userFeatures, user, target);
  settings.reals[target + settings.constant] = 1;
  return target;
}

/** An item's representation; of features, as it was last made anew and moved since by the item's own steps. */
const itemAt = ({ itemBase, itemStride }: ReferenceSettings, item: number): number => itemBase + item * itemStride;

function refreshItem(settings: ReferenceSettings, item: number): void {
  if (settings.itemFeatures.offsets === 0) return;
  const target = itemAt(settings, item);
  represent(settings, settings.itemFeatures, item, target);
  settings.reals[target + settings.constant + 1] = 1;
}
