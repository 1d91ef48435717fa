import { z } from "zod";
import type { HistoryEntry, HttpRoute } from "../../adapter.ts";
import { Next, ownedBy, pagesOf } from "../../adapter.ts";
import type { Api } from "./api.ts";
import { json, ownerOfSession } from "./api.ts";
import { EXAMPLE } from "./examples.ts";
import { HistoryAnswer, SessionAnswer, SessionId, SessionQuery, UserId } from "./protocol.ts";
import { payloadOf } from "./history-watch.ts";

const pages = pagesOf(z.tuple([z.string().min(1).max(128)]));
const HistoryQuery = pages.query.extend(SessionQuery.shape);
const HistoryPage = HistoryAnswer.extend({ next: Next });
const SessionParameters = z.object({ id: SessionId });
const UserQuery = z.strictObject({ userId: UserId.optional() });

/** Look back, start anew, be forgotten. */
export function sessionRoutes(api: Api): readonly HttpRoute[] {
  return [...historyRoutes(api), ...factRoutes(api)];
}

function historyRoutes(api: Api): readonly HttpRoute[] {
  const { base, conversations } = api;
  return [
    {
      method: "GET",
      path: `${base}/chat/history`,
      summary: "What was said, oldest first; the next page is of what came before",
      tags: ["chat"],
      permission: "conversations:read",
      owner: ownedBy("query", SessionQuery.loose(), async (named) => await ownerOfSession(api, named)),
      bot: api.context.bot.id,
      examples: [{ summary: "The last ten", query: { sessionId: EXAMPLE.sessionId, limit: "10" }, status: 200 }],
      query: HistoryQuery,
      responses: { 200: HistoryPage },
      handle: async (request) => {
        const { cursor, limit, sessionId, userId } = HistoryQuery.parse(request.query);
        const session = await api.ids.open(sessionId, userId);
        const [before] = pages.placeOf(cursor) ?? [];
        const options = { limit: limit + 1, ...(before === undefined ? {} : { before }) };
        const found = await conversations.history(session, options);
        const { items, ...more } = pages.earlierPage(found, limit, ({ id }) => [id]);
        return json({ sessionId: session.id, messages: items.map(asShown), ...more });
      },
    },
    {
      method: "DELETE",
      path: `${base}/chat/session`,
      summary: "Forget the session and everything said in it; its id stops working",
      tags: ["chat"],
      permission: "conversations:erase",
      owner: ownedBy("query", SessionQuery, async (named) => await ownerOfSession(api, named)),
      bot: api.context.bot.id,
      examples: [{ summary: "Forget it all", query: { sessionId: EXAMPLE.sessionId }, status: 204 }],
      query: SessionQuery,
      handle: async (request) => {
        const { sessionId, userId } = SessionQuery.parse(request.query);
        const session = await api.ids.open(sessionId, userId);
        await conversations.end(session, "forgotten");
        await api.ids.revoke(session);
        return new Response(null, { status: 204 });
      },
    },
  ];
}

function factRoutes(api: Api): readonly HttpRoute[] {
  const { base, context, conversations } = api;
  const owner = ownedBy(
    "parameters",
    SessionParameters,
    async ({ id }) => await ownerOfSession(api, { sessionId: id }),
  );
  const shared = { tags: ["sessions"], owner, bot: context.bot.id, parameters: SessionParameters, query: UserQuery };
  const parameters = { id: EXAMPLE.sessionId };
  return [
    {
      ...shared,
      method: "GET",
      path: `${base}/sessions/:id`,
      summary: "Facts of a session",
      permission: "sessions:read",
      examples: [{ summary: "Of one that was begun", parameters, status: 200 }],
      responses: { 200: SessionAnswer },
      handle: async (request) => {
        const { id } = SessionParameters.parse(request.parameters);
        const session = await api.ids.open(id, UserQuery.parse(request.query).userId);
        const facts = await context.conversation(conversations.idOf(session));
        return json({
          sessionId: session.id,
          userId: session.userId,
          createdAt: facts?.createdAt ?? null,
          lastEventAt: facts?.lastEventAt ?? null,
          messageCount: facts?.messageCount ?? 0,
        });
      },
    },
    {
      ...shared,
      method: "POST",
      path: `${base}/sessions/:id/reset`,
      summary: "Start anew: the next message begins a conversation that knows nothing of this one",
      permission: "sessions:end",
      examples: [{ summary: "Start anew", parameters, status: 200 }],
      responses: { 200: z.object({ sessionId: z.string(), resetAt: z.string() }) },
      handle: async (request) => {
        const { id } = SessionParameters.parse(request.parameters);
        const session = await api.ids.open(id, UserQuery.parse(request.query).userId);
        await conversations.end(session, "reset");
        return json({ sessionId: session.id, resetAt: new Date(context.environment.clock()).toISOString() });
      },
    },
  ];
}

/** A message as the page and programs get it. */
export function asShown(entry: HistoryEntry): object {
  const payload = entry.reply && payloadOf(entry.reply);
  return payload === undefined ? entry : { ...entry, text: payload.reply.text, ...payload };
}
