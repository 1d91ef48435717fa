/** What people look at and change: the state of a mailbox, counts, pauses, dead letters. */
import { AccountId, ConversationId } from "../../conversation-id.ts";
import type { Broker, BrokerCounts, DeadLetter, DeadLetters, MailboxState, PauseScope } from "../broker.ts";
import { callRedis, type Context } from "./connection.ts";
import { accountPart, decodeItem, type ShardKeys } from "./layout.ts";
import { WAKE_GRACE_MS } from "./options.ts";
import { asEntries, asNumber, type StreamEntry } from "./script.ts";
import { resumeScript } from "./scripts/claim.ts";
import { resubmitScript } from "./scripts/intake.ts";

type Overview = Pick<Broker, "mailbox" | "counts" | "pause" | "resume">;

/** Makes the overview; `sweep` takes up at once what a resume made due. */
export function createOverview(context: Context, sweep: () => Promise<void>): Overview {
  const { redis, keys } = context;
  return {
    mailbox: (conversation) => readMailbox(context, conversation),
    counts: async () => {
      const shards = await callRedis("counts", () =>
        Promise.all(keys.shards.map((shard) => countShard(context, shard))),
      );
      return shards.reduce(sum, { waiting: 0, running: 0, scheduled: 0, outbox: 0, dead: 0 });
    },
    pause: async (scope) => {
      const { member, shards } = placesOf(context, scope);
      await callRedis("pause", () => Promise.all(shards.map((shard) => redis.sadd(shard.paused, member))));
    },
    resume: async (scope) => {
      const { member, shards } = placesOf(context, scope);
      await callRedis("resume", () =>
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
  const [items, [state, starts, lease], pauses, [seconds]] = await callRedis("mailbox", () =>
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

const DEFAULT_LIMIT = 50;

interface Place {
  readonly ms: number;
  readonly counter: number;
  readonly shard: number;
}

/** Makes the dead letters. */
export function createDeadLetters(context: Context): DeadLetters {
  const { redis, keys, wake } = context;

  async function find(id: string) {
    const place = parseId(id);
    const shard = place === undefined ? undefined : keys.shards[place.shard];
    if (place === undefined || shard === undefined) return undefined;
    const entryId = `${place.ms}-${place.counter}`;
    const entries = asEntries(await callRedis("dead letter", () => redis.xrange(shard.dead, entryId, entryId)));
    const entry = entries[0];
    return entry === undefined ? undefined : { shard, entry };
  }

  return {
    list: async ({ limit = DEFAULT_LIMIT, before } = {}) => {
      const place = before === undefined ? undefined : parseId(before);
      const found = await Promise.all(keys.shards.map((shard) => newestOf(context, shard, { limit, place })));
      return found
        .flat()
        .toSorted((left, right) => comparePlaces(right.place, left.place))
        .slice(0, limit)
        .map(({ letter }) => letter);
    },
    inspect: async (id) => {
      const found = await find(id);
      return found === undefined ? undefined : readLetter(found.entry, found.shard.index);
    },
    resubmit: async (id) => {
      const found = await find(id);
      const letter = found === undefined ? undefined : readLetter(found.entry, found.shard.index);
      if (found === undefined || letter === undefined) return false;
      const { conversation } = letter;
      const item = found.entry.fields.get("i") ?? "";
      const { mailbox, conversation: hash } = keys.conversation(conversation);
      const delayMs = asNumber(
        await callRedis("resubmit", () =>
          resubmitScript(
            redis,
            [found.shard.dead, mailbox, hash, found.shard.due],
            [found.entry.id, conversation, item.slice(item.indexOf("|") + 1), WAKE_GRACE_MS, keys.arrivals],
          ),
        ),
      );
      if (delayMs >= 0) wake(conversation, delayMs);
      return delayMs > -2;
    },
    remove: async (id) => {
      const found = await find(id);
      if (found === undefined) return false;
      return (await callRedis("dead letter", () => redis.xdel(found.shard.dead, found.entry.id))) === 1;
    },
  };
}

async function newestOf(
  { redis }: Context,
  shard: ShardKeys,
  page: { readonly limit: number; readonly place: Place | undefined },
) {
  const { limit, place } = page;
  const reply = await callRedis("dead letters", () =>
    redis.xrevrange(shard.dead, place === undefined ? "+" : endOf(place, shard.index), "-", "COUNT", limit),
  );
  return asEntries(reply).flatMap((entry) => {
    const letter = readLetter(entry, shard.index);
    const letterPlace = parseId(`${entry.id}-${shard.index}`);
    return letter === undefined || letterPlace === undefined ? [] : [{ letter, place: letterPlace }];
  });
}

/** Equal stream ids of different shards are ordered by shard. */
function endOf({ ms, counter, shard }: Place, ofShard: number): string {
  return `${ofShard < shard ? "" : "("}${ms}-${counter}`;
}

function parseId(id: string): Place | undefined {
  const [, ms, counter, shard] = /^(\d{1,15})-(\d{1,15})-(\d{1,2})$/.exec(id) ?? [];
  return shard === undefined ? undefined : { ms: Number(ms), counter: Number(counter), shard: Number(shard) };
}

function comparePlaces(left: Place, right: Place): number {
  return left.ms - right.ms || left.counter - right.counter || left.shard - right.shard;
}

function readLetter(entry: StreamEntry, shard: number): DeadLetter | undefined {
  const conversation = ConversationId.safeParse(entry.fields.get("c"));
  const waiting = decodeItem(entry.fields.get("i") ?? "");
  if (!conversation.success || waiting === undefined) return undefined;
  return {
    id: `${entry.id}-${shard}`,
    conversation: conversation.data,
    sequence: waiting.sequence,
    event: waiting.event,
    reason: entry.fields.get("r") ?? "",
    attempts: Number(entry.fields.get("a") ?? 0),
    at: new Date(Number(entry.id.slice(0, entry.id.indexOf("-")))).toISOString(),
  };
}
