import { describe, expect, it } from "vitest";
import { conversationId } from "../../../core/conversation-id.ts";
import type { DeliveryRecord } from "../../../core/store/store.ts";
import type { StoreContext } from "./context.ts";
import { account, at, aTrace, direct, group } from "./fixtures.ts";

const aDelivery = (overrides: Partial<DeliveryRecord> = {}): DeliveryRecord => ({
  id: "event-1.0",
  conversation: direct,
  account,
  eventId: "event-1",
  outcome: "delivered",
  receipts: [{ part: 0, messageId: "out-1", at: at(1) }],
  parts: 1,
  plain: false,
  degraded: [{ feature: "choices", shownAs: "numbered list" }],
  at: at(1),
  ...overrides,
});

/** Memory, traces, deliveries, controls, values and checks. */
export function recordsContract({ store }: StoreContext): void {
  describe("memory", () => {
    it("keeps each scope's facts apart, and the newest of a key", async () => {
      const { memory } = store();
      const person = { kind: "person", bot: "bank", person: "p" } as const;
      await memory.set(person, { key: "city", value: "Rome", at: at(1) });
      await memory.set(person, { key: "city", value: "Oslo", at: at(2) });
      await memory.set(person, { key: "city", value: "late replay", at: at(0) });
      await memory.set({ ...person, bot: "shop" }, { key: "size", value: "M", at: at(0) });
      await memory.set({ kind: "conversation", conversation: group }, { key: "topic", value: "x", at: at(0) });
      expect(await memory.list(person)).toEqual([{ key: "city", value: "Oslo", at: at(2) }]);
      expect(await memory.list({ kind: "conversation", conversation: direct })).toEqual([]);
      expect(await memory.forget(person, "unknown")).toBe(0);
      expect(await memory.forget(person)).toBe(1);
      expect(await memory.list({ ...person, bot: "shop" })).toHaveLength(1);
    });
  });

  describe("traces", () => {
    it("is found by each of its events and messages, as it stands now", async () => {
      const { traces } = store();
      await traces.save(aTrace({ outcome: "running" }));
      const trace = aTrace({ eventIds: ["event-1", "event-2"], messageIds: ["in-1", "out-1"], finishedAt: at(2) });
      await traces.save(trace);
      for (const reference of ["event-1", "event-2", "in-1", " out-1\n"]) {
        expect(await traces.find(reference)).toEqual([trace]);
      }
      expect(await traces.find("nothing")).toEqual([]);
      expect(await traces.list({ limit: 9 })).toEqual([trace]);
    });

    it("is found by a message that only the delivery knows", async () => {
      await store().traces.save(aTrace());
      await store().deliveries.save(aDelivery({ receipts: [{ part: 0, messageId: "late", at: at(1) }] }));
      expect(await store().traces.find("late")).toEqual([aTrace()]);
    });

    it("is found by a link, in the chat that the link names", async () => {
      const telegram = (chat: string) => conversationId({ platform: "telegram", account: "main", chat });
      const [ours, other] = [telegram("-100123"), telegram("-100999")];
      await store().traces.save(aTrace({ id: "a", conversation: ours, messageIds: ["45"] }));
      await store().traces.save(aTrace({ id: "b", conversation: other, messageIds: ["45"] }));
      expect((await store().traces.find("https://t.me/c/123/45")).map(({ id }) => id)).toEqual(["a"]);
      expect(await store().traces.find("45")).toHaveLength(2);
    });

    it("lists the newest first, of one conversation or all", async () => {
      const { traces } = store();
      await traces.save(aTrace({ id: "a", startedAt: at(0), messageIds: ["m"] }));
      await traces.save(aTrace({ id: "b", startedAt: at(9) }));
      await traces.save(aTrace({ id: "c", startedAt: at(5), conversation: group }));
      expect((await traces.list({ limit: 2 })).map(({ id }) => id)).toEqual(["b", "c"]);
      expect((await traces.list({ conversation: direct, limit: 9 })).map(({ id }) => id)).toEqual(["b", "a"]);
    });
  });

  describe("deliveries", () => {
    it("keeps the last outcome of a reply and finds it by event, message and outcome", async () => {
      const { deliveries } = store();
      await deliveries.save(aDelivery({ outcome: "unknown", receipts: [], detail: "connection lost" }));
      expect(await deliveries.withOutcome("unknown", 9)).toHaveLength(1);
      const settled = aDelivery();
      await deliveries.save(settled);
      expect(await deliveries.forEvent("event-1")).toEqual([settled]);
      expect(await deliveries.byMessageId("out-1")).toEqual([settled]);
      expect(await deliveries.withOutcome("unknown", 9)).toEqual([]);
      expect(await deliveries.withOutcome("delivered", 9)).toEqual([settled]);
    });

    it("gives an event's replies in order", async () => {
      for (const id of ["event-1.0", "event-1.1", "event-1.2"]) await store().deliveries.save(aDelivery({ id }));
      const found = await store().deliveries.forEvent("event-1");
      expect(found.map(({ id }) => id)).toEqual(["event-1.0", "event-1.1", "event-1.2"]);
    });
  });

  describe("controls", () => {
    it("holds until it is over or cleared", async () => {
      const { controls } = store();
      const muted = { kind: "muted", until: at(60), by: "admin" } as const;
      await controls.set(direct, muted);
      expect(await controls.get(direct, at(59))).toEqual(muted);
      expect(await controls.get(direct, at(60))).toBeUndefined();
      const takeover = { kind: "human-takeover", until: undefined, by: "agent" } as const;
      await controls.set(direct, takeover);
      expect(await controls.get(direct, at(9_999_999))).toEqual(takeover);
      expect(await controls.get(group, at(0))).toBeUndefined();
      expect(await controls.clear(direct)).toBe(true);
      expect(await controls.clear(direct)).toBe(false);
    });
  });

  describe("values", () => {
    it("gives any JSON back, by owner and key", async () => {
      const { values } = store();
      const value = { list: [1, "two", null, true], nested: { "": "ü\u0000" } };
      await values.set("slack", "cursor", 1);
      await values.set("slack", "cursor", value);
      await values.set("discord", "cursor", null);
      expect(await values.get("slack", "cursor")).toEqual(value);
      expect(await values.get("discord", "cursor")).toBeNull();
      expect(await values.get("slack", "other")).toBeUndefined();
      expect(await values.remove("slack", "cursor")).toBe(true);
      expect(await values.remove("slack", "cursor")).toBe(false);
      expect(await values.get("slack", "cursor")).toBeUndefined();
    });
  });

  describe("checks", () => {
    it("finds nothing wrong with a healthy store", async () => {
      const checks = await store().check();
      expect(checks.length).toBeGreaterThan(0);
      expect(checks.filter(({ status }) => status === "error")).toEqual([]);
    });
  });
}
