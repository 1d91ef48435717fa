import type { BotConfig } from "../../core/bot.ts";
import type { BudgetPolicy, Cap } from "../../core/budget/policy.ts";
import { dayOf, spendingPrefix, standingOf } from "../../core/budget/standing.ts";
import type { Check } from "../../core/check.ts";
import type { Environment } from "../../core/environment.ts";
import type { Store } from "../../core/store/store.ts";
import type { RunningBot } from "../../core/turn/running-bot.ts";

interface Looking {
  readonly store: Pick<Store, "usage">;
  readonly environment: Pick<Environment, "clock">;
}

/** How far the budgets of today are spent: the bots' own, and how many people and chats have reached theirs. */
export async function checkBudgets(bots: readonly BotConfig[], looking: Looking): Promise<readonly Check[]> {
  const capped = bots.filter(({ policies }) => isCapped(policies.limits.budget));
  return await Promise.all(capped.map(async (bot) => await checkBudget(bot, looking)));
}

async function checkBudget(bot: BotConfig, { store, environment }: Looking): Promise<Check> {
  const { id, timeZone } = bot;
  const { budget } = bot.policies.limits;
  const day = dayOf({ bot, environment });
  const reached = async (scope: "user" | "chat", name: string): Promise<string> => {
    const cap = budget[scope];
    return cap === undefined
      ? ""
      : `${name}: ${await store.usage.reached(spendingPrefix(scope, bot), day, inMicroDollars(cap))}`;
  };
  const own = budget.bot && standingOf(budget.bot, await store.usage.spent(spendingPrefix("bot", bot), day));
  const parts = [
    own === undefined ? "" : `${Math.floor(own.share * 100)} % of the bot's cap is spent (${own.used})`,
    await reached("user", "people at their cap"),
    await reached("chat", "chats at their cap"),
  ];
  const name = `${id} budget`;
  const detail = `${day} in ${timeZone}: ${parts.filter(Boolean).join("; ")}`;
  if (own === undefined || own.share < budget.warnAt) return { name, status: "ok", detail };
  const remedy = `Raise bots.${id}.limits.budget.bot.${own.limit}, or wait for midnight in ${timeZone}.`;
  return { name, status: "warning", detail, remedy };
}

/** Bots that are to go on without a model when a budget is spent, and cannot. */
export function checkGoesOn(bots: readonly Pick<RunningBot, "config" | "crew">[]): readonly Check[] {
  return bots.flatMap(({ config: { id, policies }, crew }): readonly Check[] => {
    const { budget } = policies.limits;
    if (!isCapped(budget) || budget.whenSpent === "refuse" || crew.runWithoutModel !== undefined) return [];
    return [
      {
        name: `${id} budget`,
        status: "warning",
        detail: "its crew cannot go on without a model: once a budget is spent, the bot refuses until midnight",
        remedy: `Let the crew fall back to the embedded brain, or write bots.${id}.limits.budget.whenSpent: "refuse".`,
      },
    ];
  });
}

function isCapped({ user, chat, bot }: BudgetPolicy): boolean {
  return [user, chat, bot].some((cap) => cap !== undefined);
}

function inMicroDollars({ tokens, dollars }: Cap) {
  return { tokens, ...(dollars !== undefined && { costMicroDollars: Math.ceil(dollars * 1_000_000) }) };
}
