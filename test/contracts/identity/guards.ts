import { describe, expect, it } from "vitest";
import { atOnce, countTrue, type IdentityContext, NOW } from "./context.ts";

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const rule = { limit: 5, windowMs: 15 * MINUTE, lockMs: MINUTE, longestLockMs: 60 * MINUTE };

export function guardsContract(context: IdentityContext): void {
  const { store, other, addUser } = context;
  describe("counters of attempts", () => {
    it("let as many through as the rule says, however many come at once", async () => {
      const taken = await atOnce(context, 40, async ({ attempts }) => {
        return (await attempts.take([{ key: "k", rule }], NOW)).isAllowed;
      });
      expect(countTrue(taken)).toBe(5);
    });

    it("count on every key or on none, and in whatever order keys are named nobody waits for ever", async () => {
      const keys = [
        { key: "one", rule: { ...rule, limit: 1 } },
        { key: "two", rule },
      ];
      expect(await store().attempts.take(keys, NOW)).toEqual({ isAllowed: true, locked: ["one"] });
      expect(await other().attempts.take(keys, NOW)).toEqual({ isAllowed: false, retryAt: NOW + MINUTE });
      const free = [
        { key: "three", rule: { ...rule, limit: 100 } },
        { key: "four", rule: { ...rule, limit: 100 } },
      ];
      let turn = 0;
      const taken = await atOnce(context, 20, async ({ attempts }) => {
        turn += 1;
        return (await attempts.take(turn % 2 === 0 ? free : free.toReversed(), NOW)).isAllowed;
      });
      expect(countTrue(taken)).toBe(20);
      const two = await Promise.all(
        Array.from({ length: 5 }, async () => (await store().attempts.take([{ key: "two", rule }], NOW)).isAllowed),
      );
      expect(countTrue(two)).toBe(4);
    });

    it("forget an attempt that was rightful, and open what it locked", async () => {
      const counted = [{ key: "k", rule: { ...rule, limit: 1 } }];
      const taken = await store().attempts.take(counted, NOW);
      await store().attempts.refund(counted, taken.isAllowed ? taken.locked : []);
      expect((await store().attempts.take(counted, NOW)).isAllowed).toBe(true);
      expect((await store().attempts.take(counted, NOW)).isAllowed).toBe(false);
    });
  });

  describe("API keys", () => {
    const key = {
      id: "k",
      userId: "a",
      bot: "harbour",
      name: "crm",
      scopes: ["documents:read" as const],
      createdAt: NOW,
      expiresAt: NOW + DAY,
    };

    it("count with their user's roles of now, until they expire, are revoked, or their user is locked out", async () => {
      await addUser("a");
      await store().apiKeys.create(key, "hash");
      await store().users.grant("a", { bot: "*", role: "analyst" }, { by: "test", at: NOW });
      expect(await other().apiKeys.standing("hash", NOW)).toEqual({ key, grants: [{ bot: "*", role: "analyst" }] });
      expect(await store().apiKeys.standing("k", NOW)).toBeUndefined();
      expect(await store().apiKeys.standing("hash", NOW + DAY)).toBeUndefined();
      await store().users.disable("a", NOW);
      expect(await store().apiKeys.standing("hash", NOW)).toBeUndefined();
      await store().users.enable("a");
      expect(await store().apiKeys.standing("hash", NOW)).toBeUndefined();
      await store().apiKeys.create({ ...key, id: "l" }, "other");
      expect(await other().apiKeys.standing("other", NOW)).toBeDefined();
      expect(await store().apiKeys.revoke("l", NOW)).toBe(true);
      expect(await store().apiKeys.revoke("l", NOW)).toBe(false);
      expect(await store().apiKeys.standing("other", NOW)).toBeUndefined();
      expect(await store().apiKeys.list({ userId: "a", limit: 5 })).toMatchObject([
        { id: "k", revokedAt: NOW },
        { id: "l", revokedAt: NOW },
      ]);
    });

    it("note their last use once a minute", async () => {
      await addUser("a");
      await store().apiKeys.create(key, "hash");
      const used = [];
      for (const after of [0, MINUTE - 1, MINUTE]) {
        await store().apiKeys.touch("k", NOW + after);
        used.push((await store().apiKeys.find("k"))?.lastUsedAt);
      }
      expect(used).toEqual([NOW, NOW, NOW + MINUTE]);
    });
  });

  describe("anomalies", () => {
    it("know where a user was seen, each user by themselves", async () => {
      for (const id of ["a", "b"]) await addUser(id);
      const { anomalies } = store();
      expect(await anomalies.notePlace("a", "home", NOW)).toBe("first");
      expect(await anomalies.notePlace("a", "work", NOW)).toBe("new");
      expect(await anomalies.notePlace("a", "home", NOW)).toBe("known");
      expect(await anomalies.notePlace("b", "home", NOW)).toBe("first");
      expect(await anomalies.isKnownPlace("a", "work")).toBe(true);
      expect(await anomalies.isKnownPlace("b", "work")).toBe(false);
    });

    it("list alerts, the newest first, page by page", async () => {
      const kept = { a: 1, d: 3, c: 2, b: 2 };
      for (const [id, at] of Object.entries(kept))
        await store().anomalies.addAlert({ id, at, kind: "token-reuse", detail: { sessionId: "s" } });
      const first = await other().anomalies.alerts({ limit: 2 });
      expect(first.map(({ id }) => id)).toEqual(["d", "c"]);
      expect(first[0]?.detail).toEqual({ sessionId: "s" });
      expect((await store().anomalies.alerts({ limit: 2, before: { at: 2, id: "c" } })).map(({ id }) => id)).toEqual([
        "b",
        "a",
      ]);
    });
  });

  it("prunes what is over, and nothing that counts", async () => {
    await addUser("a");
    const { oneUse, sessions } = store();
    const expiresAt = NOW + DAY;
    await oneUse.create({ hash: "old", purpose: "password-link", now: NOW, expiresAt: NOW });
    await oneUse.create({ hash: "new", purpose: "password-link", now: NOW, expiresAt });
    await sessions.open(
      { id: "s", userId: "a", place: "p", expiresAt, now: NOW },
      { hash: "t", issuedAt: NOW, expiresAt },
    );
    await store().attempts.take([{ key: "k", rule: { ...rule, limit: 1 } }], NOW);
    expect(await store().prune(NOW)).toBe(1);
    expect(await oneUse.take({ hash: "new", purpose: "password-link", now: NOW })).toEqual({});
    expect((await store().attempts.take([{ key: "k", rule }], NOW)).isAllowed).toBe(false);
    const use = { now: NOW, placeOf: () => "p" };
    expect((await sessions.rotate("t", { hash: "u", issuedAt: NOW, expiresAt }, use)).outcome).toBe("rotated");
    await store().prune(NOW + 400 * DAY);
    expect(await sessions.find("s")).toBeUndefined();
  });
}
