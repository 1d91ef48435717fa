import type { Guard, GuardContext } from "./guard.ts";
import { pass, refuse } from "./guard.ts";

/** Tokens and money per person and per bot and day. A spent budget refuses politely until midnight UTC. */
export const budget: Guard = {
  name: "budget",
  check: async (context) => {
    const { perUserTokens, perUserMicroDollars, perBotMicroDollars } = context.bot.policies.limits.budget;
    if (perUserTokens !== null || perUserMicroDollars !== null) {
      const spent = await context.store.usage.spent(userBudgetKey(context), dayOf(context));
      if (perUserTokens !== null && spent.tokens >= perUserTokens) return over(context, "perUserTokens");
      if (perUserMicroDollars !== null && spent.costMicroDollars >= perUserMicroDollars) {
        return over(context, "perUserMicroDollars");
      }
    }
    if (perBotMicroDollars !== null) {
      const spent = await context.store.usage.spent(`bot:${context.bot.id}`, dayOf(context));
      if (spent.costMicroDollars >= perBotMicroDollars) return over(context, "perBotMicroDollars");
    }
    return pass;
  },
};

/** Where the spending of the event's person is counted. */
export function userBudgetKey({ event, bot }: Pick<GuardContext, "event" | "bot">): string {
  return `user:${bot.id}:${event.account}:${event.user.id}`;
}

/** The UTC day of a moment, `YYYY-MM-DD`. */
export function dayOf({ environment }: Pick<GuardContext, "environment">): string {
  return new Date(environment.clock()).toISOString().slice(0, 10);
}

function over({ phrases }: GuardContext, limit: string) {
  return refuse(`today's budget is spent (limits.budget.${limit})`, phrases.budgetSpent);
}
