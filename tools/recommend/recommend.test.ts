import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { packageDirectory } from "../../core/package-directory.ts";
import { Recommendation } from "./service/recommendation.ts";
import { callContext, openContext, temporaryFolder } from "../../test/support/tool-pack.ts";
import { createNameResolver } from "./catalogue/name-resolution.ts";
import { Product } from "./catalogue/product.ts";
import { recommend, type Profile } from "./index.ts";
import { isEligible } from "./service/rules.ts";

const samples = join(packageDirectory(), "samples", "bank");
const products = z.array(Product).parse(JSON.parse(await readFile(join(samples, "products.json"), "utf8")));
const productOf = (id: string): Product => {
  const product = products.find((one) => one.id === id);
  if (product === undefined) throw new Error(`no sample product ${id}`);
  return product;
};
/** Both ages that somebody may have in 2026; 18 where nothing is known. */
const agesOf = (birthYear: number | undefined): readonly [number, number] =>
  birthYear === undefined ? [18, 18] : [2026 - birthYear - 1, 2026 - birthYear];
const NOW = Date.parse("2026-11-21T09:00:00Z");

const Explained = z.object({
  found: z.boolean(),
  products: z.array(
    z.object({
      id: z.string(),
      eligibility: z.object({
        minAge: z.number().optional(),
        maxAge: z.number().optional(),
        segments: z.array(z.string()).optional(),
      }),
      riskClass: z.number(),
    }),
  ),
  unknown: z.array(z.string()),
  ambiguous: z.array(z.object({ name: z.string(), candidates: z.array(z.string()) })),
});

async function openPack(profiles: Readonly<Record<string, Profile>> = {}, folder?: string) {
  const place = folder ?? (await temporaryFolder());
  const factory = recommend({ capture: "on", profileOf: async (person) => profiles[person] });
  const pack = await factory.open(await openContext(place, () => NOW));
  let calls = 0;
  const call = async (name: string, input: unknown, person = "web:main:u1") => {
    const tool = pack.tools.find((one) => one.name === name);
    if (tool === undefined) throw new Error(`no tool ${name}`);
    calls += 1;
    const { context } = callContext(person);
    return await tool.execute(tool.parse(input), { ...context, idempotencyKey: `call-${calls}` });
  };
  return {
    pack,
    call,
    recommended: async (input: object, person?: string) =>
      z.array(Recommendation).parse((await call("recommend_products", input, person)).cards?.map(({ data }) => data)),
  };
}

describe("recommend_products", () => {
  it("follows the segment of a newcomer and says so", async () => {
    const { pack, recommended } = await openPack({ thea: { segment: "student", riskProfile: 3, birthYear: 2004 } });
    const [first] = await recommended({}, "thea");
    expect(first).toMatchObject({ rank: 1, reason: "often chosen by students" });
    await pack.close();
  });

  it("turns to what the person looked at, and names it", async () => {
    const { pack, call, recommended } = await openPack({
      anna: { segment: "professional", riskProfile: 4, birthYear: 1991 },
    });
    const before = await recommended({ limit: 5 }, "anna");
    await call("explain_product", { products: ["Harbour Youth Saver"] }, "anna");
    await call("explain_product", { products: ["Youth Saver", "Joint Everyday Account"] }, "anna");
    const after = await recommended({ limit: 5 }, "anna");
    expect(after.map(({ id }) => id)).not.toEqual(before.map(({ id }) => id));
    expect(after.map(({ reason }) => reason).join("; ")).toMatch(/because you (?:compared|looked at) /);
    await pack.close();
  });

  it("money-and-words F: tells a group nothing of what its asker has, did or is", async () => {
    const { pack } = await openPack({ thea: { segment: "student", riskProfile: 3, birthYear: 2004 } });
    const tool = pack.tools.find(({ name }) => name === "recommend_products");
    const { context } = callContext("thea");
    const ask = async (input: object) =>
      z
        .array(Recommendation)
        .parse(
          (await tool?.execute(tool.parse(input), { ...context, chatType: "group", idempotencyKey: "g" }))?.cards?.map(
            ({ data }) => data,
          ),
        )
        .map(({ reason }) => reason);
    expect(await ask({})).toEqual(["", "", ""]);
    expect(new Set(await ask({ query: "something for travel abroad" }))).toEqual(new Set(["fits what you asked for"]));
    await pack.close();
  });

  it("keeps one person's history from another's recommendations", async () => {
    const { pack, call, recommended } = await openPack();
    const before = await recommended({}, "web:main:other");
    await call("explain_product", { products: ["Business Pro"] });
    expect(await recommended({}, "web:main:other")).toEqual(before);
    await pack.close();
  });

  it("does not repeat a dismissed product, until the person changes their mind", async () => {
    const { pack, call, recommended } = await openPack();
    const [first] = await recommended({});
    const id = first?.id ?? "";
    await call("answer_recommendation", { product: id, answer: "dismissed" });
    expect((await recommended({ limit: 10 })).map((one) => one.id)).not.toContain(id);
    await call("answer_recommendation", { product: id, answer: "accepted" });
    expect((await recommended({ limit: 10, category: productOf(id).category })).map((one) => one.id)).toContain(id);
    await pack.close();
  });

  it("understands a category in the plural and a wish in words", async () => {
    const { pack, recommended } = await openPack({ ruth: { segment: "retired", riskProfile: 2, birthYear: 1955 } });
    const deposits = await recommended({ category: "Deposits", limit: 5 }, "ruth");
    expect(new Set(deposits.map(({ category }) => category))).toEqual(new Set(["deposit"]));
    const [cover] = await recommended({ query: "Can you recommend something for travel abroad?" }, "ruth");
    expect(cover).toMatchObject({ reason: expect.stringContaining("fits what you asked for") });
    expect([cover?.id]).toEqual([expect.stringMatching(/travel-cover|premium-account|credit-gold/)]);
    await pack.close();
  });

  it.each([
    ["I want to invest in shares worldwide", "fund"],
    ["which savings account suits me?", "savings"],
    ["a loan for a new car", "loan"],
    ["something for my retirement", "pension"],
  ])("takes %j for the category %s", async (query, category) => {
    const { pack, recommended } = await openPack({
      anna: { segment: "professional", riskProfile: 4, birthYear: 1991 },
    });
    expect(new Set((await recommended({ query }, "anna")).map((one) => one.category))).toEqual(new Set([category]));
    await pack.close();
  });

  it.each([
    ["i hate insurance, dont show me any", "insurance"],
    ["something good but no funds please", "fund"],
    ["Don't show me any more loans", "loan"],
    ["Etwas für mein Geld, aber keine Fonds", "fund"],
  ])("recommender service: %j leaves out %s, and says of nothing that it fits", async (query, category) => {
    const { pack, recommended } = await openPack({
      anna: { segment: "professional", riskProfile: 4, birthYear: 1991 },
    });
    for (const wish of [{ query }, { query, category }]) {
      const found = await recommended(wish, "anna");
      expect(found.length).toBeGreaterThan(0);
      expect(found.map((one) => one.category)).not.toContain(category);
      expect(found.map(({ reason }) => reason).join()).not.toContain("fits what you asked for");
    }
    await pack.close();
  });

  it("recommender service: who has none of a kind wishes for one", async () => {
    const { pack, recommended } = await openPack({
      anna: { segment: "professional", riskProfile: 4, birthYear: 1991 },
    });
    const found = await recommended({ query: "I have no savings account, which one suits me?" }, "anna");
    expect(new Set(found.map(({ category }) => category))).toEqual(new Set(["savings"]));
    await pack.close();
  });

  it.each(["which fund has the highest risk", "your riskiest fund, the one with most return", "der sicherste Fonds"])(
    "recommender service: %j is answered by what suits, which is not said to fit",
    async (query) => {
      const { pack, recommended } = await openPack({ ruth: { segment: "retired", riskProfile: 2, birthYear: 1955 } });
      const found = await recommended({ query }, "ruth");
      expect(new Set(found.map(({ category }) => category))).toEqual(new Set(["fund"]));
      expect(found.map(({ reason }) => reason).join()).not.toContain("fits what you asked for");
      await pack.close();
    },
  );

  it("survives wishes made of query syntax, stop words and signs", async () => {
    const { pack, recommended } = await openPack();
    for (const query of [
      '" OR name:* NEAR(',
      "what is it",
      "!!!",
      "\0",
      "x".repeat(2000),
      "which product do you recommend?",
    ])
      expect(await recommended({ query })).toHaveLength(3);
    await pack.close();
  });

  it("never shows what is ineligible, owned or too risky, ranks from 1 and never lets scores rise", async () => {
    const profiles: Record<string, Profile> = {};
    const { pack, recommended } = await openPack(profiles);
    const ids = products.map(({ id }) => id);
    const profile = fc.record({
      segment: fc.option(fc.constantFrom("student", "family", "professional", "retired", "business", "other"), {
        nil: undefined,
      }),
      riskProfile: fc.option(fc.integer({ min: 1, max: 7 }), { nil: undefined }),
      birthYear: fc.option(fc.integer({ min: 1930, max: 2020 }), { nil: undefined }),
      ownedProducts: fc.option(fc.subarray(ids), { nil: undefined }),
    });
    const input = fc.record(
      {
        limit: fc.integer({ min: 1, max: 10 }),
        query: fc.constantFrom("fund", "technology shares", "business", "pension"),
        highestRisk: fc.integer({ min: 1, max: 7 }),
        category: fc.constantFrom("fund", "loan", "unheard of"),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(profile, input, async (known, wish) => {
        // Somebody new each time: what an earlier profile told would be remembered of the same person.
        const person = `web:main:p${Object.keys(profiles).length}`;
        profiles[person] = known;
        const shown = await recommended(wish, person);
        const cap = Math.min(known.riskProfile ?? 4, wish.highestRisk ?? 7);
        const [age, oldest] = agesOf(known.birthYear);
        for (const { id } of shown) {
          const { riskLevel, eligibility } = productOf(id);
          expect(riskLevel).toBeLessThanOrEqual(cap);
          expect(known.ownedProducts ?? []).not.toContain(id);
          expect(age).toBeGreaterThanOrEqual(eligibility.minAge ?? 0);
          expect(oldest).toBeLessThanOrEqual(eligibility.maxAge ?? 200);
          const mine = known.segment ?? eligibility.segments?.[0] ?? "anybody";
          expect(eligibility.segments ?? [mine]).toContain(mine);
        }
        expect(shown.map(({ rank }) => rank)).toEqual(shown.map((_, index) => index + 1));
        const scores = shown.map(({ relevanceScore }) => relevanceScore);
        expect(scores).toEqual(scores.toSorted((left, right) => right - left));
        expect(new Set(shown.map(({ id }) => id)).size).toBe(shown.length);
      }),
      { numRuns: 60 },
    );
    await pack.close();
  });

  it("lets nobody talk the risk above the profile", async () => {
    const { pack, recommended } = await openPack({ ruth: { segment: "retired", riskProfile: 2, birthYear: 1955 } });
    const shown = await recommended({ category: "fund", highestRisk: 7, segment: "professional", limit: 10 }, "ruth");
    expect(Math.max(...shown.map(({ id }) => productOf(id).riskLevel))).toBeLessThanOrEqual(2);
    await pack.close();
  });

  it("says that there is nothing when the rules leave nothing", async () => {
    const { pack, call } = await openPack({ kid: { segment: "student", riskProfile: 1, birthYear: 2020 } });
    expect((await call("recommend_products", { category: "mortgage" }, "kid")).value).toEqual({
      found: false,
      recommendations: [],
    });
    await pack.close();
  });
});

describe("explain_product", () => {
  it("tells the facts and cites the catalogue", async () => {
    const { pack, call } = await openPack();
    const { value, sources } = await call("explain_product", { products: ["student account"] });
    expect(Explained.parse(value).products).toMatchObject([
      { id: "student-account", riskClass: 1, eligibility: { minAge: 18, maxAge: 27, segments: ["student"] } },
    ]);
    expect(sources?.[0]?.quote).toBe(productOf("student-account").description);
    await pack.close();
  });

  it("says which names it does not know, and offers what an unclear one may mean", async () => {
    const { pack, call } = await openPack();
    const value = Explained.parse(
      (await call("explain_product", { products: ["moon rocket", "fixed term deposit"] })).value,
    );
    expect(value).toMatchObject({ found: false, unknown: ["moon rocket"] });
    expect(value.ambiguous[0]?.candidates.length).toBeGreaterThan(1);
    await pack.close();
  });

  it("sets products side by side, in the language of the person", async () => {
    const { pack, call } = await openPack();
    const { say } = await call("explain_product", { products: ["World Index Fund", "fund-technology"] });
    expect(say?.({ language: "en", locale: "en-GB" })).toContain("medium (class 4 of 7)");
    expect(say?.({ language: "de", locale: "de-DE" })).toContain("hoch (Klasse 6 von 7)");
    await pack.close();
  });
});

describe("names", () => {
  const resolve = createNameResolver(products);

  it("are found by id, by the whole name, and by it in other case", () => {
    for (const product of products)
      for (const said of [product.id, product.name, product.name.toUpperCase(), `the ${product.name}`])
        expect(resolve(said)).toEqual({ kind: "found", product });
  });

  it.each([
    ["World Index", "fund-world-index"],
    ["travel covers", "travel-cover"],
    ["premum account", "premium-account"],
    ["balanced fund", "fund-balanced"],
    ["gold credit card", "credit-gold"],
  ])("are found when %j is said", (said, id) => {
    expect(resolve(said)).toEqual({ kind: "found", product: productOf(id) });
  });

  it.each(["", "the", "account", "weather", "?!", "x".repeat(10_000)])("are not guessed from %j", (said) => {
    expect(resolve(said).kind).not.toBe("found");
  });
});

describe("rules", () => {
  it("count both ages that a birth year allows", () => {
    const pension = productOf("pension-secure");
    const aged = (youngest: number): boolean =>
      isEligible(pension, { segment: "family", age: { youngest, oldest: youngest + 1 } });
    expect([17, 18, 59, 60].map(aged)).toEqual([false, true, true, false]);
  });
});

describe("files", () => {
  it("that are wrong are named with the place of the mistake", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "broken.json"), "[{");
    await writeFile(join(folder, "wrong.json"), JSON.stringify([{ ...products[0], riskLevel: 9 }]));
    await writeFile(join(folder, "twice.json"), JSON.stringify([products[0], products[0]]));
    const context = await openContext(folder);
    const open = async (file: string): Promise<unknown> => await recommend({ products: file }).open(context);
    await expect(open("missing.json")).rejects.toMatchObject({ code: "recommend/unreadable-file" });
    await expect(open("broken.json")).rejects.toMatchObject({ code: "recommend/unreadable-file" });
    await expect(open("wrong.json")).rejects.toThrow(/wrong\.json .*0\.riskLevel/);
    await expect(open("twice.json")).rejects.toThrow(/used twice/);
    expect(() => recommend({ products: "" })).toThrow(expect.objectContaining({ code: "config/settings" }));
  });
});
