/** What the outbox carries: one reply on its way to one chat. */
import { z } from "zod";
import { AccountId, ConversationId } from "../conversation-id.ts";
import { Reply, ReplyTarget } from "../reply.ts";

export const OutboxDraft = z.object({
  /** Unique and stable over retries of the turn: `<event id>.<index>`. */
  id: z.string().min(1).max(200),
  conversation: ConversationId,
  account: AccountId,
  /** The event that is answered (also the correlation id). */
  eventId: z.string(),
  /** Position among the turn's replies, and how many there are. */
  index: z.number().int().nonnegative(),
  count: z.number().int().positive(),
  target: ReplyTarget,
  reply: Reply,
  /** After an ambiguous send: `never` repeats nothing (money), `once` sends a second time. */
  repeat: z.enum(["never", "once"]),
  /** False where no word of it can have been shown while it was written; then nobody looks for messages that show it. */
  streamed: z.literal(false).optional(),
  createdAt: z.iso.datetime(),
});
export type OutboxDraft = z.infer<typeof OutboxDraft>;

export const OutboxEntry = OutboxDraft.extend({
  /** Position in the account's outbox; order within a conversation follows it. */
  position: z.string(),
});
export type OutboxEntry = z.infer<typeof OutboxEntry>;

/** One part of a delivered reply. */
export const PartReceipt = z.object({
  part: z.number().int().nonnegative(),
  messageId: z.string(),
  at: z.iso.datetime(),
});
export type PartReceipt = z.infer<typeof PartReceipt>;

/** Durable notes of a delivery in progress. */
export const DeliveryProgress = z.object({
  sent: z.array(PartReceipt),
  /** The part that is on the wire. Found after a crash, it is the ambiguous one. */
  sending: z.number().int().nonnegative().optional(),
  /** Parts whose send was repeated after an ambiguous failure. */
  repeated: z.array(z.number().int().nonnegative()).default([]),
  /** True when the markup was refused and the parts are plain text. */
  plain: z.boolean().default(false),
  /** The first part that is plain text; the ones before it were sent with markup. */
  plainFrom: z.number().int().nonnegative().optional(),
  /** Parts whose file the platform refused, in the order in which it did. */
  refusedAt: z.array(z.number().int().nonnegative()).optional(),
  /** Where the reply went after its place was gone, the last of them is where it goes now; the parts count anew there. */
  moves: z.array(z.object({ audience: z.enum(["chat", "requester"]), target: ReplyTarget })).optional(),
  /** Number of failed tries of the part that is next. */
  failures: z.number().int().nonnegative().default(0),
});
export type DeliveryProgress = z.infer<typeof DeliveryProgress>;
