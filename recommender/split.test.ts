import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createInteractions, type Interactions } from "./dataset.ts";
import { leaveOneOut, splitByTime, splitRandomly, splitUsers } from "./split.ts";

const event = fc.record({ user: fc.nat({ max: 6 }), item: fc.nat({ max: 9 }), time: fc.nat({ max: 50 }) });
const interactionsOf = (events: readonly { user: number; item: number; time: number }[]): Interactions =>
  createInteractions({
    userCount: 7,
    itemCount: 10,
    users: events.map(({ user }) => user),
    items: events.map(({ item }) => item),
    times: events.map(({ time }) => time),
  });
const pairs = ({ users, items }: Interactions): readonly string[] =>
  [...users].map((user, index) => `${user} ${items[index]}`);

describe("splits", () => {
  const splits = [splitByTime, leaveOneOut, splitRandomly, splitUsers];

  it("never test a pair that was trained on, and lose nothing else", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const interactions = interactionsOf(events);
        for (const split of splits) {
          const { train, test } = split(interactions);
          const trained = new Set(pairs(train));
          expect(pairs(test).some((pair) => trained.has(pair))).toBe(false);
          expect(new Set([...trained, ...pairs(test)])).toEqual(new Set(pairs(interactions)));
        }
      }),
    );
  });

  it("by time: nothing in training is later than anything in the test", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const { train, test } = splitByTime(interactionsOf(events), 0.3);
        const newest = Math.max(...(train.times ?? []), -1);
        for (const time of test.times ?? []) expect(time).toBeGreaterThan(newest);
      }),
    );
  });

  it("leave one out: the last of each user who has two", () => {
    const interactions = interactionsOf([
      { user: 0, item: 1, time: 5 },
      { user: 0, item: 2, time: 9 },
      { user: 0, item: 3, time: 7 },
      { user: 1, item: 4, time: 1 },
    ]);
    expect(pairs(leaveOneOut(interactions).test)).toEqual(["0 2"]);
    expect(pairs(leaveOneOut(interactions, { which: "random", seed: 2 }).test)).toHaveLength(1);
    expect(pairs(leaveOneOut(interactions, { minimum: 1 }).test)).toEqual(["0 2", "1 4"]);
  });

  it("by users: nobody is in both", () => {
    const events = Array.from({ length: 70 }, (_, index) => ({ user: index % 7, item: index % 10, time: 0 }));
    const { train, test } = splitUsers(interactionsOf(events), 0.5);
    expect(test.users.length).toBeGreaterThan(0);
    expect([...test.users].filter((user) => train.users.includes(user))).toEqual([]);
  });

  it("says why it cannot split by time", () => {
    const interactions = createInteractions({ userCount: 1, itemCount: 1, users: [0], items: [0] });
    expect(() => splitByTime(interactions)).toThrow(/have no times/);
  });
});
