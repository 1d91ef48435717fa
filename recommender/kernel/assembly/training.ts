/** The losses: which items are compared, and how strongly. Each handles samples from `from` to `to`. */
import {
  addLoss,
  addTries,
  candidates,
  chosenPositive,
  drawBelow,
  drawnNegatives,
  itemBase,
  itemCount,
  itemStride,
  lossTable,
  maxSampled,
  nextState,
  positiveItems,
  positiveOffsets,
  positiveWeights,
  randomState,
  rowBytes,
  sampleCount,
  sampledPositives,
  samples,
  sampleWeights,
  scoreScale,
  setRandomState,
  vectors,
} from "./settings";
import { stepPair, stepPoint } from "./update";
import { dot, refreshItem, userAt } from "./vector";


/** Past this the lazy L2 would lose digits; the caller rescales and goes on. */
const SMALLEST_SCALE: f32 = 1e-6;

/** Fisher and Yates over the samples of this thread. */
export function shuffle(from: u32, to: u32): void {
  for (let last = to - 1; last > from && last < to; last--) {
    const other = from + drawBelow(last - from + 1);
    const a = samples + (<usize>last << 3);
    const b = samples + (<usize>other << 3);
    const kept = load<i64>(a);
    store<i64>(a, load<i64>(b));
    store<i64>(b, kept);
    if (sampleWeights == 0) continue;
    const c = sampleWeights + (<usize>last << 2);
    const d = sampleWeights + (<usize>other << 2);
    const weight = load<f32>(c);
    store<f32>(c, load<f32>(d));
    store<f32>(d, weight);
  }
}

/** A binary search without a branch on what it finds: half of them would be guessed wrong. */
// @ts-ignore: decorator
@inline
function isPositive(user: u32, item: u32): bool {
  const place = positiveOffsets + (<usize>user << 2);
  const start = load<i32>(place);
  let length = load<i32>(place + 4) - start;
  if (length == 0) return false;
  let low = positiveItems + (<usize>start << 2);
  while (length > 1) {
    const half = length >>> 1;
    const isHigher = <i32>(load<u32>(low + (<usize>half << 2)) <= item);
    low += (<usize>half << 2) & (0 - isHigher);
    length -= half;
  }
  return load<u32>(low) == item;
}

/** Looks for an item that scores above the positive's less one, and steps. */
// @ts-ignore: decorator
@inline
function warpStep(user: u32, positive: u32, u: usize, p: usize, score: f32, weight: f32): void {
  const count = vectors;
  const tries = maxSampled;
  const base = itemBase;
  const stride = itemStride;
  const bound = <f64>itemCount * 2.3283064365386963e-10;
  // A negative passes when it scores above this: the positive's score less a margin of one.
  const limit = score - 1 / scoreScale;
  let state = randomState;
  let tried = 0;
  while (tried < tries) {
    tried += 1;
    state = nextState(state);
    const negative = <u32>(<f64>state * bound);
    const q = base + <usize>negative * stride;
    if (!(dot(u, q, count) > limit)) continue;
    if (isPositive(user, negative)) continue;
    const loss = load<f32>(lossTable + (<usize>tried << 2)) * weight;
    addLoss(<f64>loss);
    stepPair(user, positive, negative, u, p, q, loss);
    break;
  }
  setRandomState(state);
  addTries(tried);
}

/** An item's representation; of features, as it was last made anew and moved since by the item's own steps. */
// @ts-ignore: decorator
@inline
function itemAt(item: u32): usize {
  return itemBase + <usize>item * itemStride;
}

// @ts-ignore: decorator
@inline
function weightOf(sample: u32): f32 {
  return sampleWeights == 0 ? 1 : load<f32>(sampleWeights + (<usize>sample << 2));
}

/** Weighted approximate-rank pairwise loss (Weston, Bengio and Usunier 2011). */
export function trainWarp(from: u32, to: u32): u32 {
  for (let sample = from; sample < to; sample++) {
    const weight = weightOf(sample);
    if (weight > 0) {
      const pair = samples + (<usize>sample << 3);
      const user = load<u32>(pair);
      const positive = load<u32>(pair + 4);
      const u = userAt(user);
      const p = itemAt(positive);
      warpStep(user, positive, u, p, dot(u, p, vectors), weight);
    }
    if (scoreScale < SMALLEST_SCALE) return sample + 1;
  }
  return to;
}

/** WARP on the k-th best of some positives (Weston, Yee and Weiss 2013): for people of several tastes. */
export function trainKthOrderStatistic(from: u32, to: u32): u32 {
  for (let sample = from; sample < to; sample++) {
    const user = load<u32>(samples + (<usize>sample << 3));
    const place = positiveOffsets + (<usize>user << 2);
    const start = load<i32>(place);
    const available = load<i32>(place + 4) - start;
    const drawn = min(sampledPositives, available);
    if (drawn == 0) continue;
    const u = userAt(user);
    // Sorted by insertion, best first: (score, place) of 8 bytes.
    for (let index = 0; index < drawn; index++) {
      const at = start + <i32>drawBelow(available);
      const score = dot(u, itemAt(load<u32>(positiveItems + (<usize>at << 2))), vectors);
      let slot = candidates + (<usize>index << 3);
      for (; slot > candidates && load<f32>(slot - 8) < score; slot -= 8) store<i64>(slot, load<i64>(slot - 8));
      store<f32>(slot, score);
      store<i32>(slot + 4, at);
    }
    const chosen = candidates + (<usize>(min(chosenPositive, drawn) - 1) << 3);
    const at = load<i32>(chosen + 4);
    const weight = positiveWeights == 0 ? <f32>1 : load<f32>(positiveWeights + (<usize>at << 2));
    const positive = load<u32>(positiveItems + (<usize>at << 2));
    if (weight > 0) warpStep(user, positive, u, itemAt(positive), load<f32>(chosen), weight);
    if (scoreScale < SMALLEST_SCALE) return sample + 1;
  }
  return to;
}

/** e^x, to the precision of the weights; the JavaScript twin computes the same. */
function sigmoid(x: f32): f32 {
  return <f32>(1.0 / (1.0 + NativeMath.exp(-(<f64>x))));
}

/** Bayesian personalized ranking (Rendle and others 2009); negatives by their popularity, as in LightFM. */
export function trainBpr(from: u32, to: u32): u32 {
  for (let sample = from; sample < to; sample++) {
    const weight = weightOf(sample);
    const pair = samples + (<usize>sample << 3);
    const user = load<u32>(pair);
    const positive = load<u32>(pair + 4);
    const negative = load<u32>(samples + (<usize>drawBelow(sampleCount) << 3) + 4);
    if (weight <= 0 || isPositive(user, negative)) continue;
    const u = userAt(user);
    const p = itemAt(positive);
    const q = itemAt(negative);
    const margin = (dot(u, p, vectors) - dot(u, q, vectors)) * scoreScale;
    const loss = sigmoid(-margin);
    addTries(1);
    addLoss(-NativeMath.log(<f64>max<f32>(1 - loss, 1e-12)) * <f64>weight);
    stepPair(user, positive, negative, u, p, q, loss * weight);
    if (scoreScale < SMALLEST_SCALE) return sample + 1;
  }
  return to;
}

function logisticStep(user: u32, item: u32, u: usize, target: f32, weight: f32): void {
  const i = itemAt(item);
  const predicted = sigmoid(dot(u, i, vectors) * scoreScale);
  const likelihood = target > 0 ? predicted : 1 - predicted;
  addLoss(-NativeMath.log(<f64>max<f32>(likelihood, 1e-12)) * <f64>weight);
  stepPoint(user, item, u, i, (predicted - target) * weight);
}

/** Logistic loss: what was seen against items drawn from what was not. */
export function trainLogistic(from: u32, to: u32): u32 {
  for (let sample = from; sample < to; sample++) {
    const weight = weightOf(sample);
    if (weight > 0) {
      const pair = samples + (<usize>sample << 3);
      const user = load<u32>(pair);
      logisticStep(user, load<u32>(pair + 4), userAt(user), 1, weight);
      for (let drawn = 0; drawn < drawnNegatives; drawn++) {
        const negative = drawBelow(itemCount);
        addTries(1);
        if (!isPositive(user, negative)) logisticStep(user, negative, userAt(user), 0, weight);
      }
    }
    if (scoreScale < SMALLEST_SCALE) return sample + 1;
  }
  return to;
}

/** Multiplies the weights of a table's rows, and puts the constant 1 back where rows are representations. */
export function rescale(table: usize, rows: u32, factor: f32, constantAt: i32): void {
  const scale = f32x4.splat(factor);
  const end = <usize>vectors << 4;
  for (let row: u32 = 0; row < rows; row++) {
    const start = table + <usize>row * rowBytes;
    for (let at: usize = 0; at < end; at += 16) v128.store(start + at, f32x4.mul(v128.load(start + at), scale));
    if (constantAt >= 0) store<f32>(start + <usize>constantAt, 1);
  }
}

/** Makes the representations of these items anew. */
export function refreshItems(from: u32, to: u32): void {
  for (let item = from; item < to; item++) refreshItem(item);
}
