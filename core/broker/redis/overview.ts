/** What people look at and switch: the state of a mailbox, counts, pause and resume. */
import { AccountId, type ConversationId } from "../../conversation-id.ts";
import type { Broker, BrokerCounts, MailboxState, PauseScope } from "../broker.ts";
import { decodeItem } from "./codec.ts";
import { answered } from "./connection.ts";
import type { Context } from "./context.ts";
import { accountPart, type ShardKeys } from "./keys.ts";
import { asNumber } from "./reply.ts";
import { resumeScript } from "./scripts/claim.ts";

type Overview = Pick<Broker, "mailbox" | "counts" | "pause" | "resume">;

/** Makes the overview; `sweep` takes up at once what a resume made due. */
export function createOverview(context: Context, sweep: () => Promise<void>): Overview {
  const { redis, keys } = context;
  return {
    mailbox: (conversation) => readMailbox(context, conversation),
    counts: async () => {
      const shards = await answered("counts", () =>
        Promise.all(keys.shards.map((shard) => countShard(context, shard))),
      );
      return shards.reduce(sum, { waiting: 0, running: 0, scheduled: 0, outbox: 0, dead: 0 });
    },
    pause: async (scope) => {
      const { member, shards } = placesOf(context, scope);
      await answered("pause", () => Promise.all(shards.map((shard) => redis.sadd(shard.paused, member))));
    },
    resume: async (scope) => {
      const { member, shards } = placesOf(context, scope);
      await answered("resume", () =>
        Promise.all(shards.map((shard) => resumeScript(redis, [shard.paused, shard.due], [member]))),
      );
      await sweep();
    },
  };
}

function placesOf({ keys }: Context, scope: PauseScope) {
  if (scope === "all") return { member: "*", shards: keys.shards };
  if ("account" in scope) return { member: scope.account, shards: [keys.shardOfAccount(scope.account)] };
  return { member: scope.conversation, shards: [keys.shardOf(scope.conversation)] };
}

async function readMailbox(context: Context, conversation: ConversationId): Promise<MailboxState> {
  const { redis, keys } = context;
  const { mailbox, conversation: hash } = keys.conversation(conversation);
  const { paused } = keys.shardOf(conversation);
  const [items, [state, starts, lease], pauses, [seconds]] = await answered("mailbox", () =>
    Promise.all([
      redis.lrange(mailbox, 0, -1),
      redis.hmget(hash, "s", "t", "l"),
      redis.smismember(paused, "*", accountPart(conversation), conversation),
      redis.time(),
    ]),
  );
  const waiting = items.flatMap((item) => decodeItem(item) ?? []);
  const attempt = Number(starts ?? 0);
  const isRunning = state === "r" && Number(lease ?? 0) > asNumber(seconds) * 1000;
  return {
    state: stateOf({
      isRunning,
      isPaused: pauses.some((member) => member === 1),
      waiting: waiting.length,
      attempt,
      state,
    }),
    waiting: waiting.map(({ sequence, event }) => ({ sequence, eventId: event.id, type: event.type })),
    attempt,
  };
}

function stateOf(facts: {
  readonly isRunning: boolean;
  readonly isPaused: boolean;
  readonly waiting: number;
  readonly attempt: number;
  readonly state: string | null | undefined;
}): MailboxState["state"] {
  if (facts.isRunning) return "running";
  if (facts.isPaused) return "paused";
  if (facts.waiting === 0) return "idle";
  return facts.state === "w" && facts.attempt > 0 ? "retrying" : "ready";
}

/** Every mailbox with work is in the sweeper's list, so no counter has to be kept on the way of each event. */
async function countShard(context: Context, shard: ShardKeys): Promise<BrokerCounts> {
  const { redis, keys } = context;
  const [conversations, accounts, scheduled, dead, [seconds]] = await Promise.all([
    redis.zrange(shard.due, "0", "-1"),
    redis.smembers(shard.accounts),
    redis.zcard(shard.scheduled),
    redis.xlen(shard.dead),
    redis.time(),
  ]);
  const now = asNumber(seconds) * 1000;
  const tagged = shard.due.slice(0, -"due".length);
  const lengths = conversations.map((id) => redis.llen(`${tagged}m:${id}`));
  const states = conversations.map((id) => redis.hmget(`${tagged}c:${id}`, "s", "l"));
  const outboxes = accounts.flatMap((account) => {
    const parsed = AccountId.safeParse(account);
    return parsed.success ? [redis.xlen(keys.account(parsed.data).outbox)] : [];
  });
  const running = (await Promise.all(states)).filter(([state, lease]) => state === "r" && Number(lease) > now);
  return {
    waiting: total(await Promise.all(lengths)),
    running: running.length,
    scheduled,
    outbox: total(await Promise.all(outboxes)),
    dead,
  };
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sumSoFar, number) => sumSoFar + number, 0);
}

function sum(left: BrokerCounts, right: BrokerCounts): BrokerCounts {
  return {
    waiting: left.waiting + right.waiting,
    running: left.running + right.running,
    scheduled: left.scheduled + right.scheduled,
    outbox: left.outbox + right.outbox,
    dead: left.dead + right.dead,
  };
}
