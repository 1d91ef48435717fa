/**
 * `npm run conformance`: runs the kit's cases of every adapter and writes the score card; `--check` fails where it differs
 * from the one in the documents. `--mutants`: runs the kit against deliberate bugs instead, prints which case caught each,
 * and ends with 1 when one survives its case.
 */
import { failuresOf, judgeMutants } from "./run-mutants.ts";
import { scoreCard } from "./score-card.ts";
import { toyAdapter } from "./toy/adapter.ts";

async function runMutants(): Promise<boolean> {
  const failures = await failuresOf(toyAdapter);
  for (const failure of failures) process.stdout.write(`✗ the right adapter fails: ${failure}\n`);
  const verdicts = await judgeMutants();
  for (const { mutant, isCaught, said } of verdicts)
    process.stdout.write(`${isCaught ? "✓" : "✗"} ${mutant.bug}\n    ${mutant.caughtBy}\n      ${said}\n`);
  const caught = verdicts.filter(({ isCaught }) => isCaught).length;
  process.stdout.write(`\n${caught} of ${verdicts.length} mutants caught, each by the case named\n`);
  return failures.length === 0 && caught === verdicts.length;
}

const isGood = process.argv.includes("--mutants")
  ? await runMutants()
  : scoreCard({ isCheck: process.argv.includes("--check") });
// A mutant that does not close would keep the process alive.
process.exit(isGood ? 0 : 1);
