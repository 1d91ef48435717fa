import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "../random.ts";
import { compressRows, rowOf, type SparseMatrix } from "../sparse.ts";
import { bootstrapMeans, pairedDifference } from "./bootstrap.ts";
import { evaluate } from "./evaluate.ts";
import { ranksOf } from "./ranks.ts";

const matrix = (rowCount: number, columnCount: number, pairs: readonly (readonly [number, number])[]): SparseMatrix =>
  compressRows({
    rowCount,
    columnCount,
    rows: pairs.map(([row]) => row),
    columns: pairs.map(([, column]) => column),
  });

describe("ranks", () => {
  it("are what LightFM counts: other candidates that score no lower", () => {
    const scores = fc.array(fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constant(-Infinity)), {
      minLength: 2,
      maxLength: 40,
    });
    fc.assert(
      fc.property(scores, fc.nat(), (values, seed) => {
        const random = createRandom(seed);
        const held = values.flatMap((value, item) => (value > -Infinity && random.uniform() < 0.3 ? [item] : []));
        const counted = held.map(
          (item) => values.filter((value, other) => other !== item && value >= (values[item] ?? 0)).length,
        );
        expect([...ranksOf(Float32Array.from(values), Int32Array.from(held))]).toEqual(
          counted.toSorted((left, right) => left - right),
        );
      }),
    );
  });

  it("a score that is no number is worse than every other", () => {
    expect([...ranksOf(Float32Array.of(1, Number.NaN, -5), Int32Array.of(1))]).toEqual([2]);
  });
});

describe("evaluation", () => {
  // User 0 had item 0 and takes 3; user 1 had 1 and takes 0 and 2; user 2 is not tested.
  const split = {
    train: matrix(3, 4, [
      [0, 0],
      [1, 1],
      [2, 1],
      [2, 2],
    ]),
    test: matrix(3, 4, [
      [0, 3],
      [1, 0],
      [1, 2],
    ]),
  };
  const fixed = Float32Array.of(4, 3, 2, 1);
  const score = (_user: number, into: Float32Array): Float32Array => {
    into.set(fixed);
    return into;
  };

  it("averages over the users with test data, training items left out", () => {
    const { metrics, userCount, perUser } = evaluate(score, split, { cutoffs: [1] });
    expect(userCount).toBe(2);
    expect([...perUser.users]).toEqual([0, 1]);
    // User 0: 1, 2, 3 remain, 3 is last. User 1: 0, 2, 3 remain, both are first.
    expect(metrics.get("auc")?.mean).toBe((0 + 1) / 2);
    expect(metrics.get("mrr")?.mean).toBeCloseTo((1 / 3 + 1) / 2, 12);
    expect(metrics.get("precision@1")?.mean).toBe((0 + 1) / 2);
    expect(metrics.get("recall@1")?.mean).toBe((0 + 1 / 2) / 2);
  });

  it("says how much of the catalogue the lists show, how new and how popular it is", () => {
    const { catalogue } = evaluate(score, split, { cutoffs: [1] });
    // User 0 is shown item 1 (two of three users have it), user 1 item 0 (one of three).
    expect(catalogue.coverage).toBe(2 / 4);
    expect(catalogue.novelty).toBeCloseTo((-Math.log2(2 / 3) - Math.log2(1 / 3)) / 2, 12);
    // Shown items have 2 and 1 users; the items they had themselves 1 and 2.
    expect(catalogue.popularityLift).toBe(1);
    expect(catalogue.gini).toBeCloseTo(0.5, 12);
  });

  it("measures each length of list by itself", () => {
    const { metrics } = evaluate(score, split, { cutoffs: [1, 3] });
    expect(metrics.get("hit-rate@1")?.mean).toBe(0.5);
    expect(metrics.get("hit-rate@3")?.mean).toBe(1);
  });

  it("measures segments by themselves", () => {
    const { segments } = evaluate(score, split, { cutoffs: [1], segments: Int32Array.of(5, 7, 7) });
    expect(segments.map(({ segment, userCount, metrics }) => [segment, userCount, metrics.get("auc")?.mean])).toEqual([
      [5, 1, 0],
      [7, 1, 1],
    ]);
  });

  it("refuses a test item that the model was trained on", () => {
    const both = { ...split, test: split.train };
    expect(() => evaluate(score, both)).toThrow(/Item 0 is in the training and in the test data/);
  });

  it("gives a scorer that knows nothing an AUC of one half", () => {
    const random = createRandom(3);
    const pairs = Array.from({ length: 3000 }, (_, index): readonly [number, number] => [
      index % 500,
      random.below(60),
    ]);
    const test = matrix(500, 60, pairs);
    const train = matrix(500, 60, []);
    const { metrics } = evaluate((_user, into) => into.map(() => random.uniform()), { train, test });
    const auc = metrics.get("auc");
    expect(auc?.low).toBeLessThan(0.5);
    expect(auc?.high).toBeGreaterThan(0.5);
    expect(rowOf(test, 0).columns.length).toBeGreaterThan(0);
  });
});

describe("bootstrap", () => {
  it("holds the true mean about as often as it says", () => {
    const random = createRandom(11);
    const held = Array.from({ length: 200 }, (_, seed) => {
      const sample = Float64Array.from({ length: 80 }, () => random.normal() + 2);
      const [estimate] = bootstrapMeans([sample], { seed, confidence: 0.9 });
      return estimate !== undefined && estimate.low <= 2 && 2 <= estimate.high;
    }).filter(Boolean).length;
    expect(held).toBeGreaterThan(164);
    expect(held).toBeLessThan(194);
  });

  it("sees a small difference between two models that users agree on, which their own intervals hide", () => {
    const random = createRandom(5);
    const left = Float64Array.from({ length: 100 }, () => random.uniform());
    const right = left.map((value) => value - 0.01 * (1 + random.uniform()));
    const [one, other] = bootstrapMeans([left, right]);
    expect(one?.low).toBeLessThan(other?.high ?? 0);
    expect(pairedDifference(left, right).low).toBeGreaterThan(0);
  });

  it("gives intervals of no width without draws, and the same ones for the same seed", () => {
    const values = Float64Array.of(0, 1, 5);
    expect(bootstrapMeans([values], { resamples: 0 })).toEqual([{ mean: 2, low: 2, high: 2 }]);
    expect(bootstrapMeans([values], { seed: 4 })).toEqual(bootstrapMeans([values], { seed: 4 }));
  });
});
