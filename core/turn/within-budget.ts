/** Who answers while a cap on spending is reached, and what the person hears of it. */
import { tellsPerson } from "../budget/warnings.ts";
import type { Crew } from "../crew.ts";
import { ParleyError } from "../errors.ts";
import type { ReplyDraft } from "../reply.ts";
import type { Session, Turn } from "./decision.ts";
import { phrasesFor } from "./phrases.ts";

/** A cap is spent, and nobody can answer without a model. */
export class BudgetSpentError extends ParleyError {
  override readonly name = "BudgetSpentError";

  constructor(what: string) {
    super("turn/budget-spent", `Nobody may answer any more: ${what}. Raise it, or wait until midnight.`);
  }
}

/** How the crew is asked: with its models, or without while a cap is spent. Throws `BudgetSpentError` where it cannot. */
export function runOfCrew({ bot, dependencies, recorder }: Turn, { spent }: Pick<Session, "spent">): Crew["run"] {
  const { crew, config } = bot;
  if (spent === undefined) return async (...given) => await crew.run(...given);
  const { runWithoutModel } = crew;
  const goesOn = config.policies.limits.budget.whenSpent === "embedded" && runWithoutModel !== undefined;
  const outcome = goesOn ? "embedded" : "stopped";
  const detail = `today's budget is spent: ${spent.used} (${spent.setting})`;
  recorder.step({ kind: "guard", name: "budget", outcome, detail });
  dependencies.telemetry.metrics.guard({ guard: "budget", outcome });
  if (!goesOn) throw new BudgetSpentError(detail);
  return async (...given) => ({ ...(await runWithoutModel.apply(crew, given)), cacheable: false });
}

/** Below the last reply stands, once a day, that the person's own cap is nearly spent; not where others read along. */
export async function toldOfBudget(
  replies: readonly ReplyDraft[],
  turn: Turn,
  { tools }: Pick<Session, "tools">,
): Promise<readonly ReplyDraft[]> {
  const { bot, event, dependencies, meter, recorder } = turn;
  const last = replies.at(-1);
  if (last === undefined || event.chat.type !== "direct" || !meter.hasSpent()) return replies;
  await meter.settle();
  const { store, environment } = dependencies;
  if (!(await tellsPerson({ bot: bot.config, event, store, environment }, event.id))) return replies;
  recorder.step({ kind: "guard", name: "budget", outcome: "noted", detail: "the person's own cap is nearly spent" });
  const line = phrasesFor(tools.locale).budgetNearlySpent;
  return [...replies.slice(0, -1), { ...last, text: `${last.text}\n\n${line}` }];
}
