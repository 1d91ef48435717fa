import { describe, expect, it } from "vitest";
import { layOut, rowLengthOf } from "./layout.ts";
import { settingsOf } from "./options.ts";

describe("recommender 18: the block of memory of a training", () => {
  it.each([
    [1_000_000, 50_000, 3_000],
    [10_000_000, 500_000, 9_500],
  ])("for %i pairs is at most 1.4 times what the kernel must see at once", (pairs, userCount, itemCount) => {
    const settings = settingsOf({ optimizer: "adagrad-row" });
    const { bytes } = layOut({
      settings,
      userCount,
      itemCount,
      userFeatures: undefined,
      itemFeatures: undefined,
      sampleCount: pairs,
      positiveCount: pairs,
      isWeighted: false,
      threads: 1,
    });
    // User and item of each pair, each user's items, and the tables.
    const minimum = pairs * (8 + 4) + (userCount + itemCount) * rowLengthOf(settings) * 4;
    expect(bytes / minimum).toBeLessThanOrEqual(1.4);
    expect(bytes / minimum).toBeGreaterThan(0.9);
  });
});
