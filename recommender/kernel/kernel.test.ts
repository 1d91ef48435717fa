import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileKernel, moduleOf } from "../../scripts/kernel.mjs";
import { referenceScorer } from "../../test/support/recommender/reference-scorer.ts";
import { compressRows } from "../sparse.ts";
import { webAssemblyScorer } from "./web-assembly-scorer.ts";

describe("the compiled kernel", () => {
  it("is what its source compiles to", async () => {
    const committed = readFileSync(new URL("binary.ts", import.meta.url), "utf8");
    expect(moduleOf(await compileKernel()) === committed, "npm run build:kernel").toBe(true);
  });

  it("scores and chooses as the JavaScript does, alone and for many at once", () => {
    const shape = fc.record({
      itemCount: fc.integer({ min: 1, max: 23 }),
      vectors: fc.integer({ min: 1, max: 4 }),
      users: fc.integer({ min: 1, max: 5 }),
      count: fc.integer({ min: 0, max: 30 }),
      excluded: fc.array(fc.tuple(fc.nat(4), fc.nat(22)), { maxLength: 30 }),
      // Whole numbers: both kernels get the very same sums.
      numbers: fc.infiniteStream(fc.integer({ min: -8, max: 8 })),
    });
    fc.assert(
      fc.property(shape, ({ itemCount, vectors, users, count, excluded, numbers }) => {
        const stride = vectors * 4;
        const draw = (length: number): Float32Array => Float32Array.from({ length }, () => numbers.next().value);
        const items = draw(itemCount * stride);
        const rows = draw(users * stride);
        const [compiled, reference] = [webAssemblyScorer(items, stride), referenceScorer(items, stride)];
        const inside = excluded.filter(([user, item]) => user < users && item < itemCount);
        const had = compressRows({
          rowCount: users,
          columnCount: itemCount,
          rows: inside.map(([user]) => user),
          columns: inside.map(([, item]) => item),
        });
        expect(compiled.bestOfMany(rows, count, had)).toEqual(reference.bestOfMany(rows, count, had));
        const first = rows.subarray(0, stride);
        expect(compiled.scores(first)).toEqual(reference.scores(first));
        expect(compiled.row(itemCount - 1)).toEqual(reference.row(itemCount - 1));
        expect(compiled.best(first, count)).toEqual(reference.best(first, count));
      }),
      { numRuns: 60 },
    );
  });

  it("answers for more users than go into one call", () => {
    const items = Float32Array.from({ length: 7 * 4 }, (_, index) => Math.sin(index));
    const rows = Float32Array.from({ length: 600 * 4 }, (_, index) => Math.cos(index));
    const none = compressRows({ rowCount: 600, columnCount: 7, rows: [], columns: [] });
    const many = webAssemblyScorer(items, 4).bestOfMany(rows, 3, none);
    const one = webAssemblyScorer(items, 4);
    expect(many).toHaveLength(600);
    expect(many.map(({ items: chosen }) => [...chosen])).toEqual(
      many.map((_, user) => [...one.best(rows.subarray(user * 4, user * 4 + 4), 3).items]),
    );
  });
});
