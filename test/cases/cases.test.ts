/** A part of `npm run test:cases` that runs with every test: the reader on all rows, the crew on every sixth. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { judgeOrders, judgePeriods, judgePeriodsByReader, type Verdict } from "./judge.ts";
import { judgeDesk, judgeExplicit } from "./judge-words.ts";
import { readTables } from "./rows.ts";

const { orders, periods } = readTables(import.meta.dirname, readdirSync(import.meta.dirname));
const heldOut = readTables(join(import.meta.dirname, "held-out"), readdirSync(join(import.meta.dirname, "held-out")));
const sixth = <Row>(rows: readonly Row[]): readonly Row[] => rows.filter((_row, index) => index % 6 === 0);

function expectRight(verdicts: readonly Verdict[]): void {
  const plain = verdicts.filter((one) => one.plain);
  const through = plain.filter(({ result }) => result === "right");
  expect(verdicts.filter(({ result }) => result === "wrong").map(({ detail }) => detail)).toEqual([]);
  expect(through.length / plain.length).toBeGreaterThanOrEqual(0.95);
}

/** Of tables that were locked away until the reader stood: questions are allowed, false readings are not. */
function expectNothingWrong(verdicts: readonly Verdict[]): void {
  expect(verdicts.filter(({ result }) => result === "wrong").map(({ detail }) => detail)).toEqual([]);
}

describe("money-and-words C: orders from a table written before the reader", () => {
  it("lead to the sum, payee and account that were said, or to a question", async () => {
    expectRight(await judgeOrders(sixth(orders)));
  });

  it("between own accounts go from where to where it was said", async () => {
    expectRight(await judgeOrders(readTables(import.meta.dirname, ["orders-sides.jsonl"]).orders));
  });

  it("become several proposals where several were given", async () => {
    expectRight(await judgeOrders(readTables(import.meta.dirname, ["orders-several.jsonl"]).orders));
  });

  it("propose nothing else where the reader had never seen the table", async () => {
    expectNothingWrong(await judgeOrders(sixth(heldOut.orders)));
  });
});

describe("money-and-words D: periods from a table written before the reader", () => {
  it("are read as what was said, or as not understood", () => expectRight(judgePeriodsByReader(periods)));

  it("are read as nothing else where the reader had never seen the table", () =>
    expectNothingWrong(judgePeriodsByReader(heldOut.periods)));

  it("are what the bookings are counted over, or are asked for", async () => {
    expectRight(await judgePeriods(sixth(periods.toSorted((one, other) => one.now.localeCompare(other.now)))));
  });
});

describe("money-and-words A and F: words from tables that were never seen", () => {
  it("are never taken for a yes", () => {
    expectNothingWrong(judgeDesk(heldOut.desk));
  });

  it("do nothing that was not asked for", () => expectNothingWrong(judgeExplicit(heldOut.explicit)));
});
