/** Dead letters: a stream per shard; an id is `<stream id>-<shard>`, so it tells where the letter lies and when it came. */
import { ConversationId } from "../../conversation-id.ts";
import type { DeadLetter, DeadLetters } from "../broker.ts";
import { decodeItem } from "./codec.ts";
import { answered } from "./connection.ts";
import type { Context } from "./context.ts";
import type { ShardKeys } from "./keys.ts";
import { WAKE_GRACE_MS } from "./options.ts";
import { asEntries, asNumber, type StreamEntry } from "./reply.ts";
import { resubmitScript } from "./scripts/intake.ts";

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
    const entries = asEntries(await answered("dead letter", () => redis.xrange(shard.dead, entryId, entryId)));
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
        await answered("resubmit", () =>
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
      return (await answered("dead letter", () => redis.xdel(found.shard.dead, found.entry.id))) === 1;
    },
  };
}

async function newestOf(
  { redis }: Context,
  shard: ShardKeys,
  page: { readonly limit: number; readonly place: Place | undefined },
) {
  const { limit, place } = page;
  const reply = await answered("dead letters", () =>
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
