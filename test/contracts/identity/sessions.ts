import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { IdentityStore } from "../../../gateway/identity/store/identity-store.ts";
import { GRACE_MS } from "../../../gateway/identity/store/sessions.ts";
import { atOnce, type IdentityContext, NOW } from "./context.ts";

const DAY = 86_400_000;
const token = (hash: string, expiresAt = NOW + 7 * DAY) => ({ hash, issuedAt: NOW, expiresAt });

const at = (now: number, place = "p") => ({ now, placeOf: () => place });
const LATER = NOW + GRACE_MS;

export function sessionsContract(context: IdentityContext): void {
  const { store, other, addUser } = context;
  const open = async (id: string, hash: string, userId = "a"): Promise<void> =>
    await store().sessions.open({ id, userId, place: "p", expiresAt: NOW + 30 * DAY, now: NOW }, token(hash));

  describe("sessions", () => {
    it("go on by the newest token, and no longer than they may", async () => {
      await addUser("a");
      await open("s", "1");
      expect(await store().sessions.rotate("1", token("2"), at(NOW))).toMatchObject({
        outcome: "rotated",
        session: { id: "s", userId: "a" },
        expiresAt: NOW + 7 * DAY,
      });
      expect(await other().sessions.rotate("2", token("3", NOW + 99 * DAY), at(NOW + DAY))).toMatchObject({
        outcome: "rotated",
        expiresAt: NOW + 30 * DAY,
      });
      expect(await store().sessions.rotate("3", token("4"), at(NOW + 30 * DAY))).toEqual({ outcome: "refused" });
    });

    it("refuse tokens that are none or have expired, and end by neither", async () => {
      await addUser("a");
      await open("s", "1");
      expect(await store().sessions.rotate("none", token("2"), at(NOW))).toEqual({ outcome: "refused" });
      expect(await store().sessions.rotate("1", token("2"), at(NOW + 7 * DAY))).toEqual({ outcome: "refused" });
      expect(await store().sessions.standing("s", NOW)).toEqual({ userId: "a", grants: [] });
    });

    const thefts: readonly (readonly [string, { readonly now: number; readonly placeOf: () => string }])[] = [
      ["later", at(LATER)],
      ["from elsewhere", at(NOW, "elsewhere")],
    ];
    it.each(thefts)("end when a token comes twice, %s: nobody's token counts then", async (_when, again) => {
      await addUser("a");
      await open("s", "1");
      await open("untouched", "9");
      await store().sessions.rotate("1", token("2"), at(NOW));
      expect(await other().sessions.rotate("1", token("3"), again)).toMatchObject({ outcome: "reused", isFirst: true });
      expect(await store().sessions.rotate("1", token("4"), again)).toMatchObject({
        outcome: "reused",
        isFirst: false,
      });
      expect(await store().sessions.rotate("2", token("5"), at(NOW))).toEqual({ outcome: "refused" });
      expect(await store().sessions.standing("s", NOW)).toBeUndefined();
      expect(await store().sessions.find("s")).toMatchObject({ revokedFor: "token-reuse" });
      expect(await store().sessions.standing("untouched", NOW)).toBeDefined();
    });

    it("go on for each of many at once from one network, and for one branch of them after that", async () => {
      await addUser("a");
      await open("s", "1");
      let next = 1;
      const outcomes = await atOnce(context, 12, async ({ sessions }) => {
        next += 1;
        return (await sessions.rotate("1", token(`${next}`), at(NOW))).outcome;
      });
      expect(new Set(outcomes)).toEqual(new Set(["rotated"]));
      expect(await store().sessions.rotate("5", token("20"), at(LATER))).toMatchObject({ outcome: "rotated" });
      expect(await store().sessions.rotate("7", token("21"), at(LATER + GRACE_MS))).toMatchObject({
        outcome: "reused",
      });
      expect(await store().sessions.standing("s", NOW)).toBeUndefined();
    });

    it("stand exactly as long as no older token comes again, in whatever order tokens come", async () => {
      await addUser("a");
      let sessions = 0;
      const steps = fc.array(fc.record({ asked: fc.nat(6), wait: fc.constantFrom(1, GRACE_MS) }), { maxLength: 12 });
      await fc.assert(
        fc.asyncProperty(steps, async (given) => {
          const id = `p${(sessions += 1)}`;
          await open(id, `${id}:0`);
          let [made, now, lastUsedAt] = [0, NOW, NOW];
          // Those that may go on, and those that the last use made useless.
          let [unused, justUsed, stands] = [new Set([0]), new Set<number>(), true];
          for (const { asked, wait } of given) {
            now += wait;
            const exists = asked <= made;
            const { outcome } = await store().sessions.rotate(`${id}:${asked}`, token(`${id}:${made + 1}`), at(now));
            if (stands && unused.has(asked)) {
              expect(outcome).toBe("rotated");
              [justUsed, unused, lastUsedAt] = [unused, new Set([(made += 1)]), now];
            } else if (stands && justUsed.has(asked) && now - lastUsedAt < GRACE_MS) {
              expect(outcome).toBe("rotated");
              unused.add((made += 1));
            } else if (exists && !unused.has(asked)) {
              expect(outcome).toBe("reused");
              stands = false;
            } else expect(outcome).toBe("refused");
          }
          expect((await store().sessions.standing(id, NOW)) !== undefined).toBe(stands);
        }),
        { numRuns: 30 },
      );
    });

    it("note their use once a minute", async () => {
      await addUser("a");
      await open("s", "1");
      const used: (number | undefined)[] = [];
      for (const now of [NOW + 59_999, NOW + 60_000, NOW + 100_000]) {
        await store().sessions.touch("s", now);
        used.push((await other().sessions.find("s"))?.lastUsedAt);
      }
      expect(used).toEqual([NOW, NOW + 60_000, NOW + 60_000]);
    });

    it("give the roles as they stand now, and nothing for who is locked out", async () => {
      await addUser("a");
      await open("s", "1");
      await other().users.grant("a", { bot: "harbour", role: "admin" }, { by: "test", at: NOW });
      expect(await store().sessions.standing("s", NOW)).toEqual({
        userId: "a",
        grants: [{ bot: "harbour", role: "admin" }],
      });
      await other().users.ungrant("a", { bot: "harbour", role: "admin" });
      expect(await store().sessions.standing("s", NOW)).toEqual({ userId: "a", grants: [] });
      await other().users.disable("a", NOW);
      expect(await store().sessions.standing("s", NOW)).toBeUndefined();
      await other().users.enable("a");
      expect(await store().sessions.standing("s", NOW)).toBeUndefined();
      expect(await store().sessions.rotate("1", token("2"), at(NOW))).toEqual({ outcome: "refused" });
    });

    const endings: readonly (readonly [string, (store: IdentityStore) => Promise<unknown>, readonly string[]])[] = [
      ["one", async ({ sessions }) => await sessions.revoke("s1", { now: NOW, reason: "logout" }), ["s2"]],
      ["all", async ({ sessions }) => await sessions.revokeAll("a", { now: NOW, reason: "revoked" }), []],
      [
        "by another password",
        async ({ users }) => await users.setPassword("a", "hash", { now: NOW, endsKeys: false }),
        [],
      ],
    ];
    it.each(endings)("end: %s", async (_name, end, left) => {
      for (const id of ["a", "b"]) await addUser(id);
      await open("s1", "1");
      await open("s2", "2");
      await open("s3", "3", "b");
      await end(store());
      expect((await other().sessions.list("a", NOW)).map(({ id }) => id)).toEqual(left);
      expect(await other().sessions.list("b", NOW)).toHaveLength(1);
    });
  });
}
