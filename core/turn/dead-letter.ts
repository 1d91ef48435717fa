import type { WaitingEvent } from "../broker/broker.ts";
import type { OutboxDraft } from "../broker/outbox-entry.ts";
import { deadLetterTurn } from "../dead-letter-turn.ts";
import { describeError } from "../errors.ts";
import type { Reply } from "../reply.ts";
import { historyText } from "./content.ts";
import type { TurnDependencies } from "./decision.ts";
import { toOutboxDrafts } from "./outbox-drafts.ts";
import { phrasesFor } from "./phrases.ts";

type Dependencies = Pick<
  TurnDependencies,
  "bot" | "conversations" | "store" | "saveTrace" | "environment" | "telemetry"
>;

/**
 * Tells the person that their message could not be processed, and leaves a trace of why. The notice stands in the history
 * as well, so that whoever asks again finds it. Where an attempt had written its answer already, that answer is sent.
 */
export function createDeadLetterNotice(
  dependencies: Dependencies,
): (waiting: WaitingEvent, reason: string) => Promise<readonly OutboxDraft[]> {
  const { environment, telemetry } = dependencies;
  return async (waiting, reason) => {
    const { event } = waiting;
    telemetry.log.error(
      { correlationId: event.id, conversation: event.conversation, reason },
      "event went to the dead letters",
    );
    await saveTrace(dependencies, waiting, reason);
    const written = await writtenAnswer(dependencies, waiting);
    if (written !== undefined) return toOutboxDrafts(event, written, { money: true, environment });
    const reply = noticeOf(dependencies, waiting);
    await writeDown(dependencies, waiting, reply);
    return toOutboxDrafts(event, [reply], { money: false, environment }).map((draft) => ({
      ...draft,
      id: deadLetterTurn(event.id),
    }));
  };
}

async function saveTrace(dependencies: Dependencies, { event }: WaitingEvent, reason: string): Promise<void> {
  const at = new Date(dependencies.environment.clock()).toISOString();
  await dependencies.saveTrace({
    version: 1,
    id: event.id,
    conversation: event.conversation,
    bot: event.bot,
    eventIds: [event.id],
    messageIds: "messageId" in event && event.messageId !== undefined ? [event.messageId] : [],
    startedAt: at,
    finishedAt: at,
    outcome: "dead-lettered",
    steps: [{ at, kind: "commit", name: "dead-letters", outcome: "dead-lettered", detail: reason }],
  });
}

function noticeOf({ bot, environment }: Dependencies, { event }: WaitingEvent): Reply {
  return {
    id: environment.newId(),
    text: phrasesFor(bot(event.bot)?.config.locale ?? "en").deadLetter,
    sources: [],
    disclaimers: [],
    confidence: 1,
    model: "none",
    processingTimeMs: 0,
  };
}

/** Its process died between the answer and its commit, each time. */
async function writtenAnswer(
  { store, telemetry }: Dependencies,
  { event }: WaitingEvent,
): Promise<readonly Reply[] | undefined> {
  try {
    return (await store.history.find(event.conversation, event.id))?.replies;
  } catch (thrown) {
    telemetry.log.warn({ correlationId: event.id, error: describeError(thrown) }, "the history could not be read");
    return undefined;
  }
}

/** A notice that cannot be written down is sent all the same. */
async function writeDown(
  { conversations, environment, store, telemetry }: Dependencies,
  waiting: WaitingEvent,
  reply: Reply,
): Promise<void> {
  const { event, sequence } = waiting;
  try {
    const { record } = await conversations.resume(event);
    await store.history.write({
      conversation: event.conversation,
      sequence,
      session: record.session,
      eventId: deadLetterTurn(event.id),
      userId: event.user.id,
      ...(event.user.name === undefined ? {} : { userName: event.user.name }),
      ...("messageId" in event && event.messageId !== undefined ? { messageId: event.messageId } : {}),
      text: historyText([waiting]),
      replies: [reply],
      at: event.receivedAt,
      answeredAt: new Date(environment.clock()).toISOString(),
    });
  } catch (thrown) {
    telemetry.log.warn(
      { correlationId: event.id, error: describeError(thrown) },
      "the notice of a dead letter could not be written into the history",
    );
  }
}
