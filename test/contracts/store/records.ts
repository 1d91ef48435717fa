import { describe, expect, it } from "vitest";
import { accountOf, conversationId } from "../../../core/conversation-id.ts";
import type { DeliveryRecord, HandOver } from "../../../core/store/store.ts";
import type { StoreContext } from "./context.ts";
import { account, at, aTrace, aTurn, direct, group } from "./fixtures.ts";

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
      expect(await traces.list(9)).toEqual([trace]);
    });

    it("is written with its turn, whose first words stay while the last trace does", async () => {
      const { history, traces } = store();
      const [turn, failed, last] = [
        aTurn({ messageId: "in-1" }),
        aTrace({ outcome: "failed" }),
        aTrace({ bot: "last" }),
      ];
      await traces.save(failed);
      expect(await history.write(turn, aTrace())).toEqual(turn);
      expect(await history.write(aTurn({ text: "later" }), last)).toEqual(turn);
      expect(await history.find(direct, "event-1")).toEqual(turn);
      expect(await traces.find("in-1")).toEqual([last]);
      expect(await history.byMessage(direct, "in-1")).toEqual(turn);
      expect(await history.byMessage(direct, "event-1")).toBeUndefined();
    });

    it("gives steps that are alike back one by one", async () => {
      const step = { at: at(0), kind: "guard", outcome: "passed" } as const;
      const alike = ["a", "b", "c"].map((name) => ({ ...step, name }));
      const trace = aTrace({
        steps: [
          ...alike,
          { ...step, name: "d", detail: "why" },
          { ...step, name: "e" },
          { ...step, at: at(1), name: "f" },
        ],
      });
      await store().traces.save(trace);
      expect(await store().traces.find("event-1")).toEqual([trace]);
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

    it("lists the last written first", async () => {
      const { traces } = store();
      await traces.save(aTrace({ id: "a", startedAt: at(0), messageIds: ["m"] }));
      await traces.save(aTrace({ id: "b", startedAt: at(9) }));
      await traces.save(aTrace({ id: "c", startedAt: at(5), conversation: group }));
      expect((await traces.list(2)).map(({ id }) => id)).toEqual(["c", "b"]);
    });
  });

  describe("deliveries", () => {
    it("keeps the last outcome of a reply and finds it by event, message and trouble", async () => {
      const { deliveries } = store();
      await deliveries.save(aDelivery({ outcome: "unknown", receipts: [], detail: "connection lost" }));
      expect(await deliveries.inTrouble(9)).toHaveLength(1);
      const settled = aDelivery();
      await deliveries.save(settled);
      expect(await deliveries.forEvent("event-1")).toEqual([settled]);
      expect(await deliveries.byMessageId("out-1")).toEqual([settled]);
      expect(await deliveries.inTrouble(9)).toEqual([]);
    });

    it("gives an event's replies in order", async () => {
      for (const id of ["event-1.0", "event-1.1", "event-1.2"]) await store().deliveries.save(aDelivery({ id }));
      const found = await store().deliveries.forEvent("event-1");
      expect(found.map(({ id }) => id)).toEqual(["event-1.0", "event-1.1", "event-1.2"]);
    });
  });

  describe("controls", () => {
    const begun = (change: Partial<HandOver> = {}): HandOver => ({
      kind: "handed-over",
      since: at(10),
      until: at(70),
      cause: "asked",
      by: "ada",
      note: undefined,
      told: "e1",
      ...change,
    });

    it("mutes until it is over", async () => {
      const { controls } = store();
      const muted = { kind: "muted", until: at(60), by: "admin" } as const;
      await controls.mute(direct, muted);
      expect(await controls.get(direct, at(59))).toEqual(muted);
      expect(await controls.get(direct, at(60))).toBeUndefined();
      expect(await controls.giveBack(direct)).toBe(false);
    });

    it("hands over once: what began first stands, and lasts as long as the longest", async () => {
      const { controls } = store();
      expect(await controls.handOver(direct, begun(), at(10))).toEqual(begun());
      const again = begun({ since: at(20), until: at(80), cause: "admin", by: "bob", told: "e2" });
      expect(await controls.handOver(direct, again, at(20))).toEqual(begun({ until: at(80) }));
      await controls.handOver(direct, begun({ until: at(30) }), at(20));
      expect(await controls.get(direct, at(79))).toEqual(begun({ until: at(80) }));
      expect(await controls.get(direct, at(80))).toBeUndefined();
      expect(await controls.get(group, at(0))).toBeUndefined();
      expect(await controls.handOver(direct, again, at(80))).toEqual(again);
      expect(await controls.giveBack(direct)).toBe(true);
      expect(await controls.giveBack(direct)).toBe(false);
    });

    it("changes what is given, and lists what people have", async () => {
      const { controls, conversations } = store();
      await conversations.touch({
        id: direct,
        bot: "harbour",
        account: accountOf(direct),
        chatType: "direct",
        userId: "ada",
        at: at(0),
      });
      expect(await controls.change(direct, { note: "nobody" })).toBe(false);
      await controls.handOver(direct, begun({ until: undefined, told: undefined }), at(10));
      await controls.handOver(group, begun({ since: at(5), until: at(20) }), at(5));
      await controls.mute(conversationId({ platform: "web", account: "main", chat: "quiet" }), {
        kind: "muted",
        until: undefined,
        by: "admin",
      });
      expect(await controls.change(direct, { note: "call back", told: "e9" })).toBe(true);
      const [first, second, ...others] = await controls.handedOver(at(15));
      expect(first).toMatchObject({ conversation: group, bot: undefined });
      expect(second).toEqual({
        ...begun({ until: undefined, note: "call back", told: "e9" }),
        conversation: direct,
        bot: "harbour",
      });
      expect(others).toEqual([]);
      expect(await controls.handedOver(at(20))).toMatchObject([{ conversation: direct }]);
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
