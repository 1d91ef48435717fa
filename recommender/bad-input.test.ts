/** Every public call, with every argument and every field of it replaced by what it must not be. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as library from "./index.ts";
import { createInteractions, RecommenderError, sparseRow } from "./index.ts";

const world = library.synthesize({ users: 30, items: 12, interactions: 400, categories: 3 });
const { dataset } = world;
const row = sparseRow([[1, 1]]);
const { train, test } = library.splitRandomly(dataset.interactions, 0.3);
const split = { train: library.interactionMatrix(train), test: library.interactionMatrix(test) };
const model = await library.factorization.fit(dataset, { components: 4, epochs: 2 });
const bytes = model.save();
const weighing = { kinds: { view: 1 } };
const { names } = library.nameData({ events: [{ user: "ana", item: "savings" }] });
const lonely = createInteractions({ userCount: 1, itemCount: 1, users: [0], items: [0] });
const popular = await library.popularity.fit({ interactions: lonely });
const selection = await library.selectModel(dataset, [], { blending: false });
const entries = { rowCount: 2, columnCount: 2, rows: [0, 1], columns: [0, 1], values: [1, 2] };
const container = library.readContainer(bytes);

/** What nothing may be given, whatever it wants. */
const JUNK: readonly unknown[] = [
  [undefined, null, true, 10n, "", "eva", Number.NaN, Infinity, -1, 1.5, 1e300, 2 ** 31, {}, [], [-1], ["eva"], [null]],
  [Int32Array.of(-200), Int32Array.of(20_000), Float32Array.of(Number.NaN), new DataView(new ArrayBuffer(3))],
  [() => undefined, [[1]], { user: undefined }, { columns: Int32Array.of(1), values: new Float32Array() }],
].flat();

/** Each public function with arguments that it takes. */
const CALLS: Readonly<Record<string, readonly unknown[]>> = {
  blend: [[{ model, weight: 1 }]],
  blendReader: [library.families],
  candidate: [library.ease, { regularization: 3 }],
  compressRows: [entries],
  createInteractions: [{ userCount: 2, itemCount: 2, users: [0, 1], items: [0, 1], weights: [1, 2], times: [1, 2] }],
  createRandom: [3],
  createVocabulary: [["ana"]],
  diversify: [[1, 2], () => 0.5, { count: 1, balance: 0.5 }],
  evaluate: [model, split, { cutoffs: [3], segments: world.segmentOfUser, resamples: 3, confidence: 0.9, seed: 1 }],
  identity: [3],
  interactionMatrix: [dataset.interactions],
  leaveOneOut: [dataset.interactions, { which: "last", minimum: 2, seed: 1 }],
  limitInfluence: [dataset.interactions, { perPair: 1, perUser: 5 }],
  loadModel: [bytes, library.families],
  loadNamed: [library.withNames(popular, names).save(), library.families],
  matrixSections: ["history", split.train],
  nameData: [
    {
      events: [{ user: "ana", item: "card", weight: 1, time: 3 }],
      userFeatures: { ana: { young: 1 } },
      itemFeatures: {},
    },
  ],
  normalizeRow: [row],
  normalizeRows: [split.train],
  pairedDifference: [Float64Array.of(1, 2), Float64Array.of(0, 1), { resamples: 3 }],
  planValidation: [dataset, { strategy: "random", users: 10, seed: 1 }],
  rankingLossWarning: [dataset],
  readContainer: [bytes],
  readMatrix: [container, "history"],
  reasonOf: [[{ source: "history", index: 1, contribution: 1 }], { names: 1, leastShare: 0.2 }],
  recencyWeight: [10, 5],
  renderReport: [selection.report, { title: "Products" }],
  rowOf: [split.train, 1],
  sectionOf: [container, "users", Float32Array],
  selectInteractions: [dataset.interactions, [1, 2]],
  selectModel: [dataset, [], { blending: false }],
  sparseRow: [[[1, 2]]],
  splitByTime: [dataset.interactions, 0.2],
  splitRandomly: [dataset.interactions, 0.2, 1],
  splitUsers: [dataset.interactions, 0.2, 1],
  standardCandidates: [dataset],
  stopEarly: [split, { metric: "auc", patience: 1, every: 1 }],
  synthesize: [{ users: 5, items: 8, interactions: 9, seed: 1 }],
  topItems: [Float32Array.of(1, 2, 3), 2, [1]],
  transpose: [split.train],
  viewWeight: [10, 30],
  weightOf: [{ kind: "view", time: 3, viewDuration: 3 }, 5, weighing],
  withIdentity: [split.train],
  withNames: [popular, names],
  writeContainer: [container],
};

/** The calls of a model, as every one of them has them. */
const QUESTIONS: Readonly<Record<string, readonly unknown[]>> = {
  scores: [{ user: 1, history: row }, new Float32Array(12)],
  scoresOf: [{ features: row }, [1, 2]],
  recommend: [{ user: 1 }, 3, Int32Array.of(1, 2), [1, 2, 3]],
  scoreNewItem: [{ user: 1 }, row],
  similarItems: [1, 3],
  similarUsers: [1, 3],
  explain: [{ user: 1 }, 2],
  fitPartial: [dataset],
};

/** @yields the arguments with one of them, or one field of one of them, replaced */
function* spoiled(given: readonly unknown[], junk: unknown): Generator<readonly unknown[]> {
  for (const [place, argument] of given.entries()) {
    yield given.with(place, junk);
    if (!isPlain(argument)) continue;
    for (const key of Object.keys(argument)) yield given.with(place, { ...argument, [key]: junk });
  }
}

const isPlain = (value: unknown): value is object =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

const numbersIn = (answer: unknown): readonly number[] => {
  if (typeof answer === "number") return [answer];
  if (answer instanceof Float32Array) return [...answer];
  if (isPlain(answer) && "scores" in answer && answer.scores instanceof Float32Array) return [...answer.scores];
  return [];
};

/** Gives what it should, or refuses by name; anything else is what this suite is for. */
async function answersOrRefuses(call: () => unknown, what: string): Promise<void> {
  let answer: unknown;
  try {
    answer = await call();
  } catch (thrown) {
    if (thrown instanceof RecommenderError) return;
    expect.fail(`${what} threw ${String(thrown)}`);
  }
  expect(
    numbersIn(answer).every((number) => Number.isFinite(number)),
    `${what} gives what is no number`,
  ).toBe(true);
}

const describeArguments = (given: readonly unknown[]): string =>
  given.map((one) => (isPlain(one) ? `{ ${Object.keys(one).join(", ")} }` : String(one).slice(0, 40))).join("; ");

describe("recommender 6: every public call refuses bad input by name", () => {
  it("and each of them is in this suite", () => {
    const functions = Object.entries(library).filter(
      ([name, value]) => typeof value === "function" && name !== "RecommenderError",
    );
    expect(functions.map(([name]) => name).toSorted()).toEqual(Object.keys(CALLS).toSorted());
  });

  it.each(Object.entries(CALLS))("%s", async (name, given) => {
    const call: unknown = Reflect.get(library, name);
    if (typeof call !== "function") expect.fail(`${name} is no function`);
    await expect((async () => void (await Reflect.apply(call, undefined, given)))()).resolves.toBeUndefined();
    for (const junk of JUNK) {
      for (const wrong of spoiled(given, junk))
        await answersOrRefuses(() => Reflect.apply(call, undefined, wrong), `${name}(${describeArguments(wrong)})`);
    }
  });
});

describe("recommender 14: options that no family knows", () => {
  const { popularity, itemNeighbours, ease, ridge, softmax, factorization } = library;
  it.each([popularity, itemNeighbours, ease, ridge, softmax, factorization])("are refused by $kind", async (family) => {
    const fit = async (options: unknown): Promise<void> => {
      await Reflect.apply(family.fit, family, [dataset, options]);
    };
    await expect(fit({ regularisation: 3 })).rejects.toMatchObject({ code: "recommender/invalid-data" });
    for (const junk of JUNK) {
      await answersOrRefuses(() => Reflect.apply(family.fit, family, [junk]), `${family.kind}.fit(${String(junk)})`);
      for (const key of ["userFeatures", "itemFeatures", "interactions"]) {
        const data = { ...dataset, [key]: junk };
        await answersOrRefuses(() => Reflect.apply(family.fit, family, [data]), `${family.kind}.fit, ${key}`);
      }
    }
    await answersOrRefuses(async () => await fit(null), `${family.kind}.fit(dataset, null)`);
  });

  it("ease names what is wrong: regularization 0, below 0, NaN, a text", async () => {
    for (const regularization of [0, -1, Number.NaN, Infinity, "300"])
      await expect(Reflect.apply(ease.fit, ease, [dataset, { regularization }])).rejects.toThrow(
        /ease.*regularization/su,
      );
  });

  it("and tables that are too short, numbers that are none and counts below zero are named", async () => {
    const few = library.compressRows({ rowCount: 10, columnCount: 2, rows: [0], columns: [1] });
    await expect(ease.fit({ ...dataset, userFeatures: few })).rejects.toThrow(
      "There are features for 10 users, and 30",
    );
    await expect(factorization.fit({ ...dataset, itemFeatures: few })).rejects.toThrow("features for 10 items, and 12");
    const broken = { ...few, rowCount: 10, values: Float32Array.of(Number.NaN) };
    await expect(ridge.fit({ ...dataset, userFeatures: broken })).rejects.toThrow("NaN");
    expect(() => createInteractions({ userCount: -1, itemCount: 1, users: [], items: [] })).toThrow("users is -1");
    expect(() => model.recommend({ user: 1 }, -1)).toThrow("length of the list is -1");
    expect(() => Reflect.apply(model.scores, model, [{ user: "eva" }])).toThrow('User "eva"');
    expect(() => library.topItems(Float32Array.of(1), -1)).toThrow("is -1");
  });
});

describe.each([
  ["factorization", async () => await library.factorization.fit(dataset, { components: 4, epochs: 2 })],
  ["ease", async () => await library.ease.fit(dataset)],
  ["ridge", async () => await library.ridge.fit(dataset)],
  ["softmax", async () => await library.softmax.fit(dataset, { epochs: 2, hidden: 3 })],
  ["item-neighbours", async () => await library.itemNeighbours.fit(dataset)],
  ["popularity", async () => await library.popularity.fit(dataset, { bySegment: true })],
  [
    "blend",
    async () =>
      library.blend([
        { model: await library.ease.fit(dataset), weight: 1 },
        { model, weight: 2 },
      ]),
  ],
] as const)("recommender 6: a model of kind %s", (_kind, make) => {
  it.each(Object.entries(QUESTIONS))("answers %s or refuses it by name", async (name, given) => {
    const asked = await make();
    const call: unknown = Reflect.get(asked, name);
    if (typeof call !== "function") expect.fail(`${name} is no function`);
    for (const junk of JUNK) {
      for (const wrong of spoiled(given, junk))
        await answersOrRefuses(() => Reflect.apply(call, asked, wrong), `${name}(${describeArguments(wrong)})`);
    }
  });

  it("writes nothing outside its memory: whatever is excluded, the scores stay what they were", async () => {
    const asked = await make();
    const before = asked.scores({ user: 3 });
    expect(() => asked.recommend({ user: 3 }, 3, Int32Array.of(-200))).toThrow("Excluded item -200");
    expect(() => asked.recommend({ user: 3 }, 3, Int32Array.of(20_000))).toThrow("Excluded item 20000");
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(11), fc.integer())), fc.integer({ min: -2, max: 30 }), (excluded, count) => {
        try {
          const { items } = asked.recommend({ user: 3 }, count, Int32Array.from(excluded));
          expect(items.some((item) => excluded.includes(item))).toBe(false);
          expect(items.length).toBe(Math.min(count, 12 - new Set(excluded).size));
        } catch (thrown) {
          if (!(thrown instanceof RecommenderError)) throw thrown;
          expect(count < 0 || excluded.some((item) => item < 0 || item > 11)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
    expect(asked.scores({ user: 3 })).toEqual(before);
  });

  it("recommends only what is allowed, also after further training and after loading", async () => {
    const asked = await make();
    for (const one of [asked, await asked.fitPartial(dataset), library.loadModel(asked.save(), library.families)]) {
      expect([...one.recommend({ user: 3 }, 5, [4], [2, 4, 9]).items].toSorted((a, b) => a - b)).toEqual([2, 9]);
      const [all, some] = [one.scores({ user: 3 }), one.scoresOf({ user: 3 }, [9, 2])];
      expect([...some]).toEqual([all[9], all[2]]);
      expect([...one.similarUsers(3, 5).users]).not.toContain(3);
    }
  });

  it("recommender 7: refuses a subject that was looked up and not found", async () => {
    const asked = await make();
    for (const subject of [
      undefined,
      null,
      { user: undefined },
      { history: undefined },
      { features: undefined },
      { usr: 1 },
    ])
      expect(() => Reflect.apply(asked.recommend, asked, [subject, 3])).toThrow(RecommenderError);
    expect(asked.recommend({}, 3).items).toHaveLength(3);
  });

  it("is read from bytes at any offset, and from damaged ones never by halves", async () => {
    const asked = await make();
    const saved = asked.save();
    for (const offset of [0, 1, 3, 8, 13]) {
      const shifted = Buffer.concat([Buffer.alloc(offset), saved, Buffer.alloc(2)]).subarray(
        offset,
        offset + saved.length,
      );
      expect(library.loadModel(shifted, library.families).scores({ user: 2 })).toEqual(asked.scores({ user: 2 }));
    }
  });
});

describe("recommender 13: a file whose checksum fits and whose content does not", () => {
  const parts = library.readContainer(library.ease.kind === "ease" ? bytes : bytes);
  const reload = (change: Partial<typeof parts>): (() => unknown) => {
    const changed = library.writeContainer({ ...parts, ...change });
    return () => library.loadModel(changed, library.families);
  };

  it("is refused as damaged: columns outside, offsets that fall, sections that are short or gone", () => {
    const { sections } = parts;
    const columns = sections["history/columns"];
    if (!(columns instanceof Int32Array)) expect.fail("no history");
    const damages = [
      { "history/columns": columns.map(() => -200) },
      { "history/columns": columns.map(() => 20_000) },
      { "history/offsets": new Int32Array(31).fill(7) },
      { "history/shape": Int32Array.of(-1, 12) },
      { "history/shape": Int32Array.of(31, 12) },
      { users: new Float32Array(3) },
      { items: new Int32Array(3) },
    ];
    for (const damage of damages)
      expect(reload({ sections: { ...sections, ...damage } })).toThrow(
        expect.objectContaining({ code: "recommender/corrupt-file" }),
      );
    expect(reload({ sections: {} })).toThrow(expect.objectContaining({ code: "recommender/corrupt-file" }));
  });
});

describe("recommender 5: what trains, loads or chooses gives a model that recommends", () => {
  it("by fitPartial, loadModel and selectModel, in types as well", async () => {
    const further = await model.fitPartial(dataset);
    expect(further.recommend({ user: 1 }, 2).items).toHaveLength(2);
    expect(further.recommendMany([1, 2], 2)).toHaveLength(2);
    expect(library.loadModel(bytes, library.families).recommend({ user: 1 }, 2).items).toHaveLength(2);
    expect(selection.model.recommend({ user: 1 }, 2).items).toHaveLength(2);
  });
});
