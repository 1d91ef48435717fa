/** The step of a user and two items in one pass, where users and items are rows of the tables. */
import { accumulatorAt, itemPenalty, learningRate, userPenalty, vectors } from "./settings";
import { sumOf } from "./vector";

/**
 * Three rows in one pass: element-wise AdaGrad where users and items are rows of the tables. One division serves all
 * three rates, and `r·(g + αw)` stands for what differs from `(w + rg)·(1 + αr)` by α·r²·g: nothing at this precision.
 */
export function pairElements(u: usize, p: usize, q: usize, loss: f32): f64 {
  const rate = f32x4.splat(learningRate);
  const itemShrink = f32x4.splat(itemPenalty);
  const userShrink = f32x4.splat(userPenalty);
  const strength = f32x4.splat(loss);
  const accumulators = accumulatorAt;
  let rates = f32x4.splat(0);
  const end = <usize>vectors << 4;
  for (let at: usize = 0; at < end; at += 16) {
    const uv = v128.load(u + at);
    const pv = v128.load(p + at);
    const qv = v128.load(q + at);
    const gi = f32x4.mul(strength, uv);
    const gu = f32x4.mul(strength, f32x4.sub(qv, pv));
    const up = v128.load(p + accumulators + at);
    const uq = v128.load(q + accumulators + at);
    const uu = v128.load(u + accumulators + at);
    const sp = f32x4.sqrt(up);
    const sq = f32x4.sqrt(uq);
    const su = f32x4.sqrt(uu);
    const spq = f32x4.mul(sp, sq);
    const inverse = f32x4.div(rate, f32x4.mul(spq, su));
    const inverseU = f32x4.mul(inverse, su);
    const rp = f32x4.mul(inverseU, sq);
    const rq = f32x4.mul(inverseU, sp);
    const ru = f32x4.mul(inverse, spq);
    const squared = f32x4.mul(gi, gi);
    v128.store(p + at, f32x4.add(pv, f32x4.mul(rp, f32x4.add(gi, f32x4.mul(itemShrink, pv)))));
    v128.store(p + accumulators + at, f32x4.add(up, squared));
    v128.store(q + at, f32x4.sub(qv, f32x4.mul(rq, f32x4.sub(gi, f32x4.mul(itemShrink, qv)))));
    v128.store(q + accumulators + at, f32x4.add(uq, squared));
    v128.store(u + at, f32x4.sub(uv, f32x4.mul(ru, f32x4.sub(gu, f32x4.mul(userShrink, uv)))));
    v128.store(u + accumulators + at, f32x4.add(uu, f32x4.mul(gu, gu)));
    rates = f32x4.add(rates, f32x4.add(rp, f32x4.add(rq, ru)));
  }
  return <f64>sumOf(rates) / <f64>(vectors << 2);
}

/** The same with one accumulator per row. */
export function pairRows(u: usize, p: usize, q: usize, loss: f32): f64 {
  const up = load<f32>(p + accumulatorAt);
  const uq = load<f32>(q + accumulatorAt);
  const uu = load<f32>(u + accumulatorAt);
  const rp = learningRate / Mathf.sqrt(up);
  const rq = learningRate / Mathf.sqrt(uq);
  const ru = learningRate / Mathf.sqrt(uu);
  const stepP = f32x4.splat(rp * loss);
  const stepQ = f32x4.splat(rq * loss);
  const stepU = f32x4.splat(ru * loss);
  const shrinkP = f32x4.splat(1 + itemPenalty * rp);
  const shrinkQ = f32x4.splat(1 + itemPenalty * rq);
  const shrinkU = f32x4.splat(1 + userPenalty * ru);
  let itemSum = f32x4.splat(0);
  let userSum = f32x4.splat(0);
  const end = (<usize>vectors) << 4;
  for (let at: usize = 0; at < end; at += 16) {
    const uv = v128.load(u + at);
    const pv = v128.load(p + at);
    const qv = v128.load(q + at);
    const difference = f32x4.sub(qv, pv);
    v128.store(p + at, f32x4.mul(f32x4.add(pv, f32x4.mul(stepP, uv)), shrinkP));
    v128.store(q + at, f32x4.mul(f32x4.sub(qv, f32x4.mul(stepQ, uv)), shrinkQ));
    v128.store(u + at, f32x4.mul(f32x4.sub(uv, f32x4.mul(stepU, difference)), shrinkU));
    itemSum = f32x4.add(itemSum, f32x4.mul(uv, uv));
    userSum = f32x4.add(userSum, f32x4.mul(difference, difference));
  }
  const mean = (loss * loss) / <f32>((vectors << 2) - 1);
  const itemMean = sumOf(itemSum) * mean;
  store<f32>(p + accumulatorAt, up + itemMean);
  store<f32>(q + accumulatorAt, uq + itemMean);
  store<f32>(u + accumulatorAt, uu + sumOf(userSum) * mean);
  return <f64>rp + <f64>rq + <f64>ru;
}
