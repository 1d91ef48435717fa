import type { WaitingEvent } from "../broker/broker.ts";
import type { Clock } from "../environment.ts";
import type { InboundEvent } from "../event.ts";
import { maskText } from "../privacy/mask-text.ts";
import type { Trace, Tracer, TraceStep } from "../trace.ts";

/** Collects the steps of one turn. */
export interface Recorder {
  readonly step: Tracer;
  /** What was recorded so far. */
  readonly steps: readonly TraceStep[];
  readonly finish: (outcome: Trace["outcome"]) => Trace;
}

/** Starts the record of a turn over these events. */
export function createRecorder(events: readonly WaitingEvent[], first: InboundEvent, clock: Clock): Recorder {
  let told = { time: Number.NaN, text: "" };
  /** Most steps of a turn fall into the same millisecond as the one before. */
  const now = (): string => {
    const time = clock();
    if (time !== told.time) told = { time, text: new Date(time).toISOString() };
    return told.text;
  };
  const startedAt = now();
  const steps: TraceStep[] = [];
  return {
    steps,
    step: (step) => {
      const { detail } = step;
      steps.push({ at: now(), ...step, ...(detail !== undefined && { detail: maskText(detail) }) });
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
