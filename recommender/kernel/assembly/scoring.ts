/** Scores of all items for a user, and the best of them. */
import { dots } from "./vector";

/** Scores of items, four at a time; `items` and `scores` have room up to a multiple of four. */
export function scoreItems(user: usize, items: usize, itemCount: u32, vectors: u32, scores: usize): void {
  const row = <usize>vectors << 4;
  for (let item: u32 = 0; item < itemCount; item += 4) {
    const a = items + <usize>item * row;
    v128.store(scores + (<usize>item << 2), dots(user, a, a + row, a + 2 * row, a + 3 * row, row));
  }
}

/** Puts a score into a sorted list, which holds `size` of at most `capacity`; returns the new size. */
function insert(score: f32, item: u32, items: usize, best: usize, size: u32, capacity: u32): u32 {
  let place = size < capacity ? size : capacity - 1;
  for (; place > 0 && load<f32>(best + (<usize>(place - 1) << 2)) < score; place--) {
    const at = <usize>place << 2;
    store<f32>(best + at, load<f32>(best + at - 4));
    store<u32>(items + at, load<u32>(items + at - 4));
  }
  store<f32>(best + (<usize>place << 2), score);
  store<u32>(items + (<usize>place << 2), item);
  return size < capacity ? size + 1 : size;
}

/** The `capacity` best scores, best first; returns how many there are. −Infinity and NaN are never chosen. */
export function selectBest(scores: usize, itemCount: u32, capacity: u32, items: usize, best: usize): u32 {
  if (capacity == 0) return 0;
  let size: u32 = 0;
  let lowest: f32 = -Infinity;
  let item: u32 = 0;
  for (; item + 4 <= itemCount; item += 4) {
    if (!v128.any_true(f32x4.gt(v128.load(scores + (<usize>item << 2)), f32x4.splat(lowest)))) continue;
    for (let next = item; next < item + 4; next++) {
      const score = load<f32>(scores + (<usize>next << 2));
      if (!(score > lowest)) continue;
      size = insert(score, next, items, best, size, capacity);
      if (size == capacity) lowest = load<f32>(best + (<usize>(capacity - 1) << 2));
    }
  }
  for (; item < itemCount; item++) {
    const score = load<f32>(scores + (<usize>item << 2));
    if (!(score > lowest)) continue;
    size = insert(score, item, items, best, size, capacity);
    if (size == capacity) lowest = load<f32>(best + (<usize>(capacity - 1) << 2));
  }
  return size;
}

/** Takes items out of the choice. */
export function exclude(scores: usize, items: usize, count: u32): void {
  for (let index: u32 = 0; index < count; index++) {
    store<f32>(scores + (<usize>load<u32>(items + (<usize>index << 2)) << 2), -Infinity);
  }
}

/**
 * The best items of many users in one call: users' rows one after another, then for each user its size and, from
 * `capacity` to `capacity`, items and scores. Each user's excluded items are a row of a CSR matrix.
 */
export function recommendMany(
  users: usize,
  userCount: u32,
  items: usize,
  itemCount: u32,
  vectors: u32,
  capacity: u32,
  excludedOffsets: usize,
  excludedItems: usize,
  scores: usize,
  sizes: usize,
  chosen: usize,
  best: usize,
): void {
  for (let user: u32 = 0; user < userCount; user++) {
    scoreItems(users + <usize>user * (<usize>vectors << 4), items, itemCount, vectors, scores);
    const place = excludedOffsets + (<usize>user << 2);
    const start = load<u32>(place);
    exclude(scores, excludedItems + (<usize>start << 2), load<u32>(place + 4) - start);
    const row = (<usize>user * <usize>capacity) << 2;
    store<u32>(sizes + (<usize>user << 2), selectBest(scores, itemCount, capacity, chosen + row, best + row));
  }
}
