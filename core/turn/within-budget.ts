/** Who answers while a cap on spending is reached, and what the person hears of it. */
import { tellsOfSpent, tellsPerson } from "../budget/warnings.ts";
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

/**
 * Below the last reply stands, once a day each, that the person is answered without a model because a cap is spent, or that
 * their own cap is nearly spent. Where others read along nobody's own cap is spoken of.
 */
export async function toldOfBudget(
  replies: readonly ReplyDraft[],
  turn: Turn,
  { tools, person, spent }: Pick<Session, "tools" | "person" | "spent">,
): Promise<readonly ReplyDraft[]> {
  const { bot, event, dependencies, meter, recorder } = turn;
  const last = replies.at(-1);
  if (last === undefined) return replies;
  const { store, environment } = dependencies;
  const spender = { bot: bot.config, event, person: async () => await Promise.resolve(person), store, environment };
  const isDirect = event.chat.type === "direct";
  const add = (detail: string, line: string): readonly ReplyDraft[] => {
    recorder.step({ kind: "guard", name: "budget", outcome: "noted", detail });
    return [...replies.slice(0, -1), { ...last, text: `${last.text}\n\n${line}` }];
  };
  const phrases = phrasesFor(tools.locale);
  if (goesOnWithout(recorder) && (isDirect || spent?.scope !== "user"))
    return (await tellsOfSpent(spender, event.id))
      ? add("the person is told that a cap is spent", phrases.budgetGoesOn)
      : replies;
  if (!isDirect || !meter.hasSpent()) return replies;
  await meter.settle();
  if (!(await tellsPerson(spender, event.id))) return replies;
  return add("the person's own cap is nearly spent", phrases.budgetNearlySpent);
}

/** Whether the crew was asked without its models in this turn. */
function goesOnWithout({ steps }: Turn["recorder"]): boolean {
  return steps.some(({ kind, name, outcome }) => kind === "guard" && name === "budget" && outcome === "embedded");
}
