import { timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { ParleyError } from "../../adapter.ts";
import type { SessionIds, WebSession } from "./session-ids.ts";

/** What was uploaded. */
export const Upload = z.object({
  /** Where its bytes lie in the spool. */
  key: z.string().min(1).max(128),
  name: z.string().max(256),
  mediaType: z.string().max(128),
  sizeBytes: z.number().int().positive(),
});
export type Upload = z.infer<typeof Upload>;

/** The id of an upload: its facts, signed for the session that made it. No other session can use it. */
export function issueUploadId(upload: Upload, session: WebSession, ids: Pick<SessionIds, "sign">): string {
  const facts = Buffer.from(JSON.stringify(upload), "utf8").toString("base64url");
  return `${facts}.${ids.sign(`${session.chat} ${facts}`).toString("base64url")}`;
}

/** The upload an id stands for. Throws `web/unknown-attachment`. */
export function openUploadId(id: string, session: WebSession, ids: Pick<SessionIds, "sign">): Upload {
  const [facts = "", given = ""] = id.split(".");
  const expected = ids.sign(`${session.chat} ${facts}`);
  const tag = Buffer.from(given, "base64url");
  if (tag.length !== expected.length || !timingSafeEqual(tag, expected))
    throw new ParleyError(
      "web/unknown-attachment",
      "There is no such attachment in this session. Upload the file with POST /api/v1/chat/attachments and use the id it gives.",
      { status: 404 },
    );
  return Upload.parse(JSON.parse(Buffer.from(facts, "base64url").toString("utf8")));
}
