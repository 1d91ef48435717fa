/** The outbox primitives: a stream per account, delivered by its one owner. */
import type { AccountId, ConversationId } from "../../conversation-id.ts";
import { linkSignals } from "../../timing/signals.ts";
import { DeliveryProgress, OutboxDraft, type OutboxEntry } from "../outbox-entry.ts";
import type { Outboxes, Ownership } from "../primitives.ts";
import { parseOnce } from "../stored-payload.ts";
import { writtenDrafts } from "../written.ts";
import { callRedis, type Context } from "./connection.ts";
import { accountPart, parseJson } from "./layout.ts";
import { DEDUPLICATION_SECONDS } from "./options.ts";
import { createStreamReader, type StreamReader } from "./outbox-reader.ts";
import { asNumber, asStreams, createBatch, type StreamEntry } from "./script.ts";
import { ownersScript, ownScript, releaseScript, sendScript, setAsideEntryScript } from "./scripts/outbox.ts";

/** The primitives, and what the broker does with outboxes besides. */
export interface RedisOutboxes extends Outboxes {
  readonly send: (draft: OutboxDraft) => Promise<void>;
  /** Notes that the account has an outbox, so that it is counted. Costs nothing after the first time. */
  readonly rememberAccount: (conversation: ConversationId) => Promise<void>;
}

/** Progress of all entries of an account, known in full to its owner: nobody else may write it. */
interface OwnedProgress {
  readonly epoch: number;
  readonly entries: Map<string, DeliveryProgress>;
}

/** Makes the outbox primitives. */
export function createOutboxes(context: Context): RedisOutboxes {
  const { redis, keys } = context;
  const owned = new Map<AccountId, OwnedProgress>();
  const noting = createBatch<OwnersNote>(redis, (notes) => noteAll(context, notes));
  const remember = createAccountMemory(context);
  const read = createRead(context);

  const lost = (account: AccountId): false => {
    owned.delete(account);
    return false;
  };

  return {
    own: (account, owner, leaseMs, past = "") => takeOwnership(context, owned, { account, owner, leaseMs, past }),
    release: async (account, owner) => {
      owned.delete(account);
      await callRedis("release", () => releaseScript(redis, [keys.account(account).owner], [owner]));
    },
    read,
    progress: async (account, entryId) => {
      const known = owned.get(account);
      if (known !== undefined) return known.entries.get(entryId);
      const stored = await callRedis("progress", () => redis.hget(keys.account(account).progress, entryId));
      return stored === null ? undefined : parseProgress(stored);
    },
    record: async ({ account, epoch }, entry, progress) => {
      const reply = await callRedis("record", () =>
        noting.run(`${account} ${epoch}`, { account, epoch, entry, progress }),
      );
      if (asNumber(reply) === 0) return lost(account);
      const known = owned.get(account);
      if (known?.epoch === epoch) known.entries.set(entry.id, progress);
      return true;
    },
    remove: async ({ account, epoch }, entry) => {
      const reply = await callRedis("remove", () => noting.run(`${account} ${epoch}`, { account, epoch, entry }));
      if (asNumber(reply) === 0) return lost(account);
      owned.get(account)?.entries.delete(entry.id);
      return true;
    },
    send: async (draft) => {
      const { account, id } = draft;
      await remember(account);
      const sent = keys.sent(account, id);
      await callRedis("send", () =>
        sendScript(redis, [sent, keys.account(account).outbox], [DEDUPLICATION_SECONDS, writtenDrafts.write(draft)]),
      );
    },
    rememberAccount: (conversation) => remember(accountPart(conversation)),
  };
}

/** What the owner writes: how far an entry is or, without progress, that it is done. */
interface OwnersNote extends Ownership {
  readonly entry: OutboxEntry;
  readonly progress?: DeliveryProgress;
}

/** The owner's notes of one moment, in one script: all of them stand, or none. */
async function noteAll({ redis, keys }: Context, notes: readonly OwnersNote[]): Promise<readonly unknown[]> {
  const [first] = notes;
  if (first === undefined) return [];
  const { owner, progress: hash, outbox } = keys.account(first.account);
  const noted = notes.filter(({ progress }) => progress !== undefined);
  const done = notes.filter(({ progress }) => progress === undefined).map(({ entry }) => entry);
  const reply = await ownersScript(
    redis,
    [owner, hash, outbox],
    [
      first.epoch,
      noted.length,
      ...noted.flatMap(({ entry, progress }) => [entry.id, JSON.stringify(progress)]),
      ...done.map(({ position }) => position),
      ...done.map(({ id }) => id),
    ],
  );
  return notes.map(() => reply);
}

async function takeOwnership(
  context: Context,
  owned: Map<AccountId, OwnedProgress>,
  claim: { readonly account: AccountId; readonly owner: string; readonly leaseMs: number; readonly past: string },
): Promise<number | undefined> {
  const { redis, keys } = context;
  const { account, owner, leaseMs, past } = claim;
  const { owner: ownerKey } = keys.account(account);
  const { owned: ownedKey } = keys.shardOfAccount(account);
  const reply = await callRedis("own", () => ownScript(redis, [ownerKey, ownedKey], [owner, leaseMs, account, past]));
  const epoch = asNumber(reply);
  if (epoch === 0) {
    owned.delete(account);
    return undefined;
  }
  if (owned.get(account)?.epoch !== epoch) {
    owned.set(account, { epoch, entries: await loadProgress(context, account) });
  }
  return epoch;
}

async function loadProgress({ redis, keys }: Context, account: AccountId): Promise<Map<string, DeliveryProgress>> {
  const stored = await callRedis("own", () => redis.hgetall(keys.account(account).progress));
  const known = new Map<string, DeliveryProgress>();
  for (const [id, json] of Object.entries(stored)) {
    const progress = parseProgress(json);
    if (progress !== undefined) known.set(id, progress);
  }
  return known;
}

function createAccountMemory({ redis, keys }: Context): (account: string) => Promise<void> {
  const known = new Set<string>();
  return async (account) => {
    if (known.has(account)) return;
    await callRedis("commit", () => redis.sadd(keys.shardOfAccount(account).accounts, account));
    known.add(account);
  };
}

function createRead(context: Context): Outboxes["read"] {
  const { redis, keys, connections, settings } = context;
  const readers = new Map<number, StreamReader>();
  const readerOf = (shard: number): StreamReader => {
    const known = readers.get(shard);
    if (known !== undefined) return known;
    const reader = createStreamReader(connections, settings);
    readers.set(shard, reader);
    return reader;
  };
  return async (account, after, { count, waitMs, signal }) => {
    if (signal.aborted) return [];
    const stream = keys.account(account).outbox;
    const position = after === "" ? "0" : after;
    const reader = readerOf(keys.shardOfAccount(account).index);
    if (waitMs <= 0 || !reader.isIdle()) {
      const reply = await callRedis("read", () => redis.xread("COUNT", count, "STREAMS", stream, position));
      const there = asStreams(reply).get(stream) ?? [];
      if (there.length > 0 || waitMs <= 0) return await readable(context, account, there);
    }
    const limit = linkSignals([signal], waitMs);
    try {
      const entries = await reader.wait({ stream, after: position, count }, limit.signal);
      return await readable(context, account, entries);
    } finally {
      limit.release();
    }
  };
}

/** Decodes entries; sets those aside that this version cannot read, so that they do not block the account. */
async function readable(
  context: Context,
  account: AccountId,
  found: readonly StreamEntry[],
): Promise<readonly OutboxEntry[]> {
  const { redis, keys, settings } = context;
  const entries: OutboxEntry[] = [];
  for (const { id, fields } of found) {
    const raw = fields.get("d") ?? "";
    const stored = parseOnce(writtenDrafts, OutboxDraft, raw);
    if (stored.ok) {
      entries.push({ ...stored.value, position: id });
      continue;
    }
    settings.telemetry.log.error({ account, position: id }, "A reply that this version cannot read was set aside");
    const { unreadable } = keys.shardOfAccount(account);
    await callRedis("set aside", () =>
      setAsideEntryScript(redis, [keys.account(account).outbox, unreadable], [id, raw]),
    );
  }
  return entries;
}

function parseProgress(json: string): DeliveryProgress | undefined {
  const parsed = DeliveryProgress.safeParse(parseJson(json));
  return parsed.success ? parsed.data : undefined;
}
