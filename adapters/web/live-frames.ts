import type { LiveSignal } from "../../core/live.ts";
import type { Channel } from "./channel.ts";

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
      if (signal.replies === 0) channel.turns.silent(eventId);
      channel.publish({ type: "finished", eventId, replies: signal.replies });
  }
}
