import { describe, expect, it } from "vitest";
import { conversationId } from "../../../core/conversation-id.ts";
import { RetentionPolicy } from "../../../core/retention.ts";
import type { StoreContext } from "./context.ts";
import { account, at, aTrace, aTurn, direct, group, otherAccount } from "./fixtures.ts";

const policy = RetentionPolicy.parse({ history: 10, traces: 5, deliveries: 3, spool: 2 });
const DAY = 86_400;
const noon = Date.parse(at(0));

const delivery = (id: string, seconds: number) =>
  ({
    id: `${id}.0`,
    conversation: direct,
    account,
    eventId: id,
    outcome: "delivered",
    receipts: [{ part: 0, messageId: `out-${id}`, at: at(seconds) }],
    parts: 1,
    plain: false,
    degraded: [],
    at: at(seconds),
  }) as const;

const touch = (conversation: typeof direct, userId: string, seconds = 0) =>
  ({
    id: conversation,
    bot: "bank",
    account,
    chatType: conversation === group ? "group" : "direct",
    userId,
    at: at(seconds),
  }) as const;

/** How long things are kept, and what is left of somebody who is forgotten. */
export function retentionContract({ store, open }: StoreContext): void {
  describe("retention", () => {
    it("deletes what is older than its class allows, and nothing younger", async () => {
      const { history, traces, deliveries } = store();
      for (const [id, day] of [
        ["a", 0],
        ["b", 4],
        ["c", 8],
      ] as const) {
        await history.write(aTurn({ eventId: id, at: at(day * DAY) }));
        await traces.save(aTrace({ id, eventIds: [id, `${id}+`], messageIds: [`in-${id}`], startedAt: at(day * DAY) }));
        await deliveries.save(delivery(id, day * DAY));
      }
      const pruned = await store().prune(policy, noon + 9.5 * DAY * 1_000);
      expect(pruned).toMatchObject({ traces: 2, deliveries: 2 });
      expect(pruned.history).toBe(0);
      expect((await traces.list(9)).map(({ id }) => id)).toEqual(["c"]);
      for (const gone of ["in-a", "a+", "in-b", "out-a"]) expect(await traces.find(gone)).toEqual([]);
      for (const kept of ["c", "c+", "in-c", "out-c"]) expect(await traces.find(kept)).toHaveLength(1);
      expect(await deliveries.byMessageId("out-b")).toEqual([]);
      await store().prune(policy, noon + 15 * DAY * 1_000);
      expect((await history.page(direct, { limit: 99 })).filter(({ role }) => role === "user")).toHaveLength(1);
    });

    it("takes words and reasons of one turn apart, and lets neither bring back the other", async () => {
      const { history, traces } = store();
      const turn = (id: string) =>
        aTurn({ eventId: id, messageId: `in-${id}`, messages: [{ id: `in-${id}`, fingerprint: "f" }] });
      const trace = (id: string) =>
        aTrace({ id, eventIds: [id, `${id}+`], messageIds: [`in-${id}`], startedAt: at(1) });
      for (const id of ["a", "b"]) await history.write(turn(id), trace(id));
      expect(await store().prune(policy, noon + 6 * DAY * 1_000)).toMatchObject({ traces: 2, history: 0 });
      expect(await traces.find("in-a")).toEqual([]);
      expect(await traces.find("a+")).toEqual([]);
      expect((await history.byMessage(direct, "in-a"))?.eventId).toBe("a");
      expect(await store().prune(policy, noon + 6 * DAY * 1_000)).toMatchObject({ traces: 0, history: 0 });
      expect(await store().prune(policy, noon + 11 * DAY * 1_000)).toMatchObject({ traces: 0, history: 2 });
      expect(await history.byMessage(direct, "in-a")).toBeUndefined();
      await history.write(turn("c"), trace("c"));
      const longer = RetentionPolicy.parse({ history: 1, traces: 30 });
      expect(await store().prune(longer, noon + 11 * DAY * 1_000)).toMatchObject({ traces: 0, history: 1 });
      expect(await history.find(direct, "c")).toBeUndefined();
      expect(await traces.find("in-c")).toHaveLength(1);
      expect(await store().prune(longer, noon + 31 * DAY * 1_000)).toMatchObject({ traces: 1, history: 0 });
      expect(await traces.find("in-c")).toEqual([]);
    });

    it("gets past a row whose clock was ahead, and works while others do the same", async () => {
      const second = await open();
      const turns = Array.from({ length: 700 }, (_, index) =>
        aTurn({ eventId: `e${index}`, at: at(index === 3 ? 99 * DAY : 0) }),
      );
      await Promise.all(turns.map(async (turn) => await store().history.write(turn)));
      const pruned = await Promise.all(
        [store(), second].map(async (one) => await one.prune(policy, noon + 11 * DAY * 1_000)),
      );
      expect(pruned.reduce((sum, { history = 0 }) => sum + history, 0)).toBe(699);
      expect(await store().history.page(direct, { limit: 9 })).toHaveLength(2);
    });

    it("deletes thousands of old rows and stops", async () => {
      const turns = Array.from({ length: 1_203 }, (_, index) => aTurn({ eventId: `e${index}`, at: at(index) }));
      await Promise.all(turns.map(async (turn) => await store().history.write(turn)));
      expect((await store().prune(policy, noon + 11 * DAY * 1_000)).history).toBe(1_203);
      expect((await store().prune(policy, noon + 11 * DAY * 1_000)).history).toBe(0);
    });

    it("forgets ended conversations and people that nothing refers to, and keeps linked ones", async () => {
      const { conversations, people } = store();
      const person = await people.personOf(account, "ada");
      await people.personOf(account, "bob");
      await people.createCode(person, "KEEP-ME22", at(100 * DAY));
      expect(await people.redeem(account, "bob", { code: "KEEP-ME22", now: at(1) })).toBe("linked");
      await people.personOf(account, "eve");
      await conversations.touch(touch(direct, "eve"));
      await conversations.end(direct, { at: at(1) });
      await store().prune(policy, noon + 11 * DAY * 1_000);
      expect(await people.identities(person)).toHaveLength(2);
      expect(await people.identities(await people.personOf(account, "bob"))).toHaveLength(2);
      // Eve starts anew, in a first session.
      expect((await conversations.touch(touch(direct, "eve", 11 * DAY))).record.session).toBe(1);
    });
  });

  describe("forgetting", () => {
    const erase = async (conversation: typeof direct) => {
      const scope = await store().erasure.scope(conversation);
      if (scope === undefined) throw new Error("the conversation is not known");
      return { scope, ...(await store().erasure.erase(scope)) };
    };

    it("erases a direct conversation with its person's facts, traces and deliveries, and nobody else's", async () => {
      const { conversations, history, memory, people, traces, deliveries } = store();
      const [ada, bob] = [await people.personOf(account, "ada"), await people.personOf(account, "bob")];
      await conversations.touch(touch(direct, "ada"));
      await conversations.touch(touch(group, "bob"));
      await history.write(aTurn());
      await history.write(aTurn({ conversation: group, eventId: "event-2" }));
      await traces.save(aTrace());
      await deliveries.save(delivery(aTurn().eventId, 0));
      for (const person of [ada, bob]) {
        await memory.set({ kind: "person", bot: "bank", person }, { key: "city", value: "Rome", at: at(0) });
      }
      await memory.set({ kind: "person", bot: "other", person: ada }, { key: "city", value: "Rome", at: at(0) });
      expect((await erase(direct)).scope).toEqual({ bot: "bank", persons: [ada], conversations: [direct] });
      expect(await history.page(direct, { limit: 9 })).toEqual([]);
      expect((await traces.list(9)).filter(({ conversation }) => conversation === direct)).toEqual([]);
      expect(await deliveries.byMessageId(`out-${aTurn().eventId}`)).toEqual([]);
      expect(await memory.list({ kind: "person", bot: "bank", person: ada })).toEqual([]);
      expect(await memory.list({ kind: "person", bot: "bank", person: bob })).toHaveLength(1);
      expect(await memory.list({ kind: "person", bot: "other", person: ada })).toHaveLength(1);
      expect(await history.page(group, { limit: 9 })).toHaveLength(2);
      expect(await conversations.get(direct)).toBeUndefined();
    });

    it("erases the person's direct conversations on all linked platforms", async () => {
      const { conversations, history, people } = store();
      const elsewhere = conversationId({ platform: "telegram", account: "main", chat: "77" });
      const second = { ...touch(elsewhere, "tele-ada"), account: otherAccount };
      const ada = await people.personOf(account, "ada");
      await conversations.touch(touch(direct, "ada"));
      await conversations.touch(second);
      await people.createCode(ada, "LINK-ME22", at(100));
      await people.redeem(otherAccount, "tele-ada", { code: "LINK-ME22", now: at(1) });
      await history.write(aTurn({ conversation: elsewhere }));
      const { scope } = await erase(direct);
      expect(new Set(scope.conversations)).toEqual(new Set([direct, elsewhere]));
      expect(await history.page(elsewhere, { limit: 9 })).toEqual([]);
    });

    it("erases a group's conversation alone, and no person", async () => {
      await store().conversations.touch(touch(group, "ada"));
      await store().history.write(aTurn({ conversation: group }));
      const { scope } = await erase(group);
      expect(scope).toEqual({ bot: "bank", persons: [], conversations: [group] });
      expect(await store().history.page(group, { limit: 9 })).toEqual([]);
    });

    it("erases a person on all their platforms, and in groups what they said", async () => {
      const { conversations, history, memory, people } = store();
      const person = await people.personOf(account, "ada");
      await people.createCode(person, "KEEP-ME22", at(100 * DAY));
      expect(await people.redeem(otherAccount, "ada 2", { code: "KEEP-ME22", now: at(1) })).toBe("linked");
      await people.personOf(account, "bob");
      await conversations.touch(touch(direct, "ada"));
      for (const userId of ["ada", "bob"]) await conversations.touch(touch(group, userId));
      await history.write(aTurn({ userId: "ada" }));
      await history.write(aTurn({ conversation: group, eventId: "event-2", userId: "ada", text: "I am Ada" }));
      await history.write(aTurn({ conversation: group, eventId: "event-3", userId: "bob", text: "I am Bob" }));
      await memory.set({ kind: "person", bot: "bank", person }, { key: "city", value: "Bern", at: at(2) });
      const scope = await store().erasure.scopeOfPerson(person, "bank");
      expect(scope.conversations).toEqual([direct]);
      expect(scope.groups).toEqual([{ conversation: group, userId: "ada" }]);
      expect(scope.persons).toHaveLength(2);
      await store().erasure.erase(scope);
      await store().erasure.erase(scope);
      expect(await history.page(direct, { limit: 9 })).toEqual([]);
      const left = (await history.page(group, { limit: 9 })).filter(({ role }) => role === "user");
      expect(left.map(({ text }) => text)).toEqual(["I am Bob"]);
      expect(await memory.list({ kind: "person", bot: "bank", person })).toEqual([]);
    });

    it("finds people without making any", async () => {
      const { people } = store();
      expect(await people.find(account, "ada")).toBeUndefined();
      expect(await people.find(account, "ada")).toBeUndefined();
      expect(await people.find(account, "eve")).toBeUndefined();
      const person = await people.personOf(account, "eve");
      expect(await people.find(account, "eve")).toBe(person);
    });

    it("gives the files that nobody else uses", async () => {
      await store().conversations.touch(touch(direct, "ada"));
      await store().erasure.keepFile(direct, "mine", at(0));
      await store().erasure.keepFile(direct, "shared", at(0));
      await store().erasure.keepFile(direct, "shared", at(1));
      await store().erasure.keepFile(group, "shared", at(0));
      expect((await erase(direct)).files).toEqual(["mine"]);
      expect((await erase(direct)).files).toEqual([]);
    });

    it("never counts sessions from the start again, so that a late turn of a forgotten one stays out of sight", async () => {
      await store().conversations.touch(touch(direct, "ada"));
      await erase(direct);
      await store().history.write(aTurn({ session: 1 }));
      const { record } = await store().conversations.touch(touch(direct, "ada", 2));
      expect(await store().history.window(direct, { session: record.session, turns: 9 })).toEqual([]);
    });

    it("knows nothing of a conversation that never was", async () => {
      expect(await store().erasure.scope(direct)).toBeUndefined();
    });
  });
}
