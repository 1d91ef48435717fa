import { describe, expect, it } from "vitest";
import { atOnce, countTrue, type IdentityContext, NOW } from "./context.ts";

const OWNER = { bot: "*", role: "owner" } as const;
const BY = { by: "test", at: NOW };

export function usersContract(context: IdentityContext): void {
  const { store, other, addUser } = context;
  describe("users", () => {
    it("gives back what was kept, found by id and by login", async () => {
      const contact = Buffer.from([0, 1, 255]);
      const user = await addUser("ruth", { password: "$argon2id$x", passwordAt: NOW, contact });
      const found = await other().users.find("ruth");
      expect({ ...found, contact: [...(found?.contact ?? [])] }).toEqual({ ...user, contact: [0, 1, 255] });
      expect((await store().users.byLogin("ruth@example.org"))?.id).toBe("ruth");
      expect(await store().users.byLogin("nobody")).toBeUndefined();
    });

    it("has each login once, also where many take it at once", async () => {
      const ids = ["a", "b", "c", "d", "e", "f"];
      const made = await Promise.allSettled(ids.map(async (id) => await addUser(id, { login: "same" })));
      expect(made.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      await expect(addUser("late", { login: "same" })).rejects.toMatchObject({ code: "identity/login-taken" });
      expect(await store().users.list({ limit: 10 })).toHaveLength(1);
    });

    it("keeps nothing of a user whose login is taken", async () => {
      await addUser("a", { login: "same" });
      const again = { id: "b", login: "same", name: "", createdAt: NOW };
      await expect(store().users.create(again, [OWNER], BY)).rejects.toMatchObject({ code: "identity/login-taken" });
      expect(await store().users.grants("b")).toEqual([]);
    });

    it("lists the oldest first, page by page", async () => {
      for (const id of ["c", "a", "b"]) await addUser(id);
      const first = await store().users.list({ limit: 2 });
      expect(first.map(({ id }) => id)).toEqual(["a", "b"]);
      const rest = await store().users.list({ limit: 2, after: first[1]?.id ?? "" });
      expect(rest.map(({ id }) => id)).toEqual(["c"]);
    });

    it("gives and takes roles by bot; twice is once", async () => {
      await addUser("a");
      const grant = { bot: "harbour", role: "moderator" } as const;
      for (let times = 0; times < 2; times += 1) await store().users.grant("a", grant, BY);
      await store().users.grant("a", { bot: "other", role: "analyst" }, BY);
      expect(await other().users.grants("a")).toEqual([grant, { bot: "other", role: "analyst" }]);
      expect(await store().users.ungrant("a", grant)).toBe(true);
      expect(await store().users.ungrant("a", grant)).toBe(false);
      expect(await store().users.grants("a")).toEqual([{ bot: "other", role: "analyst" }]);
    });

    it("renews the hash of the same password only", async () => {
      await addUser("a", { password: "old", passwordAt: 1 });
      expect(await store().users.renewPassword("a", { old: "another", renewed: "new" })).toBe(false);
      expect(await store().users.renewPassword("a", { old: "old", renewed: "new" })).toBe(true);
      expect(await store().users.find("a")).toMatchObject({ password: "new", passwordAt: 1 });
    });

    it("keeps the last owner, whichever way two owners go at once", async () => {
      const ways: readonly ((id: string) => Promise<unknown>)[] = [
        async (id: string) => await store().users.disable(id, NOW),
        async (id: string) => await other().users.remove(id),
        async (id: string) => await other().users.ungrant(id, OWNER),
      ];
      for (const [index, way] of ways.entries()) {
        const ids = [`x${index}`, `y${index}`];
        for (const id of ids) {
          await addUser(id);
          await store().users.grant(id, OWNER, BY);
        }
        // Of the round before, one owner is left over.
        for (const { id } of await store().users.list({ limit: 100 }))
          if (!ids.includes(id)) await store().users.remove(id);
        const gone = await Promise.allSettled(ids.map(async (id) => await way(id)));
        expect(gone.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
        expect(gone.find(({ status }) => status === "rejected")).toMatchObject({
          reason: { code: "identity/last-owner" },
        });
        expect(await store().users.hasOwner()).toBe(true);
      }
    });

    it("makes one first owner, however many claim one link at once", async () => {
      await store().oneUse.create({ hash: "h", purpose: "first-owner", now: NOW, expiresAt: NOW + 1000 });
      let claims = 0;
      const claimed = await atOnce(context, 8, async ({ users }) => {
        claims += 1;
        const user = { id: `u${claims}`, login: `u${claims}`, name: "", createdAt: NOW };
        return await users.createFirstOwner(user, { hash: "h", now: NOW });
      });
      expect(countTrue(claimed)).toBe(1);
      const [owner, ...others] = await store().users.list({ limit: 10 });
      expect(others).toEqual([]);
      expect(await store().users.grants(owner?.id ?? "")).toEqual([OWNER]);
    });

    it("makes no first owner by a link that expired, or where there is one", async () => {
      const user = { id: "u", login: "u", name: "", createdAt: NOW };
      await store().oneUse.create({ hash: "h", purpose: "first-owner", now: NOW, expiresAt: NOW + 1000 });
      expect(await store().users.createFirstOwner(user, { hash: "h", now: NOW + 1000 })).toBe(false);
      await addUser("a");
      await store().users.grant("a", OWNER, BY);
      expect(await store().users.createFirstOwner(user, { hash: "h", now: NOW })).toBe(false);
      expect(await store().users.find("u")).toBeUndefined();
    });

    it("removes a user with all that is theirs", async () => {
      await addUser("a");
      await store().factors.enrolTotp("a", Buffer.from("sealed"));
      await store().sessions.open(
        { id: "s", userId: "a", place: "p", expiresAt: NOW + 1000, now: NOW },
        { hash: "t", issuedAt: NOW, expiresAt: NOW + 1000 },
      );
      await store().anomalies.addAlert({ id: "1", at: NOW, kind: "new-place", userId: "a", detail: {} });
      expect(await store().users.remove("a")).toBe(true);
      expect(await store().users.remove("a")).toBe(false);
      expect(await store().sessions.find("s")).toBeUndefined();
      expect(await store().factors.totp("a")).toBeUndefined();
      expect(await store().anomalies.alerts({ limit: 10 })).toEqual([]);
    });
  });
}
