import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { topItems } from "./top-k.ts";

describe("the best items", () => {
  it("are those that sorting finds, without the excluded", () => {
    const scores = fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 60 });
    fc.assert(
      fc.property(scores, fc.integer({ min: 0, max: 20 }), fc.uniqueArray(fc.nat(59)), (values, count, out) => {
        const excluded = out.toSorted((left, right) => left - right);
        const { items } = topItems(Float32Array.from(values), count, excluded);
        const expected = values
          .map((score, item) => ({ score, item }))
          .filter(({ item }) => !excluded.includes(item))
          .toSorted((left, right) => right.score - left.score || left.item - right.item)
          .slice(0, count)
          .map(({ item }) => item);
        expect([...items]).toEqual(expected);
      }),
    );
  });

  it("are never such as cannot be scored", () => {
    expect([...topItems(Float32Array.of(Number.NaN, 1, -Infinity, 0), 4).items]).toEqual([1, 3]);
  });
});
