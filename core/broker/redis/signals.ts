/** Publish and subscribe over one subscriber connection, opened when somebody listens; signals may be lost. */
import { performance } from "node:perf_hooks";
import type { Redis } from "ioredis";
import { ConversationId } from "../../conversation-id.ts";
import type { InboundEvent } from "../../event.ts";
import type { Json } from "../../json.ts";
import { describeError } from "../../errors.ts";
import { createBatch } from "./batch.ts";
import { decodeEvent, parseJson } from "./codec.ts";
import { answered, type Connections } from "./connection.ts";
import type { Keys } from "./keys.ts";
import type { Settings } from "./options.ts";
import { asList } from "./reply.ts";
import { publishScript } from "./scripts/signals.ts";

/** So long a topic counts as unheard; signals may be lost, and one who begins to listen loses no more than this. */
const UNHEARD_MS = 100;
const UNHEARD_TOPICS = 1_000;

type Listener = (text: string) => void;
type ArrivalListener = (conversation: ConversationId, event: InboundEvent) => void;

/** What this process hears from others. */
export interface Signals {
  readonly publish: (topic: string, message: Json) => Promise<void>;
  readonly subscribe: (topic: string, listener: (message: Json) => void) => Promise<() => Promise<void>>;
  readonly onArrival: (listener: ArrivalListener) => () => void;
  /** Where events for claims of this process are announced; empty while nobody listens. */
  readonly arrivalName: () => string;
}

/** Makes the signals of one process; `instance` names it among all. */
export function createSignals(parts: {
  readonly settings: Settings;
  readonly keys: Keys;
  readonly connections: Connections;
  readonly instance: string;
}): Signals {
  const { settings, keys, connections, instance } = parts;
  const { log } = settings.telemetry;
  const channels = createChannels(connections, (thrown) =>
    log.error({ error: describeError(thrown) }, "A listener to signals threw"),
  );
  const publishing = createBatch<readonly [string, string]>(async (signals) =>
    asList(await publishScript(connections.main, [], signals.flat())),
  );
  const unheard = createUnheard();
  let arrivalListeners = 0;
  return {
    publish: async (topic, message) => {
      if (unheard.has(topic)) return;
      try {
        const text = JSON.stringify(message);
        const hearers = await answered("publish", () => publishing.run("", [keys.topic(topic), text]));
        if (hearers === 0) unheard.add(topic);
      } catch (thrown) {
        log.debug({ error: describeError(thrown) }, "A signal was lost");
      }
    },
    subscribe: async (topic, listener) => {
      const stop = await channels.listen(keys.topic(topic), (text) => {
        const message = parseJson(text);
        if (isJson(message)) listener(message);
      });
      unheard.remove(topic);
      return stop;
    },
    onArrival: (listener) => {
      arrivalListeners += 1;
      const listening = channels.listen(`${keys.arrivals}${instance}`, (text) => tellArrival(text, listener));
      listening.catch((thrown: unknown) =>
        log.warn({ error: describeError(thrown) }, "Arrivals are not heard; turns read their mailbox at their end"),
      );
      return () => {
        arrivalListeners -= 1;
        void listening.then((stop) => stop()).catch(() => undefined);
      };
    },
    arrivalName: () => (arrivalListeners > 0 ? instance : ""),
  };
}

/** Topics that nobody listened to a moment ago: a busy process spares the server what nobody hears. */
function createUnheard() {
  const until = new Map<string, number>();
  return {
    has: (topic: string): boolean => (until.get(topic) ?? 0) > performance.now(),
    add: (topic: string): void => {
      if (until.size >= UNHEARD_TOPICS) until.clear();
      until.set(topic, performance.now() + UNHEARD_MS);
    },
    remove: (topic: string): void => void until.delete(topic),
  };
}

function tellArrival(text: string, listener: ArrivalListener): void {
  const end = text.indexOf("\n");
  const conversation = ConversationId.safeParse(text.slice(0, end));
  const event = decodeEvent(text.slice(end + 1));
  if (conversation.success && event !== undefined) listener(conversation.data, event);
}

/** What JSON.parse answers is JSON; undefined stands for a text that was none. */
function isJson(value: unknown): value is Json {
  return value !== undefined;
}

function createChannels(connections: Connections, onThrow: (thrown: unknown) => void) {
  const listeners = new Map<string, Set<Listener>>();
  let redis: Redis | undefined;
  const subscriber = (): Redis => {
    redis ??= connections.openSubscriber().on("message", (channel: string, text: string) => {
      for (const listener of listeners.get(channel) ?? []) {
        try {
          listener(text);
        } catch (thrown) {
          onThrow(thrown);
        }
      }
    });
    return redis;
  };
  const stopListening = async (channel: string, listener: Listener): Promise<void> => {
    const known = listeners.get(channel);
    if (known?.delete(listener) !== true || known.size > 0) return;
    listeners.delete(channel);
    if (subscriber().status !== "end") await answered("unsubscribe", () => subscriber().unsubscribe(channel));
  };
  return {
    listen: async (channel: string, hear: Listener): Promise<() => Promise<void>> => {
      // A function of its own, so that one function may listen twice.
      const listener: Listener = (text) => hear(text);
      const known = listeners.get(channel);
      if (known === undefined) listeners.set(channel, new Set([listener]));
      else known.add(listener);
      try {
        await answered("subscribe", () => subscriber().subscribe(channel));
      } catch (thrown) {
        listeners.get(channel)?.delete(listener);
        throw thrown;
      }
      return () => stopListening(channel, listener);
    },
  };
}
