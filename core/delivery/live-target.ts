/** The messages of the stream that the final reply is edited into, part by part. */
import type { Broker } from "../broker/broker.ts";
import type { OutboxEntry } from "../broker/outbox-entry.ts";
import { type LiveMessages, NO_LIVE_MESSAGES, rememberLive } from "./live-messages.ts";

export interface LiveTarget {
  /** The message that shows this part already, if any. */
  readonly messageOf: (part: number) => string | undefined;
  /** It could not be edited: from this part on the text is sent anew, and the old messages are removed at the end. */
  readonly abandon: (part: number) => Promise<void>;
  /** All messages of the stream, and those of them that were given up for new ones. */
  readonly all: () => readonly string[];
  readonly abandoned: () => readonly string[];
  /** The leftovers are gone. */
  readonly done: () => Promise<void>;
}

/** Starts from what the live side handed over. */
export function createLiveTarget(
  broker: Pick<Broker, "remember">,
  entry: OutboxEntry,
  taken: LiveMessages,
): LiveTarget {
  let messages = taken;

  async function change(next: LiveMessages): Promise<void> {
    await rememberLive(broker, entry, next);
    messages = next;
  }

  return {
    messageOf: (part) => messages.ids[part],
    abandon: async (part) => {
      await change({
        ids: messages.ids.slice(0, part),
        abandoned: [...messages.abandoned, ...messages.ids.slice(part)],
        final: true,
      });
    },
    all: () => [...messages.ids, ...messages.abandoned],
    abandoned: () => messages.abandoned,
    done: async () => {
      if (messages.ids.length + messages.abandoned.length > 0) await change({ ...NO_LIVE_MESSAGES, final: true });
    },
  };
}
