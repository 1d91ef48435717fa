/** Products and sums of rows, four numbers at a time. */
import {
  itemBase,
  itemBiasAt,
  itemFeatureColumns,
  itemFeatureOffsets,
  itemFeatureValues,
  itemStride,
  itemTable,
  rowBytes,
  userBase,
  userFeatureColumns,
  userFeatureOffsets,
  userFeatureValues,
  userStride,
  userTable,
  vectors,
} from "./settings";

// @ts-ignore: decorator
@inline
export function sumOf(v: v128): f32 {
  const half = f32x4.add(v, i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  return f32x4.extract_lane(half, 0) + f32x4.extract_lane(half, 1);
}

// @ts-ignore: decorator
@inline
function product(a: usize, b: usize, at: usize): v128 {
  return f32x4.mul(v128.load(a + at), v128.load(b + at));
}

/** 13 vectors are 50 components and two biases, the default: unrolled. */
// @ts-ignore: decorator
@inline
function dot13(a: usize, b: usize): v128 {
  let s0 = product(a, b, 0);
  let s1 = product(a, b, 16);
  let s2 = product(a, b, 32);
  let s3 = product(a, b, 48);
  s0 = f32x4.add(s0, product(a, b, 64));
  s1 = f32x4.add(s1, product(a, b, 80));
  s2 = f32x4.add(s2, product(a, b, 96));
  s3 = f32x4.add(s3, product(a, b, 112));
  s0 = f32x4.add(s0, product(a, b, 128));
  s1 = f32x4.add(s1, product(a, b, 144));
  s2 = f32x4.add(s2, product(a, b, 160));
  s3 = f32x4.add(s3, product(a, b, 176));
  s0 = f32x4.add(s0, product(a, b, 192));
  return f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
}

function dotAny(a: usize, b: usize, count: i32): f32 {
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let at: usize = 0;
  const end = <usize>count << 4;
  for (; at + 16 < end; at += 32) {
    s0 = f32x4.add(s0, product(a, b, at));
    s1 = f32x4.add(s1, product(a, b, at + 16));
  }
  if (at < end) s0 = f32x4.add(s0, product(a, b, at));
  return sumOf(f32x4.add(s0, s1));
}

// @ts-ignore: decorator
@inline
export function dot(a: usize, b: usize, count: i32): f32 {
  return count == 13 ? sumOf(dot13(a, b)) : dotAny(a, b, count);
}

/** Sums of four vectors, as one vector. */
// @ts-ignore: decorator
@inline
function sums(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(
    i8x16.shuffle(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23),
    i8x16.shuffle(a, b, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31),
  );
  const cd = f32x4.add(
    i8x16.shuffle(c, d, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23),
    i8x16.shuffle(c, d, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31),
  );
  return f32x4.add(
    i8x16.shuffle(ab, cd, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),
    i8x16.shuffle(ab, cd, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31),
  );
}

/** Products of one row with four; `end` is the length of a row in bytes. */
// @ts-ignore: decorator
@inline
export function dots(u: usize, a: usize, b: usize, c: usize, d: usize, end: usize): v128 {
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let s3 = f32x4.splat(0);
  for (let at: usize = 0; at < end; at += 16) {
    const v = v128.load(u + at);
    s0 = f32x4.add(s0, f32x4.mul(v, v128.load(a + at)));
    s1 = f32x4.add(s1, f32x4.mul(v, v128.load(b + at)));
    s2 = f32x4.add(s2, f32x4.mul(v, v128.load(c + at)));
    s3 = f32x4.add(s3, f32x4.mul(v, v128.load(d + at)));
  }
  return sums(s0, s1, s2, s3);
}

/** The sum of an entity's feature embeddings, with 1 at its constant. */
function represent(entity: u32, offsets: usize, columns: usize, values: usize, table: usize, target: usize): void {
  const end = <usize>vectors << 4;
  const place = offsets + (<usize>entity << 2);
  const last = load<i32>(place + 4);
  let index = load<i32>(place);
  if (index == last) memory.fill(target, 0, end);
  for (let first = true; index < last; index++, first = false) {
    const row = table + <usize>load<i32>(columns + (<usize>index << 2)) * rowBytes;
    const value = f32x4.splat(load<f32>(values + (<usize>index << 2)));
    if (first) {
      for (let at: usize = 0; at < end; at += 16) v128.store(target + at, f32x4.mul(value, v128.load(row + at)));
    } else {
      for (let at: usize = 0; at < end; at += 16) {
        v128.store(target + at, f32x4.add(v128.load(target + at), f32x4.mul(value, v128.load(row + at))));
      }
    }
  }
}

/** Where a user's representation is, made anew when it is a sum. */
export function userAt(user: u32): usize {
  const target = userBase + <usize>user * userStride;
  if (userFeatureOffsets != 0) {
    represent(user, userFeatureOffsets, userFeatureColumns, userFeatureValues, userTable, target);
    store<f32>(target + itemBiasAt, 1);
  }
  return target;
}

/** Makes an item's representation anew where it is a sum. */
export function refreshItem(item: u32): void {
  if (itemFeatureOffsets == 0) return;
  const target = itemBase + <usize>item * itemStride;
  represent(item, itemFeatureOffsets, itemFeatureColumns, itemFeatureValues, itemTable, target);
  store<f32>(target + itemBiasAt + 4, 1);
}
