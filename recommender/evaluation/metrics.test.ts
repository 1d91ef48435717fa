import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  areaUnderCurve,
  averagePrecisionAt,
  hitRateAt,
  ndcgAt,
  precisionAt,
  recallAt,
  reciprocalRank,
} from "./metrics.ts";

/** Held-out items in places 1, 3 and 12 of 20 candidates. */
const RANKS = Int32Array.of(0, 2, 11);

describe("metrics of one user, against values computed by hand", () => {
  it("counts hits: two of the three are in a list of 10", () => {
    expect(precisionAt(RANKS, 10)).toBeCloseTo(0.2, 12);
    expect(recallAt(RANKS, 10)).toBeCloseTo(2 / 3, 12);
    expect(hitRateAt(RANKS, 10)).toBe(1);
    expect(hitRateAt(Int32Array.of(3), 3)).toBe(0);
  });

  it("rewards early hits", () => {
    expect(reciprocalRank(RANKS)).toBe(1);
    expect(reciprocalRank(Int32Array.of(3, 4))).toBe(0.25);
    const ideal = 1 + 1 / Math.log2(3) + 1 / Math.log2(4);
    expect(ndcgAt(RANKS, 10)).toBeCloseTo((1 + 1 / Math.log2(4)) / ideal, 12);
    expect(averagePrecisionAt(RANKS, 10)).toBeCloseTo((1 + 2 / 3) / 3, 12);
  });

  it("counts pairs in the right order: 17 candidates are no hits; 0, 1 and 9 of them stand before one", () => {
    expect(areaUnderCurve(RANKS, 20)).toBeCloseTo((1 + 16 / 17 + 8 / 17) / 3, 12);
    expect(areaUnderCurve(Int32Array.of(0, 1), 2)).toBe(0.5);
  });
});

describe("metrics of any ranks", () => {
  const ranks = fc
    .uniqueArray(fc.nat({ max: 60 }), { minLength: 1, maxLength: 12 })
    .map((places) => Int32Array.from(places).toSorted());
  const lists = [averagePrecisionAt, hitRateAt, ndcgAt, precisionAt, recallAt];

  it("lie between 0 and 1, and are 1 where nothing could be better", () => {
    fc.assert(
      fc.property(ranks, fc.integer({ min: 1, max: 40 }), (places, cutoff) => {
        for (const measure of [...lists, areaUnderCurve]) {
          const value = measure(places, measure === areaUnderCurve ? 61 : cutoff);
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1 + 1e-12);
        }
        const best = places.map((_, place) => place);
        expect(ndcgAt(best, cutoff)).toBeCloseTo(1, 12);
        expect(averagePrecisionAt(best, cutoff)).toBeCloseTo(1, 12);
        expect(areaUnderCurve(best, 61)).toBe(1);
      }),
    );
  });

  it("never fall when a held-out item moves up", () => {
    fc.assert(
      fc.property(ranks, fc.integer({ min: 1, max: 40 }), fc.nat(), (places, cutoff, pick) => {
        const index = pick % places.length;
        const before = places[index - 1] ?? -1;
        const better = places.map((rank, place) => (place === index ? before + 1 : rank));
        for (const measure of lists)
          expect(measure(better, cutoff)).toBeGreaterThanOrEqual(measure(places, cutoff) - 1e-12);
      }),
    );
  });
});
