import type { LiveSignal } from "../../adapter.ts";
import type { Channel } from "./channel.ts";
import { errorFacts, RateLimitedError } from "./errors.ts";
import type { TurnFrame } from "./protocol.ts";

function limitedFrame(channel: Channel, eventId: string, retryAfterMs: number): TurnFrame {
  const messageId = channel.turns.messageOf(eventId);
  const about = messageId === undefined ? {} : { messageId };
  return { type: "error", eventId, ...errorFacts(new RateLimitedError(retryAfterMs)), ...about };
}

/** Shows a live signal to the session's sockets. */
export function showLive(channel: Channel, { eventId, signal }: LiveSignal): void {
  switch (signal.type) {
    case "started":
      channel.publish({ type: "status", eventId, text: "" });
      return;
    case "status":
      channel.publish({ type: "status", eventId, text: signal.text });
      return;
    case "delta":
      channel.publish({ type: "delta", eventId, offset: signal.offset, text: signal.text });
      return;
    case "reset":
      channel.publish({ type: "reset", eventId });
      return;
    case "finished":
      // An end without replies and without a reason is a failed attempt: the turn is tried again.
      if (signal.replies === 0 && signal.reason === undefined) {
        channel.publish({ type: "reset", eventId });
        return;
      }
      if (signal.replies === 0) channel.turns.silent(eventId, signal.retryAfterMs);
      if (signal.retryAfterMs !== undefined) channel.publish(limitedFrame(channel, eventId, signal.retryAfterMs));
      channel.publish({ type: "finished", eventId, replies: signal.replies });
  }
}
