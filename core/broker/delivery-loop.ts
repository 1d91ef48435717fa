/**
 * The delivery loop, the same for every broker: own the account, read its outbox in order, deliver one entry at a time
 * per conversation and many conversations at once, remove what has its outcome.
 */
import { setMaxListeners } from "node:events";
import pLimit, { type LimitFunction } from "p-limit";
import type { AccountId, ConversationId } from "../conversation-id.ts";
import type { Environment } from "../environment.ts";
import { describeError } from "../errors.ts";
import type { Telemetry } from "../telemetry.ts";
import { type Abandonment, createAbandonment } from "../timing/abandonment.ts";
import { repeat } from "../timing/beat.ts";
import { pauseFor } from "../timing/sleep.ts";
import type { DeliverOptions, DeliveryHandler, Running } from "./broker.ts";
import { BrokerUnavailableError, FencedError } from "./errors.ts";
import { type OwnershipParts, runWhileOwner } from "./lease.ts";
import type { OutboxEntry } from "./outbox-entry.ts";
import { type Outboxes, type Ownership, repeatUntilKnown } from "./primitives.ts";
import { createReadAhead, type ReadAhead } from "./read-ahead.ts";
import { redeliveryDelayMs } from "./retry-policy.ts";

/** What the delivery loop is built on. */
export interface DeliveryParts extends OwnershipParts {
  readonly outboxes: Outboxes;
}

/** What is delivered, and by what. */
export interface DeliveryTask extends DeliverOptions {
  readonly account: AccountId;
  readonly handler: DeliveryHandler;
}

/** Delivers the account's outbox whenever this process owns it, until closed. */
export function startDeliveries(parts: DeliveryParts, task: DeliveryTask): Running {
  const { account, handler, concurrency = 20, leaseMs } = task;
  return runWhileOwner(parts, {
    name: account,
    leaseMs,
    work: async ({ epoch, closing, stopping, lose }) => {
      // Each lane listens to both.
      setMaxListeners(0, closing, stopping);
      await runDeliveries({
        outboxes: parts.outboxes,
        environment: parts.environment,
        telemetry: parts.telemetry,
        handler,
        concurrency,
        owned: { account, epoch },
        lose,
        closing,
        stopping,
      });
    },
  });
}

const READ_COUNT = 100;
/** A read ends sooner, with the next beat: news of an entry may have got lost. */
const READ_WAIT_MS = 60_000;
/** A broker that does not answer is asked again soon: its return must not wait for a back-off that was meant for others. */
const BROKER_AGAIN_MS = 200;

/** One period of ownership. */
export interface DeliveryContext {
  readonly outboxes: Outboxes;
  readonly environment: Environment;
  readonly telemetry: Telemetry;
  readonly handler: DeliveryHandler;
  readonly concurrency: number;
  readonly owned: Ownership;
  /** To be called when a write was fenced: somebody else delivers now. */
  readonly lose: () => void;
  /** No further entry begins. */
  readonly closing: AbortSignal;
  /** Entries in hand are aborted. */
  readonly stopping: AbortSignal;
}

/** Delivers until `closing` aborts and the entries in hand are done. Rejects on nothing that a retry can heal. */
export async function runDeliveries(context: DeliveryContext): Promise<void> {
  const readAhead = createReadAhead();
  const inSlot = pLimit(context.concurrency);
  const abandonment = createAbandonment(context.stopping);
  const lanes = new Set<Promise<void>>();
  let interrupt = new AbortController();
  const wakeReader = (): void => interrupt.abort();
  context.closing.addEventListener("abort", wakeReader, { once: true });
  const stopLooking = repeat(wakeReader);

  const startLane = (conversation: ConversationId): void => {
    const lane = runLane({ ...context, abandonment, readAhead, inSlot, wakeReader }, conversation).finally(() =>
      lanes.delete(lane),
    );
    lanes.add(lane);
  };
  while (!context.closing.aborted) {
    interrupt = new AbortController();
    if (readAhead.isFull()) {
      await pauseFor(READ_WAIT_MS, interrupt.signal);
      continue;
    }
    const entries = await readNext(context, readAhead, interrupt.signal);
    for (const conversation of readAhead.add(entries ?? [])) startLane(conversation);
    if (entries?.length === 0) readAhead.rewind();
  }
  stopLooking();
  while (lanes.size > 0) await Promise.all(lanes);
}

/** Undefined when nothing can be said about what is there: the read failed or was cut short. */
async function readNext(
  context: DeliveryContext,
  readAhead: ReadAhead,
  signal: AbortSignal,
): Promise<readonly OutboxEntry[] | undefined> {
  readAhead.beginRead();
  const waitMs = readAhead.wantsRewind() ? 0 : READ_WAIT_MS;
  try {
    const entries = await context.outboxes.read(context.owned.account, readAhead.cursor(), {
      count: READ_COUNT,
      waitMs,
      signal,
    });
    return entries.length === 0 && signal.aborted ? undefined : entries;
  } catch (thrown) {
    if (signal.aborted) return undefined;
    context.telemetry.log.warn({ error: describeError(thrown) }, "The outbox could not be read; trying again");
    await pauseFor(BROKER_AGAIN_MS, signal);
    return undefined;
  }
}

interface LaneContext extends DeliveryContext {
  readonly abandonment: Abandonment;
  readonly readAhead: ReadAhead;
  readonly inSlot: LimitFunction;
  readonly wakeReader: () => void;
}

/** Delivers a conversation's entries one after the other. A lane that waits for its back-off occupies no slot. */
async function runLane(context: LaneContext, conversation: ConversationId): Promise<void> {
  const { readAhead, closing } = context;
  let attempt = 1;
  for (;;) {
    const entry = readAhead.head(conversation);
    if (entry === undefined || closing.aborted) return;
    const delayMs = await context.inSlot(() => deliverOnce(context, entry, attempt));
    if (delayMs === undefined) {
      attempt = 1;
      const wasFull = readAhead.isFull();
      const more = readAhead.finish(conversation);
      if (wasFull || (!more && readAhead.wantsRewind())) context.wakeReader();
      if (!more) return;
    } else {
      attempt += 1;
      await pauseFor(delayMs, closing);
    }
  }
}

/** Runs the handler once; gives how long to wait before the next try, or undefined when the entry is done. */
async function deliverOnce(context: LaneContext, entry: OutboxEntry, attempt: number): Promise<number | undefined> {
  const { closing, environment, outboxes, owned, stopping, telemetry } = context;
  if (closing.aborted) return 0;
  try {
    const progress = await outboxes.progress(owned.account, entry.id);
    const handled = context.handler({
      entry,
      progress,
      attempt,
      signal: stopping,
      record: (next) => fenced(context, entry, () => outboxes.record(owned, entry, next)),
    });
    if (!(await context.abandonment.ended(handled))) return 0;
    await fenced(context, entry, () => outboxes.remove(owned, entry));
    return undefined;
  } catch (thrown) {
    if (stopping.aborted) return 0;
    const delayMs =
      thrown instanceof BrokerUnavailableError
        ? BROKER_AGAIN_MS
        : redeliveryDelayMs(thrown, attempt, environment.random());
    telemetry.log.warn(
      { eventId: entry.eventId, entry: entry.id, attempt, delayMs, error: describeError(thrown) },
      "A delivery failed and is tried again",
    );
    return delayMs;
  }
}

/** A write of the owner, repeated while its outcome is unknown. Throws `FencedError` when the ownership was lost. */
async function fenced(context: LaneContext, entry: OutboxEntry, write: () => Promise<boolean>): Promise<void> {
  if (await repeatUntilKnown(context.stopping, write)) return;
  context.lose();
  throw new FencedError(entry.conversation);
}
