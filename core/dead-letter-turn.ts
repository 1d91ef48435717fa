/**
 * The turn under which history keeps the notice of a dead letter. It is one of its own: when the event is put back, its
 * answer takes the event's own place, and the notice stays what was said before.
 */
const MARK = ".dead";

/** The id of the notice's turn for this event. */
export function deadLetterTurn(eventId: string): string {
  return `${eventId}${MARK}`;
}

/** The event behind a turn's id, a notice's or its own. */
export function eventOfTurn(turnId: string): string {
  return turnId.endsWith(MARK) ? turnId.slice(0, -MARK.length) : turnId;
}
