import type { WaitingEvent } from "../broker/broker.ts";
import type { CommandEvent, EditEvent, InboundEvent, MessageEvent } from "../event.ts";
import { withEdit } from "../event.ts";

/** The messages that one turn answers together. */
export interface Burst {
  /** As they stand now: edits that wait are read in, deleted messages are left out. May be empty then. */
  readonly covered: readonly WaitingEvent[];
  /** Sequence of the last event that the turn takes from the mailbox. */
  readonly through: number;
}

/**
 * How many events from the head belong to one turn: a burst of plain messages by one person, each within `burstMs` of
 * the one before, or the parts of an album. Commands, buttons, edits and other people's messages are turns of their own.
 */
export function collapseBurst(waiting: readonly WaitingEvent[], burstMs: number): Burst {
  const burst: WaitingEvent[] = [];
  for (const next of waiting) {
    const last = burst.at(-1);
    if (last !== undefined && !belongsTogether(last, next, burstMs)) break;
    burst.push(next);
  }
  const through = burst.at(-1)?.sequence ?? 0;
  return { through, covered: burst.flatMap((one) => asItStands(one, waiting)) };
}

function belongsTogether(last: WaitingEvent, next: WaitingEvent, burstMs: number): boolean {
  if (last.event.type !== "message" || next.event.type !== "message") return false;
  if (next.event.user.id !== last.event.user.id) return false;
  if (next.event.album !== undefined && next.event.album === last.event.album) return true;
  return burstMs > 0 && Date.parse(next.event.receivedAt) - Date.parse(last.event.receivedAt) <= burstMs;
}

/** A message with the edits and the deletion of it that came after it. */
function asItStands(one: WaitingEvent, waiting: readonly WaitingEvent[]): readonly WaitingEvent[] {
  let { event } = one;
  for (const { sequence, event: later } of waiting) {
    if (sequence <= one.sequence || !("messageId" in event) || !("messageId" in later)) continue;
    if (later.messageId !== event.messageId || !isSpoken(event)) continue;
    if (later.type === "delete") return [];
    if (later.type === "edit" && event.type !== "command") event = withEdit(event, later);
  }
  return [{ ...one, event }];
}

function isSpoken(event: InboundEvent): event is MessageEvent | EditEvent | CommandEvent {
  return event.type === "message" || event.type === "edit" || event.type === "command";
}
