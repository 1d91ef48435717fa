/** What went wrong with the library in use, one chapter a kind. */
import { describe, expect, it } from "vitest";
import {
  blend,
  candidate,
  createInteractions,
  createRandom,
  type Dataset,
  ease,
  evaluate,
  factorization,
  families,
  interactionMatrix,
  itemNeighbours,
  loadModel,
  loadNamed,
  type Model,
  nameData,
  popularity,
  ridge,
  selectModel,
  softmax,
  splitByTime,
  standardCandidates,
  synthesize,
  weightOf,
  withNames,
} from "./index.ts";

/** Three people dismissed item 0, one took item 1; the fifth is new. */
const dismissed: Dataset = {
  interactions: createInteractions({
    userCount: 5,
    itemCount: 2,
    users: [0, 1, 2, 3],
    items: [0, 0, 0, 1],
    weights: [0, 0, 0, 1],
  }),
};
const { dataset } = synthesize({ users: 60, items: 20, interactions: 900 });

describe("recommender library: a weight of 0 is no evidence", () => {
  it.each<readonly [string, (data: Dataset) => Promise<Model>]>([
    ["ease", ease.fit],
    ["item-neighbours", itemNeighbours.fit],
    ["popularity", popularity.fit],
    ["ridge", ridge.fit],
    ["softmax", softmax.fit],
  ])("%s calls nothing a favourite that was only dismissed", async (_kind, fit) => {
    const model = await fit(dismissed);
    expect(model.recommend({}, 1).items).toEqual(Int32Array.of(1));
    const later = await model.fitPartial(dismissed);
    expect(later.recommend({ user: 4 }, 1).items).toEqual(Int32Array.of(1));
  });

  it("is nothing that a model is measured by", () => {
    const { interactions } = dismissed;
    const nothing = createInteractions({ userCount: 5, itemCount: 2, users: [], items: [] });
    const split = { train: interactionMatrix(nothing), test: interactionMatrix(interactions) };
    expect(evaluate((_user, into) => into.fill(0), split).perUser.users).toEqual(Int32Array.of(3));
  });

  it("alone is nothing to learn from", async () => {
    const none = { interactions: { ...dismissed.interactions, weights: new Float32Array(4) } };
    await expect(factorization.fit(none)).rejects.toMatchObject({
      code: "recommender/invalid-data",
      message: expect.stringContaining("none weighs more than 0"),
    });
  });
});

describe("recommender library: times that tell nothing apart", () => {
  const { userFeatures: _users, ...rest } = dataset;
  const at = (times: ArrayLike<number>): Dataset => ({
    ...rest,
    interactions: createInteractions({ ...dataset.interactions, times }),
  });
  const count = dataset.interactions.users.length;

  it("leave something to learn from, whichever moment most events share", () => {
    const late = splitByTime(
      at(Float64Array.from({ length: count }, (_, place) => (place < 100 ? 1 : 2))).interactions,
    );
    expect(late.train.users).toHaveLength(100);
    const early = splitByTime(
      at(Float64Array.from({ length: count }, (_, place) => (place < 100 ? 2 : 1))).interactions,
    );
    expect(early.train.users).toHaveLength(count - 100);
    expect(splitByTime(at(new Float64Array(count).fill(7)).interactions).train.users).toHaveLength(count);
  });

  it("are not what models are compared by", async () => {
    const same = at(new Float64Array(count).fill(7));
    const candidates = standardCandidates(same);
    expect(candidates.map(({ name }) => name).join()).not.toContain("half-life");
    const { report } = await selectModel(same, candidates.slice(0, 2));
    expect(report.strategy).toBe("random");
    expect(report.candidates[0]?.objective).toBeGreaterThan(0.1);
  });

  it("a half-life without any is refused", async () => {
    const { times: _times, ...timeless } = dataset.interactions;
    const untimed = { interactions: createInteractions(timeless) };
    await expect(popularity.fit(untimed, { halfLife: 1 })).rejects.toThrow("needs to know when interactions were");
  });
});

describe("recommender library: the best of models that know nothing", () => {
  it.each([1, 2, 3])("is served with a warning (noise %i)", async (seed) => {
    const random = createRandom(seed);
    const draw = (bound: number): readonly number[] => Array.from({ length: 1_500 }, () => random.below(bound));
    const noise = {
      interactions: createInteractions({ userCount: 100, itemCount: 60, users: draw(100), items: draw(60) }),
    };
    const { report } = await selectModel(noise, [candidate(ease, { regularization: 100 })]);
    expect(report.warnings.join()).toContain("not foreseen better than by chance");
  });

  it("and one that knows something without it", async () => {
    const { report } = await selectModel(dataset, [candidate(ease, { regularization: 100 })]);
    expect(report.warnings.join()).not.toContain("by chance");
  });
});

describe("recommender library: errors name the row", () => {
  const ana = { user: "ana", item: "savings" };

  it.each<readonly [string, unknown, string]>([
    ["no event", [ana, null], "Event 1: null was given"],
    [
      "a number for a name",
      [ana, { user: 7, item: "card" }],
      "The user of event 1 is a text that is not empty; 7 was given",
    ],
    ["an empty name", [ana, ana, { user: "ben", item: "" }], "The item of event 2 is a text"],
    ["a time from the second on", [ana, { ...ana, time: 1 }], "event 1 is the first that differs"],
    ["a time that stops", [{ ...ana, time: 1 }, { ...ana, time: 2 }, ana], "event 2 is the first that differs"],
    ["a weight below 0", [ana, { ...ana, weight: -1 }], "Interaction 1 is of user 0 with item 0, weight -1"],
  ])("%s", (_what, events, message) => {
    expect(() => Reflect.apply(nameData, undefined, [{ events }])).toThrow(message);
  });

  it("a feature by its name and whose it is", () => {
    expect(() => nameData({ events: [ana], userFeatures: { ana: { young: Number.NaN } } })).toThrow(
      'Feature "young" of "ana" is NaN',
    );
  });

  it("the user who has an item in both parts", () => {
    const matrix = interactionMatrix(dismissed.interactions);
    expect(() => evaluate((_user, into) => into, { train: matrix, test: matrix })).toThrow("test data of user 3");
  });
});

describe("recommender library: kinds of events that are names of objects", () => {
  it.each(["constructor", "__proto__", "toString", "hasOwnProperty"])("%s weighs 0", (kind) => {
    expect(weightOf({ kind, time: 0 }, 0, { kinds: { view: 1 } })).toBe(0);
  });
});

describe("recommender library: what was called off", () => {
  const training = { signal: AbortSignal.abort() };

  it.each<readonly [string, () => Promise<unknown>]>([
    ["popularity", async () => await popularity.fit(dataset, {}, training)],
    ["neighbours", async () => await itemNeighbours.fit(dataset, {}, training)],
    ["more of popularity", async () => await (await popularity.fit(dataset)).fitPartial(dataset, training)],
    ["more of neighbours", async () => await (await itemNeighbours.fit(dataset)).fitPartial(dataset, training)],
    ["a choice", async () => await selectModel(dataset, [], {}, training)],
  ])("is not trained: %s", async (_what, train) => {
    await expect(train()).rejects.toMatchObject({ code: "recommender/cancelled" });
  });
});

describe("recommender library: what is saved can be read", () => {
  it("a blend of a blend", async () => {
    const [one, two] = [await ease.fit(dataset), await popularity.fit(dataset)];
    const inner = blend([
      { model: one, weight: 1 },
      { model: two, weight: 0.5 },
    ]);
    const outer = blend([
      { model: inner, weight: 1 },
      { model: two, weight: 0.2 },
    ]);
    expect(loadModel(outer.save(), families).scores({ user: 3 })).toEqual(outer.scores({ user: 3 }));
  });

  it.each([0, -1, 1e300, Infinity])("a blend's member of weight %d is refused", async (weight) => {
    const model = await popularity.fit(dataset);
    expect(() => blend([{ model, weight }])).toThrow("The weight of a blend's member is");
  });

  it("a model without names is not called damaged", async () => {
    const bytes = (await popularity.fit(dataset)).save();
    expect(() => loadNamed(bytes, families)).toThrow(
      expect.objectContaining({
        code: "recommender/unsupported-file",
        message: expect.stringContaining("read a model without names with loadModel"),
      }),
    );
  });
});

describe("recommender 7: names from end to end", () => {
  const events = [
    { user: "ana", item: "savings" },
    { user: "ben", item: "card" },
  ];

  it("somebody unknown is nobody else, by name, by a row that was not found, and in a saved model", async () => {
    const { dataset: data, names } = nameData({ events });
    const model = withNames(await popularity.fit(data), names);
    for (const asked of [model, loadNamed(model.save(), families)]) {
      for (const call of [
        () => asked.recommend({ user: "eva" }, 2),
        () => asked.recommend({ history: { loan: 1 } }, 2),
        () => asked.recommend({ user: "ana" }, 2, ["loan"]),
        () => asked.similarUsers("eva", 1),
        () => asked.explain({ user: "ana" }, "loan"),
      ])
        expect(call).toThrow(expect.objectContaining({ code: "recommender/out-of-range" }));
      expect(asked.recommend({ user: "ana" }, 2, ["savings"]).map(({ name }) => name)).toEqual(["card"]);
    }
    expect(names.users.find("eva")).toBeUndefined();
    const notFound = { user: names.users.find("eva") };
    expect(() => Reflect.apply(model.model.recommend, model.model, [notFound, 2])).toThrow("looked up and not found");
  });
});
