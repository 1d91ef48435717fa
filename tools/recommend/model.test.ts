import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packageDirectory } from "../../core/package-directory.ts";
import { SampleInteractions, type SampleInteraction } from "../../samples/bank/schema.ts";
import { InteractionType, type HistoryEntry } from "./interaction.ts";
import { fitModel, type ScoredProduct } from "./model.ts";

const { users, interactions } = SampleInteractions.parse(
  JSON.parse(await readFile(join(packageDirectory(), "samples", "bank", "interactions.json"), "utf8")),
);
const productIds = [...new Set(interactions.map(({ productId }) => productId))].toSorted();

/** The last product that each user came to, if it was not the only one and was not dismissed. */
function lastNewProducts(): ReadonlyMap<string, string> {
  const held = new Map<string, string>();
  for (const { userId } of users) {
    const own = interactions.filter((interaction) => interaction.userId === userId);
    const dismissed = new Set(own.filter(({ type }) => type === "dismissed").map(({ productId }) => productId));
    const inOrder = [...new Set(own.map(({ productId }) => productId))].filter((product) => !dismissed.has(product));
    const last = inOrder.at(-1);
    if (last !== undefined && inOrder.length > 1) held.set(userId, last);
  }
  return held;
}

describe("on the sample interactions, with each user's last new product held out", () => {
  const held = lastNewProducts();
  const train = interactions.filter(({ userId, productId }) => held.get(userId) !== productId);
  const model = fitModel({ productIds, users, interactions: train });

  const hitRate = (
    score: (history: readonly SampleInteraction[], segment: string) => readonly ScoredProduct[],
  ): number => {
    let hits = 0;
    for (const { userId, segment } of users) {
      const target = held.get(userId);
      const history = train.filter((interaction) => interaction.userId === userId);
      const seen = new Set(history.map(({ productId }) => productId));
      const top = score(history, segment)
        .filter(({ productId }) => !seen.has(productId))
        .toSorted((left, right) => right.score - left.score)
        .slice(0, 5);
      if (top.some(({ productId }) => productId === target)) hits += 1;
    }
    return hits / held.size;
  };
  const blended = hitRate((history, segment) => model.score({ history, segment }));
  const bySegment = hitRate((_history, segment) => model.score({ history: [], segment }));
  const popularity = hitRate(() => model.score({ history: [] }));

  it("hits within five for at least 0.58 of the users, twice as often as popularity and the segment's popularity", () => {
    expect(held.size).toBe(120);
    expect(blended).toBeGreaterThanOrEqual(0.58);
    expect(blended).toBeGreaterThan(2 * popularity);
    expect(blended).toBeGreaterThan(2 * bySegment);
  });

  it("serves newcomers better by their segment than by everybody's taste", () => {
    expect(bySegment).toBeGreaterThan(popularity);
  });
});

describe("scores", () => {
  const userIds = ["u1", "u2", "u3", "u4"];
  const ids = ["a", "b", "c", "d", "e"];
  const interaction = fc.record({
    userId: fc.constantFrom(...userIds, "nobody"),
    productId: fc.constantFrom(...ids, "gone"),
    type: fc.constantFrom(...InteractionType.options),
  });
  const people = userIds.map((userId, index) => ({ userId, segment: index < 2 ? "student" : "retired" }));
  const historyOf = (acts: readonly HistoryEntry[]): readonly HistoryEntry[] => acts;

  it("lie between 0 and 1 for each product, in the same order for the same data, whatever the interactions", () => {
    fc.assert(
      fc.property(
        fc.array(interaction),
        fc.array(interaction),
        fc.constantFrom("student", "other", undefined),
        (data, history, segment) => {
          const fitted = fitModel({ productIds: ids, users: people, interactions: data });
          const scored = fitted.score({ segment, history });
          expect(scored.map(({ productId }) => productId)).toEqual(ids);
          for (const { score, fromPopularity, fromSimilarity } of scored) {
            expect(score).toBeGreaterThanOrEqual(0);
            expect(score).toBeLessThanOrEqual(1);
            expect(fromPopularity + fromSimilarity).toBeCloseTo(score, 9);
          }
          expect(fitted.score({ segment, history })).toEqual(scored);
        },
      ),
    );
  });

  it("name the product of the history that made them", () => {
    const data = ["u1", "u2", "u3"].flatMap((userId) =>
      ["a", "b"].map((productId) => ({ userId, productId, type: "accepted" as const })),
    );
    const scored = fitModel({ productIds: ids, users: people, interactions: data }).score({
      history: historyOf([{ productId: "a", type: "view" }]),
    });
    expect(scored.find(({ productId }) => productId === "b")).toMatchObject({ because: "a" });
  });

  it("fall for what resembles a dismissed product", () => {
    const data = ["u1", "u2", "u3"].flatMap((userId) =>
      ["a", "b", "c"].map((productId) => ({ userId, productId, type: "view" as const })),
    );
    const fitted = fitModel({ productIds: ids, users: people, interactions: data });
    const scoreOfB = (history: readonly HistoryEntry[]): number =>
      fitted.score({ history }).find(({ productId }) => productId === "b")?.score ?? -1;
    const liked: HistoryEntry = { productId: "a", type: "view" };
    expect(scoreOfB([liked, { productId: "c", type: "dismissed" }])).toBeLessThan(scoreOfB([liked]));
  });
});
