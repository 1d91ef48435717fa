import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RetentionPolicy } from "../../../core/retention.ts";
import type { StoreContext } from "./context.ts";
import { direct } from "./fixtures.ts";

const usage = {
  model: "m",
  role: "response",
  inputTokens: 10,
  outputTokens: 5,
  cacheReadTokens: 2,
  cacheWriteTokens: 1,
  costMicroDollars: 42,
};

export function usageContract({ store, open }: StoreContext): void {
  describe("usage", () => {
    it("allows the limit, refuses more, and says when to come again", async () => {
      const hit = (id: string, at: number) => store().usage.hit("user:a", { id, at, windowMs: 60_000, limit: 2 });
      expect((await hit("1", 1_000)).allowed).toBe(true);
      expect((await hit("2", 5_000)).allowed).toBe(true);
      expect(await hit("3", 30_000)).toEqual({ allowed: false, retryAtMs: 61_000 });
      expect((await hit("4", 60_999)).allowed).toBe(false);
      expect((await hit("5", 61_000)).allowed).toBe(true);
      expect(await hit("6", 61_001)).toEqual({ allowed: false, retryAtMs: 65_000 });
    });

    it("counts a replayed hit once, and keys and windows apart", async () => {
      const hit = async (key: string, id: string, windowMs = 1000) =>
        (await store().usage.hit(key, { id, at: 10, windowMs, limit: 1 })).allowed;
      expect(await hit("a", "1")).toBe(true);
      expect(await hit("a", "1")).toBe(true);
      expect(await hit("a", "2")).toBe(false);
      expect(await hit("b", "2")).toBe(true);
      expect(await hit("a", "2", 2000)).toBe(true);
    });

    it("counts nothing where the conversation is muted or taken over, and as ever when it is not", async () => {
      const at = Date.parse("2026-11-21T10:00:00.000Z");
      const hit = async (id: string) =>
        (await store().usage.hit("muted", { id, at, windowMs: 1000, limit: 1, unlessControlled: direct })).allowed;
      await store().controls.mute(direct, { kind: "muted", until: "2026-11-21T10:00:01.000Z", by: "admin" });
      for (const id of ["1", "2", "3"]) expect(await hit(id)).toBe(true);
      await store().controls.mute(direct, { kind: "muted", until: "2026-11-21T10:00:00.000Z", by: "admin" });
      expect(await hit("4")).toBe(true);
      expect(await hit("5")).toBe(false);
    });

    it("counts on while the hits of long ago are cleared away", async () => {
      for (let at = 0; at < 200; at += 1) {
        const answer = await store().usage.hit("steady", { id: `${at}`, at: at * 100, windowMs: 100, limit: 1 });
        expect(answer).toEqual({ allowed: true, retryAtMs: at * 100 });
      }
    });

    it("never allows more than the limit in any window, for any arrivals, and never refuses without reason", async () => {
      let run = 0;
      const windowMs = 100;
      const arrivals = fc.array(
        fc.record({ gap: fc.integer({ min: -windowMs, max: windowMs }), again: fc.boolean() }),
        { maxLength: 40 },
      );
      await fc.assert(
        fc.asyncProperty(arrivals, fc.integer({ min: 1, max: 5 }), async (steps, limit) => {
          run += 1;
          let newest = 1_000_000;
          const allowed = new Map<string, number>();
          const overlaps = (at: number): boolean => hasOverfullWindow([...allowed.values(), at], windowMs, limit);
          for (const [index, { gap, again }] of steps.entries()) {
            const at = newest + gap;
            newest = Math.max(newest, at);
            const id = again ? `${Math.max(0, index - 1)}` : `${index}`;
            const replayed = allowed.has(id);
            const answer = await store().usage.hit(`k${run}`, { id, at, windowMs, limit });
            expect(answer.allowed).toBe(replayed || !overlaps(at));
            if (answer.allowed && !replayed) allowed.set(id, at);
            const tooEarly = !answer.allowed && (overlaps(answer.retryAtMs) || !overlaps(answer.retryAtMs - 1));
            expect(tooEarly).toBe(false);
          }
        }),
        { numRuns: 40 },
      );
    });

    describe("platforms L: a clock that was set back", () => {
      it.each([2 * 60_000, 3_600_000, 86_400_000, 365 * 86_400_000])(
        "by %i ms locks nobody out for longer than the window",
        async (back) => {
          const key = `back-${back}`;
          const hit = async (id: string, at: number) =>
            await store().usage.hit(key, { id, at, windowMs: 60_000, limit: 3 });
          const noon = 1_800_000_000_000;
          for (const id of ["1", "2", "3"]) expect((await hit(id, noon)).allowed).toBe(true);
          expect(await hit("4", noon)).toEqual({ allowed: false, retryAtMs: noon + 60_000 });
          // What was used still counts, as of now.
          expect(await hit("5", noon - back)).toEqual({ allowed: false, retryAtMs: noon - back + 60_000 });
          expect(await hit("6", noon - back + 59_999)).toMatchObject({ allowed: false });
          expect(await hit("7", noon - back + 60_000)).toMatchObject({ allowed: true });
        },
      );

      it("lets nobody through twice", async () => {
        const hit = async (id: string, at: number) =>
          await store().usage.hit("twice", { id, at, windowMs: 3_600_000, limit: 1 });
        const noon = 1_800_000_000_000;
        expect((await hit("1", noon)).allowed).toBe(true);
        expect((await hit("2", noon - 1_800_000)).allowed).toBe(false);
        expect((await hit("3", noon)).allowed).toBe(false);
        expect((await hit("4", noon + 1_800_000)).allowed).toBe(true);
      });
    });

    it("stays exact when two processes hit at once", async () => {
      const second = await open();
      const answers = await Promise.all(
        Array.from({ length: 30 }, async (_, index) => {
          const { usage: counter } = index % 2 === 0 ? store() : second;
          return await counter.hit("shared", { id: `${index}`, at: 1000 + index, windowMs: 60_000, limit: 10 });
        }),
      );
      expect(answers.filter(({ allowed }) => allowed)).toHaveLength(10);
    });

    it("adds up what was spent per key and day, each spending once", async () => {
      const first = { id: "call-1", day: "2026-01-01" };
      await store().usage.spend(["user:a", "bot:b"], usage, first);
      await store().usage.spend(["user:a", "bot:b"], usage, first);
      await store().usage.spend(["bot:b"], usage, { id: "call-2", day: "2026-01-01" });
      await store().usage.spend(["bot:b"], usage, { id: "call-3", day: "2026-01-02" });
      expect(await store().usage.spent("user:a", "2026-01-01")).toEqual({ tokens: 18, costMicroDollars: 42 });
      expect(await store().usage.spent("bot:b", "2026-01-01")).toEqual({ tokens: 36, costMicroDollars: 84 });
      expect(await store().usage.spent("bot:b", "2026-01-03")).toEqual({ tokens: 0, costMicroDollars: 0 });
    });

    it("adds up exactly what several processes spend at once", async () => {
      const second = await open();
      const spend = async (index: number) =>
        await (index % 2 === 0 ? store() : second).usage.spend([`user:${index % 3}`, "bot:busy"], usage, {
          id: `busy-${index}`,
          day: "2026-02-01",
        });
      await Promise.all(Array.from({ length: 30 }, async (_, index) => await spend(index)));
      await Promise.all(Array.from({ length: 10 }, async (_, index) => await spend(index)));
      expect(await second.usage.spent("bot:busy", "2026-02-01")).toEqual({ tokens: 540, costMicroDollars: 1260 });
      expect(await store().usage.spent("user:0", "2026-02-01")).toEqual({ tokens: 180, costMicroDollars: 420 });
    });

    it("counts who has spent so much, by either limit, of one prefix and day", async () => {
      const day = "2026-02-02";
      const spend = async (key: string, id: string, on = day) =>
        await store().usage.spend([key], usage, { id: `${key} ${id}`, day: on });
      await spend("chat:a:1", "x");
      await spend("chat:a:2", "x");
      await spend("chat:a:2", "y");
      await spend("chat:a:3", "x", "2026-02-03");
      await spend("chat:ab:1", "x");
      await spend("chat:a", "x");
      const reached = async (limit: object) => await store().usage.reached("chat:a", day, limit);
      expect(await reached({ tokens: 18 })).toBe(2);
      expect(await reached({ tokens: 19 })).toBe(1);
      expect(await reached({ costMicroDollars: 84 })).toBe(1);
      expect(await reached({ tokens: 37, costMicroDollars: 42 })).toBe(2);
      expect(await reached({ tokens: 37 })).toBe(0);
      expect(await reached({})).toBe(0);
    });

    it("forgets what was spent more than eight days ago", async () => {
      for (const day of ["2026-03-01", "2026-03-13", "2026-03-20"])
        await store().usage.spend(["user:old"], usage, { id: `old-${day}`, day });
      await store().prune(RetentionPolicy.parse({}), Date.parse("2026-03-21T12:00:00Z"));
      const tokens = async (day: string) => (await store().usage.spent("user:old", day)).tokens;
      expect([await tokens("2026-03-01"), await tokens("2026-03-13"), await tokens("2026-03-20")]).toEqual([0, 18, 18]);
    });
  });
}

/** By brute force: some window that starts at a hit holds more than the limit. */
function hasOverfullWindow(hits: readonly number[], windowMs: number, limit: number): boolean {
  return hits.some((start) => hits.filter((hit) => hit >= start && hit < start + windowMs).length > limit);
}
