import { expect, it, onTestFinished } from "vitest";
import { linkedChatter, NOON, openBankChat, temporaryFolder } from "../../../test/support/bank-chat.ts";
import { decimalText } from "../../../core/money.ts";

async function anna() {
  const folder = temporaryFolder();
  const clock = { now: NOON };
  const open = await openBankChat(folder.path, clock);
  onTestFinished(async () => {
    await open.close();
    folder.remove();
  });
  const kept: { readonly name: string; readonly text: string }[] = [];
  const person = await linkedChatter(open.toolset, clock);
  const context = person.contextFor("event-1", {
    keepFile: async (bytes, facts) => {
      kept.push({ name: facts.name, text: Buffer.from(bytes).toString("utf8") });
      return { ...facts, spoolKey: "key" };
    },
  });
  return {
    kept,
    call: async (input: object) => await open.toolset.forTurn(context).call("export_transactions", input, "call-1"),
  };
}

it("gives the bookings that match as a spreadsheet reads them", async () => {
  const { kept, call } = await anna();
  const outcome = await call({ category: "rent" });
  expect(outcome).toMatchObject({ status: "done", result: { files: [{ mediaType: "text/csv", spoolKey: "key" }] } });
  const [header, first, ...rows] = kept[0]?.text.trimEnd().split("\r\n") ?? [];
  expect(header).toBe("Date,Account,Counterparty,Description,Category,Amount,Currency");
  expect(first).toMatch(/^\d{4}-\d{2}-\d{2},"Everyday","[^"]+","[^"]*","rent",-\d+\.\d{2},EUR$/u);
  expect(rows.length).toBeGreaterThan(5);
});

it("makes no file of nothing", async () => {
  const { kept, call } = await anna();
  expect(await call({ counterparty: "no such shop" })).toMatchObject({ result: { value: { rows: 0 } } });
  expect(kept).toEqual([]);
});

it.each([
  [-5, "EUR", "-0.05"],
  [1250, "EUR", "12.50"],
  [700, "JPY", "700"],
])("writes %s %s without a float", (minor, currency, text) => {
  expect(decimalText({ minor, currency })).toBe(text);
});
