import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { Reply } from "../../../core/reply.ts";
import type { OpenToolPack } from "../../../core/bot.ts";
import type { Metrics } from "../../../core/telemetry.ts";
import { createEmbeddedTopics } from "../../../core/topics/embedded/embedded-topics.ts";
import { createGateway } from "../../../gateway/index.ts";
import { callContext, openContext, temporaryFolder } from "../../../test/support/tool-pack.ts";
import { quietGateway } from "../../../test/support/web-chat.ts";
import { recommend, type RecommendOptions } from "../index.ts";
import { topicOf } from "./topics.ts";
import { eventually } from "../../../test/support/eventually.ts";

/** The pack behind a real gateway, with topics and its background work. */
async function open(options: RecommendOptions = {}) {
  const folder = await temporaryFolder();
  const cleaned: Record<string, number> = {};
  const plain = await openContext(folder, Date.now);
  const metrics: Metrics = {
    ...plain.telemetry.metrics,
    cleaned: ({ bot, reason }, count) => {
      cleaned[`${bot} ${reason}`] = count;
    },
  };
  const base = { ...plain, telemetry: { ...plain.telemetry, metrics } };
  const { environment, telemetry } = base;
  const topics = createEmbeddedTopics({ path: join(folder, "topics.sqlite"), environment, telemetry, pollMs: 50 });
  const context = { ...base, topics };
  const factory = recommend({ capture: "on", ...options });
  const pack = await factory.open(context);
  const { store } = await factory.openRecommender(base);
  const work = pack.work?.();
  const tokens = { accessToken: () => "chatter", trustedToken: () => "secret" };
  const gateway = await createGateway({ ...quietGateway, routes: pack.routes ?? [], ...tokens });
  onTestFinished(async () => {
    await gateway.close();
    await work?.close();
    await pack.close();
    await store.close();
    await topics.close();
  });
  const request = async (method: string, path: string, body?: unknown, token = "secret") => {
    const response = await fetch(`${gateway.url}/api/v1/recommendations${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: z.looseObject({}).parse(await response.json()) };
  };
  return { pack, store, topics, request, cleaned };
}

const visit = (id: string, more: object = {}) => ({
  id,
  userId: "customer-1",
  sessionId: "visit-1",
  type: "view",
  timestamp: new Date().toISOString(),
  productIds: ["fund-growth"],
  viewSeconds: 40,
  ...more,
});

const Listed = z.object({
  modelVersion: z.string(),
  timestamp: z.iso.datetime(),
  recommendations: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      category: z.string(),
      relevanceScore: z.number(),
      rank: z.number(),
      reason: z.string(),
    }),
  ),
});

describe("the batch endpoint", () => {
  it("takes the good ones, names the faults of the others by their place, and counts repeats once", async () => {
    const { request, store } = await open();
    const interactions = [
      visit("1"),
      visit("2", { type: "comparison", productIds: ["fund-growth", "fund-balanced"] }),
      visit("3", { type: "search", productIds: [], category: "fund" }),
      visit("4", { type: "interaction", action: "accepted", demographics: { ageGroup: "25-34", segment: "student" } }),
      visit("5", { type: "interaction" }),
      visit("6", { viewSeconds: -1, colour: "red" }),
      "nonsense",
    ];
    const { status, body } = await request("POST", "/interactions", { source: "shop", interactions });
    expect(status).toBe(202);
    expect(body).toEqual({
      accepted: 4,
      rejected: [
        { index: 4, errors: [{ path: "action", message: "an interaction needs its action" }] },
        {
          index: 5,
          errors: [
            expect.objectContaining({ path: "viewSeconds" }),
            expect.objectContaining({ message: expect.stringContaining("colour") }),
          ],
        },
        { index: 6, errors: [expect.objectContaining({ path: "" })] },
      ],
    });
    await eventually(async () => expect(await store.count()).toBe(4));
    await request("POST", "/interactions", { source: "shop", interactions });
    await request("POST", "/interactions", { source: "shop", interactions: [visit("7")] });
    await eventually(async () => expect(await store.count()).toBe(5));
    expect((await store.ofUser("customer-1", 10)).map(({ source }) => source)).toEqual(
      Array.from({ length: 5 }, () => "shop"),
    );
  });

  it("refuses a batch of nothing but faults, and one that speaks for the chat", async () => {
    const { request } = await open();
    expect((await request("POST", "/interactions", { source: "shop", interactions: [{}] })).status).toBe(400);
    const forged = await request("POST", "/interactions", { source: "chat", interactions: [visit("1")] });
    expect(forged).toMatchObject({ status: 400, body: { code: "gateway/invalid-request" } });
  });

  it.each([0.000_000_1, 0, -1, 31, null, "7"])("recommender 16: refuses a time to live of %j days", async (days) => {
    const { request } = await open();
    const batch = { source: "shop", timeToLiveDays: days, interactions: [visit("1")] };
    const { status, body } = await request("POST", "/interactions", batch);
    expect([status, body["code"]]).toEqual([400, "gateway/invalid-request"]);
    expect(body["detail"]).toContain("body.timeToLiveDays");
  });

  it("recommender 16: takes the shortest there is, a minute", async () => {
    const { request, store } = await open();
    const batch = { source: "shop", timeToLiveDays: 0.0007, interactions: [visit("1")] };
    expect((await request("POST", "/interactions", batch)).status).toBe(202);
    await eventually(async () => expect(await store.count()).toBe(1));
  });

  it("is closed without the access token, as every call is", async () => {
    const { request } = await open();
    for (const [method, path] of [
      ["POST", "/interactions"],
      ["GET", "/products/customer-1"],
      ["GET", "/session/visit-1"],
      ["GET", "/similar-products/fund-growth"],
      ["POST", "/refresh-model"],
      ["DELETE", "/users/customer-1"],
    ] as const)
      expect((await request(method, path, method === "POST" ? {} : undefined, "wrong")).status).toBe(401);
  });

  it("goes over the four topics, where what does not fit becomes a dead letter at once", async () => {
    const { request, topics, store } = await open();
    await topics.publish(topicOf("harbour", "view"), [{ key: "broken", body: { id: "broken" } }]);
    await eventually(async () =>
      expect(await topics.counts(topicOf("harbour", "view"))).toEqual({ waiting: 0, dead: 1 }),
    );
    const [letter] = await topics.deadLetters(topicOf("harbour", "view"), 1);
    expect(letter).toMatchObject({
      key: "broken",
      attempts: 1,
      reason: expect.stringContaining("recommend/invalid-interaction"),
    });
    await request("POST", "/interactions", { source: "shop", interactions: [visit("1")] });
    await eventually(async () => expect(await store.count()).toBe(1));
  });
});

describe("recommendations over HTTP", () => {
  it("follow what a user did elsewhere, with reasons", async () => {
    const { request, store } = await open();
    const before = Listed.parse((await request("GET", "/products/customer-1?limit=5")).body);
    await request("POST", "/interactions", {
      source: "shop",
      interactions: [visit("1"), visit("2", { productIds: ["fund-balanced"] })],
    });
    await eventually(async () => expect(await store.count()).toBe(2));
    const { body } = await request("GET", "/products/customer-1?limit=5");
    expect(body).toMatchObject({ userId: "customer-1" });
    const after = Listed.parse(body);
    expect(after.recommendations.map(({ id }) => id)).not.toEqual(before.recommendations.map(({ id }) => id));
    expect(after.recommendations.map(({ reason }) => reason).join()).toMatch(/because you looked at/u);
    const visitOnly = Listed.parse((await request("GET", "/session/visit-1")).body);
    expect(visitOnly.recommendations.length).toBeGreaterThan(0);
  });

  it("never show anybody of unknown profile what is too risky, neither as similar nor as popular", async () => {
    const { request } = await open();
    const paths = [
      "/products/nobody?limit=50",
      "/similar-products/fund-technology?limit=50",
      "/popular?limit=50",
      "/session/none?limit=50",
    ];
    for (const path of paths) {
      const { recommendations } = Listed.parse((await request("GET", path)).body);
      expect(recommendations.length).toBeGreaterThan(0);
      expect(recommendations.map(({ id }) => id)).not.toContain("fund-digital-assets");
    }
  });

  it("say plainly what is wrong", async () => {
    const { request } = await open();
    expect(await request("GET", "/similar-products/moon")).toMatchObject({
      status: 404,
      body: { code: "recommend/unknown-product" },
    });
    expect(await request("GET", "/products/x?limit=1000")).toMatchObject({ status: 400 });
    expect(await request("POST", "/refresh-model", { hurry: true })).toMatchObject({ status: 400 });
  });

  it("refresh the model by call", async () => {
    const { request } = await open();
    const { status, body } = await request("POST", "/refresh-model", { wait: true });
    expect([status, body]).toEqual([200, expect.objectContaining({ status: "replaced", version: "v0001" })]);
    expect((await request("GET", "/popular")).body["modelVersion"]).toBe("v0001");
  });

  it("recommender 17: say with the new version what was left out of it, and count it", async () => {
    const { request, store, cleaned } = await open();
    const strange = [
      visit("1"),
      visit("2", { timestamp: "2035-01-01T00:00:00Z" }),
      visit("3", { viewSeconds: 1e6, timestamp: "2026-01-01T00:00:00Z" }),
      visit("4", { productIds: ["moon"], timestamp: "2026-01-02T00:00:00Z" }),
    ];
    await request("POST", "/interactions", { source: "shop", interactions: strange });
    await eventually(async () => expect(await store.count()).toBe(4));
    const { body } = await request("POST", "/refresh-model", { wait: true });
    const found = z.object({ cleaning: z.record(z.string(), z.number()) }).parse(body).cleaning;
    expect(found).toMatchObject({ impossibleTimes: 1, impossibleViews: 1, unknownProducts: 1 });
    expect(cleaned).toMatchObject({
      "harbour impossibleTimes": 1,
      "harbour impossibleViews": 1,
      "harbour kept": found["kept"],
    });
  });

  it("erase a user", async () => {
    const { request, store } = await open();
    await request("POST", "/interactions", { source: "shop", interactions: [visit("1")] });
    await eventually(async () => expect(await store.count()).toBe(1));
    expect((await request("DELETE", "/users/customer-1")).body).toEqual({ erased: 1 });
    expect(await store.count()).toBe(0);
  });
});

describe("capture in chats", () => {
  let calls = 0;
  const call = async (pack: OpenToolPack, name: string, input: object, person = "web:main:u1") => {
    const tool = pack.tools.find((one) => one.name === name) ?? expect.fail(`no tool ${name}`);
    const { context } = callContext(person);
    return await tool.execute(tool.parse(input), { ...context, idempotencyKey: `call-${(calls += 1)}` });
  };
  const pressed = async (pack: OpenToolPack, id: string, person = "web:main:u1") => {
    const { context } = callContext(person);
    return await pack.chosen?.({ id, value: "" }, { ...context, idempotencyKey: `press-${(calls += 1)}` });
  };
  const acts = async (store: Awaited<ReturnType<typeof open>>["store"], person = "web:main:u1") =>
    (await store.ofUser(person, 20)).map(({ type, action, source }) => `${source} ${action ?? type}`);

  it("notes shown, opened, compared and answered, with the version that showed it", async () => {
    const { pack, store } = await open();
    await call(pack, "recommend_products", { limit: 3 });
    await call(pack, "explain_product", { products: ["fund-growth"] });
    await call(pack, "explain_product", { products: ["fund-growth", "fund-balanced"] });
    await pressed(pack, "accept-product:fund-growth");
    await pressed(pack, "dismiss-product:fund-balanced");
    expect(await acts(store)).toEqual([
      "chat shown",
      "chat opened",
      "chat comparison",
      "chat accepted",
      "chat dismissed",
      "chat shown",
    ]);
    const [shown] = await store.ofUser("web:main:u1", 20);
    expect(shown).toMatchObject({ modelVersion: "v0000", productIds: { length: 3 } });
  });

  it("notes a clear reaction to what was recommended, and no other", async () => {
    const { pack, store } = await open();
    const { cards = [] } = await call(pack, "recommend_products", {});
    const reply = { id: "r", text: "", sources: [], confidence: 1, disclaimers: [], processingTimeMs: 0, model: "m" };
    const react = async (emoji: string, added = true) => {
      const { context } = callContext();
      const replies = [Reply.parse({ ...reply, cards })];
      await pack.reacted?.({ emoji, added, replies }, { ...context, idempotencyKey: `react-${(calls += 1)}` });
    };
    await react("👍🏽");
    await react("👎");
    await react("🤔");
    await react("👍", false);
    expect(await acts(store)).toEqual(["chat shown", "chat liked", "chat disliked"]);
  });

  it("is off until an admin sets it: only answers are kept, for the person alone", async () => {
    const { pack, store } = await open({ capture: "off" });
    await call(pack, "recommend_products", {});
    await call(pack, "explain_product", { products: ["fund-growth"] });
    await pressed(pack, "dismiss-product:fund-growth");
    expect(await acts(store)).toEqual(["chat-unshared dismissed"]);
    expect((await store.ofUser("web:main:u1", 1))[0]?.demographics).toBeUndefined();
  });

  it("takes a refusal in every mode, and an agreement where something is learned", async () => {
    const consents = async (capture: "off" | "on" | "consented") => {
      const { pack } = await open({ capture });
      return pack.tools.flatMap(({ name }) => (name.endsWith("_learning") ? [name] : []));
    };
    expect(await consents("off")).toEqual(["forbid_learning"]);
    for (const capture of ["on", "consented"] as const)
      expect(await consents(capture)).toEqual(["allow_learning", "forbid_learning"]);
  });

  it("asks each person where consent is needed, keeps to the answer, and erases when it is taken back", async () => {
    const { pack, store } = await open({ capture: "consented" });
    const first = await call(pack, "recommend_products", {});
    expect(first.choices?.map(({ id }) => id).slice(-2)).toEqual(["learn-from-me:yes", "learn-from-me:no"]);
    expect(await acts(store)).toEqual([]);
    await pressed(pack, "learn-from-me:yes");
    const second = await call(pack, "recommend_products", {});
    expect(second.choices?.some(({ id }) => id.startsWith("learn-from-me"))).toBe(false);
    expect(await acts(store)).toEqual(["chat shown"]);
    await call(pack, "forbid_learning", {});
    expect(await acts(store)).toEqual([]);
    await call(pack, "recommend_products", {});
    expect(await acts(store)).toEqual([]);
  });

  it("forgets a person with their consent, and nobody else", async () => {
    const { pack, store } = await open({ capture: "consented" });
    for (const person of ["anna", "ben"]) {
      await pressed(pack, "learn-from-me:yes", person);
      await call(pack, "recommend_products", {}, person);
    }
    await pack.forget?.("anna");
    expect([await acts(store, "anna"), await acts(store, "ben")]).toEqual([[], ["chat shown"]]);
    await call(pack, "recommend_products", {}, "anna");
    expect(await acts(store, "anna")).toEqual([]);
  });

  it("answers in the person's language", async () => {
    const { pack } = await open();
    const { context } = callContext();
    const german = { ...context, locale: "de-DE", idempotencyKey: "k" };
    expect((await pack.chosen?.({ id: "accept-product:fund-growth", value: "" }, german))?.text).toContain("gefällt");
    expect(await pack.chosen?.({ id: "accept-product:unknown", value: "" }, german)).toBeUndefined();
    expect(await pack.chosen?.({ id: "confirm:1", value: "" }, german)).toBeUndefined();
  });
});
