/**
 * What must be done from time to time, by every process: end what dead processes held, and find mailboxes that are overdue
 * (lost wake-ups, dead workers, retries and holds whose process is gone) and scheduled events whose time has come.
 */
import { AccountId, ConversationId } from "../../conversation-id.ts";
import { describeError } from "../../errors.ts";
import { BEAT_MS, nextBeat } from "../../timing/beat.ts";
import { pauseFor } from "../../timing/sleep.ts";
import { Member, type ProcessRegister } from "../presence.ts";
import type { Accept } from "./accept.ts";
import { callRedis, type Context } from "./connection.ts";
import { parseEvent, parseJson, type ShardKeys } from "./layout.ts";
import { SWEEP_PAUSE_MS } from "./options.ts";
import { asList, asNumber, asTexts } from "./script.ts";
import { afterDeathScript, heldByScript } from "./scripts/claim.ts";
import { sweepScript } from "./scripts/intake.ts";
import { releaseOfScript } from "./scripts/outbox.ts";

/** Conversations that are looked at in one step. */
const AT_ONCE = 500;

/** Makes the register. */
export function createRegister(context: Context): ProcessRegister {
  const { redis, keys } = context;
  return {
    announce: async (member) => {
      await callRedis("announce", () => redis.hset(keys.processes, member.id, JSON.stringify(member)));
    },
    members: async () => {
      const stored = await callRedis("members", () => redis.hvals(keys.processes));
      return stored.flatMap((text) => Member.safeParse(parseJson(text)).data ?? []);
    },
    evict: (id) => evict(context, id),
    leave: async (id) => {
      await callRedis("leave", () => redis.hdel(keys.processes, id));
    },
  };
}

/** In steps that may be repeated, by several processes at once as well; the process is forgotten last. */
async function evict(context: Context, id: string): Promise<void> {
  const { redis, keys } = context;
  const held = (await Promise.all(keys.shards.map((shard) => heldBy(context, shard, id)))).flat();
  const inFlight = await callRedis("evict", async () => {
    await redis.hsetnx(keys.deaths, id, held.length);
    return await redis.hget(keys.deaths, id);
  });
  await Promise.all([
    ...held.map((conversation) => release(context, conversation, { id, wasAlone: inFlight === "1" })),
    ...keys.shards.map((shard) => releaseOwned(context, shard, id)),
  ]);
  await callRedis("evict", async () => {
    await redis.hdel(keys.processes, id);
    await redis.hdel(keys.deaths, id);
  });
}

async function heldBy(context: Context, shard: ShardKeys, id: string): Promise<readonly ConversationId[]> {
  const { redis, keys } = context;
  const held = new Set<ConversationId>();
  let cursor = "0";
  do {
    const [next, found] = await callRedis("evict", () => redis.zscan(shard.due, cursor, "COUNT", AT_ONCE));
    cursor = next;
    // Names and scores take turns.
    const conversations = found.flatMap((name, index) =>
      index % 2 === 0 ? (ConversationId.safeParse(name).data ?? []) : [],
    );
    if (conversations.length === 0) continue;
    const hashes = conversations.map((conversation) => keys.conversation(conversation).conversation);
    const indexes = asList(await callRedis("evict", () => heldByScript(redis, hashes, [id])));
    for (const index of indexes) {
      const conversation = conversations[asNumber(index) - 1];
      if (conversation !== undefined) held.add(conversation);
    }
  } while (cursor !== "0");
  return [...held];
}

async function release(
  { redis, keys, wake }: Context,
  conversation: ConversationId,
  { id, wasAlone }: { readonly id: string; readonly wasAlone: boolean },
): Promise<void> {
  const { due } = keys.shardOf(conversation);
  const { mailbox, conversation: hash } = keys.conversation(conversation);
  const reply = await callRedis("evict", () =>
    afterDeathScript(redis, [mailbox, hash, due], [conversation, id, wasAlone ? 1 : 0]),
  );
  if (asNumber(reply) === 1) wake(conversation, 0);
}

async function releaseOwned({ redis, keys }: Context, shard: ShardKeys, id: string): Promise<void> {
  const accounts = await callRedis("evict", () => redis.smembers(shard.owned));
  const known = accounts.flatMap((account) => AccountId.safeParse(account).data ?? []);
  await Promise.all(
    known.map((account) => callRedis("evict", () => releaseOfScript(redis, [keys.account(account).owner], [id]))),
  );
}

const PER_SWEEP = 100;

export interface SweeperParts extends Context {
  readonly intake: Accept;
  readonly wakeAgain: (conversations: readonly ConversationId[]) => Promise<void>;
}

export interface Sweeper {
  readonly sweep: () => Promise<void>;
  /** Something will be due soon that the sweeper has not seen. */
  readonly expect: () => void;
  readonly close: () => Promise<void>;
}

/**
 * Sweeps until closed; the pauses vary by half, so that processes do not sweep in step. While nothing is due soon it sweeps
 * with the beat: what comes meanwhile is overdue after `WAKE_GRACE_MS`, and found no later for it.
 */
export function startSweeper(parts: SweeperParts): Sweeper {
  const { settings } = parts;
  const closing = new AbortController();
  let resting = new AbortController();
  let failing = false;
  let isAtRest = false;
  const sweep = async (): Promise<void> => {
    try {
      const nextMs = await sweepShards(parts);
      isAtRest = nextMs >= BEAT_MS + settings.sweepMs;
      failing = false;
    } catch (thrown) {
      if (!failing) settings.telemetry.log.warn({ error: describeError(thrown) }, "A sweep failed; trying again");
      failing = true;
      isAtRest = false;
    }
  };
  const loop = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      resting = new AbortController();
      if (isAtRest && settings.sweepMs < BEAT_MS) await nextBeat(resting.signal);
      else await pauseFor(settings.sweepMs * (0.75 + settings.environment.random() / 2), closing.signal);
      if (!closing.signal.aborted) await sweep();
    }
  };
  const looping = loop();
  const expect = (): void => {
    isAtRest = false;
    resting.abort();
  };
  return {
    sweep,
    expect,
    close: async () => {
      closing.abort();
      resting.abort();
      await looping;
    },
  };
}

/** Gives in how many ms something is due, as far as it is known. */
async function sweepShards(parts: SweeperParts): Promise<number> {
  const { redis, keys } = parts;
  const calls = keys.shards.map(({ due, scheduled }) => ({
    keys: [due, scheduled],
    values: [SWEEP_PAUSE_MS, PER_SWEEP],
  }));
  const replies = await callRedis("sweep", () => sweepScript.inOneTrip(redis, calls));
  const nexts = await Promise.all(keys.shards.map((shard, index) => handOut(parts, shard, replies[index])));
  return Math.min(...nexts);
}

async function handOut(parts: SweeperParts, shard: ShardKeys, reply: unknown): Promise<number> {
  const [overdue, scheduled, next] = asList(reply);
  const conversations = asTexts(overdue).flatMap((id) => ConversationId.safeParse(id).data ?? []);
  if (conversations.length > 0) await callRedis("wake", () => parts.wakeAgain(conversations));
  const eventIds = asTexts(scheduled);
  if (eventIds.length > 0) await promote(parts, shard, eventIds);
  const nextMs = asNumber(next);
  return nextMs < 0 ? Infinity : nextMs;
}

async function promote(parts: SweeperParts, shard: ShardKeys, eventIds: readonly string[]): Promise<void> {
  const { redis, settings, intake } = parts;
  const stored = await callRedis("sweep", () => redis.hmget(shard.scheduledEvents, ...eventIds));
  for (const [index, eventId] of eventIds.entries()) {
    const json = stored[index];
    const event = parseEvent(json ?? "");
    if (event !== undefined) {
      await intake.promote(event);
      continue;
    }
    settings.telemetry.log.error({ eventId }, "A scheduled event that this version cannot read was set aside");
    await callRedis("sweep", async () => {
      if (json !== null && json !== undefined) await redis.rpush(shard.unreadable, json);
      await redis.zrem(shard.scheduled, eventId);
      await redis.hdel(shard.scheduledEvents, eventId);
    });
  }
}
