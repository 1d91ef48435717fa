import type { WaitingEvent } from "../broker/broker.ts";
import { textOf } from "../event.ts";

/**
 * How many events from the head belong to one turn: a burst of plain messages by one person, each within `burstMs` of
 * the one before. Commands, buttons, edits and other people's messages are turns of their own.
 */
export function collapseBurst(waiting: readonly WaitingEvent[], burstMs: number): readonly WaitingEvent[] {
  const burst: WaitingEvent[] = [];
  for (const next of waiting) {
    const last = burst.at(-1);
    if (last !== undefined && !belongsTogether(last, next, burstMs)) break;
    burst.push(next);
    if (burstMs === 0 || next.event.type !== "message") break;
  }
  return burst;
}

/** The words of a turn: a command without its slash, a burst joined by line breaks. */
export function wordsOf(events: readonly WaitingEvent[]): string {
  return events
    .map(({ event }) => (event.type === "command" ? `${event.name} ${event.text}`.trim() : textOf(event)))
    .join("\n");
}

function belongsTogether(last: WaitingEvent, next: WaitingEvent, burstMs: number): boolean {
  return (
    next.event.type === "message" &&
    next.event.user.id === last.event.user.id &&
    Date.parse(next.event.receivedAt) - Date.parse(last.event.receivedAt) <= burstMs
  );
}
