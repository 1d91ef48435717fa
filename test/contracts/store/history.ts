import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StoreContext } from "./context.ts";
import { aReply, aTrace, at, aTurn, direct, group } from "./fixtures.ts";

export function historyContract({ store }: StoreContext): void {
  describe("history", () => {
    it("gives back every field", async () => {
      const turn = aTurn({
        userName: "Ada 👩‍🚀",
        messageId: "m-1",
        text: "line 1\nline 2 \u0000",
        replies: [aReply("r", "*ok*")],
      });
      expect(await store().history.write(turn)).toEqual(turn);
      expect(await store().history.find(direct, turn.eventId)).toEqual(turn);
      expect(await store().history.find(group, turn.eventId)).toBeUndefined();
    });

    it("keeps the first answer to an event, whatever is written later, together and however often", async () => {
      let run = 0;
      const write = fc.record({ event: fc.constantFrom("a", "b", "c"), text: fc.string(), together: fc.boolean() });
      await fc.assert(
        fc.asyncProperty(fc.array(write, { maxLength: 12 }), async (writes) => {
          run += 1;
          const answers = new Map<string, { readonly mayStand: string[]; readonly given: Set<string | undefined> }>();
          const pending: Promise<void>[] = [];
          for (const { event, text, together } of writes) {
            const eventId = `${run}-${event}`;
            const { mayStand, given } = answers.get(eventId) ?? { mayStand: [], given: new Set() };
            answers.set(eventId, { mayStand, given });
            // Of those that are written at the same time any may be the first; what comes after an answer never is.
            if (given.size === 0) mayStand.push(text);
            const turn = aTurn({ eventId, replies: [aReply(`${eventId}.0`, text)] });
            const written = store()
              .history.write(turn)
              .then(({ replies }) => void given.add(replies[0]?.text));
            if (together) pending.push(written);
            else await written;
          }
          await Promise.all(pending);
          for (const [eventId, { mayStand, given }] of answers) {
            const standing = (await store().history.find(direct, eventId))?.replies[0]?.text;
            expect(mayStand).toContain(standing);
            expect([...given]).toEqual([standing]);
          }
        }),
        { numRuns: 30 },
      );
    });

    it("does not confuse events that got the same sequence after a broker lost its data", async () => {
      await store().history.write(aTurn({ eventId: "old", sequence: 1, text: "old" }));
      const written = await store().history.write(aTurn({ eventId: "new", sequence: 1, text: "new" }));
      expect(written.text).toBe("new");
      const window = await store().history.window(direct, { session: 1, turns: 9 });
      expect(window.map(({ text }) => text)).toEqual(["old", "new"]);
    });

    it("is in the order in which it was written, whatever traces were there before", async () => {
      const failed = aTurn({ eventId: "failed-before", messageId: "m-9", sequence: 1 });
      await store().traces.save(aTrace({ id: failed.eventId, conversation: direct, outcome: "failed" }));
      await store().history.write(aTurn({ eventId: "meanwhile", messageId: "m-9", sequence: 2 }));
      await store().history.write(failed);
      const window = await store().history.window(direct, { session: 1, turns: 9 });
      expect(window.map(({ eventId }) => eventId)).toEqual(["meanwhile", "failed-before"]);
      expect((await store().history.byMessage(direct, "m-9"))?.eventId).toBe("failed-before");
      expect(await store().traces.find(failed.eventId)).toMatchObject([{ outcome: "failed" }]);
    });

    it("windows the newest turns of one session or of all, oldest first", async () => {
      for (const [index, session] of [1, 1, 2, 2, 2].entries()) {
        await store().history.write(aTurn({ eventId: `e${index}`, sequence: index + 1, session }));
      }
      const window = await store().history.window(direct, { session: 2, turns: 2 });
      expect(window.map(({ eventId }) => eventId)).toEqual(["e3", "e4"]);
      const latest = await store().history.window(direct, { turns: 4 });
      expect(latest.map(({ eventId }) => eventId)).toEqual(["e1", "e2", "e3", "e4"]);
    });

    it("pages back through every message exactly once, whatever the page size", async () => {
      const replyCounts = [1, 0, 2, 3, 1];
      for (const [index, count] of replyCounts.entries()) {
        const eventId = `e${index}`;
        const replies = Array.from({ length: count }, (_, reply) => aReply(`${eventId}.${reply}`));
        await store().history.write(aTurn({ eventId, sequence: index + 1, replies }));
      }
      const all = replyCounts.flatMap((count, index) => [
        `e${index}`,
        ...Array.from({ length: count }, (_, reply) => `e${index}.${reply}`),
      ]);
      for (const limit of [1, 2, 3, 5, 100]) {
        const seen: string[] = [];
        for (;;) {
          const [oldest] = seen;
          const page = await store().history.page(direct, {
            limit,
            ...(oldest === undefined ? {} : { before: oldest }),
          });
          if (page.length === 0) break;
          expect(page.length).toBeLessThanOrEqual(limit);
          seen.unshift(...page.map(({ id }) => id));
        }
        expect(seen).toEqual(all);
      }
    });

    it("shows people who said what, and nothing before an unknown entry", async () => {
      await store().history.write(aTurn());
      expect(await store().history.page(direct, { limit: 9 })).toEqual([
        { id: "event-1", role: "user", at: at(0), userId: "ada", text: "Hi" },
        { id: "event-1.0", role: "assistant", at: at(1), text: "Hello", reply: aReply("event-1.0") },
      ]);
      expect(await store().history.page(direct, { limit: 9, before: "nothing" })).toEqual([]);
    });
  });
}
