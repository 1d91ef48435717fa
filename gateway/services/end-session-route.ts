/** Ending a session from outside, on whichever platform it is. */
import { z } from "zod";
import { ConversationId } from "../../core/conversation-id.ts";
import { ParleyError } from "../../core/errors.ts";
import type { HttpRoute } from "../../core/http.ts";
import type { ServiceParts } from "./parts.ts";

const Ended = z.strictObject({ conversation: ConversationId });
const Answer = z.object({ conversation: z.string(), endedAt: z.iso.datetime() });

/** `POST /api/v1/sessions/end`. */
export function endSessionRoute({ store, conversations, environment }: ServiceParts): HttpRoute {
  return {
    method: "POST",
    path: "/api/v1/sessions/end",
    summary: "End a session of GET /api/v1/sessions: the next message begins one that knows nothing of it",
    tags: ["sessions"],
    permission: "sessions:end",
    bot: async ({ body }) => (await store.conversations.get(Ended.parse(body).conversation))?.bot,
    body: Ended,
    responses: { 200: Answer },
    examples: [
      {
        summary: "On Telegram",
        body: { conversation: "telegram:main:12345" },
        status: 200,
        answer: { conversation: "telegram:main:12345", endedAt: "2026-09-01T10:00:00.000Z" },
      },
    ],
    handle: async ({ body }) => {
      const { conversation } = Ended.parse(body);
      if ((await conversations.end(conversation, "reset")) === undefined)
        throw new ParleyError("services/no-session", "No session is open in that conversation.", { status: 404 });
      const answer: z.input<typeof Answer> = { conversation, endedAt: new Date(environment.clock()).toISOString() };
      return Response.json(answer);
    },
  };
}
