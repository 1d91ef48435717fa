/** Runs the kit against the mutants of the toy adapter. */
import type { AnyAdapter } from "../../adapter.ts";
import { adapterConformance, type ConformanceCase } from "../../testing.ts";
import { type Mutant, mutants } from "./mutants.ts";
import { toySubject } from "./toy/subject.ts";

export interface Verdict {
  readonly mutant: Mutant;
  /** Whether the case that is named for it failed. */
  readonly isCaught: boolean;
  /** What that case said; or which other cases failed, if any. */
  readonly said: string;
}

/** So many at once: most of the time they wait for what never comes. */
const SIDE_BY_SIDE = 12;

export async function judgeMutants(): Promise<readonly Verdict[]> {
  const waiting = [...mutants.entries()];
  const verdicts: Verdict[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      verdicts[next[0]] = await judge(next[1]);
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
  return verdicts;
}

/** The names of the cases that fail, with what they say. */
export async function failuresOf(adapter: AnyAdapter): Promise<readonly string[]> {
  const said = await Promise.all(
    adapterConformance(toySubject(adapter)).map(async (one) => ({ name: nameOf(one), failure: await failureOf(one) })),
  );
  return said.flatMap(({ name, failure }) => (failure === undefined ? [] : [`${name}: ${failure}`]));
}

async function judge(mutant: Mutant): Promise<Verdict> {
  const named = adapterConformance(toySubject(mutant.adapter)).find((one) => nameOf(one) === mutant.caughtBy);
  if (named === undefined) return { mutant, isCaught: false, said: `the kit has no case "${mutant.caughtBy}"` };
  const failure = await failureOf(named);
  if (failure !== undefined) return { mutant, isCaught: true, said: failure };
  const others = await failuresOf(mutant.adapter);
  const said = others.length === 0 ? "no case fails" : `its case passes; others fail: ${others.join("; ")}`;
  return { mutant, isCaught: false, said };
}

function nameOf({ group, name }: ConformanceCase): string {
  return `${group}: ${name}`;
}

async function failureOf(one: ConformanceCase): Promise<string | undefined> {
  try {
    await one.run();
    return undefined;
  } catch (thrown) {
    return String(thrown instanceof Error ? thrown.message : thrown).split("\n")[0];
  }
}
