/**
 * How everything rests in Redis: the name of every key, and events as text.
 *
 * All keys of one account carry the same hash tag, so that each script touches one cluster slot:
 * `prefix:{shard}:kind name`, shard = hash of the account modulo 16.
 */
import { hash } from "node:crypto";
import type { AccountId, ConversationId } from "../../conversation-id.ts";
import { InboundEvent } from "../../event.ts";
import type { WaitingEvent } from "../broker.ts";
import { parseOnce } from "../stored-payload.ts";
import { writtenEvents } from "../written.ts";

const SHARD_COUNT = 16;

/** The keys of one conversation. */
export interface ConversationKeys {
  /** LIST of `sequence|message id|event json`: the mailbox. */
  readonly mailbox: string;
  /** HASH: `s` state (i idle, s ready, w waits for a time, r running), `q` last sequence, `e` epoch, `t` starts and
   * `f` failures of the head, `k` deaths of a process in which it was in flight, `d` those at which nothing else was,
   * `l` lease end or due time, `h` last sequence handed out, `o` claim token: `listener:number:process[:alone]`. */
  readonly conversation: string;
}

/** The keys of one account. */
export interface AccountKeys {
  /** STREAM of replies. */
  readonly outbox: string;
  /** HASH entry id → delivery progress. */
  readonly progress: string;
  /** HASH: `o` owner, `e` epoch, `d` lease end. */
  readonly owner: string;
}

/** The keys that all accounts of a shard share. */
export interface ShardKeys {
  readonly index: number;
  /** ZSET conversation → when the sweeper must look at it; every conversation that is not idle is in it. */
  readonly due: string;
  /** SET of what is paused: `*`, accounts, conversations. */
  readonly paused: string;
  /** STREAM of dead letters. */
  readonly dead: string;
  /** ZSET event id → when it is accepted. */
  readonly scheduled: string;
  /** HASH event id → event json. */
  readonly scheduledEvents: string;
  /** SET of accounts that ever had an outbox. */
  readonly accounts: string;
  /** SET of accounts that ever had an owner, of their outbox or their connection. */
  readonly owned: string;
  /** LIST of raw items that this version cannot read. */
  readonly unreadable: string;
}

export type Keys = ReturnType<typeof createKeys>;

/** Builds key names under `prefix`. */
export function createKeys(prefix: string) {
  const shards: readonly ShardKeys[] = Array.from({ length: SHARD_COUNT }, (_, index) => shardKeys(prefix, index));
  const tagOf = (account: string): string => `${prefix}:{${shardOf(account)}}:`;
  const shardKeysOf = (account: string): ShardKeys => {
    const keys = shards[shardOf(account)];
    if (keys === undefined) throw new RangeError("A shard index lies outside the shards.");
    return keys;
  };
  return {
    shards,
    /** Prefix of the keys that BullMQ builds; tagged, since its scripts touch many of them. */
    wakePrefix: `{${prefix}:wake}`,
    lifecycle: `${prefix}:lifecycle`,
    /** HASH process → who it is, as JSON. */
    processes: `${prefix}:{processes}`,
    /** HASH process → how many claims it had when it was found dead: said once, so that two finders say the same. */
    deaths: `${prefix}:{processes}:deaths`,
    /** Channel of a topic. */
    topic: (topic: string): string => `${prefix}:topic:${topic}`,
    /** Channels of arrivals start with this; the claim holder's instance id follows. */
    arrivals: `${prefix}:arrivals:`,
    shardOf: (conversation: ConversationId): ShardKeys => shardKeysOf(accountPart(conversation)),
    shardOfAccount: shardKeysOf,
    conversation: (conversation: ConversationId): ConversationKeys => {
      const tag = tagOf(accountPart(conversation));
      return { mailbox: `${tag}m:${conversation}`, conversation: `${tag}c:${conversation}` };
    },
    account: (account: AccountId): AccountKeys => {
      const tag = tagOf(account);
      return { outbox: `${tag}o:${account}`, progress: `${tag}g:${account}`, owner: `${tag}w:${account}` };
    },
    /** The outbox of the conversation's account. */
    outboxOf: (conversation: ConversationId): string => {
      const account = accountPart(conversation);
      return `${tagOf(account)}o:${account}`;
    },
    /** Marks an event as accepted. Hashed: keys are up to 1,000 characters long and live for days. */
    seen: (conversation: ConversationId, account: AccountId, key: string): string =>
      `${tagOf(accountPart(conversation))}s:${digest(`${account} ${key}`)}`,
    /** Marks a reply without an event as sent. */
    sent: (account: AccountId, draftId: string): string => `${tagOf(account)}d:${digest(draftId)}`,
    memory: (key: string): string => `${prefix}:k:${digest(key)}`,
  };
}

/** The account part of a conversation key, still encoded. */
export function accountPart(conversation: ConversationId): string {
  return conversation.slice(0, conversation.indexOf(":", conversation.indexOf(":") + 1));
}

function shardKeys(prefix: string, index: number): ShardKeys {
  const tag = `${prefix}:{${index}}:`;
  return {
    index,
    due: `${tag}due`,
    paused: `${tag}paused`,
    dead: `${tag}dead`,
    scheduled: `${tag}sched`,
    scheduledEvents: `${tag}schedev`,
    accounts: `${tag}accounts`,
    owned: `${tag}owned`,
    unreadable: `${tag}unreadable`,
  };
}

/** FNV-1a. */
function shardOf(account: string): number {
  let state = 2_166_136_261;
  for (let index = 0; index < account.length; index += 1) {
    state = Math.imul(state ^ account.charCodeAt(index), 16_777_619);
  }
  return (state >>> 0) % SHARD_COUNT;
}

/** 128 bits are enough to tell keys apart; SHA-1 is the fastest here and nothing hangs on its secrecy. */
function digest(text: string): string {
  return hash("sha1", text, "base64url").slice(0, 22);
}

/** What is stored of an event, before its sequence. The message id serves edits and deletes that mean this event. */
export function encodeEvent(event: InboundEvent): string {
  return `${messageIdOf(event)}|${writtenEvents.write(event)}`;
}

function messageIdOf(event: InboundEvent): string {
  if (event.type !== "message" && event.type !== "edit" && event.type !== "command") return "";
  return event.messageId === undefined ? "" : encodeMessageId(event.messageId);
}

/** A platform's message id without the separator. */
export function encodeMessageId(messageId: string): string {
  return messageId.replaceAll("%", "%25").replaceAll("|", "%7C");
}

/** Undefined when this version cannot read the item. */
export function decodeItem(item: string): WaitingEvent | undefined {
  const end = item.indexOf("|");
  const event = decodeEvent(item.slice(end + 1));
  const sequence = Number(item.slice(0, end));
  return event === undefined || !Number.isInteger(sequence) ? undefined : { sequence, event };
}

/** Takes apart what `encodeEvent` made. */
export function decodeEvent(encoded: string): InboundEvent | undefined {
  return parseEvent(encoded.slice(encoded.indexOf("|") + 1));
}

/** The items up to the first that this version cannot read. */
export function decodeItems(items: readonly string[]): readonly WaitingEvent[] {
  const readable: WaitingEvent[] = [];
  for (const item of items) {
    const waiting = decodeItem(item);
    if (waiting === undefined) break;
    readable.push(waiting);
  }
  return readable;
}

/** An event from its JSON; undefined when it is none of this version. */
export function parseEvent(json: string): InboundEvent | undefined {
  const stored = parseOnce(writtenEvents, InboundEvent, json);
  return stored.ok ? stored.value : undefined;
}

/** Undefined when the text is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
