/** What every store of interactions must do. Call it from the test of each implementation. */
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Interaction } from "../../core/store/interactions/index.ts";
import type { InteractionStore } from "../../core/store/interactions/index.ts";

export interface InteractionsUnderTest {
  readonly name: string;
  /** An empty place; `open` gives a store on it, again and again. */
  readonly place: () => Promise<{
    readonly open: (bot: string) => Promise<InteractionStore>;
    readonly remove: () => Promise<void>;
  }>;
}

/** An interaction with everything that is not given made up. */
export function interaction(given: Partial<Interaction> & Pick<Interaction, "id">): Interaction {
  return Interaction.parse({
    source: "test",
    userId: "u1",
    sessionId: "s1",
    type: "view",
    productIds: ["p1"],
    timestamp: "2026-11-01T10:00:00Z",
    receivedAt: "2026-11-01T10:00:01.000Z",
    ...given,
  });
}

/** Declares the suite. */
export function interactionsContract({ name, place }: InteractionsUnderTest): void {
  describe(`${name} interactions`, () => {
    let at: Awaited<ReturnType<InteractionsUnderTest["place"]>>;
    let store: InteractionStore;
    beforeEach(async () => {
      at = await place();
      store = await at.open("harbour");
    });
    afterEach(async () => {
      await store.close();
      await at.remove();
    });

    const all = async (size = 100, filter = {}): Promise<readonly Interaction[]> => {
      const found: Interaction[] = [];
      for await (const batch of store.batches(size, filter)) {
        expect(batch.length).toBeGreaterThan(0);
        expect(batch.length).toBeLessThanOrEqual(size);
        found.push(...batch);
      }
      return found;
    };

    it("gives back exactly what was added, also after it was opened again", async () => {
      const whole = interaction({
        id: "1",
        type: "interaction",
        action: "accepted",
        productIds: ["p1", "p2"],
        category: "fund",
        institution: "Harbour",
        viewSeconds: 12.5,
        demographics: { ageGroup: "25-34", incomeRange: "20000-40000", location: "Kiel", segment: "student" },
        modelVersion: "v7",
      });
      expect(await store.add([whole])).toBe(1);
      await store.close();
      store = await at.open("harbour");
      expect(await all()).toEqual([whole]);
      expect(await store.ofUser("u1", 10)).toEqual([whole]);
      expect(await store.ofSession("s1", 10)).toEqual([whole]);
    });

    it("keeps the same source and id once, and tells how many were new", async () => {
      const [first, second] = [interaction({ id: "1" }), interaction({ id: "2" })];
      expect(await store.add([first, second, first])).toBe(2);
      expect(await store.add([second, interaction({ id: "3" }), { ...first, source: "other" }])).toBe(2);
      expect(await store.add([])).toBe(0);
      expect(await store.count()).toBe(4);
    });

    it("takes many at once, some of them again", async () => {
      const many = Array.from({ length: 700 }, (_, index) => interaction({ id: `${index}` }));
      expect(await store.add(many.slice(250, 270))).toBe(20);
      expect(await store.add([...many, ...many.slice(0, 9)])).toBe(680);
      const counts = await Promise.all([store.add(many), store.add(many.toReversed()), store.add(many.slice(5, 20))]);
      expect(counts).toEqual([0, 0, 0]);
      expect(await store.count()).toBe(700);
      expect((await all(300)).map(({ id }) => id).toSorted()).toEqual(many.map(({ id }) => id).toSorted());
    });

    it("gives the newest of a person by the time they happened, oldest first", async () => {
      const times = [3, 1, 2, 5, 4].map((minute) => `2026-11-01T10:0${minute}:00Z`);
      await store.add(times.map((timestamp, index) => interaction({ id: `${index}`, timestamp })));
      await store.add([interaction({ id: "other", userId: "u2", sessionId: "s2", timestamp: "2026-11-02T00:00:00Z" })]);
      const found = await store.ofUser("u1", 3);
      expect(found.map(({ timestamp }) => timestamp)).toEqual(times.toSorted().slice(2));
      expect((await store.ofSession("s2", 3)).map(({ id }) => id)).toEqual(["other"]);
      expect(await store.ofUser("nobody", 3)).toEqual([]);
    });

    it("recommender service: finds what a person answered, however much was looked at since", async () => {
      await store.add([
        interaction({ id: "no", timestamp: "2026-11-01T10:00:00Z", type: "interaction", action: "dismissed" }),
        interaction({ id: "has", timestamp: "2026-11-02T10:00:00Z", type: "interaction", action: "acquired" }),
        interaction({ id: "saw", timestamp: "2026-11-03T10:00:00Z", type: "interaction", action: "shown" }),
        interaction({ id: "look", timestamp: "2026-11-04T10:00:00Z" }),
      ]);
      const answers = async (limit: number) => await store.ofUser("u1", limit, ["dismissed", "acquired"]);
      expect((await answers(9)).map(({ id }) => id)).toEqual(["no", "has"]);
      expect((await answers(1)).map(({ id }) => id)).toEqual(["has"]);
    });

    it("reads all of them once in batches of any size, in the order of arrival", async () => {
      const minutes = Array.from(
        { length: 23 },
        (_, index) => `2026-11-01T10:${String(index).padStart(2, "0")}:00.000Z`,
      );
      await store.add(minutes.map((receivedAt, index) => interaction({ id: `${index}`, receivedAt })));
      for (const size of [1, 7, 23, 1000])
        expect((await all(size)).map(({ receivedAt }) => receivedAt)).toEqual(minutes);
      const since = { receivedSince: "2026-11-01T10:20:00Z" };
      expect((await all(2, since)).map(({ id }) => id)).toEqual(["20", "21", "22"]);
      expect(await store.count(since)).toBe(3);
    });

    it("counts what came of recommendations by model version", async () => {
      const of = (id: string, action: "shown" | "accepted", modelVersion?: string) =>
        interaction({ id, type: "interaction", action, ...(modelVersion !== undefined && { modelVersion }) });
      await store.add([of("1", "shown", "v1"), of("2", "shown", "v1"), of("3", "accepted", "v1"), of("4", "shown")]);
      await store.add([of("5", "shown", "v2"), interaction({ id: "6" })]);
      expect(await store.countByVersion()).toEqual([
        { modelVersion: "v1", action: "accepted", count: 1 },
        { modelVersion: "v1", action: "shown", count: 2 },
        { modelVersion: "v2", action: "shown", count: 1 },
      ]);
    });

    it("forgets one person and leaves everybody else", async () => {
      await store.add([interaction({ id: "1" }), interaction({ id: "2" }), interaction({ id: "3", userId: "u2" })]);
      expect(await store.forget("u1")).toBe(2);
      expect(await store.forget("u1")).toBe(0);
      expect((await all()).map(({ userId }) => userId)).toEqual(["u2"]);
    });

    it("recommender 10: keeps bots apart, in what is learned, counted, erased and pruned", async () => {
      const other = await at.open("beta");
      const [one, two] = [
        interaction({ id: "1" }),
        interaction({ id: "2", type: "interaction", action: "shown", modelVersion: "v1" }),
      ];
      expect([await store.add([one, two]), await other.add([one])]).toEqual([2, 1]);
      expect([await store.count(), await other.count()]).toEqual([2, 1]);
      expect(await other.countByVersion()).toEqual([]);
      expect((await other.ofUser("u1", 5)).map(({ id }) => id)).toEqual(["1"]);
      expect((await other.ofSession("s1", 5)).map(({ id }) => id)).toEqual(["1"]);
      expect(await other.forget("u1")).toBe(1);
      expect((await all()).map(({ id }) => id)).toEqual(["1", "2"]);
      await other.add([one]);
      expect(await store.prune("2027-01-01T00:00:00Z")).toBe(2);
      expect(await other.count()).toBe(1);
      await other.close();
    });

    it("recommender 2: finds and erases what was noted as a customer's, under whatever id", async () => {
      await store.add([
        interaction({ id: "1", userId: "web:main:u1", customerId: "C1" }),
        interaction({ id: "2", userId: "C1", timestamp: "2026-11-01T11:00:00Z" }),
        interaction({ id: "3", userId: "web:main:u2" }),
      ]);
      expect((await store.ofUser("C1", 9)).map(({ id }) => id)).toEqual(["1", "2"]);
      expect((await store.ofUser("C1", 1)).map(({ id }) => id)).toEqual(["2"]);
      expect((await store.ofUser("web:main:u1", 9)).map(({ id }) => id)).toEqual(["1"]);
      expect(await store.forget("C1")).toBe(2);
      expect((await all()).map(({ id }) => id)).toEqual(["3"]);
    });

    it("prunes by the time they happened", async () => {
      await store.add([
        interaction({ id: "1", timestamp: "2025-01-01T00:00:00Z" }),
        interaction({ id: "2", timestamp: "2026-01-01T00:00:00Z" }),
      ]);
      expect(await store.prune("2025-06-01T00:00:00Z")).toBe(1);
      expect((await all()).map(({ id }) => id)).toEqual(["2"]);
    });

    it("takes ids and names as they are, whatever signs they have", async () => {
      const text = fc
        .string({ unit: "grapheme", minLength: 1, maxLength: 20 })
        .filter((one) => one.trim() === one && one !== "");
      await fc.assert(
        fc.asyncProperty(text, text, async (id, userId) => {
          await store.forget(userId);
          const one = interaction({ id, userId, source: `s ${userId}` });
          await store.add([one, one]);
          expect(await store.ofUser(userId, 5)).toEqual([one]);
        }),
        { numRuns: 30 },
      );
    });

    it("says how it is, and refuses calls after it was closed", async () => {
      await store.add([interaction({ id: "1" })]);
      expect(await store.check()).toEqual([
        expect.objectContaining({ status: "ok", detail: expect.stringContaining("1 in") }),
      ]);
      await store.close();
      await expect(store.add([interaction({ id: "2" })])).rejects.toMatchObject({ code: "store/closed" });
      store = await at.open("harbour");
    });
  });
}
