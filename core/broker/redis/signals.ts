/** What processes tell one another: signals that may be lost, and the lifecycle stream, which is kept for a while. */
import { performance } from "node:perf_hooks";
import type { Redis } from "ioredis";
import { ConversationId } from "../../conversation-id.ts";
import { describeError } from "../../errors.ts";
import type { InboundEvent } from "../../event.ts";
import type { Json } from "../../json.ts";
import { LifecycleEvent } from "../../lifecycle.ts";
import { pauseFor } from "../../timing/sleep.ts";
import type { Broker } from "../broker.ts";
import { callRedis, type Connections, type Context } from "./connection.ts";
import { decodeEvent, type Keys, parseJson } from "./layout.ts";
import type { Settings } from "./options.ts";
import { asEntries, asList, asStreams, createBatch, type StreamEntry } from "./script.ts";
import { emitScript, publishScript } from "./scripts/outbox.ts";

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
  const publishing = createBatch<readonly [string, string]>(connections.main, async (signals) =>
    asList(await publishScript(connections.main, [], signals.flat())),
  );
  const unheard = createUnheard();
  let arrivalListeners = 0;
  return {
    publish: async (topic, message) => {
      if (unheard.has(topic)) return;
      try {
        const text = JSON.stringify(message);
        const hearers = await callRedis("publish", () => publishing.run("", [keys.topic(topic), text]));
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
  /** The server is told, and not waited for: nobody listens any more, and it may be down. */
  const stopListening = async (channel: string, listener: Listener): Promise<void> => {
    const known = listeners.get(channel);
    if (known?.delete(listener) !== true || known.size > 0) return;
    listeners.delete(channel);
    if (subscriber().status !== "end")
      subscriber()
        .unsubscribe(channel)
        .catch(() => undefined);
  };
  return {
    listen: async (channel: string, hear: Listener): Promise<() => Promise<void>> => {
      // A function of its own, so that one function may listen twice.
      const listener: Listener = (text) => hear(text);
      const known = listeners.get(channel);
      if (known === undefined) listeners.set(channel, new Set([listener]));
      else known.add(listener);
      try {
        await callRedis("subscribe", () => subscriber().subscribe(channel));
      } catch (thrown) {
        listeners.get(channel)?.delete(listener);
        throw thrown;
      }
      return () => stopListening(channel, listener);
    },
  };
}

const KEPT = 10_000;
const READ_COUNT = 100;
const PAUSE_AFTER_TROUBLE_MS = 250;

type Lifecycle = Pick<Broker, "emit" | "follow"> & { readonly close: () => Promise<void> };
type FollowListener = (event: LifecycleEvent, cursor: string) => void;

/** Makes the lifecycle stream. */
export function createLifecycle(context: Context): Lifecycle {
  const { redis, keys, connections } = context;
  const { environment, lifecycleRetentionMs } = context.settings;
  const emitting = createBatch<string>(redis, async (events) => {
    const oldest = Math.max(0, environment.clock() - lifecycleRetentionMs);
    return asList(await emitScript(redis, [keys.lifecycle], [KEPT, oldest, ...events]));
  });
  const followers = new Set<() => Promise<void>>();
  return {
    emit: async (event) => {
      await callRedis("emit", () => emitting.run(keys.lifecycle, JSON.stringify(event)));
    },
    follow: async (listener, after) => {
      const cursor = after ?? (await newest(context));
      const connection = connections.openBlocking();
      const closing = new AbortController();
      const looping = followStream(context, { connection, cursor, listener, closing: closing.signal });
      const stop = async (): Promise<void> => {
        followers.delete(stop);
        closing.abort();
        connection.disconnect();
        await looping;
      };
      followers.add(stop);
      return stop;
    },
    close: async () => {
      await Promise.all([...followers].map((stop) => stop()));
    },
  };
}

/** "From now on" must survive a reconnect, so it is a concrete id rather than `$`. */
async function newest({ redis, keys }: Context): Promise<string> {
  const reply = await callRedis("follow", () => redis.xrevrange(keys.lifecycle, "+", "-", "COUNT", 1));
  return asEntries(reply)[0]?.id ?? "0-0";
}

async function followStream(
  context: Context,
  follower: {
    readonly connection: Redis;
    readonly cursor: string;
    readonly listener: FollowListener;
    readonly closing: AbortSignal;
  },
): Promise<void> {
  const { keys, connections, settings } = context;
  const { connection, listener, closing } = follower;
  let { cursor } = follower;
  while (!closing.aborted) {
    try {
      const words = ["COUNT", READ_COUNT, "BLOCK", connections.blockMs, "STREAMS", keys.lifecycle, cursor];
      const entries = asStreams(await connection.call("xread", ...words)).get(keys.lifecycle) ?? [];
      for (const entry of entries) {
        cursor = entry.id;
        if (!closing.aborted) tell(context, entry, listener);
      }
    } catch (thrown) {
      if (closing.aborted) return;
      settings.telemetry.log.debug({ error: describeError(thrown) }, "Following the lifecycle failed; trying again");
      await pauseFor(PAUSE_AFTER_TROUBLE_MS, closing);
    }
  }
}

function tell(context: Context, entry: StreamEntry, listener: FollowListener): void {
  const event = LifecycleEvent.safeParse(parseJson(entry.fields.get("d") ?? ""));
  // An event of a newer version: its follower cannot know it.
  if (!event.success) return;
  try {
    listener(event.data, entry.id);
  } catch (thrown) {
    context.settings.telemetry.log.error({ error: describeError(thrown) }, "A listener to the lifecycle threw");
  }
}
