/** Steps of stochastic gradient descent on the rows of one user and one or two items. */
import { pairElements, pairRows } from "./pair";
import {
  accumulatorAt,
  decay,
  epsilon,
  grow,
  itemBase,
  itemBiasAt,
  itemFeatureColumns,
  itemFeatureOffsets,
  itemFeatureValues,
  itemGradient,
  itemPenalty,
  itemStride,
  itemTable,
  learningRate,
  momentumAt,
  optimizer,
  rowBytes,
  userFeatureColumns,
  userFeatureOffsets,
  userFeatureValues,
  userGradient,
  userPenalty,
  userTable,
  vectors,
} from "./settings";
import { sumOf } from "./vector";

const ELEMENT_WISE = 0;
const ROW_WISE = 1;

/** Rows changed in this step, for the mean learning rate. */
let changedRows: i32 = 0;
/** Sums of the squares of this step's gradients. */
let itemSquares: f32 = 0;
let userSquares: f32 = 0;

/** Moves a vector of weights and returns by how much; see `pairElements` for the L2. */
// @ts-ignore: decorator
@inline
function move(at: usize, local: v128, g: v128, shrink: v128): v128 {
  const weights = v128.load(at);
  const step = f32x4.mul(local, f32x4.sub(g, f32x4.mul(shrink, weights)));
  v128.store(at, f32x4.sub(weights, step));
  return step;
}

/** A row's step, in the representation that the row has a share of. */
// @ts-ignore: decorator
@inline
function follow(cache: usize, share: v128, step: v128): void {
  v128.store(cache, f32x4.sub(v128.load(cache), f32x4.mul(share, step)));
}

/** AdaGrad with an accumulator per weight, two vectors to a division; returns the mean learning rate of the row. */
function stepElements(row: usize, gradient: usize, value: f32, penalty: f32, cache: usize, part: f32): f64 {
  const rate = f32x4.splat(learningRate);
  const factor = f32x4.splat(value);
  const shrink = f32x4.splat(penalty);
  const share = f32x4.splat(part);
  const accumulators = row + accumulatorAt;
  let rates = f32x4.splat(0);
  const end = <usize>vectors << 4;
  let at: usize = 0;
  for (; at + 16 < end; at += 32) {
    const g0 = f32x4.mul(factor, v128.load(gradient + at));
    const g1 = f32x4.mul(factor, v128.load(gradient + at, 16));
    const a0 = v128.load(accumulators + at);
    const a1 = v128.load(accumulators + at, 16);
    const s0 = f32x4.sqrt(a0);
    const s1 = f32x4.sqrt(a1);
    const inverse = f32x4.div(rate, f32x4.mul(s0, s1));
    const l0 = f32x4.mul(inverse, s1);
    const l1 = f32x4.mul(inverse, s0);
    const step0 = move(row + at, l0, g0, shrink);
    const step1 = move(row + at + 16, l1, g1, shrink);
    v128.store(accumulators + at, f32x4.add(a0, f32x4.mul(g0, g0)));
    v128.store(accumulators + at, f32x4.add(a1, f32x4.mul(g1, g1)), 16);
    if (cache != 0) {
      follow(cache + at, share, step0);
      follow(cache + at + 16, share, step1);
    }
    rates = f32x4.add(rates, f32x4.add(l0, l1));
  }
  if (at < end) {
    const g = f32x4.mul(factor, v128.load(gradient + at));
    const accumulated = v128.load(accumulators + at);
    const local = f32x4.div(rate, f32x4.sqrt(accumulated));
    const step = move(row + at, local, g, shrink);
    v128.store(accumulators + at, f32x4.add(accumulated, f32x4.mul(g, g)));
    if (cache != 0) follow(cache + at, share, step);
    rates = f32x4.add(rates, local);
  }
  return <f64>sumOf(rates) / <f64>(vectors << 2);
}

/** AdaGrad with one accumulator for the row: the mean of the squares, which all rows of a gradient share. */
function stepRow(row: usize, gradient: usize, value: f32, penalty: f32, cache: usize, part: f32): f64 {
  const accumulated = load<f32>(row + accumulatorAt);
  const local = learningRate / Mathf.sqrt(accumulated);
  const factor = f32x4.splat(local * value);
  const keep = f32x4.splat(1 + local * penalty);
  const share = f32x4.splat(part);
  const end = <usize>vectors << 4;
  for (let at: usize = 0; at < end; at += 16) {
    const weights = v128.load(row + at);
    const moved = f32x4.sub(f32x4.mul(keep, weights), f32x4.mul(factor, v128.load(gradient + at)));
    v128.store(row + at, moved);
    if (cache != 0) follow(cache + at, share, f32x4.sub(weights, moved));
  }
  const squares = gradient == itemGradient ? itemSquares : userSquares;
  store<f32>(row + accumulatorAt, accumulated + (value * value * squares) / <f32>((vectors << 2) - 1));
  return <f64>local;
}

function stepAdadelta(row: usize, gradient: usize, value: f32, penalty: f32, cache: usize, part: f32): f64 {
  const keep = f32x4.splat(decay);
  const take = f32x4.splat(1 - decay);
  const small = f32x4.splat(epsilon);
  const factor = f32x4.splat(value);
  const shrink = f32x4.splat(penalty);
  const share = f32x4.splat(part);
  let rates = f32x4.splat(0);
  const end = <usize>vectors << 4;
  for (let at: usize = 0; at < end; at += 16) {
    const g = f32x4.mul(factor, v128.load(gradient + at));
    const squared = v128.load(row + accumulatorAt + at);
    const accumulated = f32x4.add(f32x4.mul(keep, squared), f32x4.mul(take, f32x4.mul(g, g)));
    const momentum = v128.load(row + momentumAt + at);
    const local = f32x4.sqrt(f32x4.div(f32x4.add(momentum, small), f32x4.add(accumulated, small)));
    const moved = f32x4.mul(local, g);
    const step = move(row + at, local, g, shrink);
    if (cache != 0) follow(cache + at, share, step);
    v128.store(row + accumulatorAt + at, accumulated);
    v128.store(row + momentumAt + at, f32x4.add(f32x4.mul(keep, momentum), f32x4.mul(take, f32x4.mul(moved, moved))));
    rates = f32x4.add(rates, local);
  }
  return <f64>sumOf(rates) / <f64>(vectors << 2);
}

function step(row: usize, gradient: usize, value: f32, penalty: f32, cache: usize, part: f32): f64 {
  changedRows += 1;
  if (optimizer == ELEMENT_WISE) return stepElements(row, gradient, value, penalty, cache, part);
  if (optimizer == ROW_WISE) return stepRow(row, gradient, value, penalty, cache, part);
  return stepAdadelta(row, gradient, value, penalty, cache, part);
}

/** One item: its own row, or the rows of its features and with them its cached representation. `sign` turns the gradient. */
function stepItem(item: u32, sign: f32): f64 {
  if (itemFeatureOffsets == 0) {
    const row = itemTable + <usize>item * rowBytes;
    const rate = step(row, itemGradient, sign, itemPenalty, 0, 0);
    store<f32>(row + itemBiasAt + 4, 1);
    return rate;
  }
  const cache = itemBase + <usize>item * itemStride;
  const place = itemFeatureOffsets + (<usize>item << 2);
  const last = load<i32>(place + 4);
  let rates: f64 = 0;
  for (let index = load<i32>(place); index < last; index++) {
    const row = itemTable + <usize>load<i32>(itemFeatureColumns + (<usize>index << 2)) * rowBytes;
    const value = load<f32>(itemFeatureValues + (<usize>index << 2));
    rates += step(row, itemGradient, sign * value, itemPenalty, cache, value);
  }
  store<f32>(cache + itemBiasAt + 4, 1);
  return rates;
}

function stepUser(user: u32): f64 {
  if (userFeatureOffsets == 0) {
    const row = userTable + <usize>user * rowBytes;
    const rate = step(row, userGradient, 1, userPenalty, 0, 0);
    store<f32>(row + itemBiasAt, 1);
    return rate;
  }
  const place = userFeatureOffsets + (<usize>user << 2);
  const last = load<i32>(place + 4);
  let rates: f64 = 0;
  for (let index = load<i32>(place); index < last; index++) {
    const row = userTable + <usize>load<i32>(userFeatureColumns + (<usize>index << 2)) * rowBytes;
    rates += step(row, userGradient, load<f32>(userFeatureValues + (<usize>index << 2)), userPenalty, 0, 0);
  }
  return rates;
}

/** A pair's step: the positive item up, the negative down. `u`, `p` and `q` are the representations. */
export function stepPair(user: u32, positive: u32, negative: u32, u: usize, p: usize, q: usize, loss: f32): void {
  if (userFeatureOffsets == 0 && itemFeatureOffsets == 0 && optimizer <= ROW_WISE) {
    grow((optimizer == ELEMENT_WISE ? pairElements(u, p, q, loss) : pairRows(u, p, q, loss)) / 3.0);
    store<f32>(u + itemBiasAt, 1);
    store<f32>(p + itemBiasAt + 4, 1);
    store<f32>(q + itemBiasAt + 4, 1);
    return;
  }
  const strength = f32x4.splat(loss);
  const end = <usize>vectors << 4;
  let forItem = f32x4.splat(0);
  let forUser = f32x4.splat(0);
  for (let at: usize = 0; at < end; at += 16) {
    const gi = f32x4.mul(strength, v128.load(u + at));
    const gu = f32x4.mul(strength, f32x4.sub(v128.load(q + at), v128.load(p + at)));
    v128.store(itemGradient + at, gi);
    v128.store(userGradient + at, gu);
    forItem = f32x4.add(forItem, f32x4.mul(gi, gi));
    forUser = f32x4.add(forUser, f32x4.mul(gu, gu));
  }
  itemSquares = sumOf(forItem);
  userSquares = sumOf(forUser);
  changedRows = 0;
  const rates = stepItem(positive, -1) + stepItem(negative, 1) + stepUser(user);
  // Without identities, who has no features has no rows.
  grow(changedRows > 0 ? rates / <f64>changedRows : 0);
}

/** A point's step: `loss` is the derivative by the score. */
export function stepPoint(user: u32, item: u32, u: usize, i: usize, loss: f32): void {
  const strength = f32x4.splat(loss);
  const end = <usize>vectors << 4;
  let forItem = f32x4.splat(0);
  let forUser = f32x4.splat(0);
  for (let at: usize = 0; at < end; at += 16) {
    const gi = f32x4.mul(strength, v128.load(u + at));
    const gu = f32x4.mul(strength, v128.load(i + at));
    v128.store(itemGradient + at, gi);
    v128.store(userGradient + at, gu);
    forItem = f32x4.add(forItem, f32x4.mul(gi, gi));
    forUser = f32x4.add(forUser, f32x4.mul(gu, gu));
  }
  itemSquares = sumOf(forItem);
  userSquares = sumOf(forUser);
  changedRows = 0;
  const rates = stepItem(item, 1) + stepUser(user);
  // Without identities, who has no features has no rows.
  grow(changedRows > 0 ? rates / <f64>changedRows : 0);
}
