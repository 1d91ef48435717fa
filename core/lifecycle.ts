/** What happened to conversations, on one stream that every process and every plug-in can follow. */
import { z } from "zod";
import { AccountId, ConversationId } from "./conversation-id.ts";

const accountFacts = {
  version: z.literal(1),
  id: z.string(),
  at: z.iso.datetime(),
  bot: z.string(),
  account: AccountId,
};
const base = { ...accountFacts, conversation: ConversationId };

export const LifecycleEvent = z.discriminatedUnion("type", [
  z.object({
    ...base,
    type: z.literal("message-received"),
    eventId: z.string(),
    userId: z.string(),
    kind: z.string(),
  }),
  z.object({
    ...base,
    type: z.literal("reply-sent"),
    eventId: z.string(),
    outcome: z.enum(["delivered", "partial", "failed", "unknown"]),
    messageIds: z.array(z.string()),
  }),
  /** A session of a conversation began: with its first message ever, or the first after its last session ended. */
  z.object({ ...base, type: z.literal("session.created") }),
  /** The session ended: by a reset, because its person is forgotten, or for want of messages. */
  z.object({
    ...base,
    type: z.literal("session.ended"),
    reason: z.enum(["reset", "forgotten", "idle"]),
    durationMs: z.number().int().nonnegative(),
    messageCount: z.number().int().nonnegative(),
  }),
  /** An account waits for a person to scan or type something; without `prompt` it no longer does. */
  z.object({
    ...accountFacts,
    type: z.literal("login-prompt"),
    prompt: z
      .object({ kind: z.enum(["qr", "pairing-code"]), value: z.string(), expiresAt: z.iso.datetime() })
      .optional(),
  }),
]);
export type LifecycleEvent = z.infer<typeof LifecycleEvent>;
