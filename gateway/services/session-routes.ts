/** The open sessions of the bots, on every platform. */
import { z } from "zod";
import { ConversationId, conversationParts } from "../../core/conversation-id.ts";
import type { HttpRoute } from "../../core/http.ts";
import { Next, pagesOf } from "../../core/paging.ts";
import type { ConversationRecord, Store } from "../../core/store/store.ts";
import { botAsked, OfBot, type ServiceParts } from "./parts.ts";

const pages = pagesOf(z.tuple([z.string(), ConversationId]));
const SessionsQuery = pages.query.extend({
  ...OfBot.shape,
  /** `web`, `telegram`, … */
  platform: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/u)
    .optional(),
});
type SessionsQuery = z.output<typeof SessionsQuery>;
const Session = z.object({
  conversation: z.string(),
  bot: z.string(),
  platform: z.string(),
  account: z.string(),
  chatType: z.enum(["direct", "group"]),
  createdAt: z.string(),
  lastEventAt: z.string(),
  messageCount: z.int(),
});
const Sessions = z.object({ sessions: z.array(Session), next: Next });

const PAGE = 200;
/** Of a platform that is rarely spoken on, a page may be short: the next one goes on behind it. */
const MOST_PAGES = 10;

/** The last one that was looked at. */
type Last = Pick<ConversationRecord, "id" | "lastEventAt">;

/** `GET /api/v1/sessions`. */
export function sessionRoute({ store }: ServiceParts): HttpRoute {
  return {
    method: "GET",
    path: "/api/v1/sessions",
    summary: "The open sessions, the latest first",
    tags: ["sessions"],
    permission: "sessions:read",
    bot: botAsked,
    query: SessionsQuery,
    responses: { 200: Sessions },
    examples: [{ summary: "On the web", query: { bot: "harbour", platform: "web", limit: "20" }, status: 200 }],
    handle: async ({ query }) => {
      const { found, last } = await listSessions(store, SessionsQuery.parse(query));
      const more = last === undefined ? {} : { next: pages.cursorTo([last.lastEventAt, last.id]) };
      const body: z.input<typeof Sessions> = { sessions: found.map(shown), ...more };
      return Response.json(body, { headers: { "cache-control": "no-store" } });
    },
  };
}

async function listSessions(
  { conversations }: Pick<Store, "conversations">,
  { bot, platform, limit, cursor }: SessionsQuery,
): Promise<{ readonly found: readonly ConversationRecord[]; readonly last: Last | undefined }> {
  const found: ConversationRecord[] = [];
  const [lastEventAt, id] = pages.placeOf(cursor) ?? [];
  let last: Last | undefined = lastEventAt === undefined || id === undefined ? undefined : { lastEventAt, id };
  for (let read = 0; read < MOST_PAGES; read += 1) {
    const page = await conversations.list({
      limit: PAGE,
      ...(bot !== undefined && { bot }),
      ...(last !== undefined && { before: last }),
    });
    for (const record of page) {
      if (found.length === limit) return { found, last };
      if (platform === undefined || conversationParts(record.id).platform === platform) found.push(record);
      last = record;
    }
    if (page.length < PAGE) return { found, last: undefined };
  }
  return { found, last };
}

function shown({ id, bot, account, chatType, createdAt, lastEventAt, messageCount }: ConversationRecord) {
  const { platform } = conversationParts(id);
  return { conversation: id, bot, platform, account, chatType, createdAt, lastEventAt, messageCount };
}
