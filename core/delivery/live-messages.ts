/**
 * Which platform messages show a reply that is still being written.
 *
 * Shared through the broker, so that whichever process delivers the final text finds them. States: they are streamed
 * into (`final` false), taken over by the delivery (`final` true; the streaming process leaves them alone from then
 * on), and, where the final text could not be edited in, `abandoned`: to be removed once the text stands elsewhere.
 */
import { z } from "zod";
import type { Broker } from "../broker/broker.ts";
import type { ConversationId } from "../conversation-id.ts";

const LiveMessages = z.object({
  /** In the order of the text they show. */
  ids: z.array(z.string()),
  abandoned: z.array(z.string()),
  final: z.boolean(),
});
export type LiveMessages = z.infer<typeof LiveMessages>;

/** The turn a live message belongs to. */
export interface LiveTurn {
  readonly conversation: ConversationId;
  readonly eventId: string;
}

export const NO_LIVE_MESSAGES: LiveMessages = { ids: [], abandoned: [], final: false };

/** Longer than any turn with its delivery retries. */
const LIVE_TTL_MS = 6 * 60 * 60_000;

const keyOf = (turn: LiveTurn): string => `live:${turn.conversation}:${turn.eventId}`;

export async function recallLive(broker: Pick<Broker, "recall">, turn: LiveTurn): Promise<LiveMessages> {
  const stored = await broker.recall(keyOf(turn));
  return stored === undefined ? NO_LIVE_MESSAGES : LiveMessages.parse(JSON.parse(stored));
}

export async function rememberLive(
  broker: Pick<Broker, "remember">,
  turn: LiveTurn,
  messages: LiveMessages,
): Promise<void> {
  await broker.remember(keyOf(turn), JSON.stringify(messages), LIVE_TTL_MS);
}
