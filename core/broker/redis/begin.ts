/**
 * How a claim begins, and what this process has read of the mailboxes it holds: events that were handed out during a claim
 * are neither changed nor removed by anybody else, so each is transferred and decoded once, however many turns the claim has.
 */
import type { ConversationId } from "../../conversation-id.ts";
import type { WaitingEvent } from "../broker.ts";
import { BrokerUnavailableError } from "../errors.ts";
import type { Begin, Mailboxes } from "../primitives.ts";
import { QUARANTINES } from "../retry-policy.ts";
import { callRedis, type Context } from "./connection.ts";
import { accountPart, decodeItems } from "./layout.ts";
import { OFFERED_AGAIN_MS, WAKE_GRACE_MS } from "./options.ts";
import { asList, asNumber, asTexts, createBatch, type ScriptArgument } from "./script.ts";
import { beginScript, setAsideScript, takeBackScript } from "./scripts/claim.ts";

export interface MailboxParts extends Context {
  /** Names this opened broker among those on the server. */
  readonly process: string;
  /** Where arrivals for claims of this process are announced; empty when nobody listens. */
  readonly arrivalName: () => string;
  readonly rememberAccount: (conversation: ConversationId) => Promise<void>;
}

export interface Held {
  readonly epoch: number;
  /** How many events a turn is shown at most. */
  readonly batch: number;
  /** The head of the mailbox as far as it was read. */
  readonly items: readonly WaitingEvent[];
}

/** The mailboxes in hand. */
export interface HeldMailboxes {
  readonly get: (conversation: ConversationId, epoch?: number) => Held | undefined;
  readonly set: (conversation: ConversationId, held: Held) => void;
  /** As `set`, and need not be read again until the event loop turns. */
  readonly setFresh: (conversation: ConversationId, held: Held) => void;
  /** What `setFresh` said, while it is true. */
  readonly fresh: (conversation: ConversationId) => Held | undefined;
  readonly drop: (conversation: ConversationId, epoch: number) => void;
}

/** Makes an empty memory. */
export function createHeldMailboxes(): HeldMailboxes {
  const all = new Map<ConversationId, Held>();
  const fresh = new Map<ConversationId, Held>();
  const get = (conversation: ConversationId, epoch?: number): Held | undefined => {
    const held = all.get(conversation);
    return epoch === undefined || held?.epoch === epoch ? held : undefined;
  };
  return {
    get,
    set: (conversation, held) => void all.set(conversation, held),
    setFresh: (conversation, held) => {
      all.set(conversation, held);
      if (fresh.size === 0) setImmediate(() => fresh.clear());
      fresh.set(conversation, held);
    },
    fresh: (conversation) => fresh.get(conversation),
    drop: (conversation, epoch) => {
      if (all.get(conversation)?.epoch === epoch) all.delete(conversation);
      fresh.delete(conversation);
    },
  };
}

const STATUSES = ["empty", "busy", "paused", "waiting"] as const;

/**
 * A begin whose answer is lost may have made a claim that nobody holds; it would block the mailbox for a lease and count
 * as a crash of the head. So it is taken back by its token: on the same connection, hence after the begin.
 */
export function createBegin(parts: MailboxParts, held: HeldMailboxes): Mailboxes["begin"] {
  const { redis, settings, wake } = parts;
  const beginning = createBatch<Beginning>(redis, (calls) => beginAll(redis, calls));
  let claims = 0;
  return async (conversation, { leaseMs, batch, quarantine = "" }) => {
    const { mailboxKeys, due, paused, unreadable } = keysOf(parts, conversation);
    const { mailbox, conversation: hash } = mailboxKeys;
    claims += 1;
    const token = `${parts.arrivalName()}:${claims}:${parts.process}${quarantine === "alone" ? ":alone" : ""}`;
    let reply: unknown;
    try {
      reply = await callRedis("begin", () =>
        beginning.run(due, {
          shard: [due, paused],
          keys: [mailbox, hash],
          values: [conversation, accountPart(conversation), leaseMs, batch, token, quarantine, OFFERED_AGAIN_MS],
        }),
      );
    } catch (thrown) {
      if (thrown instanceof BrokerUnavailableError) {
        takeBackScript(redis, [mailbox, hash, due], [conversation, token]).catch(() => undefined);
      }
      throw thrown;
    }
    const begun = readBegin(reply);
    if (begun.status !== "claimed") return begun;
    if (begun.waiting.length > 0) {
      held.set(conversation, { epoch: begun.epoch, batch, items: begun.waiting });
      return begun;
    }
    settings.telemetry.log.error({ conversation }, "An event that this version cannot read was set aside");
    const left = await callRedis("set aside", () =>
      setAsideScript(redis, [mailbox, hash, due, unreadable], [conversation, begun.epoch, WAKE_GRACE_MS]),
    );
    if (asNumber(left) === 1) wake(conversation, 0);
    return { status: "empty" };
  };
}

interface Beginning {
  readonly shard: readonly string[];
  readonly keys: readonly string[];
  readonly values: readonly ScriptArgument[];
}

/** Claims of one shard that are asked for in the same moment, in one script. */
async function beginAll(redis: MailboxParts["redis"], calls: readonly Beginning[]): Promise<readonly unknown[]> {
  const shard = calls[0]?.shard ?? [];
  return asList(
    await beginScript(
      redis,
      [...shard, ...calls.flatMap((call) => call.keys)],
      calls.flatMap(({ values }) => values),
    ),
  );
}

function readBegin(reply: unknown): Begin {
  const status = STATUSES.find((known) => known === reply);
  if (status !== undefined) return { status };
  const needs = QUARANTINES.find((known) => known === reply);
  if (needs !== undefined) return { status: "suspect", needs };
  const [epoch, attempt, failures, crashes, deaths, ...items] = asList(reply);
  return {
    status: "claimed",
    epoch: asNumber(epoch),
    attempt: asNumber(attempt),
    failures: asNumber(failures),
    suspicion: { crashes: asNumber(crashes), deaths: asNumber(deaths) },
    waiting: decodeItems(asTexts(items)),
  };
}

/** Everything a script may touch of a conversation. */
export function keysOf({ keys }: MailboxParts, conversation: ConversationId) {
  const { due, paused, dead, unreadable } = keys.shardOf(conversation);
  return {
    mailboxKeys: keys.conversation(conversation),
    outbox: keys.outboxOf(conversation),
    due,
    paused,
    dead,
    unreadable,
  };
}
