/** The messages of the stream that the final reply is edited into, part by part. */
import type { Broker } from "../broker/broker.ts";
import type { OutboxEntry } from "../broker/outbox-entry.ts";
import { type LiveMessages, NO_LIVE_MESSAGES, rememberLive } from "./live-messages.ts";

export interface LiveTarget {
  /** The messages of the stream, and those of them that were given up for new ones. The first `ids` shows the first part. */
  readonly messages: LiveMessages;
  /** It could not be edited: from this part on the text is sent anew, and the old messages are removed at the end. */
  readonly abandon: (part: number) => Promise<void>;
  /** The leftovers are gone. */
  readonly done: () => Promise<void>;
}

/** All messages that the stream was shown in. */
export function shownBy({ ids, abandoned }: LiveMessages): readonly string[] {
  return [...ids, ...abandoned];
}

/** Starts from what the live side handed over. */
export function createLiveTarget(
  broker: Pick<Broker, "remember">,
  entry: OutboxEntry,
  taken: LiveMessages,
): LiveTarget {
  const target = { messages: taken };

  async function change(next: LiveMessages): Promise<void> {
    await rememberLive(broker, entry, next);
    target.messages = next;
  }

  return Object.assign(target, {
    abandon: async (part: number) => {
      const { ids, abandoned } = target.messages;
      await change({ ids: ids.slice(0, part), abandoned: [...abandoned, ...ids.slice(part)], final: true });
    },
    done: async () => await change({ ...NO_LIVE_MESSAGES, final: true }),
  });
}
