/**
 * What the training loops work on, read from the settings block that `factorization/layout.ts` writes; and the state
 * that each thread has of its own.
 */

/** Byte address of the settings block. */
const SETTINGS: usize = 64;

/** 128-bit vectors in a row of weights. */
export let vectors: i32 = 0;
/** Position of the items' bias and the users' constant in a row, in bytes. */
export let itemBiasAt: usize = 0;
/** From the start of a table row to its accumulators. */
export let accumulatorAt: usize = 0;
/** From the start of a table row to its second accumulators (Adadelta). */
export let momentumAt: usize = 0;
export let rowBytes: usize = 0;
export let optimizer: i32 = 0;
export let itemCount: u32 = 0;
export let maxSampled: i32 = 0;
export let lossTable: usize = 0;

/** Embeddings with their accumulators. */
export let userTable: usize = 0;
export let itemTable: usize = 0;
/** Representations: the table itself where each row is one user or item, else sums of feature embeddings. */
export let userBase: usize = 0;
export let itemBase: usize = 0;
export let userStride: usize = 0;
export let itemStride: usize = 0;
/** Feature rows (CSR); offsets of 0 say that there are none. */
export let userFeatureOffsets: usize = 0;
export let userFeatureColumns: usize = 0;
export let userFeatureValues: usize = 0;
export let itemFeatureOffsets: usize = 0;
export let itemFeatureColumns: usize = 0;
export let itemFeatureValues: usize = 0;

/** (user, item) pairs of 8 bytes, in training order; weights beside them, 0 for none. */
export let samples: usize = 0;
export let sampleWeights: usize = 0;
export let sampleCount: u32 = 0;
/** Each user's positives (CSR), items rising; weights beside them, 0 for none. */
export let positiveOffsets: usize = 0;
export let positiveItems: usize = 0;
export let positiveWeights: usize = 0;
/** k-OS: which of how many sampled positives is taken. */
export let chosenPositive: i32 = 0;
export let sampledPositives: i32 = 0;
/** Logistic: unobserved items drawn per observed one. */
export let drawnNegatives: i32 = 0;

export let learningRate: f32 = 0;
export let userPenalty: f32 = 0;
export let itemPenalty: f32 = 0;
/** Adadelta's. */
export let decay: f32 = 0;
export let epsilon: f32 = 0;

/** Scratch of this thread: gradients of item and user, then sampled positives. */
export let itemGradient: usize = 0;
export let userGradient: usize = 0;
export let candidates: usize = 0;

/** xorshift32. */
export let randomState: u32 = 1;
/** Lazy L2: weights are these times too large until `rescale`. */
export let userScale: f64 = 1;
export let itemScale: f64 = 1;
/** Inverse of both together, for scores. */
export let scoreScale: f32 = 1;
export let triedCount: f64 = 0;
export let updateCount: f64 = 0;
export let lossSum: f64 = 0;

function field(index: i32): i32 {
  return load<i32>(SETTINGS + (<usize>index << 2));
}

function realField(index: i32): f32 {
  return load<f32>(SETTINGS + (<usize>index << 2));
}

/** Reads the settings; `scratch` is memory of this thread's own. */
export function configure(scratch: usize): void {
  vectors = field(0);
  itemBiasAt = field(1);
  accumulatorAt = field(2);
  momentumAt = field(3);
  rowBytes = field(4);
  optimizer = field(5);
  itemCount = field(6);
  maxSampled = field(7);
  lossTable = field(8);
  userTable = field(9);
  itemTable = field(10);
  userBase = field(11);
  itemBase = field(12);
  userStride = field(13);
  itemStride = field(14);
  userFeatureOffsets = field(15);
  userFeatureColumns = field(16);
  userFeatureValues = field(17);
  itemFeatureOffsets = field(18);
  itemFeatureColumns = field(19);
  itemFeatureValues = field(20);
  samples = field(21);
  sampleWeights = field(22);
  sampleCount = field(23);
  positiveOffsets = field(24);
  positiveItems = field(25);
  positiveWeights = field(26);
  chosenPositive = field(27);
  sampledPositives = field(28);
  drawnNegatives = field(29);
  learningRate = realField(30);
  userPenalty = realField(31);
  itemPenalty = realField(32);
  decay = realField(33);
  epsilon = realField(34);
  itemGradient = scratch;
  userGradient = scratch + (<usize>vectors << 4);
  candidates = scratch + (<usize>vectors << 5);
}

/** Starts a run: counters at zero, scales at one. */
export function begin(seed: u32): void {
  randomState = seed;
  userScale = 1;
  itemScale = 1;
  scoreScale = 1;
  triedCount = 0;
  updateCount = 0;
  lossSum = 0;
}

/** xorshift32: the state after this one. */
// @ts-ignore: decorator
@inline
export function nextState(state: u32): u32 {
  let next = state ^ (state << 13);
  next ^= next >> 17;
  return next ^ (next << 5);
}

export function setRandomState(state: u32): void {
  randomState = state;
}

/** A draw from 0 to `bound` − 1, by the same arithmetic as in JavaScript. */
// @ts-ignore: decorator
@inline
export function drawBelow(bound: u32): u32 {
  randomState = nextState(randomState);
  return <u32>(<f64>randomState * (<f64>bound * 2.3283064365386963e-10));
}

export function addLoss(loss: f64): void {
  lossSum += loss;
}

/** Lazy L2: raises the scales by what a step with this mean learning rate would have taken from every row. */
export function grow(meanRate: f64): void {
  itemScale *= 1.0 + <f64>itemPenalty * meanRate;
  userScale *= 1.0 + <f64>userPenalty * meanRate;
  scoreScale = <f32>(1.0 / (itemScale * userScale));
  updateCount += 1;
}

export function addTries(tries: i32): void {
  triedCount += <f64>tries;
}
