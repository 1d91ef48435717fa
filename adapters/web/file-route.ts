import { Readable } from "node:stream";
import { z } from "zod";
import type { HttpRequest, HttpRoute } from "../../adapter.ts";
import { ownedBy, ParleyError } from "../../adapter.ts";
import type { Api } from "./api.ts";
import { ownerOfSession } from "./api.ts";
import { EXAMPLE } from "./examples.ts";
import { SessionQuery } from "./protocol.ts";

/** How far back a reply's file is looked for, in messages. */
const LOOK_BACK = 200;

const FileParameters = z.object({ key: z.string().regex(/^[0-9a-f]{64}$/u, "the `spoolKey` of a reply's file") });

/** Gives a file that a reply of the caller's own session showed. */
export function fileRoute(api: Api): HttpRoute {
  return {
    method: "GET",
    path: `${api.base}/chat/files/:key`,
    summary: "The bytes of a file that a reply of this session carried",
    tags: ["chat"],
    permission: "conversations:read",
    owner: ownedBy("query", SessionQuery, async (named) => await ownerOfSession(api, named)),
    bot: api.context.bot.id,
    examples: [
      {
        summary: "One that no reply of the session carried",
        parameters: { key: EXAMPLE.fileKey },
        query: { sessionId: EXAMPLE.sessionId },
        status: 404,
      },
    ],
    parameters: FileParameters,
    query: SessionQuery,
    handle: async (request) => await download(api, request),
  };
}

async function download(api: Api, { parameters, query }: HttpRequest): Promise<Response> {
  const { key } = FileParameters.parse(parameters);
  const { sessionId, userId } = SessionQuery.parse(query);
  const session = await api.ids.open(sessionId, userId);
  const entries = await api.conversations.history(session, { limit: LOOK_BACK });
  const file = entries.flatMap(({ reply }) => reply?.files ?? []).find(({ spoolKey }) => spoolKey === key);
  if (file === undefined)
    throw new ParleyError(
      "web/unknown-file",
      "No reply of this session carried such a file. Use the `spoolKey` of a reply's `files`.",
      {
        status: 404,
      },
    );
  const body = Readable.toWeb(Readable.from(await api.context.openFile(key)));
  return new Response(body, {
    headers: {
      // Never shown in place: what a tool wrote must not run as a page of ours.
      "content-type": "application/octet-stream",
      "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    },
  });
}
