/** The gates before every turn, in the one order in which they are asked. */
import { access } from "./access.ts";
import { botLoop } from "./bot-loop.ts";
import { budget } from "./budget.ts";
import { content } from "./content.ts";
import { control } from "./control.ts";
import type { Guard, GuardContext, Verdict } from "./guard.ts";
import { mention } from "./mention.ts";
import { rateLimit } from "./rate-limit.ts";

export const guards: readonly Guard[] = [botLoop, access, mention, control, rateLimit, budget, content];

/** Asks the guards in order; gives the first that stops the turn. `onVerdict` hears every answer. */
export async function askGuards(
  context: GuardContext,
  onVerdict: (guard: string, verdict: Verdict) => void,
): Promise<Extract<Verdict, { verdict: "stop" }> | undefined> {
  for (const guard of guards) {
    const verdict = await guard.check(context);
    onVerdict(guard.name, verdict);
    if (verdict.verdict === "stop") return verdict;
  }
  return undefined;
}
