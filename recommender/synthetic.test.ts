import { describe, expect, it } from "vitest";
import { interactionMatrix } from "./dataset.ts";
import { rowOf } from "./sparse.ts";
import { synthesize } from "./synthetic.ts";

const options = { users: 400, items: 120, interactions: 20_000 };

describe("made-up data", () => {
  it("is the same for the same seed, and another for another", () => {
    expect(synthesize(options)).toEqual(synthesize(options));
    expect(synthesize({ ...options, seed: 2 }).dataset.interactions.items).not.toEqual(
      synthesize(options).dataset.interactions.items,
    );
  });

  it("has few popular items and a long tail", () => {
    const { items } = synthesize(options).dataset.interactions;
    const counts = new Float64Array(options.items);
    for (const item of items) counts[item] = (counts[item] ?? 0) + 1;
    const sorted = counts.toSorted().toReversed();
    const top = sorted.slice(0, options.items / 10).reduce((sum, count) => sum + count, 0);
    expect(top / items.length).toBeGreaterThan(0.3);
    expect(sorted.at(-1)).toBeLessThan((sorted[0] ?? 0) / 10);
  });

  it("has segments that want different things", () => {
    const { dataset, segmentOfUser, categoryOfItem } = synthesize(options);
    const wanted = [0, 1].map((segment) => {
      const counts = new Float64Array(8);
      for (const [index, user] of dataset.interactions.users.entries()) {
        const category = categoryOfItem[dataset.interactions.items[index] ?? 0] ?? 0;
        if (segmentOfUser[user] === segment) counts[category] = (counts[category] ?? 0) + 1;
      }
      const total = counts.reduce((sum, count) => sum + count, 0);
      return counts.map((count) => count / total);
    });
    const distance = wanted[0]?.reduce((sum, share, index) => sum + Math.abs(share - (wanted[1]?.[index] ?? 0)), 0);
    expect(distance).toBeGreaterThan(0.3);
  });

  it("drifts only when asked to: what a segment takes late is not what it took early", () => {
    const turn = (drift: number): number => {
      const { dataset, categoryOfItem, segmentOfUser } = synthesize({ ...options, loyalty: 0, segments: 2, drift });
      const { users, items, times } = dataset.interactions;
      const middle = times?.toSorted()[items.length / 2] ?? 0;
      const shares = [new Float64Array(8), new Float64Array(8)];
      for (const [index, item] of items.entries()) {
        const counts = shares[(times?.[index] ?? 0) < middle ? 0 : 1];
        const category = categoryOfItem[item] ?? 0;
        if (counts !== undefined && segmentOfUser[users[index] ?? 0] === 0)
          counts[category] = (counts[category] ?? 0) + 2 / items.length;
      }
      return shares[0]?.reduce((sum, share, category) => sum + Math.abs(share - (shares[1]?.[category] ?? 0)), 0) ?? 0;
    };
    expect(turn(1)).toBeGreaterThan(3 * turn(0));
  });

  it("gives every user and item two features of equal weight", () => {
    const { userFeatures, itemFeatures } = synthesize(options).dataset;
    expect([...rowOf(userFeatures, 3).values]).toEqual([0.5, 0.5]);
    expect([...rowOf(itemFeatures, 3).values]).toEqual([0.5, 0.5]);
    expect(interactionMatrix(synthesize(options).dataset.interactions).rowCount).toBe(userFeatures.rowCount);
  });

  it("refuses a world without items", () => {
    expect(() => synthesize({ ...options, items: 3 })).toThrow(/an item per category/);
  });
});
