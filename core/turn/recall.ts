/** Messages of this conversation that an event names without their words, found in what was said and answered here. */
import type { WaitingEvent } from "../broker/broker.ts";
import type { ConversationId } from "../conversation-id.ts";
import type { InboundEvent, ReplyTo } from "../event.ts";
import { MAX_REPLIED_LENGTH } from "../event.ts";
import type { Store, TurnRecord } from "../store/store.ts";
import { cutText } from "../text/cut.ts";

type Known = Pick<Store, "history" | "deliveries">;

/** The turn whose answer the bot's message was. */
export async function turnBehind(
  { conversation, messageId }: { readonly conversation: ConversationId; readonly messageId: string },
  { deliveries, history }: Known,
): Promise<TurnRecord | undefined> {
  const sent = await deliveries.byMessageId(messageId);
  const own = sent.find((record) => record.conversation === conversation);
  return own === undefined ? undefined : await history.find(conversation, own.eventId);
}

/** The events with the words of the messages they answer, where the platform tells nothing but an id. */
export async function withReferredWords(
  covered: readonly WaitingEvent[],
  store: Known,
): Promise<readonly WaitingEvent[]> {
  return await Promise.all(
    covered.map(async (waiting) => {
      const { event } = waiting;
      if (!("replyTo" in event) || event.replyTo === undefined) return waiting;
      const known = await recall(event, event.replyTo, store);
      return known === undefined
        ? waiting
        : { ...waiting, event: { ...event, replyTo: { ...event.replyTo, ...known } } };
    }),
  );
}

type Recalled = Pick<ReplyTo, "text" | "isSelf" | "userName">;

async function recall(event: InboundEvent, replyTo: ReplyTo, store: Known): Promise<Recalled | undefined> {
  const { messageId, text = "", quote = "", attachments, isExternal } = replyTo;
  if (messageId === undefined || isExternal || text + quote !== "" || attachments.length > 0) return undefined;
  const said = await store.history.byMessage(event.conversation, messageId);
  if (said === undefined) return await answerBehind({ ...event, messageId }, store);
  const { userName = replyTo.userName } = said;
  return { text: short(said.text), isSelf: false, ...(userName === undefined ? {} : { userName }) };
}

/** What the bot said in that message. What was for one person alone is told to nobody else. */
async function answerBehind(
  { user, ...sent }: Pick<InboundEvent, "user" | "conversation"> & { readonly messageId: string },
  store: Known,
): Promise<Recalled | undefined> {
  const { userId, replies = [] } = (await turnBehind(sent, store)) ?? {};
  const seen = replies.filter(({ visibility }) => visibility !== "requester" || userId === user.id);
  const words = seen.map(({ text, proposal }) => [text, proposal?.summary ?? ""].join("\n").trim()).join("\n\n");
  return seen.length === 0 ? undefined : { text: short(words), isSelf: true };
}

const short = (text: string): string => cutText(text, MAX_REPLIED_LENGTH, "…");
