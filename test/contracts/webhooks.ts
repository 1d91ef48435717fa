/** What the tables of webhooks must do on every engine. Call it from their test. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import type { Database } from "../../core/store/sql/database.ts";
import { createDeliveries } from "../../gateway/webhooks/deliveries.ts";
import { createEndpoints } from "../../gateway/webhooks/endpoints.ts";
import { messageOf } from "../../gateway/webhooks/event.ts";
import { createRemoval } from "../../gateway/webhooks/removal.ts";
import { createSecrets } from "../../gateway/webhooks/secrets.ts";
import type { Consequence } from "../../gateway/webhooks/settle.ts";
import { type DeliveryRow, webhookTables } from "../../gateway/webhooks/tables.ts";
import { CONVERSATION, messageEvent, NOON, testSealing } from "../support/webhook-place.ts";
import { conversationId } from "../../core/conversation-id.ts";
import type { TestPlace } from "../support/test-place.ts";

export interface WebhooksUnderTest {
  readonly name: string;
  /** An empty place of one test. */
  readonly place: () => Promise<TestPlace>;
}

const DAY_MS = 86_400_000;
const policy = { afterMs: 5 * DAY_MS, failures: 10 };
const draft = {
  bot: "harbour",
  url: "https://hooks.example/a",
  events: ["message.received"],
  description: "",
} as const;
const again: Consequence = { kind: "again", dueAt: NOON + 5_000 };

/** Declares the suite. */
export function webhooksContract({ name, place }: WebhooksUnderTest): void {
  describe(`${name} webhooks`, () => {
    const clock = { now: NOON };
    let at: TestPlace;
    let closers: (() => Promise<void>)[] = [];
    let one: Awaited<ReturnType<typeof open>>;

    async function open() {
      const databases = await at.open();
      const database = databases.open(webhookTables.file);
      for (const module of webhookTables.modules) await database.migrate(module);
      closers.push(databases.close, database.close);
      return partsOf(database);
    }
    let ids = 0;
    function partsOf(database: Database) {
      const environment = { clock: () => clock.now, newId: () => `${(ids += 1)}`, random: () => 0.5 };
      const parts = { database, environment, sealing: testSealing, telemetry: silentTelemetry };
      const removal = createRemoval(database);
      return {
        removal,
        endpoints: createEndpoints({ ...parts, removal }),
        secrets: createSecrets(parts),
        deliveries: createDeliveries(parts),
      };
    }
    beforeEach(async () => {
      clock.now = NOON;
      at = await place();
      one = await open();
    });
    afterEach(async () => {
      for (const close of closers.toReversed()) await close();
      closers = [];
    });

    const sent = async (endpoint: string, source = "1"): Promise<DeliveryRow> => {
      const row = await one.deliveries.add(endpoint, messageOf(messageEvent(source)));
      if (row === undefined) throw new Error("no delivery");
      return row;
    };
    const settle = async (row: DeliveryRow, consequence: Consequence, isGone = false): Promise<boolean> => {
      const error = consequence.kind === "delivered" ? undefined : "answered 500";
      const attempted = { at: clock.now, tookMs: 12, status: error === undefined ? 204 : 500, error };
      return await one.deliveries.settle(row, { attempted, consequence, isGone, policy });
    };
    const reread = async (row: DeliveryRow): Promise<DeliveryRow> => (await one.deliveries.find(row.id)) ?? row;

    it("keeps an endpoint, and its secret sealed", async () => {
      const { endpoint, secret } = await one.endpoints.create(draft);
      expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/u);
      const other = await open();
      expect(await other.endpoints.find(endpoint.id)).toEqual(endpoint);
      expect(endpoint).toMatchObject({ bot: "harbour", events: ["message.received"], active: true, failures: 0 });
      expect(JSON.stringify(endpoint)).not.toContain("ecret");
      expect((await other.secrets.toSign(endpoint.id))?.secrets).toEqual([secret]);
    });

    it("lists a bot's own, oldest first, page by page", async () => {
      const made: string[] = [];
      for (let count = 0; count < 5; count += 1) made.push((await one.endpoints.create(draft)).endpoint.id);
      await one.endpoints.create({ ...draft, bot: "other" });
      const first = await one.endpoints.list("harbour", { limit: 3 });
      const second = await one.endpoints.list("harbour", { limit: 3, after: first.at(-1)?.number });
      expect([...first, ...second].map(({ id }) => id)).toEqual(made);
    });

    it("takes no more than 50 of a bot, also when they are made at once", async () => {
      const made = await Promise.allSettled(Array.from({ length: 55 }, async () => await one.endpoints.create(draft)));
      expect(made.filter(({ status }) => status === "fulfilled")).toHaveLength(50);
      expect(made.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "webhook/too-many" } });
    });

    it("gives those that want an event now", async () => {
      const { endpoint } = await one.endpoints.create(draft);
      const all = await one.endpoints.create({ ...draft, events: ["reply.sent", "message.received"] });
      await one.endpoints.create({ ...draft, events: ["reply.sent"] });
      const wanting = async () => (await one.endpoints.wanting("harbour", "message.received")).map(({ id }) => id);
      expect(await wanting()).toEqual([endpoint.id, all.endpoint.id]);
      await one.endpoints.update(endpoint.id, { active: false });
      expect(await wanting()).toEqual([all.endpoint.id]);
      expect(await one.endpoints.find(endpoint.id)).toMatchObject({
        active: false,
        disabledFor: "asked",
        disabledAt: NOON,
      });
      await one.endpoints.update(endpoint.id, { active: true, url: "https://hooks.example/b" });
      expect(await one.endpoints.find(endpoint.id)).toMatchObject({ active: true, url: "https://hooks.example/b" });
      await expect(one.endpoints.update("whe_none", { active: true })).rejects.toMatchObject({
        code: "webhook/unknown",
      });
    });

    it("has two secrets during a rotation, one after it, and never three", async () => {
      const { endpoint, secret: first } = await one.endpoints.create(draft);
      const valid = async () => (await one.secrets.toSign(endpoint.id))?.secrets;
      const { secret: second } = await one.secrets.rotate(endpoint.id, 60_000);
      expect(await valid()).toEqual([second, first]);
      await expect(one.secrets.rotate(endpoint.id, 60_000)).rejects.toMatchObject({ code: "webhook/rotating" });
      clock.now += 60_000;
      expect(await valid()).toEqual([second]);
      await one.secrets.dropOld();
      clock.now -= 60_000;
      expect(await valid()).toEqual([second]);
      const { secret: third } = await one.secrets.rotate(endpoint.id, 60_000);
      const { secret: fourth } = await one.secrets.rotate(endpoint.id, 0);
      expect(await valid()).toEqual([fourth]);
      expect(new Set([first, second, third, fourth]).size).toBe(4);
    });

    it("rotates once where two do so at the same time", async () => {
      const { endpoint } = await one.endpoints.create(draft);
      const other = await open();
      const both = await Promise.allSettled([
        one.secrets.rotate(endpoint.id, 60_000),
        other.secrets.rotate(endpoint.id, 60_000),
      ]);
      expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    });

    it("notes a message for an endpoint once", async () => {
      const { endpoint } = await one.endpoints.create(draft);
      const rows = await Promise.all([sent(endpoint.id), sent(endpoint.id), sent(endpoint.id)]);
      expect(new Set(rows.map(({ number }) => number)).size).toBe(1);
      expect(rows[0]).toMatchObject({ status: "waiting", round: 1, attempts: 0, dueAt: NOON });
      expect(await one.deliveries.page(endpoint.id, { limit: 9 })).toHaveLength(1);
    });

    it("logs attempts, and lists deliveries newest first by status and type", async () => {
      const { endpoint } = await one.endpoints.create(draft);
      const first = await sent(endpoint.id, "1");
      const second = await sent(endpoint.id, "2");
      await settle(first, again);
      expect(await reread(first)).toMatchObject({ status: "waiting", attempts: 1, failures: 1, dueAt: NOON + 5_000 });
      await settle(await reread(first), { kind: "delivered" });
      const { log, ...row } = (await one.deliveries.inspect(first.id)) ?? {};
      expect(row).toMatchObject({ status: "delivered", attempts: 2, endedAt: NOON });
      expect(log).toEqual([
        { attempt: 2, at: NOON, tookMs: 12, status: 204 },
        { attempt: 1, at: NOON, tookMs: 12, status: 500, error: "answered 500" },
      ]);
      const page = async (filter: object) =>
        (await one.deliveries.page(endpoint.id, { limit: 9, ...filter })).map(({ id }) => id);
      expect(await page({})).toEqual([second.id, first.id]);
      expect(await page({ before: second.number })).toEqual([first.id]);
      expect(await page({ status: "waiting" })).toEqual([second.id]);
      expect(await page({ type: "reply.sent" })).toEqual([]);
      expect(await page({ type: "message.received", status: "delivered" })).toEqual([first.id]);
    });

    it("settles a round once: what ended stays ended, and a late attempt of an earlier round changes nothing", async () => {
      const { endpoint } = await one.endpoints.create(draft);
      const row = await sent(endpoint.id);
      await settle(row, { kind: "failed" });
      await settle(row, { kind: "delivered" });
      expect(await reread(row)).toMatchObject({ status: "failed", attempts: 1 });
      const revived = await one.deliveries.revive(row.id);
      expect(revived).toMatchObject({ status: "waiting", round: 2, failures: 0, attempts: 1 });
      expect(await one.deliveries.revive(row.id)).toBeUndefined();
      await settle(row, { kind: "failed" });
      await one.deliveries.cancel(row);
      expect(await reread(row)).toMatchObject({ status: "waiting", round: 2 });
      await settle(await reread(row), { kind: "delivered" });
      expect(await reread(row)).toMatchObject({ status: "delivered", attempts: 2 });
    });

    it("finds what the queue lost, for one of those that look", async () => {
      const { endpoint } = await one.endpoints.create(draft);
      const row = await sent(endpoint.id);
      expect(await one.deliveries.overdue(NOON)).toEqual([]);
      expect((await one.deliveries.overdue(NOON + 1)).map(({ id }) => id)).toEqual([row.id]);
      const other = await open();
      const both = await Promise.all([one.deliveries.requeue(row), other.deliveries.requeue(row)]);
      expect(both.filter((found) => found !== undefined)).toEqual([expect.objectContaining({ round: 2 })]);
    });

    it("disables an endpoint after days and enough failures, tells of it until it was told, and not before", async () => {
      const { endpoint } = await one.endpoints.create(draft);
      const row = await sent(endpoint.id);
      for (let failures = 1; failures <= 9; failures += 1) expect(await settle(await reread(row), again)).toBe(false);
      clock.now += 5 * DAY_MS - 1;
      expect(await settle(await reread(row), again)).toBe(false);
      clock.now += 1;
      expect(await settle(await reread(row), again)).toBe(true);
      expect(await settle(await reread(row), again)).toBe(false);
      const [disabled] = await one.endpoints.toTell();
      expect(disabled).toMatchObject({ id: endpoint.id, active: false, disabledFor: "failing", disabledAt: clock.now });
      await one.endpoints.update(endpoint.id, { description: "named" });
      expect(await one.endpoints.toTell()).toHaveLength(1);
      if (disabled !== undefined) await one.endpoints.told(disabled);
      expect(await one.endpoints.toTell()).toEqual([]);
      expect(await one.endpoints.update(endpoint.id, { active: true })).toMatchObject({ active: true, failures: 0 });
    });

    it("starts the count anew after one success", async () => {
      const { endpoint } = await one.endpoints.create(draft);
      const [row, good] = [await sent(endpoint.id, "1"), await sent(endpoint.id, "2")];
      for (let failures = 1; failures <= 20; failures += 1) await settle(await reread(row), again);
      await settle(good, { kind: "delivered" });
      expect(await one.endpoints.find(endpoint.id)).toMatchObject({ failures: 0 });
      clock.now += 9 * DAY_MS;
      expect(await settle(await reread(row), again)).toBe(false);
      expect(await one.endpoints.find(endpoint.id)).toMatchObject({
        active: true,
        failures: 1,
        failingSince: clock.now,
      });
    });

    it("disables one that is gone at once", async () => {
      const { endpoint } = await one.endpoints.create(draft);
      expect(await settle(await sent(endpoint.id), { kind: "failed" }, true)).toBe(true);
      expect(await one.endpoints.find(endpoint.id)).toMatchObject({ active: false, disabledFor: "gone" });
    });

    it("removes an endpoint with all that was on its way, and nobody else's", async () => {
      const [gone, left] = [await one.endpoints.create(draft), await one.endpoints.create(draft)];
      const [row, other] = [await sent(gone.endpoint.id), await sent(left.endpoint.id)];
      await settle(row, again);
      expect(await one.endpoints.remove(gone.endpoint.id)).toBe(true);
      expect(await one.endpoints.remove(gone.endpoint.id)).toBe(false);
      expect(await one.deliveries.inspect(row.id)).toBeUndefined();
      expect(await one.deliveries.find(other.id)).toBeDefined();
    });

    it("forgets what was about a conversation, and what is too old", async () => {
      const { endpoint } = await one.endpoints.create(draft);
      const rows = [await sent(endpoint.id, "1"), await sent(endpoint.id, "2")];
      await settle(rows[0] ?? (await sent(endpoint.id)), { kind: "delivered" });
      expect(await one.removal.prune(NOON)).toBe(0);
      expect(await one.removal.prune(NOON + 1)).toBe(1);
      const foreign = conversationId({ platform: "web", account: "main", chat: "c2" });
      expect(await one.removal.forget([foreign])).toBe(0);
      expect(await one.removal.forget([foreign, CONVERSATION])).toBe(1);
      expect(await one.deliveries.page(endpoint.id, { limit: 9 })).toEqual([]);
    });
  });
}
