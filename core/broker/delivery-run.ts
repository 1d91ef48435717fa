/** Deliveries of one account by its owner: a reader that reads ahead, and one lane per conversation that delivers in order. */
import type { ConversationId } from "../conversation-id.ts";
import type { Environment } from "../environment.ts";
import { describeError, ParleyError } from "../errors.ts";
import type { Telemetry } from "../telemetry.ts";
import { type Abandonment, createAbandonment } from "./abandon.ts";
import type { DeliveryHandler } from "./broker.ts";
import { FencedError } from "./errors.ts";
import type { Outboxes, Ownership } from "./mailbox.ts";
import type { OutboxEntry } from "./outbox-entry.ts";
import { pauseFor } from "./pause-for.ts";
import { createReadAhead, type ReadAhead } from "./read-ahead.ts";
import { DEFAULT_RETRY, retryDelay } from "./retry-policy.ts";
import { createSlots, type Slots } from "./slots.ts";
import { untilAnswered } from "./until-answered.ts";

const READ_COUNT = 100;
const READ_WAIT_MS = 1_000;

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
  const slots = createSlots(context.concurrency);
  const abandonment = createAbandonment(context.stopping);
  const lanes = new Set<Promise<void>>();
  let interrupt = new AbortController();
  const wakeReader = (): void => interrupt.abort();
  context.closing.addEventListener("abort", wakeReader, { once: true });

  const startLane = (conversation: ConversationId): void => {
    const lane = runLane({ ...context, abandonment, readAhead, slots, wakeReader }, conversation).finally(() =>
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
    await pauseFor(READ_WAIT_MS, signal);
    return undefined;
  }
}

interface LaneContext extends DeliveryContext {
  readonly abandonment: Abandonment;
  readonly readAhead: ReadAhead;
  readonly slots: Slots;
  readonly wakeReader: () => void;
}

/** Delivers a conversation's entries one after the other. A lane that waits for its back-off occupies no slot. */
async function runLane(context: LaneContext, conversation: ConversationId): Promise<void> {
  const { readAhead, closing } = context;
  let attempt = 1;
  for (;;) {
    const entry = readAhead.head(conversation);
    if (entry === undefined || closing.aborted) return;
    const delayMs = await context.slots.run(() => deliverOnce(context, entry, attempt));
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
    const asked = thrown instanceof ParleyError ? (thrown.retryAfterMs ?? 0) : 0;
    const delayMs = Math.max(asked, retryDelay(attempt, DEFAULT_RETRY, environment.random()));
    telemetry.log.warn(
      { eventId: entry.eventId, entry: entry.id, attempt, delayMs, error: describeError(thrown) },
      "A delivery failed and is tried again",
    );
    return delayMs;
  }
}

/** A write of the owner, repeated while its outcome is unknown. Throws `FencedError` when the ownership was lost. */
async function fenced(context: LaneContext, entry: OutboxEntry, write: () => Promise<boolean>): Promise<void> {
  if (await untilAnswered(context.stopping, write)) return;
  context.lose();
  throw new FencedError(entry.conversation);
}
