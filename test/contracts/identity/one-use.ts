import { describe, expect, it } from "vitest";
import type { NewOneUse } from "../../../gateway/identity/store/one-use.ts";
import { atOnce, countTrue, type IdentityContext, NOW } from "./context.ts";

export function oneUseContract(context: IdentityContext): void {
  const { store, addUser } = context;
  const link: NewOneUse = { hash: "h", purpose: "password-link", now: NOW, expiresAt: NOW + 1000 };
  const key = { hash: "h", purpose: "password-link", now: NOW } as const;

  describe("what is used once", () => {
    it("is given to one of many who take it at once", async () => {
      await store().oneUse.create(link);
      const taken = await atOnce(context, 16, async ({ oneUse }) => (await oneUse.take(key)) !== undefined);
      expect(countTrue(taken)).toBe(1);
    });

    it("is nothing for another purpose, another hash, or too late, and stays", async () => {
      await store().oneUse.create(link);
      expect(await store().oneUse.take({ ...key, purpose: "first-owner" })).toBeUndefined();
      expect(await store().oneUse.take({ ...key, hash: "other" })).toBeUndefined();
      expect(await store().oneUse.take({ ...key, now: NOW + 1000 })).toBeUndefined();
      expect(await store().oneUse.take({ ...key, now: NOW + 999 })).toEqual({});
    });

    it("gives back its user and its bytes", async () => {
      await addUser("a");
      await store().oneUse.create({ ...link, userId: "a", payload: Buffer.from([1, 2]) });
      const found = await store().oneUse.attempt(key);
      expect({ ...found, payload: [...(found?.payload ?? [])] }).toEqual({ userId: "a", payload: [1, 2] });
    });

    it("can be guessed at as often as it says, however many guess at once", async () => {
      await store().oneUse.create({ ...link, attempts: 5 });
      const guesses = await atOnce(context, 20, async ({ oneUse }) => (await oneUse.attempt(key)) !== undefined);
      expect(countTrue(guesses)).toBe(5);
    });

    it("takes the place of the user's other ones for the same purpose alone", async () => {
      for (const id of ["a", "b"]) await addUser(id);
      await store().oneUse.replace({ ...link, hash: "1", userId: "a" });
      await store().oneUse.replace({ ...link, hash: "2", userId: "b" });
      await store().oneUse.replace({ ...link, hash: "3", userId: "a", purpose: "login-code" });
      await store().oneUse.replace({ ...link, hash: "4", userId: "a" });
      expect(await store().oneUse.take({ ...key, hash: "1" })).toBeUndefined();
      expect(await store().oneUse.take({ ...key, hash: "2" })).toEqual({ userId: "b" });
      expect(await store().oneUse.take({ ...key, hash: "3", purpose: "login-code" })).toEqual({ userId: "a" });
      expect(await store().oneUse.take({ ...key, hash: "4" })).toEqual({ userId: "a" });
    });
  });
}
