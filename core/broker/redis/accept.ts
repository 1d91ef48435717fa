/** How events come in: accepted once, edited and deleted while they wait, scheduled for later. */
import { type InboundEvent, withEdit } from "../../event.ts";
import type { Acceptance, AcceptOptions, WaitingEvent } from "../broker.ts";
import { MailboxFullError } from "../errors.ts";
import { callRedis, type Context } from "./connection.ts";
import { decodeItem, encodeEvent, encodeMessageId } from "./layout.ts";
import { DEDUPLICATION_SECONDS, WAKE_GRACE_MS } from "./options.ts";
import { asList, asNumber, asNumbers, asTexts, type Batch, createBatch } from "./script.ts";
import {
  acceptScript,
  cancelScript,
  findScript,
  promoteScript,
  replaceScript,
  scheduleScript,
  unscheduleScript,
} from "./scripts/intake.ts";

export interface Accept {
  readonly accept: (event: InboundEvent, options?: AcceptOptions) => Promise<Acceptance>;
  readonly schedule: (event: InboundEvent, at: number) => Promise<void>;
  readonly unschedule: (eventId: string) => Promise<boolean>;
  /** Accepts a scheduled event whose time has come. */
  readonly promote: (event: InboundEvent) => Promise<void>;
}

/** Makes the intake. */
export function createAccept(context: Context): Accept {
  const { redis, keys, wake } = context;
  const accepting = createBatch<Accepting>(redis, (calls) => acceptAll(context, calls));
  return {
    accept: async (event, options = {}) => {
      if (event.type === "edit" || event.type === "delete") {
        const amended = await amend(context, event);
        if (amended !== undefined) return amended;
      }
      return await append(context, accepting, { event, holdMs: options.holdMs ?? 0 });
    },
    schedule: async (event, at) => {
      const { scheduled, scheduledEvents } = keys.shardOf(event.conversation);
      await callRedis("schedule", () =>
        scheduleScript(redis, [scheduled, scheduledEvents], [event.id, Math.round(at), JSON.stringify(event)]),
      );
    },
    unschedule: async (eventId) => {
      // An event id does not tell its account.
      const removed = await Promise.all(
        keys.shards.map(({ scheduled, scheduledEvents }) =>
          callRedis("unschedule", () => unscheduleScript(redis, [scheduled, scheduledEvents], [eventId])),
        ),
      );
      return removed.map(asNumber).some((count) => count > 0);
    },
    promote: async (event) => {
      const { conversation } = event;
      const shard = keys.shardOf(conversation);
      const { mailbox, conversation: hash } = keys.conversation(conversation);
      const seen = keys.seen(conversation, event.account, event.key);
      const delayMs = await callRedis("promote", () =>
        promoteScript(
          redis,
          [shard.scheduled, shard.scheduledEvents, seen, mailbox, hash, shard.due],
          [event.id, conversation, encodeEvent(event), DEDUPLICATION_SECONDS, WAKE_GRACE_MS, keys.arrivals],
        ),
      );
      if (asNumber(delayMs) >= 0) wake(conversation, asNumber(delayMs));
    },
  };
}

interface Accepting {
  readonly event: InboundEvent;
  readonly holdMs: number;
}

/** Events of one shard, in one script. */
async function acceptAll(context: Context, calls: readonly Accepting[]): Promise<readonly unknown[]> {
  const { redis, keys, settings } = context;
  const [first] = calls;
  if (first === undefined) return [];
  const eachKeys = calls.flatMap(({ event: { conversation, account, key } }) => {
    const { mailbox, conversation: hash } = keys.conversation(conversation);
    return [keys.seen(conversation, account, key), mailbox, hash];
  });
  const eachValues = calls.flatMap(({ event, holdMs }) => [event.conversation, encodeEvent(event), Math.ceil(holdMs)]);
  const { due } = keys.shardOf(first.event.conversation);
  const common = [DEDUPLICATION_SECONDS, WAKE_GRACE_MS, settings.maxWaiting, keys.arrivals];
  return asList(await acceptScript(redis, [due, ...eachKeys], [...common, ...eachValues]));
}

async function append(context: Context, accepting: Batch<Accepting>, call: Accepting): Promise<Acceptance> {
  const { keys, settings, wake } = context;
  const { conversation } = call.event;
  const [sequence, delayMs] = asNumbers(
    await callRedis("accept", () => accepting.run(keys.shardOf(conversation).due, call)),
  );
  if (sequence === undefined || sequence === 0) return { status: "duplicate" };
  if (sequence < 0) throw new MailboxFullError(conversation, settings.maxWaiting);
  if (delayMs !== undefined && delayMs >= 0) wake(conversation, delayMs);
  return { status: "accepted", sequence };
}

type Edit = Extract<InboundEvent, { type: "edit" }>;
type Delete = Extract<InboundEvent, { type: "delete" }>;

/** How often an edit looks again when its message changed under its eyes. */
const TRIES = 3;

interface Found {
  readonly item: string;
  readonly waiting: WaitingEvent;
}

/** Changes what the edit or delete means; undefined when nothing of it waits. */
export async function amend(context: Context, event: Edit | Delete): Promise<Acceptance | undefined> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const found = await find(context, event);
    if (found === "duplicate") return { status: "duplicate" };
    const result = event.type === "edit" ? await replace(context, event, found) : await cancel(context, event, found);
    if (result !== "changed") return result;
  }
  return undefined;
}

async function find(context: Context, event: Edit | Delete): Promise<readonly Found[] | "duplicate"> {
  const reply = await callRedis("accept", () =>
    findScript(context.redis, keysOf(context, event), [encodeMessageId(event.messageId)]),
  );
  if (reply === 0) return "duplicate";
  return asTexts(reply).flatMap((item) => {
    const waiting = decodeItem(item);
    return waiting === undefined ? [] : [{ item, waiting }];
  });
}

/** The newest copy is what its writer sees and edits: the message, or an edit of it that was appended. */
async function replace(
  context: Context,
  edit: Edit,
  found: readonly Found[],
): Promise<Acceptance | undefined | "changed"> {
  for (const { item, waiting } of found) {
    const { sequence, event } = waiting;
    if (event.type !== "message" && event.type !== "edit") continue;
    const replacement = `${sequence}|${encodeEvent(withEdit(event, edit))}`;
    const outcome = asNumber(
      await callRedis("accept", () =>
        replaceScript(context.redis, keysOf(context, edit), [DEDUPLICATION_SECONDS, item, replacement]),
      ),
    );
    return resultOf(outcome, { status: "replaced", eventId: event.id });
  }
  return undefined;
}

/** Takes the message and its waiting edits away. Edits alone stay: their message was worked on already. */
async function cancel(
  context: Context,
  event: Delete,
  found: readonly Found[],
): Promise<Acceptance | undefined | "changed"> {
  const { redis, keys, wake } = context;
  const { conversation } = event;
  const original = found.find(({ waiting }) => waiting.event.type !== "edit");
  if (original === undefined) return undefined;
  const outcome = asNumber(
    await callRedis("accept", () =>
      cancelScript(
        redis,
        [...keysOf(context, event), keys.shardOf(conversation).due],
        [DEDUPLICATION_SECONDS, WAKE_GRACE_MS, conversation, ...found.map(({ item }) => item)],
      ),
    ),
  );
  if (outcome === 2) wake(conversation, 0);
  return resultOf(outcome, { status: "cancelled", eventId: original.waiting.event.id });
}

function resultOf(outcome: number, done: Acceptance): Acceptance | "changed" {
  if (outcome < 0) return "changed";
  return outcome === 0 ? { status: "duplicate" } : done;
}

function keysOf({ keys }: Context, event: Edit | Delete): readonly string[] {
  const { mailbox, conversation } = keys.conversation(event.conversation);
  return [keys.seen(event.conversation, event.account, event.key), mailbox, conversation];
}
