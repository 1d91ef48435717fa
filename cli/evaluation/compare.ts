/** What two bots need for the same conversations, and what each passes with the same tokens. */
import type { Evaluation, Played } from "./evaluate.ts";
import { type Run, tokensOf } from "./play.ts";

/** What one conversation took, as the mean of its runs. */
export interface Needs {
  readonly id: string;
  /** The share of its runs that passed. */
  readonly passed: number;
  /** Everything that models read and wrote, cached or not. */
  readonly tokens: number;
  readonly costMicroDollars: number;
  readonly milliseconds: number;
}

/** How many conversations each of the bots passes where none may use more tokens than these. */
export interface AtTokens {
  readonly tokens: number;
  /** In the order of the evaluations. */
  readonly passed: readonly number[];
}

const tokensOfRun = ({ turns }: Run): number => tokensOf(turns.flatMap(({ usages }) => usages));

/** What a conversation took. */
export function needsOf({ script: { id }, runs }: Played): Needs {
  const mean = (of: (run: Run) => number): number => runs.reduce((sum, run) => sum + of(run), 0) / runs.length;
  return {
    id,
    passed: mean(({ passed }) => (passed ? 1 : 0)),
    tokens: Math.round(mean(tokensOfRun)),
    costMicroDollars: Math.round(
      mean(({ turns }) => turns.flatMap(({ usages }) => usages).reduce((sum, one) => sum + one.costMicroDollars, 0)),
    ),
    milliseconds: Math.round(mean(({ turns }) => turns.reduce((sum, turn) => sum + turn.milliseconds, 0))),
  };
}

/** Quarters of what all the runs used. */
const SHARES = [0.25, 0.5, 0.75, 1];

/**
 * The same tokens for each: a run counts where it passed and used no more. Nobody has to play again for it, as a bot that is
 * stopped at a limit has done the same until then. Empty where no model was asked.
 */
export function atEqualTokens(evaluations: readonly Evaluation[]): readonly AtTokens[] {
  const used = evaluations
    .flatMap(({ played }) => played.flatMap(({ runs }) => runs.map(tokensOfRun)))
    .filter((tokens) => tokens > 0)
    .toSorted((one, other) => one - other);
  const limits = SHARES.flatMap((share) => roundedUp(used[Math.ceil(share * used.length) - 1] ?? 0));
  return [...new Set(limits)]
    .filter((tokens) => tokens > 0)
    .map((tokens) => ({ tokens, passed: evaluations.map((one) => passedWithin(one, tokens)) }));
}

function passedWithin({ played }: Evaluation, tokens: number): number {
  const shareOf = ({ runs }: Played): number =>
    runs.filter((run) => run.passed && tokensOfRun(run) <= tokens).length / runs.length;
  return played.reduce((sum, one) => sum + shareOf(one), 0);
}

/** To two figures. */
function roundedUp(tokens: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, tokens))) - 1);
  return Math.ceil(tokens / unit) * unit;
}

/** How probable it is that so many conversations or more speak for one of two equal bots (the exact sign test). */
export function chanceOf(better: number, worse: number): number {
  const all = better + worse;
  let [ways, sum] = [1, 0];
  for (let one = 0; one <= Math.min(better, worse); one += 1) {
    sum += ways;
    ways = (ways * (all - one)) / (one + 1);
  }
  return Math.min(1, (2 * sum) / 2 ** all);
}
