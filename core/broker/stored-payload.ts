/** Reading back what an implementation stored: a row that this version cannot read is a finding, never a crash. */
import type { z } from "zod";
import { accountOf, type ConversationId, conversationParts } from "../conversation-id.ts";
import { EVENT_VERSION, type InboundEvent, MessageEvent } from "../event.ts";
import { cutText } from "../text/cut.ts";
import type { Written } from "./written.ts";

const UNREADABLE_EXCERPT = 2_000;

export type Stored<Value> =
  | { readonly ok: true; readonly value: Value }
  /** Where it does not fit, without its content. */
  | { readonly ok: false; readonly reason: string };

/** Parses stored JSON against its schema. */
export function parseStored<Value>(schema: z.ZodType<Value>, text: string): Stored<Value> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { ok: false, reason: "the stored payload is not JSON" };
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { ok: true, value: parsed.data };
  const faults = parsed.error.issues.slice(0, 3).map(({ code, path }) => `${path.join(".") || "payload"} (${code})`);
  return { ok: false, reason: `the stored payload does not fit this version: ${faults.join(", ")}` };
}

/** The same for what many read again and again: each text is parsed once. */
export function parseOnce<Value>(written: Written<Value>, schema: z.ZodType<Value>, text: string): Stored<Value> {
  const known = written.find(text);
  if (known !== undefined) return { ok: true, value: known };
  const stored = parseStored(schema, text);
  if (stored.ok) written.note(text, stored.value);
  return stored;
}

/** Stands in for an event that cannot be read, so that people can list and inspect it; `metadata.unreadable` quotes it. */
export function unreadableEvent(
  conversation: ConversationId,
  stored: { readonly sequence: number; readonly payload: string; readonly at: number },
): InboundEvent {
  const { platform, chat } = conversationParts(conversation);
  const id = `unreadable-${stored.sequence}`;
  const at = new Date(stored.at).toISOString();
  return MessageEvent.parse({
    version: EVENT_VERSION,
    type: "message",
    id,
    key: id,
    bot: "unknown",
    platform,
    account: accountOf(conversation),
    conversation,
    chat: { id: chat.slice(0, 512), type: "direct" },
    user: { id: "unknown" },
    timestamp: at,
    receivedAt: at,
    messageId: id,
    text: "",
    metadata: { unreadable: cutText(stored.payload, UNREADABLE_EXCERPT) },
  });
}
