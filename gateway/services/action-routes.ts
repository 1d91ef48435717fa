/** What was proposed and what became of it, in all conversations: ids, tools and times, never words, sums or payees. */
import { z } from "zod";
import type { HttpRoute } from "../../core/http.ts";
import { botAsked, OfBot, type ServiceParts } from "./parts.ts";

const Status = z.enum(["pending", "confirmed", "executed", "failed", "cancelled", "expired"]);
const HistoryQuery = OfBot.extend({
  tool: z.string().min(1).max(100).optional(),
  status: Status.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  /** The `next` of the page before. */
  before: z.coerce.number().int().positive().optional(),
});
const Action = z.object({
  proposalId: z.string(),
  bot: z.string(),
  conversation: z.string(),
  tool: z.string(),
  risk: z.string(),
  status: Status,
  createdAt: z.iso.datetime(),
  decidedAt: z.iso.datetime().optional(),
});
const History = z.object({ actions: z.array(Action), next: z.string().optional() });

/** `GET /api/v1/actions/history`. */
export function actionRoute({ actions }: ServiceParts): HttpRoute {
  return {
    method: "GET",
    path: "/api/v1/actions/history",
    summary: "What was proposed in all conversations and what became of it, newest first",
    tags: ["actions"],
    permission: "actions:read",
    bot: botAsked,
    query: HistoryQuery,
    responses: { 200: History },
    examples: [{ summary: "What was done", query: { bot: "harbour", status: "executed", limit: "20" }, status: 200 }],
    handle: async ({ query }) => {
      const { limit, ...filter } = HistoryQuery.parse(query);
      const found = await actions.page({ ...filter, limit: limit + 1 });
      const shown = found.slice(0, limit);
      const next = found.length > limit ? shown.at(-1)?.number : undefined;
      const body: z.input<typeof History> = {
        actions: shown.map(({ id: proposalId, number: _number, createdAt, decidedAt, ...facts }) => ({
          proposalId,
          ...facts,
          createdAt: new Date(createdAt).toISOString(),
          ...(decidedAt !== undefined && { decidedAt: new Date(decidedAt).toISOString() }),
        })),
        ...(next !== undefined && { next: String(next) }),
      };
      return Response.json(body, { headers: { "cache-control": "no-store" } });
    },
  };
}
