import type { WaitingEvent } from "../broker/broker.ts";
import type { OutboxDraft } from "../broker/outbox-entry.ts";
import type { TurnDependencies } from "./decision.ts";
import { toOutboxDrafts } from "./outbox-drafts.ts";
import { phrasesFor } from "./phrases.ts";

/** Tells the person that their message could not be processed, and leaves a trace of why. */
export function createDeadLetterNotice(
  dependencies: Pick<TurnDependencies, "bot" | "saveTrace" | "environment" | "telemetry">,
): (waiting: WaitingEvent, reason: string) => Promise<readonly OutboxDraft[]> {
  const { environment, telemetry } = dependencies;
  return async ({ event }, reason) => {
    const at = new Date(environment.clock()).toISOString();
    telemetry.metrics.deadLetter({ platform: event.platform });
    telemetry.log.error(
      { correlationId: event.id, conversation: event.conversation, reason },
      "event went to the dead letters",
    );
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
      steps: [{ at, kind: "commit", name: "dead-letters", outcome: "buried", detail: reason }],
    });
    const text = phrasesFor(dependencies.bot(event.bot)?.config.locale ?? "en").deadLetter;
    const reply = {
      id: environment.newId(),
      text,
      sources: [],
      disclaimers: [],
      confidence: 1,
      model: "none",
      processingTimeMs: 0,
    };
    return toOutboxDrafts(event, [reply], { money: false, environment }).map((draft) => ({
      ...draft,
      id: `${event.id}.dead`,
    }));
  };
}
