import { describe, expect, it } from "vitest";
import { type Dataset, interactionMatrix, selectInteractions } from "../dataset.ts";
import { evaluate } from "../evaluation/evaluate.ts";
import { loadModel } from "../load.ts";
import type { Model, Subject } from "../model.ts";
import { rowOf, sparseRow } from "../sparse.ts";
import { splitRandomly } from "../split.ts";
import { synthesize } from "../synthetic.ts";
import { blend, blendReader } from "./blend.ts";
import { ease } from "./ease.ts";
import { itemNeighbours } from "./item-neighbours.ts";
import { popularity } from "./popularity.ts";
import { ridge } from "./ridge.ts";
import { softmax } from "./softmax/softmax.ts";

const { dataset } = synthesize({ users: 300, items: 60, interactions: 9_000, categories: 6 });
const { train, test } = splitRandomly(dataset.interactions, 0.2);
const trainSet: Dataset = { ...dataset, interactions: train };
const families = [popularity, itemNeighbours, ease, ridge, softmax];
const readers = [...families, blendReader(families)];

const kinds: readonly { readonly name: string; readonly fit: (data: Dataset) => Promise<Model> }[] = [
  { name: "popularity", fit: async (data) => await popularity.fit(data) },
  {
    name: "popularity by segment",
    fit: async (data) => await popularity.fit(data, { bySegment: true, halfLife: 4e9 }),
  },
  { name: "item-neighbours", fit: async (data) => await itemNeighbours.fit(data, { neighbours: 20 }) },
  { name: "item-neighbours, BM25", fit: async (data) => await itemNeighbours.fit(data, { similarity: "bm25" }) },
  { name: "ease", fit: async (data) => await ease.fit(data, { regularization: 500 }) },
  { name: "ridge", fit: async (data) => await ridge.fit(data) },
  { name: "softmax", fit: async (data) => await softmax.fit(data, { epochs: 4 }) },
  { name: "softmax with a hidden layer", fit: async (data) => await softmax.fit(data, { epochs: 4, hidden: 8 }) },
  {
    name: "blend",
    fit: async (data) =>
      blend([
        { model: await ease.fit(data), weight: 1 },
        { model: await popularity.fit(data, { bySegment: true }), weight: 0.5 },
      ]),
  },
];

const subjects: readonly Subject[] = [
  { user: 7 },
  { user: 7, history: sparseRow([[3, 2]]) },
  {
    history: sparseRow([
      [5, 1],
      [9, 1],
    ]),
    features: rowOf(dataset.userFeatures, 20),
  },
  { features: rowOf(dataset.userFeatures, 20) },
  {},
];

describe.each(kinds)("$name", ({ name, fit }) => {
  it("says the same after it was saved and read", async () => {
    const model = await fit(trainSet);
    const read = loadModel(model.save(), readers);
    expect([read.kind, read.userCount, read.itemCount]).toEqual([model.kind, 300, 60]);
    for (const subject of subjects) {
      expect(read.scores(subject)).toEqual(model.scores(subject));
      expect(read.explain(subject, 4)).toEqual(model.explain(subject, 4));
    }
    expect(read.similarItems(2, 5)).toEqual(model.similarItems(2, 5));
    expect(read.scoreNewItem({ user: 1 }, rowOf(dataset.itemFeatures, 3))).toBe(
      model.scoreNewItem({ user: 1 }, rowOf(dataset.itemFeatures, 3)),
    );
  });

  it("fills the array it is given and knows users by row or by what they did", async () => {
    const model = await fit(trainSet);
    const into = new Float32Array(60);
    expect(model.scores({ user: 7 }, into)).toBe(into);
    const same = { history: rowOf(interactionMatrix(train), 7), features: rowOf(dataset.userFeatures, 7) };
    expect([...model.scores(same)]).toEqual([...into]);
    expect(() => model.scores({ user: 300 })).toThrow(/User 300 was asked for/);
    expect(() => model.similarItems(60, 3)).toThrow();
  });

  it("explains each score: its terms add up to it, but for a constant that is the same for all items", async () => {
    const model = await fit(trainSet);
    const subject = { user: 7 };
    const scores = model.scores(subject);
    const rest = [...scores].map(
      (score, item) => score - model.explain(subject, item).reduce((sum, { contribution }) => sum + contribution, 0),
    );
    const scale = Math.max(...scores) - Math.min(...scores);
    for (const value of rest) expect(Math.abs(value - (rest[0] ?? 0))).toBeLessThan(1e-3 * Math.max(1, scale));
  });

  it("gives what training on everything gives, after further data with new users and items", async () => {
    const newest = synthesize({ users: 320, items: 66, interactions: 9_000, categories: 6 }).dataset;
    const places = [...newest.interactions.users.keys()];
    const isOld = (place: number): boolean =>
      (newest.interactions.users[place] ?? 0) < 300 && (newest.interactions.items[place] ?? 0) < 60 && place % 3 > 0;
    const early = selectInteractions(newest.interactions, places.filter(isOld));
    const late = selectInteractions(
      newest.interactions,
      places.filter((place) => !isOld(place)),
    );
    const first = await fit({
      interactions: { ...early, userCount: 300, itemCount: 60 },
      userFeatures: newest.userFeatures,
      itemFeatures: newest.itemFeatures,
    });
    const before = first.scores({ user: 7 });
    const updated = await first.fitPartial({ ...newest, interactions: late });
    expect(first.scores({ user: 7 })).toEqual(before);
    expect([updated.userCount, updated.itemCount]).toEqual([320, 66]);
    const anew = await fit(newest);
    const [left, right] = [updated.scores({ user: 310 }), anew.scores({ user: 310 })];
    if (name.startsWith("softmax")) {
      // Softmax goes on from where it was: near, not equal.
      expect(correlation(left, right)).toBeGreaterThan(0.8);
    } else for (const [item, score] of left.entries()) expect(score).toBeCloseTo(right[item] ?? 0, 3);
    await expect(updated.fitPartial(trainSet)).rejects.toThrow(/never taken away/);
  });

  it("is better than chance, and no personal model is worse than popularity", async () => {
    const split = { train: interactionMatrix(train), test: interactionMatrix(test) };
    const aucOf = (model: Model): number =>
      evaluate((user, into) => model.scores({ user }, into), split, { resamples: 0 }).metrics.get("auc")?.mean ?? 0;
    const reached = aucOf(await fit(trainSet));
    expect(reached).toBeGreaterThan(0.6);
    if (!name.startsWith("popularity")) expect(reached).toBeGreaterThan(aucOf(await popularity.fit(trainSet)));
  });

  it("scores a new item like the items of its kind", async () => {
    const model = await fit(trainSet);
    const subject = { user: 7 };
    const favourite = model
      .scores(subject)
      .reduce((best, score, item, all) => (score > (all[best] ?? 0) ? item : best), 0);
    const scoreOf = (item: number): number =>
      model.scoreNewItem(subject, rowOf(dataset.itemFeatures, item)) ?? Number.NaN;
    const all = Array.from({ length: 60 }, (_, item) => scoreOf(item));
    const below = all.filter((score) => score < (all[favourite] ?? 0)).length;
    expect(below).toBeGreaterThan(20);
    const bare = await fit({ interactions: train });
    expect(bare.scoreNewItem(subject, rowOf(dataset.itemFeatures, 1))).toBeUndefined();
  });
});

describe("trainings", () => {
  it("end when they are called off", async () => {
    const signal = AbortSignal.abort();
    for (const fit of [
      async () => await softmax.fit(trainSet, {}, { signal }),
      async () => await ease.fit(trainSet, {}, { signal }),
    ])
      await expect(fit()).rejects.toMatchObject({ code: "recommender/cancelled" });
  });

  it("tell how far they are, and their loss falls", async () => {
    const losses: number[] = [];
    await softmax.fit(trainSet, { epochs: 5 }, { onProgress: ({ loss }) => losses.push(loss ?? Number.NaN) });
    expect(losses).toHaveLength(5);
    expect(losses.toSorted((left, right) => right - left)).toEqual(losses);
  });

  it("of softmax are the same for the same seed", async () => {
    const options = { epochs: 2, hidden: 4, seed: 3 };
    const [one, two, other] = [
      await softmax.fit(trainSet, options),
      await softmax.fit(trainSet, options),
      await softmax.fit(trainSet, { ...options, seed: 4 }),
    ];
    expect(two.scores({ user: 1 })).toEqual(one.scores({ user: 1 }));
    expect(other.scores({ user: 1 })).not.toEqual(one.scores({ user: 1 }));
  });

  it("refuse what they are not made for, and options that make no sense", async () => {
    const wide = synthesize({ users: 2, items: 13_000, interactions: 10 }).dataset;
    await expect(ease.fit(wide)).rejects.toThrow(/the most is 12000 items/);
    await expect(softmax.fit(wide)).rejects.toThrow(/up to 1000 items/);
    await expect(softmax.fit(trainSet, { epochs: 0 })).rejects.toMatchObject({ code: "recommender/invalid-data" });
    expect(() => blend([])).toThrow(/needs models of the same items/);
  });

  it("cannot be read as another kind or version", async () => {
    const model = await ease.fit(trainSet);
    expect(() => loadModel(model.save(), [popularity])).toThrow(/is of kind "ease"/);
    const container = { kind: "ease", version: 99, parameters: {}, sections: {} };
    expect(() => ease.read(container)).toThrow(/has version 99/);
  });
});

function correlation(left: Float32Array, right: Float32Array): number {
  const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [middleLeft, middleRight] = [mean(left), mean(right)];
  const sum = (valueOf: (index: number) => number): number =>
    left.reduce((total, _, index) => total + valueOf(index), 0);
  const [a, b] = [
    (index: number) => (left[index] ?? 0) - middleLeft,
    (index: number) => (right[index] ?? 0) - middleRight,
  ];
  return sum((index) => a(index) * b(index)) / Math.sqrt(sum((index) => a(index) ** 2) * sum((index) => b(index) ** 2));
}
