import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { interaction } from "../../../test/contracts/interactions.ts";
import type { Interaction } from "../../../core/store/interactions/index.ts";
import { packageDirectory } from "../../../core/package-directory.ts";
import { interactionMatrix, rowOf, topItems } from "parleyjs-recommender";
import { Product } from "../catalogue/product.ts";
import { knownAsker } from "../service/asker.ts";
import { scoreProducts } from "../service/score.ts";
import { makeStarter } from "../lifecycle/starter.ts";
import { addToSketch, ageGroupOf, emptySketch, personFeatures, productFeatures, sketchOf } from "./features.ts";
import { readSampleInteractions } from "./sample-file.ts";
import { readTrainingData } from "./training-data.ts";
import { ACT_WEIGHTS, dismissedIn, interestsOf, weightOf } from "./weights.ts";

const NOW = Date.parse("2026-11-21T09:00:00Z");
const samples = join(packageDirectory(), "samples", "bank");
const products = z.array(Product).parse(JSON.parse(await readFile(join(samples, "products.json"), "utf8")));
const sample = await readSampleInteractions(join(samples, "interactions.json"));

async function read(interactions: readonly Interaction[]) {
  const batches = async function* (): AsyncGenerator<readonly Interaction[]> {
    for (let start = 0; start < interactions.length; start += 100) yield interactions.slice(start, start + 100);
  };
  return await readTrainingData({ products, read: batches, now: NOW });
}

const act = (id: string, given: Partial<Interaction> = {}) =>
  interaction({ id, productIds: ["fund-growth"], timestamp: "2026-11-20T10:00:00Z", ...given });

describe("cleaning", () => {
  it("counts what it leaves out, and why", async () => {
    const { report } = await read([
      act("1"),
      act("2", { timestamp: "2026-11-20T10:00:01Z" }),
      act("3", { timestamp: "2030-01-01T00:00:00Z" }),
      act("4", { timestamp: "1970-01-01T00:00:00Z" }),
      act("5", { viewSeconds: 90_000, timestamp: "2026-11-20T11:00:00Z" }),
      act("6", { productIds: ["moon-rocket"], timestamp: "2026-11-20T12:00:00Z" }),
      act("7", { productIds: ["moon-rocket", "fund-balanced"], timestamp: "2026-11-20T13:00:00Z" }),
    ]);
    expect(report).toEqual({
      read: 7,
      kept: 2,
      bots: 0,
      botUsers: 0,
      duplicates: 1,
      impossibleTimes: 2,
      impossibleViews: 1,
      unknownProducts: 2,
    });
  });

  it("leaves out whoever acts faster than a person can, and nobody else", async () => {
    const clicks = Array.from({ length: 700 }, (_, index) =>
      act(`b${index}`, {
        userId: "bot",
        timestamp: new Date(NOW - 3_600_000 + index * 1_000).toISOString(),
        productIds: [products[index % products.length]?.id ?? ""],
      }),
    );
    const { report, dataset } = await read([...clicks, act("1", { userId: "person" })]);
    expect(report).toMatchObject({ bots: 700, botUsers: 1, kept: 1 });
    expect(dataset.interactions.userCount).toBe(1);
  });

  it("survives any interactions: what is kept and what is left out add up, and weights are finite", async () => {
    const any = fc.record({
      userId: fc.constantFrom("a", "b", "c"),
      type: fc.constantFrom("view" as const, "comparison" as const, "search" as const),
      productIds: fc.array(fc.constantFrom("fund-growth", "fund-balanced", "gone"), { minLength: 2, maxLength: 4 }),
      timestamp: fc
        .date({ noInvalidDate: true, min: new Date(0), max: new Date("2031-01-01") })
        .map((date) => date.toISOString()),
      viewSeconds: fc.double({ min: 0, max: 200_000, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(any, { maxLength: 40 }), async (given) => {
        const { report, dataset } = await read(given.map((one, index) => act(`${index}`, one)));
        const { read: all, kept, bots, duplicates, impossibleTimes, impossibleViews, unknownProducts } = report;
        expect(kept + bots + duplicates + impossibleTimes + impossibleViews).toBeLessThanOrEqual(all);
        expect(kept + bots + duplicates + impossibleTimes + impossibleViews + unknownProducts).toBeGreaterThanOrEqual(
          all,
        );
        expect(dataset.interactions.weights.every((weight) => weight > 0 && Number.isFinite(weight))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});

describe("weights", () => {
  const at = "2026-11-21T09:00:00Z";
  it("grow with the length of a view, within bounds, and halve in ninety days", () => {
    const view = (viewSeconds: number) => weightOf(act("1", { viewSeconds, timestamp: at }), NOW);
    expect([view(0), view(30), view(36_000)]).toEqual([0.5, 1, 2]);
    const old = act("1", { timestamp: new Date(NOW - 90 * 86_400_000).toISOString() });
    expect(weightOf(old, NOW)).toBeCloseTo(ACT_WEIGHTS.view / 2, 6);
  });

  it("of a rejection take away what spoke for the product, and a later yes takes the rejection back", () => {
    const said = (id: string, action: "accepted" | "dismissed") =>
      act(id, { type: "interaction", action, timestamp: at });
    expect(interestsOf([act("1", { timestamp: at }), said("2", "dismissed")], NOW).size).toBe(0);
    expect([...dismissedIn([said("1", "dismissed")])]).toEqual(["fund-growth"]);
    expect(dismissedIn([said("1", "dismissed"), said("2", "accepted")]).size).toBe(0);
  });

  it("of one person are bounded: a million events move nobody more than sixty of them", async () => {
    const times = (count: number) =>
      Array.from({ length: count }, (_, index) =>
        act(`p${index}`, {
          userId: "poisoner",
          productIds: [products[index % 5]?.id ?? ""],
          timestamp: new Date(NOW - (index + 1) * 60_000).toISOString(),
        }),
      );
    const weightIn = async (count: number) => {
      const { dataset } = await read([...times(count), act("1", { userId: "other" })]);
      const { values } = rowOf(interactionMatrix(dataset.interactions), 0);
      return { total: values.reduce((sum, value) => sum + value, 0), most: Math.max(...values) };
    };
    const flooded = await weightIn(20_000);
    expect(flooded.most).toBeLessThanOrEqual(10);
    expect(flooded.total).toBeLessThanOrEqual(60);
  });
});

describe("features", () => {
  it("of people are demographics, habits and hours, the newest facts first", () => {
    const sketch = sketchOf([
      act("1", { type: "comparison", productIds: ["a", "b"], demographics: { ageGroup: "18-24", location: "Kiel" } }),
      ...["2", "3", "4"].map((id) => act(id, { demographics: { ageGroup: "25-34", segment: "Student" } })),
    ]);
    expect(Object.fromEntries(personFeatures(sketch))).toEqual({
      "segment:student": 2,
      "age:25-34": 1,
      "location:kiel": 1,
      "behaviour:comparison": 0.5,
      "time:morning": 0.25,
    });
  });

  it("do not take what was shown for something that somebody did", () => {
    const sketch = emptySketch();
    addToSketch(sketch, act("1", { type: "interaction", action: "shown" }));
    expect(personFeatures(sketch)).toEqual([]);
  });

  it("of products are what they are, not their names alone", () => {
    const names = productFeatures(products.find(({ id }) => id === "fund-growth") ?? expect.fail("no product")).map(
      ([name]) => name,
    );
    expect(names).toEqual(expect.arrayContaining(["category:fund", "risk:medium", "risk-class:4"]));
  });

  it("that almost nobody shares are left out: they might name somebody", async () => {
    const { userFeatureNames } = await read(
      ["a", "b", "c", "d"].map((userId, index) =>
        act(userId, { userId, demographics: { segment: "student", location: index === 0 ? "Helgoland" : "Kiel" } }),
      ),
    );
    expect(userFeatureNames).toContain("location:kiel");
    expect(userFeatureNames).not.toContain("location:helgoland");
  });

  it.each([
    [2010, "0-17"],
    [2004, "18-24"],
    [1991, "35-49"],
    [1954, "65+"],
  ])("put the birth year %i into the group %s", (year, group) => expect(ageGroupOf(year, 2026)).toBe(group));
});

describe("on the sample interactions, with each user's last new product held out", () => {
  it("hits within five for more than half of the users, twice as often as popularity", async () => {
    const byUser = new Map<string, Interaction[]>();
    for (const one of sample) byUser.set(one.userId, [...(byUser.get(one.userId) ?? []), one]);
    const held = new Map(
      [...byUser].flatMap(([user, own]) => {
        const dismissed = dismissedIn(own);
        const inOrder = [...new Set(own.flatMap(({ productIds }) => productIds))].filter((id) => !dismissed.has(id));
        const last = inOrder.at(-1);
        return last !== undefined && inOrder.length > 1 ? [[user, last] as const] : [];
      }),
    );
    const train = sample.filter(({ userId, productIds }) => held.get(userId) !== productIds[0]);
    const bundle = await makeStarter(products, train, NOW);
    const catalogue = new Map(products.map((product) => [product.id, product]));
    const hitRate = (knows: boolean): number => {
      const hits = [...held].filter(([user, target]) => {
        const history = train.filter(({ userId }) => userId === user);
        const seen = new Set(history.flatMap(({ productIds }) => productIds));
        const asker = { history: knows ? history : [], demographics: {}, owned: new Set<string>() };
        const scored = scoreProducts(bundle, knownAsker(asker, bundle, NOW), catalogue);
        const scores = Float32Array.from(scored, ({ productId, score }) => (seen.has(productId) ? -1 : score));
        return [...topItems(scores, 5).items].some((item) => scored[item]?.productId === target);
      });
      return hits.length / held.size;
    };
    const [personal, popular] = [hitRate(true), hitRate(false)];
    expect(personal).toBeGreaterThan(0.55);
    expect(personal).toBeGreaterThan(2 * popular);
  });
});
