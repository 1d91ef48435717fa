import { describe, expect, it } from "vitest";
import { interaction } from "../../../test/contracts/interactions.ts";
import { type Interaction } from "../../../core/store/interactions/index.ts";
import { ease } from "parleyjs-recommender";
import type { Product } from "../catalogue/product.ts";
import { readTrainingData, type TrainingData } from "../data/training-data.ts";
import type { Bundle } from "./bundle.ts";
import { trainStarter } from "./train.ts";
import { holdBack, judge as judgeBy, judgesFor } from "./verdict.ts";

const BEFORE = "2026-11-01T00:00:00.000Z";
const NOW = Date.parse("2026-11-21T00:00:00Z");

const products = Array.from({ length: 20 }, (_, index): Product => ({
  id: `p${index}`,
  name: `Product ${index}`,
  category: index % 2 === 0 ? "fund" : "card",
  riskLevel: 1,
  riskLabel: "low",
  expectedReturn: null,
  currency: "EUR",
  description: "",
  features: [],
  minimumAmountMinor: null,
  eligibility: {},
}));

/** Everybody has three products of a kind; the third came lately. */
function interactions(people: number): readonly Interaction[] {
  return Array.from({ length: people }, (_, person) =>
    [0, 2, 4].map((step) => {
      const timestamp = step === 4 ? "2026-11-10T00:00:00.000Z" : "2026-10-01T00:00:00.000Z";
      const productIds = [`p${(person * 2 + step + (person % 2)) % 20}`];
      return interaction({
        id: `${person}-${step}`,
        userId: `u${person}`,
        productIds,
        timestamp,
        receivedAt: timestamp,
      });
    }),
  ).flat();
}

async function data(people: number) {
  const all = interactions(people);
  const read = async function* (): AsyncGenerator<readonly Interaction[]> {
    yield all;
  };
  return await readTrainingData({ products, read, now: NOW });
}

/** The same model with every score turned round: it recommends what suits least. */
function turnedRound(bundle: Bundle): Bundle {
  const { model } = bundle;
  return { ...bundle, model: { ...model, scores: (subject) => model.scores(subject).map((score) => -score) } };
}

const judge = (fresh: Bundle, old: Bundle | undefined, known: TrainingData) =>
  judgeBy(fresh, old, known, judgesFor(known, old ?? fresh));

describe("a new version", () => {
  const options = { version: "v0002", trainedAt: BEFORE };

  it("replaces one that is no better", async () => {
    const known = await data(60);
    const good = await trainStarter(known, ease, options);
    expect(judge(good, turnedRound(good), known)).toMatchObject({
      replace: true,
      why: expect.stringContaining("of 60"),
    });
    expect(judge(good, good, known).replace).toBe(true);
  });

  it("does not replace one that is better", async () => {
    const known = await data(60);
    const good = await trainStarter(known, ease, options);
    expect(judge(turnedRound(good), good, known)).toMatchObject({ replace: false });
  });

  it("is not compared by a handful of people", async () => {
    const known = await data(10);
    const good = await trainStarter(known, ease, options);
    expect(judge(turnedRound(good), good, known)).toMatchObject({
      replace: true,
      why: expect.stringContaining("too few"),
    });
  });

  it("recommender 8: is asked for acts that neither version has learned from", async () => {
    const known = await data(60);
    const old = await trainStarter(known, ease, options);
    const judges = judgesFor(known, old);
    expect(judges).toHaveLength(60);
    const rest = holdBack(known, judges);
    expect(rest.dataset.interactions.users).toHaveLength(120);
    for (const { user, item } of judges) {
      const { users, items } = rest.dataset.interactions;
      expect([...users.keys()].some((place) => users[place] === user && items[place] === item)).toBe(false);
      // Nor has the old one: the person turned to the product after it was trained.
      const place = known.dataset.interactions.users.findIndex(
        (one, at) => one === user && known.dataset.interactions.items[at] === item,
      );
      expect(known.firstTimes[place]).toBeGreaterThan(Date.parse(BEFORE));
    }
    // A model that learned the held-back acts by heart cannot be flattered: it is trained without them.
    const blind = await trainStarter(rest, ease, options);
    expect(blind.model.scores({ user: 0 })).not.toEqual(old.model.scores({ user: 0 }));
  });

  it("that gives no numbers never serves, not even as the first", async () => {
    const known = await data(60);
    const good = await trainStarter(known, ease, options);
    const broken: Bundle = { ...good, model: { ...good.model, scores: () => new Float32Array(20).fill(Number.NaN) } };
    expect(judge(broken, undefined, known)).toEqual({ replace: false, why: "it gives scores that are no numbers" });
  });
});
