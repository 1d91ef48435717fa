import { z } from "zod";
import type { HttpRequest, HttpRoute } from "../../adapter.ts";
import { ownedBy } from "../../adapter.ts";
import type { Api } from "./api.ts";
import { json, ownerOfSession } from "./api.ts";
import { UploadRefusedError } from "./errors.ts";
import { EXAMPLE } from "./examples.ts";
import { MAX_FILE_BYTES } from "./manifest.ts";
import { SessionQuery, UploadAnswer } from "./protocol.ts";
import { GUEST_PREFIX } from "./session-ids.ts";
import type { Upload } from "./upload-ids.ts";
import { issueUploadId } from "./upload-ids.ts";

const UploadQuery = SessionQuery.extend({
  /** The file's name. */
  name: z.string().max(200).default("file"),
});

/** Takes one file: its bytes are the body, as they are. */
export function uploadRoute(api: Api): HttpRoute {
  return {
    method: "POST",
    path: `${api.base}/chat/attachments`,
    summary: "Upload a file: the body is its bytes (at most 20 MiB), the answer's id goes into a message's attachments",
    tags: ["chat"],
    permission: "chat:use",
    owner: ownedBy("query", UploadQuery, async (named) => await ownerOfSession(api, named)),
    bot: api.context.bot.id,
    examples: [
      {
        summary: "A text",
        query: { sessionId: EXAMPLE.sessionId, name: "note.txt" },
        body: "The bytes of the file",
        status: 201,
      },
    ],
    query: UploadQuery,
    bodyLimit: MAX_FILE_BYTES + 1,
    responses: { 201: UploadAnswer },
    handle: async (request) => await upload(api, request),
  };
}

async function upload(api: Api, { query, raw, caller }: HttpRequest): Promise<Response> {
  const { name: givenName, sessionId, userId } = UploadQuery.parse(query);
  const session = await api.ids.open(sessionId, userId);
  const mediaType = raw.headers.get("content-type") ?? "application/octet-stream";
  if (mediaType.startsWith("multipart/")) {
    throw new UploadRefusedError(
      "multipart",
      "Send the file's bytes as the body, not as a form: curl --data-binary @file",
      415,
    );
  }
  if (Number(raw.headers.get("content-length") ?? 0) > MAX_FILE_BYTES) throw tooLarge();
  const isCounted = session.userId.startsWith(GUEST_PREFIX) && !caller.mayNameUsers;
  const count = (bytes: number): void => (isCounted ? api.limits.upload(caller.address, bytes) : undefined);
  const name = fileName(givenName);
  const conversation = api.conversations.idOf(session);
  const stored =
    raw.body === null
      ? undefined
      : await api.context.spool(bounded(raw.body, count), { name, mediaType, conversation });
  if (stored === undefined || stored.sizeBytes === 0) {
    throw new UploadRefusedError("empty-file", "The file is empty. Choose one that has something in it.", 400);
  }
  const facts: Upload = { key: stored.key, name, mediaType: stored.mediaType, sizeBytes: stored.sizeBytes };
  const { key: _key, ...shown } = facts;
  return json({ id: issueUploadId(facts, session, api.ids), ...shown }, { status: 201 });
}

/** The last part of a path, without what could be mistaken for one. */
function fileName(given: string): string {
  const name = given
    .split(/[/\\]/u)
    .at(-1)
    ?.replaceAll(/[\p{Cc}\p{Cf}]/gu, "")
    .trim();
  return name === undefined || name === "" || /^\.+$/u.test(name) ? "file" : name;
}

async function* bounded(body: ReadableStream<Uint8Array>, count: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > MAX_FILE_BYTES) throw tooLarge();
    count(chunk.byteLength);
    yield chunk;
  }
}

function tooLarge(): UploadRefusedError {
  return new UploadRefusedError("file-too-large", "The file is larger than 20 MiB, the most that is accepted.", 413);
}
