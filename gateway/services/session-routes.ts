/** The open sessions of the bots, on every platform. */
import { z } from "zod";
import { conversationParts } from "../../core/conversation-id.ts";
import type { HttpRoute } from "../../core/http.ts";
import type { ConversationRecord, Store } from "../../core/store/store.ts";
import { botAsked, OfBot, type ServiceParts } from "./parts.ts";

const SessionsQuery = OfBot.extend({
  /** `web`, `telegram`, … */
  platform: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/u)
    .optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  /** The `next` of the page before. */
  before: z.string().min(1).max(1_000).optional(),
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
const Sessions = z.object({ sessions: z.array(Session), next: z.string().optional() });

const PAGE = 200;
/** Of a platform that is rarely spoken on, a page may be short: the next one goes on behind it. */
const MOST_PAGES = 10;

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
      const { found, next } = await listSessions(store, SessionsQuery.parse(query));
      const body: z.input<typeof Sessions> = { sessions: found.map(shown), ...(next !== undefined && { next }) };
      return Response.json(body, { headers: { "cache-control": "no-store" } });
    },
  };
}

async function listSessions(
  { conversations }: Pick<Store, "conversations">,
  { bot, platform, limit, before }: SessionsQuery,
): Promise<{ readonly found: readonly ConversationRecord[]; readonly next: string | undefined }> {
  const found: ConversationRecord[] = [];
  let next = before;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await conversations.list({
      limit: PAGE,
      ...(bot !== undefined && { bot }),
      ...(next !== undefined && { before: next }),
    });
    for (const record of page) {
      if (found.length === limit) return { found, next };
      if (platform === undefined || conversationParts(record.id).platform === platform) found.push(record);
      next = record.id;
    }
    if (page.length < PAGE) return { found, next: undefined };
  }
  return { found, next };
}

function shown({ id, bot, account, chatType, createdAt, lastEventAt, messageCount }: ConversationRecord) {
  const { platform } = conversationParts(id);
  return { conversation: id, bot, platform, account, chatType, createdAt, lastEventAt, messageCount };
}
