import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bank } from "../../tools/index.ts";
import { crewBench } from "../../test/support/crew-bench.ts";

describe("money-and-words D: a total is over what was asked, or there is none", () => {
  let bench: Awaited<ReturnType<typeof crewBench>>;
  beforeAll(async () => {
    bench = await crewBench({ packs: [bank()], now: "2026-11-29T09:00:00Z" });
    await bench.talk("anna").say("link ANNA-7K42");
  });
  afterAll(async () => await bench.close());

  const october = { from: "2026-10-01", to: "2026-10-31" };
  const year = { from: "2026-01-01", to: "2026-12-31" };

  it.each([
    ["refunds this year", { category: "refund", ...year }],
    ["Wie viel habe ich dieses Jahr abgehoben?", { category: "cash", ...year }],
    ["card payments in october", { text: "card", ...october }],
    ["groceries in october paid by card", { category: "groceries", text: "card", ...october }],
    ["how much did I spend on petrol this year", { text: "petrol", ...year }],
    ["how much did I spend on taxis this year", { text: "taxi", ...year }],
    ["groceries 2026-10", { category: "groceries", ...october }],
    ["groceries october '25", { category: "groceries", from: "2025-10-01", to: "2025-10-31" }],
  ])("filters by all of %s", async (text, filter) => {
    const { calls } = await bench.talk("anna").say(text);
    expect(calls.map(({ input }) => input)).toEqual([filter]);
  });

  it.each([
    "spent on groceries end of october",
    "Lebensmittel Ende Oktober",
    "groceries two months ago",
    "groceries in early november",
    "bookings on my business account in october",
  ])("counts nothing for %s", async (text) => {
    const { calls, reply } = await bench.talk("anna").say(text);
    expect(calls).toEqual([]);
    expect(reply.text).not.toMatch(/no such bookings|bookings \(/u);
  });

  it("does not say that nothing was paid for what no booking is called", async () => {
    const { reply } = await bench.talk("anna").say("how much did I spend on coffee in October");
    expect(reply.text).toContain("No booking has “coffee” in its name or purpose");
  });
});
