/** How events come in: accepted once, edited and deleted while they wait, scheduled for later. */
import type { InboundEvent } from "../../event.ts";
import type { AcceptOptions, Acceptance } from "../broker.ts";
import { MailboxFullError } from "../errors.ts";
import { type Batch, createBatch } from "./batch.ts";
import { encodeEvent } from "./codec.ts";
import { answered } from "./connection.ts";
import { amend } from "./amend.ts";
import type { Context } from "./context.ts";
import { DEDUPLICATION_SECONDS, WAKE_GRACE_MS } from "./options.ts";
import { asList, asNumber, asNumbers } from "./reply.ts";
import { acceptScript, promoteScript, scheduleScript, unscheduleScript } from "./scripts/intake.ts";

export interface Intake {
  readonly accept: (event: InboundEvent, options?: AcceptOptions) => Promise<Acceptance>;
  readonly schedule: (event: InboundEvent, at: number) => Promise<void>;
  readonly unschedule: (eventId: string) => Promise<boolean>;
  /** Accepts a scheduled event whose time has come. */
  readonly promote: (event: InboundEvent) => Promise<void>;
}

/** Makes the intake. */
export function createIntake(context: Context): Intake {
  const { redis, keys, wake } = context;
  const accepting = createBatch<Accepting>((calls) => acceptAll(context, calls));
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
      await answered("schedule", () =>
        scheduleScript(redis, [scheduled, scheduledEvents], [event.id, Math.round(at), JSON.stringify(event)]),
      );
    },
    unschedule: async (eventId) => {
      // An event id does not tell its account.
      const removed = await Promise.all(
        keys.shards.map(({ scheduled, scheduledEvents }) =>
          answered("unschedule", () => unscheduleScript(redis, [scheduled, scheduledEvents], [eventId])),
        ),
      );
      return removed.map(asNumber).some((count) => count > 0);
    },
    promote: async (event) => {
      const { conversation } = event;
      const shard = keys.shardOf(conversation);
      const { mailbox, conversation: hash } = keys.conversation(conversation);
      const seen = keys.seen(conversation, event.account, event.key);
      const delayMs = await answered("promote", () =>
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
    await answered("accept", () => accepting.run(keys.shardOf(conversation).due, call)),
  );
  if (sequence === undefined || sequence === 0) return { status: "duplicate" };
  if (sequence < 0) throw new MailboxFullError(conversation, settings.maxWaiting);
  if (delayMs !== undefined && delayMs >= 0) wake(conversation, delayMs);
  return { status: "accepted", sequence };
}
