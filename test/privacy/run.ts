/**
 * `npm run test:privacy`: precision and recall of the detectors by kind, over the blind cases in `cases/`. Fails where a
 * structured kind of the open half misses the goal. The locked half is scored without showing a text of it.
 * `--file second-round` scores one file, `--misses` lists what was missed or wrong in the open half.
 */
import { parseArgs } from "node:util";
import { readCases, type Half } from "./cases.ts";
import { GOAL, scoreCases, structuredKinds } from "./score.ts";

const { values } = parseArgs({
  options: {
    file: { type: "string" },
    misses: { type: "boolean", default: false },
    open: { type: "boolean", default: false },
  },
});
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`.padStart(8);

function report(half: Half): boolean {
  const cases = readCases(half, values.file);
  const { scores, misses } = scoreCases(cases);
  print(`\n${half} half: ${cases.length} texts`);
  print("  kind         labelled  found  recall    precision");
  let isGood = true;
  for (const { kind, labelled, found, recall, precision } of scores) {
    const isUnder = labelled > 0 && structuredKinds.has(kind) && Math.min(recall, precision) < GOAL;
    const counts = `${String(labelled).padStart(8)}  ${String(found).padStart(5)}`;
    print(`  ${kind.padEnd(12)} ${counts} ${percent(recall)}   ${percent(precision)}${isUnder ? "  under 95 %" : ""}`);
    isGood &&= !isUnder;
  }
  if (half === "open" && values.misses)
    for (const { id, what, kind, value } of misses) print(`  ${what} ${kind} ${id}: ${JSON.stringify(value)}`);
  return isGood;
}

process.exitCode = report("open") ? 0 : 1;
if (!values.open) report("locked");
