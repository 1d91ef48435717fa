/** The lifecycle stream: capped, followed by cursor over a connection of its own. */
import type { Redis } from "ioredis";
import { LifecycleEvent } from "../../lifecycle.ts";
import { describeError } from "../../errors.ts";
import type { Broker } from "../broker.ts";
import { pauseFor } from "../pause-for.ts";
import { createBatch } from "./batch.ts";
import { parseJson } from "./codec.ts";
import { answered } from "./connection.ts";
import type { Context } from "./context.ts";
import { asEntries, asList, asStreams, type StreamEntry } from "./reply.ts";
import { emitScript } from "./scripts/signals.ts";

const KEPT = 10_000;
const READ_COUNT = 100;
const PAUSE_AFTER_TROUBLE_MS = 250;

type Lifecycle = Pick<Broker, "emit" | "follow"> & { readonly close: () => Promise<void> };
type FollowListener = (event: LifecycleEvent, cursor: string) => void;

/** Makes the lifecycle stream. */
export function createLifecycle(context: Context): Lifecycle {
  const { redis, keys, connections } = context;
  const emitting = createBatch<string>(async (events) =>
    asList(await emitScript(redis, [keys.lifecycle], [KEPT, ...events])),
  );
  const followers = new Set<() => Promise<void>>();
  return {
    emit: async (event) => {
      await answered("emit", () => emitting.run(keys.lifecycle, JSON.stringify(event)));
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
  const reply = await answered("follow", () => redis.xrevrange(keys.lifecycle, "+", "-", "COUNT", 1));
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
