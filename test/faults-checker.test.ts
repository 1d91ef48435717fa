import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { check, type Committed, type Evidence, type Operation, verdict } from "./faults/checker.ts";

/** Each token handed in and acknowledged, one after the other. */
function oneByOne(tokens: readonly string[]): readonly Operation[] {
  return tokens.flatMap((token, index): readonly Operation[] => [
    { type: "invoke", token, at: index * 10 },
    { type: "ok", token, at: index * 10 + 5, sequence: index + 1 },
  ]);
}

const inOutbox = (token: string, position: string, entry = `event-${token}.0`): Committed => ({
  token,
  entry,
  position,
  eventId: `event-${token}`,
});

/** Evidence of a run without a fault. */
function flawless(tokens: readonly string[]): Evidence {
  return {
    operations: oneByOne(tokens),
    committed: tokens.map((token, index) => inOutbox(token, `${1000 + index}-0`)),
    shown: tokens.map((token) => ({ token, key: `event-${token}.0.0` })),
    effects: tokens.map((token) => ({ token, key: `event-${token}:book` })),
    stored: {
      turns: tokens.map((token) => `event-${token}`),
      deliveries: tokens.map((token) => ({ id: `event-${token}.0`, outcome: "delivered" })),
    },
    waiting: 0,
    excused: new Set(),
    reordered: new Set(),
    dropsRepeats: (token) => token.startsWith("k"),
  };
}

const tokens = ["k1.1", "k1.2", "p1.1", "k1.3", "p1.2"];
const changed = (change: Partial<Evidence>): Evidence => ({ ...flawless(tokens), ...change });
const without = <Item extends { readonly token: string }>(items: readonly Item[], token: string): readonly Item[] =>
  items.filter((item) => item.token !== token);

describe("the checker of the fault suite", () => {
  it("has nothing against a run without a fault", () => {
    const report = check(flawless(tokens));
    expect(verdict(report)).toEqual([]);
    expect(report).toMatchObject({ events: 5, acknowledged: 5 });
  });

  it("finds each acknowledged event that was never answered, and only those", () => {
    fc.assert(
      fc.property(fc.subarray(tokens), (gone) => {
        const { committed, shown, effects } = flawless(tokens);
        const kept = <Item extends { readonly token: string }>(items: readonly Item[]) =>
          items.filter(({ token }) => !gone.includes(token));
        const report = check(changed({ committed: kept(committed), shown: kept(shown), effects: kept(effects) }));
        expect(report.lost.toSorted()).toEqual(gone.toSorted());
      }),
    );
  });

  it("does not call lost what nobody acknowledged: a timeout says nothing", () => {
    const operations: readonly Operation[] = [
      ...oneByOne(["k1.1"]),
      { type: "invoke", token: "k1.2", at: 50 },
      { type: "info", token: "k1.2", at: 60 },
    ];
    const answered = check({ ...flawless(["k1.1", "k1.2"]), operations });
    const unanswered = check({ ...flawless(["k1.1"]), operations });
    expect([answered.lost, unanswered.lost]).toEqual([[], []]);
    expect(answered.neverAccepted).toEqual(["k1.2"]);
  });

  it("finds an entry that stands in the outbox twice, under one id or two", () => {
    const { committed } = flawless(tokens);
    const same = check(changed({ committed: [...committed, inOutbox("k1.2", "2000-0")] }));
    const other = check(changed({ committed: [...committed, inOutbox("k1.2", "2000-0", "event-x.0")] }));
    expect(same.committedTwice).toEqual(["k1.2"]);
    expect(other.committedTwice).toEqual(["k1.2"]);
  });

  it("does not mind an entry that two couriers took out one after the other", () => {
    const { committed } = flawless(tokens);
    expect(verdict(check(changed({ committed: [...committed, ...committed] })))).toEqual([]);
  });

  it("finds whichever two events of a chat were answered in the wrong order", () => {
    const chat = ["k1.1", "k1.2", "k1.3", "k1.4"];
    fc.assert(
      fc.property(fc.shuffledSubarray(chat, { minLength: 4, maxLength: 4 }), (order) => {
        const position = (token: string): string => `${1000 + order.indexOf(token)}-0`;
        const committed = chat.map((token) => inOutbox(token, position(token)));
        const report = check({ ...flawless(chat), committed });
        expect(report.outOfOrder.length > 0).toBe(order.join() !== chat.join());
      }),
    );
  });

  it("compares positions as numbers", () => {
    const committed = ["999-10", "999-9", "1000-0"].map((position, index) =>
      inOutbox(["k1.2", "k1.1", "k1.3"][index] ?? "", position),
    );
    expect(check({ ...flawless(["k1.1", "k1.2", "k1.3"]), committed }).outOfOrder).toEqual([]);
  });

  it("finds a wrong order of what a person sees, too", () => {
    const { shown } = flawless(tokens);
    expect(check(changed({ shown: shown.toReversed() })).outOfOrder.toSorted()).toEqual(["k1.2", "k1.3", "p1.2"]);
  });

  it("accepts any order of events that were under way at the same time and got no sequence", () => {
    const operations: readonly Operation[] = [
      { type: "invoke", token: "k1.1", at: 0 },
      { type: "invoke", token: "k1.2", at: 1 },
      { type: "ok", token: "k1.1", at: 5 },
      { type: "ok", token: "k1.2", at: 6 },
    ];
    const both = flawless(["k1.2", "k1.1"]);
    expect(check({ ...both, operations }).outOfOrder).toEqual([]);
  });

  it("forgives a changed place of what was set aside and put back, but of nothing else", () => {
    const { shown } = flawless(tokens);
    const late = [...without(shown, "k1.1"), ...shown.filter(({ token }) => token === "k1.1")];
    expect(check(changed({ shown: late })).outOfOrder).not.toEqual([]);
    expect(check(changed({ shown: late, reordered: new Set(["k1.1"]) })).outOfOrder).toEqual([]);
  });

  it("finds an effect under a second key, one that is missing, and answers to nothing", () => {
    const { effects, shown } = flawless(tokens);
    const doubled = check(changed({ effects: [...effects, { token: "p1.1", key: "another" }] }));
    expect(doubled.doubleEffects).toEqual(["p1.1"]);
    expect(check(changed({ effects: without(effects, "p1.1") })).missingEffects).toEqual(["p1.1"]);
    expect(check(changed({ shown: [...shown, { token: "k9.9", key: "x" }] })).invented).toEqual(["k9.9"]);
  });

  it("finds an answered message that the history does not know, or knows twice, and a reply without a record", () => {
    const { turns, deliveries } = flawless(tokens).stored;
    const [first = ""] = turns;
    const forgotten = check(changed({ stored: { turns: turns.slice(1), deliveries } }));
    const doubled = check(changed({ stored: { turns: [...turns, first], deliveries } }));
    const untold = check(changed({ stored: { turns, deliveries: deliveries.slice(1) } }));
    expect([forgotten.misrecorded, doubled.misrecorded, untold.untold]).toEqual([["k1.1"], ["k1.1"], ["k1.1"]]);
    expect(verdict(forgotten)).toEqual(["1 not in the history once (k1.1)"]);
  });

  it("counts what a person sees twice, and holds it against the system only where a repeat is dropped", () => {
    const { shown } = flawless(tokens);
    const twice = check(changed({ shown: [...shown, ...shown] }));
    expect(twice.visibleDuplicates).toHaveLength(5);
    expect(twice.wrongDuplicates).toEqual(["k1.1", "k1.2", "k1.3"]);
  });

  it("holds an unseen reply against the system only where it could be sent again", () => {
    const report = check(changed({ shown: [] }));
    expect(report.unseen).toHaveLength(5);
    expect(report.wronglyUnseen).toEqual(["k1.1", "k1.2", "k1.3"]);
  });

  it("finds what is left waiting, also when nobody could be asked", () => {
    expect(verdict(check(changed({ waiting: 3 })))).toEqual(["3 events left waiting"]);
    expect(verdict(check(changed({ waiting: -1 })))).not.toEqual([]);
  });

  it("excuses what the experiment wanted to be set aside", () => {
    const { committed, shown, effects } = flawless(tokens);
    const evidence = changed({
      committed: without(committed, "k1.2"),
      shown: without(shown, "k1.2"),
      effects: without(effects, "k1.2"),
    });
    expect(verdict(check({ ...evidence, excused: new Set(["k1.2"]) }))).toEqual([]);
  });
});
