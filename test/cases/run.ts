/**
 * `npm run test:cases -- [--cases DIR]`: orders and periods in tables that were written before the reader, put to the
 * embedded crew with the real bank, and words to what reads refusals and explicit wishes. Fails where a sum was proposed
 * that was not said, where something was counted over another time than asked for, where words were taken for a yes or a
 * wish that they are not, or where less than 95 % of the plain ones were read without a question.
 */
import { readdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { judgeOrders, judgePeriods, judgePeriodsByReader, type Verdict } from "./judge.ts";
import { judgeDesk, judgeExplicit } from "./judge-words.ts";
import { readTables } from "./rows.ts";

const GOAL = 0.95;
const { values } = parseArgs({ options: { cases: { type: "string", default: import.meta.dirname } } });
const { orders, periods, desk, explicit } = readTables(values.cases, readdirSync(values.cases));

let failed = false;
const print = (line: string): void => void process.stdout.write(`${line}\n`);

function report(name: string, wrongMeans: string, verdicts: readonly Verdict[]): void {
  if (verdicts.length === 0) return;
  const kinds = [...new Set(verdicts.map(({ kind }) => kind))].toSorted();
  print(`\n${name}: ${verdicts.length} rows`);
  for (const kind of kinds) {
    const rows = verdicts.filter((one) => one.kind === kind);
    const count = (result: Verdict["result"]): number => rows.filter((one) => one.result === result).length;
    print(
      `  ${kind.padEnd(22)} rows ${String(rows.length).padStart(3)}  right ${String(count("right")).padStart(3)}  asked ${count("asked")}  ${wrongMeans} ${count("wrong")}`,
    );
  }
  const plain = verdicts.filter((one) => one.plain);
  const through = plain.filter(({ result }) => result === "right").length;
  const wrong = verdicts.filter(({ result }) => result === "wrong").length;
  print(
    `  ${wrongMeans}: ${wrong} (must be 0); plain ones without a question: ${through} of ${plain.length} (${((100 * through) / Math.max(1, plain.length)).toFixed(1)} %, goal 95 %)`,
  );
  for (const { id, result, kind, detail } of verdicts)
    if (result !== "right") print(`  ${result} ${id} ${kind}: ${detail}`);
  if (wrong > 0 || through < GOAL * plain.length) failed = true;
}

report("orders, the crew", "wrong sums", await judgeOrders(orders));
report("periods, the reader", "false totals", judgePeriodsByReader(periods));
report("periods, the crew", "false totals", await judgePeriods(periods));
report("words while a request waits", "false yes", judgeDesk(desk));
report("explicit words", "acts unasked", judgeExplicit(explicit));
if (orders.length + periods.length === 0) {
  print(`No orders*.jsonl or periods*.jsonl in ${values.cases}.`);
  failed = true;
}
process.exitCode = failed ? 1 : 0;
