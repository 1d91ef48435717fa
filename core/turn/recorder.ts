import type { WaitingEvent } from "../broker/broker.ts";
import type { Clock } from "../environment.ts";
import type { InboundEvent } from "../event.ts";
import type { Trace, Tracer, TraceStep } from "../trace.ts";

/** Collects the steps of one turn. */
export interface Recorder {
  readonly step: Tracer;
  readonly finish: (outcome: Trace["outcome"]) => Trace;
}

/** Starts the record of a turn over these events. */
export function createRecorder(events: readonly WaitingEvent[], first: InboundEvent, clock: Clock): Recorder {
  const now = (): string => new Date(clock()).toISOString();
  const startedAt = now();
  const steps: TraceStep[] = [];
  return {
    step: (step) => {
      steps.push({ at: now(), ...step });
    },
    finish: (outcome) => ({
      version: 1,
      id: first.id,
      conversation: first.conversation,
      bot: first.bot,
      eventIds: events.map(({ event }) => event.id),
      messageIds: events.flatMap(({ event }) => ("messageId" in event && event.messageId ? [event.messageId] : [])),
      startedAt,
      finishedAt: now(),
      outcome,
      steps,
    }),
  };
}
