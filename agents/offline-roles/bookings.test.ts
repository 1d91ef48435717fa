/** Words of a question that name nobody are never taken for a payee. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { crewBench } from "../../test/support/crew-bench.ts";
import { bank } from "../../tools/index.ts";

describe("money-and-words D: words that filter nothing", () => {
  let bench: Awaited<ReturnType<typeof crewBench>>;
  beforeAll(async () => {
    bench = await crewBench({ packs: [bank()], now: "2026-11-29T09:00:00Z" });
    await bench.talk("anna").say("my code is ANNA-7K42");
  }, 60_000);
  afterAll(async () => await bench.close());

  it.each([
    "Export my transactions of last month as a CSV file",
    "export my transactions of last month as csv",
    "download last month's bookings into a spreadsheet, as an attachment please",
    "Exportiere meine Buchungen vom letzten Monat als Tabelle",
  ])("%s", async (text) => {
    const { calls } = await bench.talk("anna").say(text);
    expect(calls.map(({ name, input }) => ({ name, input }))).toEqual([
      { name: "export_transactions", input: { from: "2026-10-01", to: "2026-10-31" } },
    ]);
  });

  it("looks for a short word at the beginning of names only", async () => {
    const { calls } = await bench.talk("anna").say("what did I pay to Ed in October?");
    expect(JSON.stringify(calls.at(-1)?.outcome)).not.toContain("Medi");
  });
});
