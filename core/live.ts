/** Live signals of a running turn. They take a side channel and may be lost; the final reply may not. */
import { z } from "zod";
import { ConversationId } from "./conversation-id.ts";
import { ReplyTarget } from "./reply.ts";

/** Like a reply's: words for the requester alone are streamed nowhere where others read along. */
const visibility = z.enum(["everyone", "requester"]).exactOptional();

export const LiveSignal = z.object({
  conversation: ConversationId,
  /** The event that is answered. */
  eventId: z.string(),
  target: ReplyTarget,
  signal: z.discriminatedUnion("type", [
    /** The turn started: show typing. */
    z.object({ type: z.literal("started") }),
    /** What it is doing now, in words a person understands ("Searching the documents…"). */
    z.object({ type: z.literal("status"), text: z.string().max(500), visibility }),
    /** The next piece of the answer's Markdown; `offset` is the UTF-16 length of all pieces before it. */
    z.object({
      type: z.literal("delta"),
      text: z.string(),
      offset: z.number().int().nonnegative(),
      visibility,
    }),
    /** Forget the streamed text; another attempt starts. */
    z.object({ type: z.literal("reset") }),
    /** The turn ended: `replies` are on their way through the outbox (0: deliberately silent, with the gate's reason). */
    z.object({
      type: z.literal("finished"),
      replies: z.number().int().nonnegative(),
      /** All events that the turn answered together (a burst), where there were several. */
      covered: z.array(z.string()).optional(),
      reason: z.string().optional(),
      /** The person said more than the limits allow: when to say it again. */
      retryAfterMs: z.number().nonnegative().optional(),
    }),
  ]),
});
export type LiveSignal = z.infer<typeof LiveSignal>;
