/** What was said in a session of whichever platform: for people who look after the conversations of others. */
import { z } from "zod";
import type { HistoryEntry } from "../../core/adapter.ts";
import { ConversationId } from "../../core/conversation-id.ts";
import { ParleyError } from "../../core/errors.ts";
import type { HttpRoute } from "../../core/http.ts";
import { Next, pagesOf } from "../../core/paging.ts";
import type { ServiceParts } from "./parts.ts";

const pages = pagesOf(z.tuple([z.string().min(1).max(128)]));
const HistoryQuery = pages.query.extend({ conversation: ConversationId });
const Message = z.object({
  id: z.string(),
  role: z.enum(["user", "assistant"]),
  at: z.string(),
  userId: z.string().optional(),
  text: z.string(),
});
const History = z.object({ conversation: z.string(), bot: z.string(), messages: z.array(Message), next: Next });

/** `GET /api/v1/sessions/history`. */
export function historyRoute({ store }: ServiceParts): HttpRoute {
  const find = async (query: unknown) => await store.conversations.get(HistoryQuery.parse(query).conversation);
  return {
    method: "GET",
    path: "/api/v1/sessions/history",
    summary: "What was said in a session of GET /api/v1/sessions, oldest first; the next page is of what came before",
    tags: ["sessions"],
    permission: "conversations:read",
    bot: async ({ query }) => (await find(query))?.bot,
    query: HistoryQuery,
    responses: { 200: History },
    examples: [{ summary: "On Telegram", query: { conversation: "telegram:main:12345", limit: "20" }, status: 200 }],
    handle: async ({ query }) => {
      const { conversation, limit, cursor } = HistoryQuery.parse(query);
      const session = await find(query);
      if (session === undefined)
        throw new ParleyError("services/no-session", "No session is open in that conversation.", { status: 404 });
      const [before] = pages.placeOf(cursor) ?? [];
      const options = { limit: limit + 1, ...(before !== undefined && { before }) };
      const found = await store.history.page(conversation, options);
      const { items, ...more } = pages.earlierPage(found, limit, ({ id }) => [id]);
      const messages = items.map(shown);
      const body: z.input<typeof History> = { conversation, bot: session.bot, messages, ...more };
      return Response.json(body, { headers: { "cache-control": "no-store" } });
    },
  };
}

function shown({ id, role, at, userId, text }: HistoryEntry): z.input<typeof Message> {
  return { id, role, at, ...(userId !== undefined && { userId }), text };
}
