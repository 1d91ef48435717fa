/**
 * Finds mailboxes that are overdue (lost wake-ups, dead workers, retries and holds whose process is gone) and scheduled
 * events whose time has come. Every process sweeps; each overdue mailbox is handed to one of them.
 */
import { ConversationId } from "../../conversation-id.ts";
import { describeError } from "../../errors.ts";
import { pauseFor } from "../pause-for.ts";
import { parseEvent } from "./codec.ts";
import { answered } from "./connection.ts";
import type { Context } from "./context.ts";
import type { Intake } from "./intake.ts";
import type { ShardKeys } from "./keys.ts";
import { SWEEP_PAUSE_MS } from "./options.ts";
import { asList, asTexts } from "./reply.ts";
import { sweepScript } from "./scripts/intake.ts";

const PER_SWEEP = 100;

export interface SweeperParts extends Context {
  readonly intake: Intake;
  readonly wakeAgain: (conversations: readonly ConversationId[]) => Promise<void>;
}

/** Sweeps until closed; the pauses vary by half, so that processes do not sweep in step. */
export function startSweeper(parts: SweeperParts): {
  readonly sweep: () => Promise<void>;
  readonly close: () => Promise<void>;
} {
  const { settings, keys } = parts;
  const closing = new AbortController();
  let failing = false;
  const sweep = async (): Promise<void> => {
    try {
      await Promise.all(keys.shards.map((shard) => sweepShard(parts, shard)));
      failing = false;
    } catch (thrown) {
      if (!failing) settings.telemetry.log.warn({ error: describeError(thrown) }, "A sweep failed; trying again");
      failing = true;
    }
  };
  const loop = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      await pauseFor(settings.sweepMs * (0.75 + settings.environment.random() / 2), closing.signal);
      if (!closing.signal.aborted) await sweep();
    }
  };
  const looping = loop();
  return {
    sweep,
    close: async () => {
      closing.abort();
      await looping;
    },
  };
}

async function sweepShard(parts: SweeperParts, shard: ShardKeys): Promise<void> {
  const { redis, wakeAgain } = parts;
  const reply = await answered("sweep", () =>
    sweepScript(redis, [shard.due, shard.scheduled], [SWEEP_PAUSE_MS, PER_SWEEP]),
  );
  const [overdue, scheduled] = asList(reply).map(asTexts);
  const conversations = (overdue ?? []).flatMap((id) => ConversationId.safeParse(id).data ?? []);
  if (conversations.length > 0) await answered("wake", () => wakeAgain(conversations));
  if (scheduled !== undefined && scheduled.length > 0) await promote(parts, shard, scheduled);
}

async function promote(parts: SweeperParts, shard: ShardKeys, eventIds: readonly string[]): Promise<void> {
  const { redis, settings, intake } = parts;
  const stored = await answered("sweep", () => redis.hmget(shard.scheduledEvents, ...eventIds));
  for (const [index, eventId] of eventIds.entries()) {
    const json = stored[index];
    const event = parseEvent(json ?? "");
    if (event !== undefined) {
      await intake.promote(event);
      continue;
    }
    settings.telemetry.log.error({ eventId }, "A scheduled event that this version cannot read was set aside");
    await answered("sweep", async () => {
      if (json !== null && json !== undefined) await redis.rpush(shard.unreadable, json);
      await redis.zrem(shard.scheduled, eventId);
      await redis.hdel(shard.scheduledEvents, eventId);
    });
  }
}
