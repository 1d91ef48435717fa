import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Frame } from "../dialogue.ts";
import { dueIn } from "./follow-up.ts";

const statuses = ["pending", "confirmed", "executed", "failed", "cancelled", "expired"] as const;
const plan = fc.uniqueArray(
  fc.record({ id: fc.integer({ min: 0, max: 99 }), status: fc.constantFrom(...statuses), isFollowed: fc.boolean() }),
  { selector: ({ id }) => id, maxLength: 6 },
);
type Step = { readonly id: number; readonly status: (typeof statuses)[number]; readonly isFollowed: boolean };

function framesOf(steps: readonly Step[]): Frame[] {
  return steps.map(({ id, isFollowed }) => ({
    tool: "pay",
    slots: {},
    proposal: `p${id}`,
    at: "2026-11-21T09:00:00Z",
    ...(isFollowed && { followUp: `step after ${id}` }),
  }));
}
const actionsOf = (steps: readonly Step[]) => steps.map(({ id, status }) => ({ id: `p${id}`, status }));

describe("what follows a request", () => {
  it("is done exactly where that was carried out, left where it ended otherwise, and kept while it is open", () => {
    fc.assert(
      fc.property(plan, (steps) => {
        const { due, dropped, left } = dueIn(framesOf(steps), actionsOf(steps));
        for (const { id, status, isFollowed } of steps) {
          const words = `step after ${id}`;
          const places = [
            due.includes(words),
            dropped.includes(words),
            left.some(({ followUp }) => followUp === words),
          ];
          expect(places.filter(Boolean)).toHaveLength(isFollowed ? 1 : 0);
          expect(due.includes(words)).toBe(isFollowed && status === "executed");
          if (status === "pending" || status === "confirmed") expect(dropped).not.toContain(words);
        }
      }),
    );
  });

  it("is done once, whatever is looked at again", () => {
    fc.assert(
      fc.property(plan, (steps) => {
        const first = dueIn(framesOf(steps), actionsOf(steps));
        const second = dueIn(first.left, actionsOf(steps));
        expect([...second.due, ...second.dropped]).toEqual([]);
      }),
    );
  });

  it("is kept where nothing is known of the proposal", () => {
    const [frame] = framesOf([{ id: 1, status: "executed", isFollowed: true }]);
    expect(dueIn(frame ? [frame] : [], [])).toEqual({ due: [], dropped: [], left: [frame] });
  });
});
