import { z } from "zod";
import type { Attachment, EventDraft, Normalized } from "../../adapter.ts";
import { JsonObject } from "../../adapter.ts";
import { Upload } from "./upload-ids.ts";

const common = {
  /** Chosen by the client, or made for it: a resend with the same id is not doubled. */
  messageId: z.string().min(1).max(64),
  chat: z.string().min(1).max(64),
  userId: z.string().min(1).max(128),
  at: z.iso.datetime(),
};

/** What a call or a frame becomes once its session is known. */
export const WebRaw = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("message"),
    ...common,
    text: z.string(),
    attachments: z.array(Upload).default([]),
    metadata: JsonObject.default({}),
  }),
  z.object({
    type: z.literal("action"),
    ...common,
    choiceId: z.string().min(1).max(200),
    value: z.string().max(4_000).default(""),
    /** A confirmation's code, where one was given. */
    code: z.string().max(4_000).optional(),
  }),
]);
export type WebRaw = z.input<typeof WebRaw>;
type WebMessage = Extract<z.output<typeof WebRaw>, { readonly type: "message" }>;

/** Words and files are a message, `/name words` a command, a pressed button an action. */
export function normalizeWeb(raw: unknown): Normalized {
  const parsed = WebRaw.safeParse(raw);
  if (!parsed.success) return { ignored: "not a message of the web interface" };
  const { type, messageId, chat, userId, at } = parsed.data;
  const base = {
    key: `${type}:${chat}:${messageId}`,
    chat: { id: chat, type: "direct" },
    user: { id: userId },
    timestamp: at,
  } as const;
  if (parsed.data.type === "message") return { event: messageEvent(base, parsed.data) };
  const { choiceId, value, code } = parsed.data;
  return {
    event: { ...base, type: "action", messageId, choiceId, value, ...(code === undefined ? {} : { code }) },
  };
}

function messageEvent(
  base: Pick<EventDraft, "key" | "chat" | "user" | "timestamp">,
  { messageId, text, attachments: uploads, metadata }: WebMessage,
): EventDraft {
  const attachments = uploads.map(attachmentOf);
  const command = /^\/([a-z0-9_-]{1,64})(?:\s+([\s\S]*))?$/u.exec(text.trim());
  if (command?.[1] === undefined) return { ...base, type: "message", messageId, text, attachments, metadata };
  return { ...base, type: "command", messageId, name: command[1], text: command[2] ?? "", attachments, metadata };
}

function attachmentOf({ key, name, mediaType, sizeBytes }: Upload): z.input<typeof Attachment> {
  return { id: key, kind: kindOf(mediaType), ...(name === "" ? {} : { name }), mediaType, sizeBytes, spoolKey: key };
}

function kindOf(mediaType: string): Attachment["kind"] {
  const family = mediaType.split("/")[0];
  if (family === "image" || family === "audio" || family === "video") return family;
  return family === "text" || /pdf|document|sheet|presentation|json|rtf/u.test(mediaType) ? "document" : "other";
}
