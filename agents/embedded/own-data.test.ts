/** Questions to a person's own data, as people carry them on. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bank } from "../../tools/index.ts";
import { crewBench } from "../../test/support/crew-bench.ts";

let bench: Awaited<ReturnType<typeof crewBench>>;
beforeAll(async () => {
  bench = await crewBench({ packs: [bank()] });
});
afterAll(async () => {
  await bench.close();
});

let people = 0;
async function callsOf(...texts: readonly string[]) {
  const talk = bench.talk(`person-${(people += 1)}`);
  await talk.say("/link JANA-5C7D");
  let calls: Awaited<ReturnType<typeof talk.say>>["calls"] = [];
  for (const text of texts) ({ calls } = await talk.say(text));
  return calls.map(({ name, input }) => ({ name, input }));
}

const october = { from: "2026-10-01", to: "2026-10-31" };
const september = { from: "2026-09-01", to: "2026-09-30" };

describe("what would be left", () => {
  it.each([
    ["supposing I gave Petr 400, what would that leave me with on the everyday one?", "Everyday"],
    ["If I paid 400 to Anna, how much would remain?", undefined],
    ["say I send Emre 400, how much is left on everyday then", "Everyday"],
    ["would I still have enough on savings if 400 went to Ruth?", "Savings"],
    ["wenn ich Petr 400 gebe, was bleibt dann auf dem Everyday", "Everyday"],
    ["angenommen ich überweise Anna 400, wie viel hätte ich dann noch?", undefined],
    ["was bliebe mir, wenn ich Emre 400 leihe?", undefined],
    ["could I lend Petr 400 or would that be too much?", undefined],
  ])("is asked, and nothing is sent: %s", async (text, account) => {
    expect(await callsOf(text)).toEqual([
      {
        name: "get_balance",
        input: {
          spend: { minor: 40_000, currency: "EUR" },
          ...(account !== undefined && { accounts: [account] }),
        },
      },
    ]);
  });
});

describe("the other one", () => {
  it.each([
    ["what is on my savings?", "And the other one?", ["Everyday"]],
    ["how much is on everyday", "what about the other account", ["Savings"]],
    ["wie viel ist auf dem Sparkonto?", "und auf dem anderen?", ["Everyday"]],
    ["Kontostand Girokonto bitte", "und das andere", ["Savings"]],
    ["what is on my savings?", "in total?", undefined],
    ["how much is on everyday", "and all together?", undefined],
    ["wie viel ist auf dem Sparkonto?", "und zusammen?", undefined],
    ["what is in all my accounts", "only the savings one again", ["Savings"]],
    ["all my pots please", "just the main one again", ["Everyday"]],
  ])("%s %s", async (first, second, accounts) => {
    const input = accounts === undefined ? {} : { accounts };
    expect(await callsOf(first, second)).toEqual([{ name: "get_balance", input }]);
  });
});

describe("two periods", () => {
  it.each([
    "groceries october compared to september",
    "how much more did I spend on groceries in October than in September",
    "groceries in October vs September",
    "gab ich im Oktober mehr für Lebensmittel aus als im September",
    "Lebensmittel Oktober im Vergleich zu September",
  ])("are looked at one by one: %s", async (text) => {
    expect(await callsOf(text)).toMatchObject([
      { name: "list_transactions", input: { category: "groceries", period: october } },
      { name: "list_transactions", input: { category: "groceries", period: september } },
    ]);
  });

  it.each([
    "what did I pay on the eleventh of October, this year I mean",
    "was ging am elften zehnten ab, also dieses Jahr",
  ])("of which one is a part of the other are one: %s", async (text) => {
    expect(await callsOf(text)).toMatchObject([
      { name: "list_transactions", input: { period: { from: "2026-10-11", to: "2026-10-11" } } },
    ]);
  });
});

describe("a question about bookings, carried on", () => {
  const total = { category: "groceries", period: october };
  it.each([
    ["groceries total in October", "and in september?", { ...total, period: september }],
    ["groceries total in October", "just the ones over 20", { ...total, sums: { least: { minor: 2001 } } }],
    ["groceries total in October", "only Marktplatz Foods", { ...total, counterparty: "Marktplatz Foods" }],
    ["Lebensmittel im Oktober, Summe", "nur Marktplatz Foods", { ...total, counterparty: "Marktplatz Foods" }],
    ["Lebensmittel im Oktober, Summe", "un wieviele warn des", { ...total, answer: "count" }],
    ["was ging im Oktober an Tonspur Music", "dasselbe für Streamly", { counterparty: "Streamly", period: october }],
    [
      "what did I leave at Marktplatz Foods in October?",
      "Thank you. Now the same for April, May and June together. Kind regards, J. Novak",
      { counterparty: "Marktplatz Foods", period: { from: "2026-04-01", to: "2026-06-30" } },
    ],
    [
      "what did I pay Streamly in October?",
      "ok, what came in on the 30th? of October, not this month",
      { direction: "received", period: { from: "2026-10-30", to: "2026-10-30" } },
    ],
    ["biggest expense in September", "and in October?", { answer: "largest", period: october }],
  ])("%s %s", async (first, second, input) => {
    expect(await callsOf(first, second)).toMatchObject([{ name: "list_transactions", input }]);
  });
});

it("takes nothing over into a question that stands by itself", async () => {
  const [call] = await callsOf(
    "what did I pay Streamly in September?",
    "what came in on the 30th? of October, not this month",
  );
  expect(call?.input).not.toHaveProperty("counterparty");
});

describe("whose chat it is", () => {
  it.each([
    "Whose login is on this tablet right now, mine or my husband's?",
    "who am I logged in as here?",
    "als wer bin ich hier angemeldet?",
    "wessen Konten sind das hier gerade?",
  ])("is told: %s", async (text) => {
    expect(await callsOf(text)).toMatchObject([{ name: "linked_customer" }]);
  });
});
