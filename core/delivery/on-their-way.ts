import type { ConversationId } from "../conversation-id.ts";
import type { Clock } from "../environment.ts";
import type { LiveTurn } from "./live-messages.ts";

/** Replies that were announced and are not delivered yet. A later turn's stream must not overtake them. */
export interface OnTheirWay {
  readonly announce: (turn: LiveTurn) => void;
  readonly arrived: (turn: LiveTurn) => void;
  /** True when no other turn's reply of this conversation is on its way. */
  readonly nothingBefore: (turn: LiveTurn) => boolean;
}

/** Replies that never come (delivered elsewhere, say) hold nobody back after this long. */
const ANNOUNCED_MS = 120_000;

export function createOnTheirWay(clock: Clock): OnTheirWay {
  const announced = new Map<ConversationId, Map<string, number>>();
  return {
    announce: ({ conversation, eventId }) => {
      const events = announced.get(conversation) ?? new Map<string, number>();
      events.set(eventId, clock());
      announced.set(conversation, events);
    },
    arrived: ({ conversation, eventId }) => {
      const events = announced.get(conversation);
      events?.delete(eventId);
      if (events?.size === 0) announced.delete(conversation);
    },
    nothingBefore: ({ conversation, eventId }) => {
      const events = announced.get(conversation);
      for (const [other, at] of events ?? []) {
        if (clock() - at > ANNOUNCED_MS) events?.delete(other);
        else if (other !== eventId) return false;
      }
      return true;
    },
  };
}
