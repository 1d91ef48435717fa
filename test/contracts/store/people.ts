import { describe, expect, it } from "vitest";
import type { StoreContext } from "./context.ts";
import { account, at, otherAccount } from "./fixtures.ts";

const code = "ABCDEFGH";
const now = at(0);
const later = at(600);

export function peopleContract({ store, open }: StoreContext): void {
  const personScope = (person: string) => ({ kind: "person", bot: "bank", person }) as const;

  async function know(person: string, key: string, value: string, seconds = 0): Promise<void> {
    await store().memory.set(personScope(person), { key, value, at: at(seconds) });
  }
  async function known(userAccount: typeof account, userId: string): Promise<Record<string, string>> {
    const person = await store().people.personOf(userAccount, userId);
    const facts = await store().memory.list(personScope(person));
    return Object.fromEntries(facts.map(({ key, value }) => [key, value]));
  }
  async function link(): Promise<string> {
    const ada = await store().people.personOf(account, "ada");
    await store().people.createCode(ada, code, later);
    expect(await store().people.redeem(otherAccount, "4711", { code, now })).toBe("linked");
    return ada;
  }

  describe("people", () => {
    it("makes a person at first sight and knows it again", async () => {
      const { people } = store();
      const ada = await people.personOf(account, "ada");
      expect(await people.personOf(account, "ada")).toBe(ada);
      expect(await people.personOf(otherAccount, "ada")).not.toBe(ada);
      expect(await (await open()).people.personOf(account, "ada")).toBe(ada);
      expect(await people.identities(ada)).toEqual([{ account, userId: "ada" }]);
    });

    it("joins the second platform's user to the code's person, by a code that works once", async () => {
      const ada = await link();
      const { people } = store();
      expect(await people.personOf(otherAccount, "4711")).toBe(ada);
      expect(await people.personOf(account, "ada")).toBe(ada);
      expect(await people.identities(ada)).toEqual([
        { account, userId: "ada" },
        { account: otherAccount, userId: "4711" },
      ]);
      expect(await people.redeem(otherAccount, "thief", { code, now })).toBe("unknown");
    });

    it("lets only one of many win who use a code at the same moment", async () => {
      const second = await open();
      const ada = await store().people.personOf(account, "ada");
      await store().people.createCode(ada, code, later);
      const outcomes = await Promise.all(
        [store(), second, store(), second].map(
          async ({ people }, index) => await people.redeem(otherAccount, `user-${index}`, { code, now }),
        ),
      );
      expect(outcomes.toSorted()).toEqual(["linked", "unknown", "unknown", "unknown"]);
      expect(await store().people.identities(ada)).toHaveLength(2);
    });

    it("refuses an expired, a replaced, a revoked and one's own code", async () => {
      const { people } = store();
      const ada = await people.personOf(account, "ada");
      await people.createCode(ada, code, later);
      expect(await people.redeem(account, "ada", { code, now })).toBe("own");
      expect(await people.redeem(otherAccount, "4711", { code, now: later })).toBe("expired");
      await people.createCode(ada, code, later);
      await people.createCode(ada, "ZZZZYYYY", later);
      expect(await people.redeem(otherAccount, "4711", { code, now })).toBe("unknown");
      expect(await people.revokeCode("ZZZZXXXX")).toBe(false);
      expect(await people.revokeCode("ZZZZYYYY")).toBe(true);
      expect(await people.redeem(otherAccount, "4711", { code: "ZZZZYYYY", now })).toBe("unknown");
    });

    it("lets a code die after 5 wrong guesses of its second half, by whomever", async () => {
      const { people } = store();
      await people.createCode(await people.personOf(account, "ada"), code, later);
      for (let guess = 0; guess < 5; guess += 1) {
        expect(await people.redeem(otherAccount, `guesser-${guess}`, { code: `ABCD222${guess + 2}`, now })).toBe(
          "unknown",
        );
      }
      expect(await people.redeem(otherAccount, "4711", { code, now })).toBe("unknown");
    });

    it("keeps a code alive through 4 wrong guesses", async () => {
      const { people } = store();
      await people.createCode(await people.personOf(account, "ada"), code, later);
      for (let guess = 0; guess < 4; guess += 1) await people.redeem(otherAccount, "x", { code: "ABCD2222", now });
      expect(await people.redeem(otherAccount, "4711", { code, now })).toBe("linked");
    });

    it("joins both sides' memory, the newer value of a key winning", async () => {
      await know(await store().people.personOf(account, "ada"), "city", "Rome", 1);
      await know(await store().people.personOf(otherAccount, "4711"), "city", "Oslo", 2);
      await know(await store().people.personOf(otherAccount, "4711"), "pet", "cat");
      await link();
      expect(await known(account, "ada")).toEqual({ city: "Oslo", pet: "cat" });
      expect(await known(otherAccount, "4711")).toEqual({ city: "Oslo", pet: "cat" });
    });

    it.each([
      {
        leaver: "the second",
        leaving: { account: otherAccount, userId: "4711" },
        left: { pet: "cat" },
        stayed: { city: "Rome", car: "red" },
      },
      {
        leaver: "the first",
        leaving: { account, userId: "ada" },
        left: { city: "Rome" },
        stayed: { pet: "cat", car: "red" },
      },
    ])("gives $leaver platform only what it brought when it is unlinked", async ({ leaving, left, stayed }) => {
      await know(await store().people.personOf(account, "ada"), "city", "Rome");
      await know(await store().people.personOf(otherAccount, "4711"), "pet", "cat");
      const ada = await link();
      await know(ada, "car", "red", 5);
      expect(await known(otherAccount, "4711")).toEqual({ city: "Rome", pet: "cat", car: "red" });
      expect(await store().people.unlink(leaving.account, leaving.userId)).toBe(true);
      const [one, other] = [await known(account, "ada"), await known(otherAccount, "4711")];
      expect(leaving.userId === "ada" ? [one, other] : [other, one]).toEqual([left, stayed]);
      expect(await store().people.personOf(account, "ada")).toBe(ada);
      expect(await store().people.unlink(leaving.account, leaving.userId)).toBe(false);
    });

    it("joins groups of linked platforms, and keeps the rest together when one leaves", async () => {
      const ada = await link();
      const third = await store().people.personOf(account, "tablet");
      await store().people.createCode(third, "QQQQRRRR", later);
      expect(await store().people.redeem(otherAccount, "4711", { code: "QQQQRRRR", now })).toBe("linked");
      expect(await store().people.identities(third)).toHaveLength(3);
      await know(third, "car", "red");
      await store().people.unlink(account, "tablet");
      expect(await known(account, "tablet")).toEqual({});
      expect(await known(account, "ada")).toEqual({ car: "red" });
      expect(await store().people.personOf(otherAccount, "4711")).toBe(ada);
    });

    it("forgets a joined fact on all platforms, for good", async () => {
      await know(await store().people.personOf(otherAccount, "4711"), "pet", "cat");
      const ada = await link();
      expect(await store().memory.forget(personScope(ada), "pet")).toBe(1);
      await store().people.unlink(otherAccount, "4711");
      expect(await known(otherAccount, "4711")).toEqual({});
    });
  });
}
