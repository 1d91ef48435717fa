import { describe, expect, it } from "vitest";
import { createInteractions, type Dataset } from "../dataset.ts";
import { RecommenderError } from "../errors.ts";
import { loadModel } from "../load.ts";
import type { Model } from "../model.ts";
import { families } from "../families.ts";
import { ease } from "../models/ease.ts";
import { itemNeighbours } from "../models/item-neighbours.ts";
import { popularity } from "../models/popularity.ts";
import { ridge } from "../models/ridge.ts";
import { softmax } from "../models/softmax/softmax.ts";
import { createRandom } from "../random.ts";
import { rowOfEach } from "../sparse.ts";
import { synthesize } from "../synthetic.ts";
import { candidate, standardCandidates } from "./candidates.ts";
import { selectModel } from "./select.ts";
import type { Candidate } from "./selection.ts";
import { planValidation } from "./validation.ts";
import { rankingLossWarning } from "./warnings.ts";

const world = synthesize({ users: 400, items: 40, interactions: 8_000, categories: 5, loyalty: 0.8 });

/** A model that likes what nobody takes. */
const contrary: Candidate = {
  name: "contrary",
  fit: async (dataset): Promise<Model> => {
    const model = await popularity.fit(dataset);
    return { ...model, scores: (subject, into) => model.scores(subject, into).map((score) => -score) };
  },
};

/** Nobody has a taste: everyone draws from one popularity. */
function tasteless(): Dataset {
  const random = createRandom(2);
  const count = 3_000;
  const interactions = createInteractions({
    userCount: 300,
    itemCount: 40,
    users: Array.from({ length: count }, () => random.below(300)),
    items: Array.from({ length: count }, () => Math.floor(40 * random.uniform() ** 3)),
  });
  return { interactions };
}

describe("selector", () => {
  it("takes the personal model where people have tastes, trains it on everything and says why", async () => {
    const candidates = [candidate(ease, { regularization: 300 }), candidate(popularity, { bySegment: true }), contrary];
    const { model, report } = await selectModel(world.dataset, candidates);
    expect([model.userCount, model.itemCount]).toEqual([400, 40]);
    expect(report.chosen.name).toContain("ease, regularization 300");
    const verdicts = new Map(report.candidates.map(({ name, verdict }) => [name, verdict]));
    expect(verdicts.get("popularity")).toBe("outdone");
    expect(verdicts.get("contrary")).toBe("below-popularity");
    expect(report.why.join(" ")).toMatch(/where popularity has .*Refused, because they are below popularity: contrary/);
    expect(report.candidates.map(({ objective }) => objective)).toEqual(
      report.candidates.map(({ objective }) => objective).toSorted((left, right) => right - left),
    );
    expect(report.data).toEqual({ users: 400, items: 40, interactions: 8_000, userFeatures: 9, itemFeatures: 11 });
  });

  it("never serves a model below popularity, not even when nothing else is offered", async () => {
    const { model, report } = await selectModel(world.dataset, [contrary]);
    expect(report.chosen.name).toBe("popularity");
    expect(model.kind).toBe("popularity");
    expect(report.why.at(1)).toMatch(/^No candidate is better than popularity/);
  });

  it("serves popularity where people have no tastes that could be learned", async () => {
    const { report } = await selectModel(tasteless(), [
      candidate(itemNeighbours, {}),
      candidate(ease, { regularization: 1 }),
    ]);
    expect(report.chosen.name).toBe("popularity");
  });

  it("measures segments by themselves when it is told them", async () => {
    const options = { segments: world.segmentOfUser };
    const { report } = await selectModel(world.dataset, [candidate(ridge, {})], options);
    expect(report.candidates[0]?.known?.segments.map(({ segment }) => segment)).toEqual([0, 1, 2, 3]);
  });

  it("measures people it has never seen, by their features", async () => {
    const { report } = await selectModel(world.dataset, [candidate(ridge, {})]);
    const [best] = report.candidates;
    expect(best?.unseen?.metrics.get("auc")?.mean).toBeGreaterThan(0.6);
    const bare = await selectModel({ interactions: world.dataset.interactions }, [candidate(ease, {})]);
    expect(bare.report.candidates[0]?.unseen).toBeUndefined();
  });

  it("blends what is better together, and the blend can be saved", async () => {
    const candidates = [
      candidate(ease, { regularization: 100 }),
      candidate(softmax, { epochs: 6 }),
      candidate(ridge, {}),
    ];
    const { model, report } = await selectModel(world.dataset, candidates);
    expect(model.kind === "blend").toBe(report.chosen.members.length > 1);
    const read = loadModel(model.save(), families);
    expect(read.scores({ user: 3 })).toEqual(model.scores({ user: 3 }));
    const alone = await selectModel(world.dataset, candidates, { blending: false });
    expect(alone.report.chosen.members).toHaveLength(1);
  });

  it("tells of a candidate that could not be trained, and goes on; a bug it does not hide", async () => {
    const broken: Candidate = {
      name: "broken",
      fit: async () => {
        throw new RecommenderError("recommender/diverged", "It went out of bounds.");
      },
    };
    const { report } = await selectModel(world.dataset, [broken]);
    expect(report.candidates.at(-1)).toMatchObject({
      name: "broken",
      verdict: "failed",
      reason: "It went out of bounds.",
    });
    const buggy: Candidate = {
      name: "buggy",
      fit: async () => {
        throw new TypeError("bug");
      },
    };
    await expect(selectModel(world.dataset, [buggy])).rejects.toThrow(TypeError);
  });

  it("stops when it is called off", async () => {
    const signal = AbortSignal.abort();
    await expect(selectModel(world.dataset, [candidate(softmax, {})], {}, { signal })).rejects.toMatchObject({
      code: "recommender/cancelled",
    });
  });
});

describe("validation", () => {
  it("goes by time where there are times, by one of each where histories are short, at random otherwise", () => {
    expect(planValidation(world.dataset).strategy).toBe("by-time");
    expect(planValidation(tasteless()).strategy).toBe("random");
    const short = createInteractions({
      userCount: 4,
      itemCount: 5,
      users: [0, 0, 1, 1, 2, 3],
      items: [0, 1, 2, 3, 4, 0],
    });
    const plan = planValidation({ interactions: short });
    expect(plan.strategy).toBe("leave-one-out");
    expect(plan.train.interactions.users).toHaveLength(4);
  });

  it("trains on nothing of the users it calls unseen", () => {
    const { train, unseen } = planValidation(world.dataset);
    const trained = new Set(train.interactions.users);
    const held = unseen === undefined ? [] : [...new Set(rowOfEach(unseen.test))];
    expect(held.length).toBeGreaterThan(10);
    expect(held.some((user) => trained.has(user))).toBe(false);
  });

  it("says so when there is nothing to measure", () => {
    const lonely = createInteractions({ userCount: 2, itemCount: 2, users: [0, 1], items: [0, 1] });
    expect(() => planValidation({ interactions: lonely })).toThrow(/none could be held out/);
  });
});

describe("candidates", () => {
  it("fit the data: no softmax for large catalogues, nothing with features where there are none", () => {
    const names = (dataset: Dataset): string =>
      standardCandidates(dataset)
        .map(({ name }) => name)
        .join("; ");
    expect(names(world.dataset)).toMatch(/popularity, by segment.*ease, regularization 100.*ridge.*softmax, hidden 32/);
    expect(names({ interactions: world.dataset.interactions })).not.toMatch(/segment|ridge|hidden/);
    expect(names(synthesize({ users: 10, items: 7_000, interactions: 10 }).dataset)).not.toMatch(/ease|softmax/);
  });

  it("can all be read again", async () => {
    const small = synthesize({ users: 60, items: 20, interactions: 600 }).dataset;
    for (const { fit } of standardCandidates(small)) {
      const model = await fit(small);
      expect(loadModel(model.save(), families).scores({ user: 1 })).toEqual(model.scores({ user: 1 }));
    }
  });

  it("warn of WARP without features in a small catalogue", () => {
    expect(rankingLossWarning({ interactions: world.dataset.interactions })).toMatch(/not tried on 40 items/);
    expect(rankingLossWarning(world.dataset)).toBeUndefined();
    expect(rankingLossWarning(synthesize({ users: 10, items: 500, interactions: 10 }).dataset)).toBeUndefined();
  });
});
