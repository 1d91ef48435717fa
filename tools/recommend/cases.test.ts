/** What went wrong in use, one chapter a kind. */
import { describe, expect, it } from "vitest";
import { interaction } from "../../test/contracts/interactions.ts";
import { callContext, openContext, temporaryFolder } from "../../test/support/tool-pack.ts";
import type { Interaction } from "../../core/store/interactions/index.ts";
import { rowOf } from "parleyjs-recommender";
import { bank } from "../banking/index.ts";
import { type Profile, recommend } from "./index.ts";

const NOW = Date.parse("2026-11-21T09:00:00Z");

async function open(profiles: Readonly<Record<string, Profile>> = {}, folder?: string, bot = "harbour") {
  const base = await openContext(folder ?? (await temporaryFolder()), () => NOW);
  const context = { ...base, bot: { ...base.bot, id: bot } };
  const factory = recommend({ capture: "on", profileOf: async (person) => profiles[person] });
  const pack = await factory.open(context);
  const opened = await factory.openRecommender(context);
  const close = async (): Promise<void> => {
    await pack.close();
    await opened.close();
  };
  const listed = async (userId: string, limit = 50) =>
    (await opened.recommender.forUser(userId, { limit })).recommendations.map(({ id }) => id);
  return { ...opened, pack, listed, close };
}

const acted = (id: string, given: Partial<Interaction> = {}): Interaction =>
  interaction({ id, userId: "u1", timestamp: "2026-11-20T10:00:00Z", productIds: ["fund-growth"], ...given });
const chose = (id: string, product: string, given: Partial<Interaction> = {}): Interaction =>
  acted(id, { type: "interaction", action: "accepted", productIds: [product], ...given });

describe("recommender 1: a customer asked for by the bank's own id", () => {
  it.each([
    ["C1004", 2],
    ["C1007", 2],
    ["C1002", 3],
  ])("%s is offered nothing above risk class %i", async (customer, highest) => {
    const accounts = bank();
    const context = await openContext(await temporaryFolder(), () => NOW);
    const opened = await accounts.open(context);
    expect(await accounts.profileOf(customer)).toMatchObject({ customerId: customer, riskProfile: highest });
    const { recommender, catalogue, close } = await recommend({ profileOf: accounts.profileOf }).openRecommender(
      context,
    );
    const { recommendations } = await recommender.forUser(customer, { limit: 50 });
    expect(recommendations.length).toBeGreaterThan(0);
    for (const { id } of recommendations) expect(catalogue.get(id)?.riskLevel).toBeLessThanOrEqual(highest);
    await close();
    await opened.close();
  });
});

describe("recommender 2: one person, who is not offered what they have", () => {
  it("a linked customer's accounts are left out, in the chat and by the bank's id", async () => {
    const accounts = bank();
    const context = await openContext(await temporaryFolder(), () => NOW);
    const opened = await accounts.open(context);
    const link = opened.tools.find(({ name }) => name === "link_customer");
    const call = { ...callContext().context, userTexts: ["link ANNA-7K42"], scopes: new Set(["public", "private"]) };
    await link?.execute({ code: "ANNA-7K42" }, call);
    const { recommender, close } = await recommend({ profileOf: accounts.profileOf }).openRecommender(context);
    for (const id of ["web:main:u1", "C1001"]) {
      const { recommendations } = await recommender.forUser(id, { limit: 50 });
      expect(recommendations.map((one) => one.id)).not.toContain("everyday-account");
      expect(recommendations.map((one) => one.id)).not.toContain("harbour-saver");
    }
    await close();
    await opened.close();
  });

  it("what was acquired is left out, wherever it was reported, and what was done in the chat reaches the bank's id", async () => {
    const { store, pack, listed, close } = await open({ "web:main:u1": { customerId: "C7" } });
    await store.add([acted("1", { userId: "C7", type: "interaction", action: "acquired" })]);
    expect(await listed("C7")).not.toContain("fund-growth");
    expect(await listed("web:main:u1")).not.toContain("fund-growth");
    const { context } = callContext();
    await pack.chosen?.({ id: "dismiss-product:travel-cover", value: "" }, { ...context, idempotencyKey: "k" });
    expect(await listed("C7")).not.toContain("travel-cover");
    await pack.forget?.("web:main:u1");
    expect(await store.count()).toBe(0);
    await close();
  });
});

describe("recommender 12: what was disliked is held back", () => {
  it.each(["disliked", "dismissed"] as const)("%s, until the person changes their mind", async (action) => {
    const { store, listed, close } = await open();
    const [first = ""] = await listed("u1");
    await store.add([acted("1", { type: "interaction", action, productIds: [first] })]);
    expect(await listed("u1")).not.toContain(first);
    const later = { timestamp: "2026-11-20T11:00:00Z", productIds: [first] };
    await store.add([acted("2", { ...later, type: "interaction", action: "liked" })]);
    expect(await listed("u1")).toContain(first);
    await close();
  });
});

describe("recommender 10: bots apart", () => {
  it("beta learns nothing from alpha's people, and forgetting at one leaves the other alone", async () => {
    const folder = await temporaryFolder();
    const [alpha, beta] = [await open({}, folder, "alpha"), await open({}, folder, "beta")];
    await alpha.store.add([chose("1", "fund-growth"), chose("2", "fund-growth", { userId: "u2" })]);
    expect((await alpha.readData()).report.read - (await beta.readData()).report.read).toBe(2);
    await alpha.consent.answer("u1", true);
    await beta.forget("u1");
    expect([await alpha.store.count(), await beta.store.count()]).toEqual([2, 0]);
    await alpha.close();
    await beta.close();
  });
});

describe("recommender 15: many invented people who look at six products", () => {
  it("do not decide what everybody is shown", async () => {
    const { store, refresher, listed, close } = await open();
    const pushed = [
      "pension-secure",
      "fixed-term-60",
      "fund-money-market",
      "payment-protection",
      "phone-cover",
      "study-loan",
    ];
    const views = Array.from({ length: 200 }, (_, user) =>
      Array.from({ length: 10 }, (_view, view) =>
        acted(`${user}-${view}`, {
          source: "shop",
          userId: `invented-${user}`,
          timestamp: new Date(NOW - (user * 10 + view + 1) * 60_000).toISOString(),
          productIds: [pushed[view % 6] ?? ""],
        }),
      ),
    ).flat();
    await store.add(views);
    await refresher.refresh({ force: true });
    const lists = await Promise.all(
      ["u-001", "u-020", "nobody", "u-050"].map(async (user) =>
        (await listed(user, 6)).filter((id) => pushed.includes(id)),
      ),
    );
    for (const list of lists) expect(list.length).toBeLessThan(6);
    await close();
  });
});

describe("recommender 4: reasons", () => {
  it("call nobody interested who did nothing, and nothing often chosen that few chose", async () => {
    const { recommender, serving, close } = await open();
    const { products, evidence } = (await serving.bundle()) ?? expect.fail("no version");
    const { recommendations } = await recommender.forUser("nobody", { limit: 50 });
    expect(recommendations.map(({ reason }) => reason).join()).not.toContain("because you");
    for (const { id } of recommendations.filter(({ reason }) => reason.includes("often chosen by our customers")))
      expect(evidence.chosen[products.rowOf(id)]).toBeGreaterThanOrEqual(3);
    await close();
  });

  it("say that products are chosen together where enough people did, and more than chance would have it", async () => {
    const { recommender, serving, close } = await open();
    const { products, evidence } = (await serving.bundle()) ?? expect.fail("no version");
    const { together, chosen, people } = evidence;
    for (const product of ["fund-growth", "travel-cover", "everyday-account"]) {
      const found = await recommender.similarTo(product, { limit: 50 });
      const told = found?.recommendations.filter(({ reason }) => reason.startsWith("often chosen together")) ?? [];
      for (const { id } of told) {
        const [one, two] = [products.rowOf(product), products.rowOf(id)];
        const { columns, values } = rowOf(together, one);
        const count = values[columns.indexOf(two)] ?? 0;
        expect(count).toBeGreaterThanOrEqual(3);
        expect(count * people).toBeGreaterThan((chosen[one] ?? 0) * (chosen[two] ?? 0));
      }
    }
    await close();
  });

  it("name an interest after two acts of it, and the act on a product that was really done", async () => {
    const { store, recommender, close } = await open();
    await store.add([acted("1"), acted("2", { productIds: ["fund-balanced"], timestamp: "2026-11-20T10:05:00Z" })]);
    const { recommendations } = await recommender.forUser("u1", { limit: 50 });
    const because = recommendations.map(({ reason }) => reason).filter((reason) => reason.includes("because you"));
    expect(because.length).toBeGreaterThan(0);
    for (const reason of because)
      expect(reason).toMatch(/because you (?:are interested in funds|looked at Harbour (?:Growth|Balanced) Fund)/u);
    await close();
  });
});

describe("recommender 3: a product that is new", () => {
  it("stays new over trainings until enough people have met it: it is scored by its kind, not as the worst", async () => {
    const folder = await temporaryFolder();
    const { store, refresher, recommender, serving, close } = await open({}, folder);
    const people = Array.from({ length: 40 }, (_, user) => [
      chose(`${user}-a`, "fund-growth", { userId: `p${user}` }),
      chose(`${user}-b`, "fund-balanced", { userId: `p${user}`, timestamp: "2026-11-20T11:00:00Z" }),
    ]).flat();
    await store.add(people);
    await refresher.refresh({ force: true });
    const bundle = await serving.bundle();
    const fresh = [...(bundle?.evidence.seen ?? [])].flatMap((seen, item) =>
      seen < 5 ? [bundle?.products.nameOf(item)] : [],
    );
    const { recommendations } = await recommender.forUser("p1", { limit: 50, category: "fund" });
    for (const id of fresh) {
      const place = recommendations.findIndex((one) => one.id === id);
      if (place >= 0) expect(recommendations[place]?.relevanceScore).toBeGreaterThan(0);
    }
    await close();
  });
});

describe("recommender service: what a person took back", () => {
  const at = (minute: number): string => `2026-11-20T10:${String(minute).padStart(2, "0")}:00Z`;
  const says = (id: string, action: "liked" | "disliked" | "dismissed" | "accepted", minute: number): Interaction =>
    acted(id, { type: "interaction", action, timestamp: at(minute) });

  it.each([["liked", "disliked"] as const, ["accepted", "dismissed"] as const, ["liked", "dismissed"] as const])(
    "%s, then %s, is no reason and no interest",
    async (before, after) => {
      const { store, recommender, close } = await open();
      await store.add([says("1", before, 1), acted("2", { timestamp: at(2) }), says("3", after, 3)]);
      const { recommendations } = await recommender.forUser("u1", { limit: 50 });
      expect(recommendations.map(({ id }) => id)).not.toContain("fund-growth");
      expect(recommendations.map(({ reason }) => reason).join()).not.toContain("because you");
      await close();
    },
  );

  it("stands above an act that a wrong clock dated into the future", async () => {
    const { store, listed, close } = await open();
    await store.add([
      { ...says("1", "dismissed", 30), receivedAt: "2026-11-20T10:31:00.000Z" },
      {
        ...says("2", "liked", 0),
        timestamp: "2034-01-01T00:00:00Z",
        receivedAt: "2026-11-20T10:05:00.000Z",
      },
    ]);
    expect(await listed("u1")).not.toContain("fund-growth");
    await store.add([{ ...says("3", "liked", 40), receivedAt: "2026-11-20T10:41:00.000Z" }]);
    expect(await listed("u1")).toContain("fund-growth");
    await close();
  });
});

describe("recommender service: what front ends report of a person is a rule as well", () => {
  it.each([
    ["0-17", "student"],
    ["13-17", undefined],
  ])("people of %s are offered nothing from 18 years on", async (ageGroup, segment) => {
    const { store, recommender, catalogue, close } = await open();
    const demographics = { ageGroup, ...(segment !== undefined && { segment }) };
    await store.add([acted("1", { demographics, sessionId: "visit" })]);
    for (const asked of [recommender.forUser("u1", { limit: 50 }), recommender.forSession("visit", { limit: 50 })])
      for (const { id } of (await asked).recommendations)
        expect(catalogue.get(id)?.eligibility.minAge ?? 0).toBeLessThanOrEqual(Number.parseInt(ageGroup, 10));
    await close();
  });

  it("students are offered what students may have, unless the bank's profile says otherwise", async () => {
    const { store, recommender, catalogue, close } = await open({ u2: { segment: "family", birthYear: 1985 } });
    const demographics = { segment: "Student", ageGroup: "18-24" };
    await store.add([acted("1", { demographics }), acted("2", { userId: "u2", demographics })]);
    for (const [userId, segment] of [
      ["u1", "student"],
      ["u2", "family"],
    ] as const) {
      const { recommendations } = await recommender.forUser(userId, { limit: 50 });
      expect(recommendations.length).toBeGreaterThan(5);
      for (const { id } of recommendations)
        expect(catalogue.get(id)?.eligibility.segments ?? [segment]).toContain(segment);
    }
    await close();
  });
});

describe("recommender service: a refusal to be learned from", () => {
  it.each([
    "Do not learn from me",
    "please stop learning from what i click",
    "dont track me pls",
    "I don't want personalised recommendations",
    "lern bitte nicht von mir",
    "Hör auf, aus meiner Auswahl zu lernen",
  ])("%j is noted without a model, and erases what was learned", async (text) => {
    const { store, pack, consent, close } = await open();
    const { context } = callContext("u1");
    await store.add([acted("1")]);
    const draft = await pack.said?.(text, { ...context, idempotencyKey: "k" });
    expect(draft?.text).toContain("I learn nothing from what you do");
    expect(await store.count()).toBe(0);
    expect(await consent.mayLearnFrom("u1")).toBe(false);
    await close();
  });

  it.each([
    "I do not want to learn about funds",
    "Why do you not learn from me?",
    "Do you learn from what I write?",
    "Don't lose track of my transfer",
    "He said stop tracking me is a good song, what does it cost?",
    "Not Harbour Travel Cover",
  ])("%j is none", async (text) => {
    const { pack, consent, close } = await open();
    const { context } = callContext("u1");
    expect(await pack.said?.(text, { ...context, idempotencyKey: "k" })).toBeUndefined();
    expect(await consent.mayLearnFrom("u1")).toBe(true);
    await close();
  });
});

describe("recommender service: what somebody refused or acquired long ago", () => {
  it.each(["dismissed", "disliked", "acquired"] as const)(
    "%s: it outlasts any number of looks since",
    async (action) => {
      const { store, listed, close } = await open();
      await store.add([acted("1", { type: "interaction", action })]);
      const looks = Array.from({ length: 600 }, (_, minute) =>
        acted(`look-${minute}`, {
          timestamp: new Date(NOW - minute * 60_000).toISOString(),
          productIds: ["fund-balanced"],
        }),
      );
      await store.add(looks);
      expect(await listed("u1")).not.toContain("fund-growth");
      await close();
    },
  );
});
