/** What was proposed and what became of it, in all conversations: ids, tools and times, never words, sums or payees. */
import { z } from "zod";
import type { HttpRoute } from "../../core/http.ts";
import { Next, pagesOf } from "../../core/paging.ts";
import { botAsked, OfBot, type ServiceParts } from "./parts.ts";

const Status = z.enum(["pending", "confirmed", "executed", "failed", "cancelled", "expired"]);
const pages = pagesOf(z.tuple([z.int()]));
const HistoryQuery = pages.query.extend({
  ...OfBot.shape,
  tool: z.string().min(1).max(100).optional(),
  status: Status.optional(),
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
const History = z.object({ actions: z.array(Action), next: Next });

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
      const { limit, cursor, ...filter } = HistoryQuery.parse(query);
      const [before] = pages.placeOf(cursor) ?? [];
      const found = await actions.page({ ...filter, before, limit: limit + 1 });
      const { items, ...more } = pages.page(found, limit, ({ number }) => [number]);
      const body: z.input<typeof History> = {
        actions: items.map(({ id: proposalId, number: _number, createdAt, decidedAt, ...facts }) => ({
          proposalId,
          ...facts,
          createdAt: new Date(createdAt).toISOString(),
          ...(decidedAt !== undefined && { decidedAt: new Date(decidedAt).toISOString() }),
        })),
        ...more,
      };
      return Response.json(body, { headers: { "cache-control": "no-store" } });
    },
  };
}
