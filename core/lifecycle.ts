/** What happened to conversations, on one stream that every process and every plug-in can follow. */
import { z } from "zod";
import { AccountId, ConversationId } from "./conversation-id.ts";

const base = {
  version: z.literal(1),
  id: z.string(),
  at: z.iso.datetime(),
  bot: z.string(),
  account: AccountId,
  conversation: ConversationId,
};

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
  z.object({ ...base, type: z.literal("conversation-created") }),
  z.object({
    ...base,
    type: z.literal("conversation-ended"),
    reason: z.enum(["reset", "forgotten", "idle"]),
    durationMs: z.number().int().nonnegative(),
    messageCount: z.number().int().nonnegative(),
  }),
]);
export type LifecycleEvent = z.infer<typeof LifecycleEvent>;
