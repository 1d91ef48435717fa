/** The agents of the bots: what answers, with which tools, whether it can, and what it has spent today. */
import { z } from "zod";
import { dayOf, spendingPrefix } from "../../core/budget/standing.ts";
import type { HttpRoute } from "../../core/http.ts";
import { botAsked, chosen, OfBot, type ServedBot, type ServiceParts } from "./parts.ts";

const Agent = z.object({
  bot: z.string(),
  name: z.string(),
  /** How the crew is made, without its secrets: the model, its roles. */
  crew: z.object({ name: z.string(), settings: z.record(z.string(), z.unknown()) }),
  tools: z.array(z.string()),
  health: z.object({
    status: z.enum(["ok", "warning", "error"]),
    checks: z.array(z.object({ name: z.string(), status: z.enum(["ok", "warning", "error"]), detail: z.string() })),
  }),
  /** Of everybody together, since midnight in the bot's time zone. A cap that is left out is none. */
  budget: z.object({
    tokens: z.number(),
    dollars: z.number(),
    cap: z.object({ tokens: z.number().optional(), dollars: z.number().optional() }),
  }),
});
const Agents = z.object({ agents: z.array(Agent) });

/** `GET /api/v1/agents`. */
export function agentRoute(parts: ServiceParts): HttpRoute {
  return {
    method: "GET",
    path: "/api/v1/agents",
    summary: "Who answers for the bots: their models, tools, health and budgets",
    tags: ["agents"],
    permission: "agents:read",
    bot: botAsked,
    query: OfBot,
    responses: { 200: Agents },
    examples: [{ summary: "Of one bot", query: { bot: "harbour" }, status: 200 }],
    handle: async ({ query }) => {
      const asked = chosen(parts, OfBot.parse(query).bot);
      const agents = await Promise.all(asked.map(async (bot) => await shown(bot, parts)));
      return Response.json({ agents } satisfies z.input<typeof Agents>);
    },
  };
}

async function shown({ config, crew, tools }: ServedBot, parts: ServiceParts): Promise<z.input<typeof Agent>> {
  const checks = ((await crew.check?.()) ?? []).map(({ name, status, detail }) => ({ name, status, detail }));
  const worst = (["error", "warning"] as const).find((one) => checks.some(({ status }) => status === one));
  return {
    bot: config.id,
    name: config.name,
    crew: { name: config.crew.name, settings: { ...config.crew.summary } },
    tools: tools.map(({ name }) => name),
    health: { status: worst ?? "ok", checks },
    budget: await budgetOf(config, parts),
  };
}

async function budgetOf(bot: ServedBot["config"], { store, environment }: ServiceParts) {
  const spent = await store.usage.spent(spendingPrefix("bot", bot), dayOf({ bot, environment }));
  return {
    tokens: spent.tokens,
    dollars: spent.costMicroDollars / 1_000_000,
    cap: { ...bot.policies.limits.budget.bot },
  };
}
