/** The outbox primitives: a stream per account, delivered by its one owner. */
import type { AccountId, ConversationId } from "../../conversation-id.ts";
import type { Outboxes } from "../mailbox.ts";
import { DeliveryProgress, OutboxEntry, type OutboxDraft } from "../outbox-entry.ts";
import { parseJson } from "./codec.ts";
import { answered } from "./connection.ts";
import type { Context } from "./context.ts";
import { accountPart } from "./keys.ts";
import { DEDUPLICATION_SECONDS } from "./options.ts";
import { createStreamReader, type StreamReader } from "./outbox-reader.ts";
import { asNumber, asStreams, type StreamEntry } from "./reply.ts";
import {
  ownScript,
  recordScript,
  releaseScript,
  removeScript,
  sendScript,
  setAsideEntryScript,
} from "./scripts/outbox.ts";

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
  const remember = createAccountMemory(context);
  const read = createRead(context);

  const lost = (account: AccountId): false => {
    owned.delete(account);
    return false;
  };

  return {
    own: (account, owner, leaseMs) => takeOwnership(context, owned, { account, owner, leaseMs }),
    release: async (account, owner) => {
      owned.delete(account);
      await answered("release", () => releaseScript(redis, [keys.account(account).owner], [owner]));
    },
    read,
    progress: async (account, entryId) => {
      const known = owned.get(account);
      if (known !== undefined) return known.entries.get(entryId);
      const stored = await answered("progress", () => redis.hget(keys.account(account).progress, entryId));
      return stored === null ? undefined : parseProgress(stored);
    },
    record: async ({ account, epoch }, entry, progress) => {
      const { owner, progress: hash } = keys.account(account);
      const reply = await answered("record", () =>
        recordScript(redis, [owner, hash], [epoch, entry.id, JSON.stringify(progress)]),
      );
      if (asNumber(reply) === 0) return lost(account);
      const known = owned.get(account);
      if (known?.epoch === epoch) known.entries.set(entry.id, progress);
      return true;
    },
    remove: async ({ account, epoch }, entry) => {
      const { owner, progress, outbox } = keys.account(account);
      const reply = await answered("remove", () =>
        removeScript(redis, [owner, progress, outbox], [epoch, entry.id, entry.position]),
      );
      if (asNumber(reply) === 0) return lost(account);
      owned.get(account)?.entries.delete(entry.id);
      return true;
    },
    send: async (draft) => {
      const { account, id } = draft;
      await remember(account);
      const sent = keys.sent(account, id);
      await answered("send", () =>
        sendScript(redis, [sent, keys.account(account).outbox], [DEDUPLICATION_SECONDS, JSON.stringify(draft)]),
      );
    },
    rememberAccount: (conversation) => remember(accountPart(conversation)),
  };
}

async function takeOwnership(
  context: Context,
  owned: Map<AccountId, OwnedProgress>,
  claim: { readonly account: AccountId; readonly owner: string; readonly leaseMs: number },
): Promise<number | undefined> {
  const { redis, keys } = context;
  const { account, owner, leaseMs } = claim;
  const reply = await answered("own", () => ownScript(redis, [keys.account(account).owner], [owner, leaseMs]));
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
  const stored = await answered("own", () => redis.hgetall(keys.account(account).progress));
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
    await answered("commit", () => redis.sadd(keys.shardOfAccount(account).accounts, account));
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
    const reply = await answered("read", () => redis.xread("COUNT", count, "STREAMS", stream, position));
    const there = asStreams(reply).get(stream) ?? [];
    if (there.length > 0 || waitMs <= 0) return await readable(context, account, there);
    const shard = keys.shardOfAccount(account).index;
    const limit = AbortSignal.any([signal, AbortSignal.timeout(waitMs)]);
    return await readable(context, account, await readerOf(shard).wait({ stream, after: position, count }, limit));
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
    const parsed = OutboxEntry.safeParse(withPosition(parseJson(raw), id));
    if (parsed.success) {
      entries.push(parsed.data);
      continue;
    }
    settings.telemetry.log.error({ account, position: id }, "A reply that this version cannot read was set aside");
    const { unreadable } = keys.shardOfAccount(account);
    await answered("set aside", () =>
      setAsideEntryScript(redis, [keys.account(account).outbox, unreadable], [id, raw]),
    );
  }
  return entries;
}

function withPosition(draft: unknown, position: string): unknown {
  return typeof draft === "object" && draft !== null ? { ...draft, position } : undefined;
}

function parseProgress(json: string): DeliveryProgress | undefined {
  const parsed = DeliveryProgress.safeParse(parseJson(json));
  return parsed.success ? parsed.data : undefined;
}
