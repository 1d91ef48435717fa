/** What admins and people are told of caps that are nearly spent, each once a day. */
import type { Telemetry } from "../telemetry.ts";
import { dayOf, spendingKey, type Spender, type Standing, standings } from "./standing.ts";

/** Longer than any day: each has a key of its own. */
const WINDOW_MS = 2 * 86_400_000;

/** Whether this is the first time today; the same id is answered the same again. */
async function isFirstToday(spender: Spender, what: string, id: string): Promise<boolean> {
  const at = spender.environment.clock();
  const hit = { id, at, windowMs: WINDOW_MS, limit: 1 };
  return (await spender.store.usage.hit(`${what}:${dayOf(spender)}`, hit)).allowed;
}

/** Tells the admins of every cap that is nearly or wholly spent, once a day, cap and level. `id` is that of the spending. */
export async function warnAdmins(
  spender: Spender,
  { log, metrics }: Pick<Telemetry, "log" | "metrics">,
  { id, correlationId }: { readonly id: string; readonly correlationId: string },
): Promise<void> {
  const { bot } = spender;
  const { warnAt, whenSpent } = bot.policies.limits.budget;
  for (const { scope, key, share, setting, used } of await standings(spender)) {
    if (share < warnAt) continue;
    const level = share >= 1 ? "spent" : "near";
    if (!(await isFirstToday(spender, `budget-${level}:${key}`, id))) continue;
    metrics.budget({ bot: bot.id, scope, level });
    // Who it is stands in the trace: parley why <correlationId>.
    const fields = { bot: bot.id, correlationId, scope, setting, used, whenSpent };
    log.warn(fields, level === "spent" ? "a budget of today is spent" : "a budget of today is nearly spent");
  }
}

/** Tells the admins, once a day and model, that caps in dollars do not count a model without a price. */
export async function warnOfUnpriced(
  spender: Spender,
  { log }: Pick<Telemetry, "log">,
  { id, model }: { readonly id: string; readonly model: string },
): Promise<void> {
  const { bot } = spender;
  const { user, chat, bot: all } = bot.policies.limits.budget;
  if ([user, chat, all].every((cap) => cap?.dollars === undefined)) return;
  if (!(await isFirstToday(spender, `budget-unpriced:${bot.id}:${model}`, id))) return;
  log.warn({ bot: bot.id, model }, "budgets in dollars do not count this model: give its price in crew({ prices })");
}

/** Whether a person is to be told now that their own cap is nearly spent: once a day. `id` is that of the event. */
export async function tellsPerson(spender: Spender, id: string): Promise<boolean> {
  const [own] = await standings(spender, ["user"]);
  if (own === undefined || own.share < spender.bot.policies.limits.budget.warnAt) return false;
  return await isFirstToday(spender, `budget-told:${own.key}`, id);
}

/** Whether a person is to be told now that a cap is spent, and that they are answered without a model: once a day. */
export async function tellsOfSpent(spender: Spender, id: string): Promise<boolean> {
  return await isFirstToday(spender, `budget-spent-told:${await spendingKey("user", spender)}`, id);
}

/** The cap that is spent, where one is: of several the narrowest. */
export async function spentCap(spender: Spender): Promise<Standing | undefined> {
  return (await standings(spender)).find(({ share }) => share >= 1);
}
