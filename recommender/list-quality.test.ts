import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diversify } from "./diversity.ts";
import { reasonOf } from "./reasons.ts";
import { recencyWeight, viewWeight, weightOf } from "./weighting.ts";

describe("diversity", () => {
  const categories = [0, 0, 0, 1, 1];
  const same = (left: number, right: number): number => (categories[left] === categories[right] ? 1 : 0);

  it("takes another kind of product before the second of the same", () => {
    expect(diversify([9, 8, 7, 6, 5], same, { count: 3, balance: 0.6 })).toEqual([0, 3, 1]);
    expect(diversify([9, 8, 7, 6, 5], same, { count: 3, balance: 1 })).toEqual([0, 1, 2]);
  });

  it("chooses each at most once, and the most relevant first", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -9, max: 9 })), fc.nat(12), (relevance, count) => {
        const chosen = diversify(relevance, (left, right) => (left % 3 === right % 3 ? 1 : 0), { count });
        expect(new Set(chosen).size).toBe(chosen.length);
        expect(chosen).toHaveLength(Math.min(count, relevance.length));
        if (chosen.length > 0) expect(relevance[chosen[0] ?? 0]).toBe(Math.max(...relevance));
      }),
    );
  });
});

describe("reasons", () => {
  it("tells the personal reason before the popular one, with its strongest names", () => {
    const reason = reasonOf([
      { source: "popularity", index: 7, contribution: 5 },
      { source: "history", index: 1, contribution: 1 },
      { source: "history", index: 2, contribution: 2 },
      { source: "history", index: 3, contribution: -9 },
    ]);
    expect(reason).toEqual({ source: "history", indices: [2, 1], share: 3 / 8 });
  });

  it("says popular when nothing personal carries weight, and nothing when nothing speaks for the item", () => {
    const popular = { source: "popularity", index: 7, contribution: 9 } as const;
    const weak = { source: "user-feature", index: 0, contribution: 0.1 } as const;
    expect(reasonOf([popular, weak])?.source).toBe("popularity");
    expect(reasonOf([weak])?.source).toBe("user-feature");
    expect(reasonOf([{ ...popular, contribution: -1 }])).toBeUndefined();
  });
});

describe("weights of interactions", () => {
  const options = { kinds: { view: 1, accepted: 5, dismissed: -2 }, halfLife: 10_000 };

  it("multiply kind, length of view and age", () => {
    expect(weightOf({ kind: "accepted", time: 0 }, 10_000, options)).toBe(2.5);
    expect(weightOf({ kind: "view", time: 0, viewDuration: 60_000 }, 0, options)).toBe(1);
    expect(weightOf({ kind: "dismissed", time: 0 }, 0, options)).toBe(0);
    expect(weightOf({ kind: "unknown", time: 0 }, 0, options)).toBe(0);
  });

  it("never fall with a longer view nor rise with age", () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(100_000), (left, right) => {
        const [less, more] = [Math.min(left, right), Math.max(left, right)];
        expect(viewWeight(more)).toBeGreaterThanOrEqual(viewWeight(less));
        expect(recencyWeight(more, 5_000)).toBeLessThanOrEqual(recencyWeight(less, 5_000));
      }),
    );
    expect(viewWeight(0)).toBeCloseTo(0.1, 12);
    expect(recencyWeight(-5, 10)).toBe(1);
  });
});
