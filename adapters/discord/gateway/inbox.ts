/**
 * What people say, on its way to the queue: in the order of each channel, until it is durable.
 *
 * Discord asks for no receipt and sends nothing twice, so a message that the queue cannot take is kept and tried again.
 * After a gap (a new session, a restart) the messages behind the cursor are read from the channels' history. What was
 * handed in before is known by its key and dropped by the queue.
 */
import type { AdapterContext, Normalized } from "../../../adapter.ts";
import { backOffMs, describeError, ParleyError, pauseFor } from "../../../adapter.ts";
import { snowflakeAt } from "./origin.ts";
import { type HistoryPlace, openPlace } from "./place.ts";

/** Messages kept in memory while the queue is away; what comes after them is read from the history later. */
const MAX_WAITING = 10_000;
const BACK_OFF = { baseDelayMs: 250, maxDelayMs: 5_000 };
/** Tries for an error that nobody declared; one that is declared as passing is tried until it passes. */
const MAX_UNKNOWN_TRIES = 8;
/** How long later messages wait for a shard to be whole and its gap to be filled. */
const MAX_HOLD_MS = 60_000;
const PAGE = 100;
const MAX_PAGES = 10;

/** One thing to hand in: read only when its turn comes. */
export interface Arrival {
  readonly channelId: string;
  /** The message's id, where the event is one that the cursor counts. */
  readonly messageId?: string;
  readonly isDirect?: boolean;
  readonly read: () => Promise<Normalized>;
}

/** A channel that may hold missed messages. */
export interface Gap {
  readonly channelId: string;
  /** The newest message there, where it is known: channels without a newer one are not asked. */
  readonly lastMessageId?: string | null | undefined;
}

/** A message of the history. */
export interface Missed {
  readonly id: string;
  readonly read: () => Promise<Normalized>;
}

export interface Inbox {
  readonly add: (arrival: Arrival) => void;
  /** Later arrivals wait until the gap is filled; a second call for the same shard changes nothing. */
  readonly hold: (shard: number) => void;
  /** Reads what was missed in these channels, and in the known direct chats, then lets go of the shard. */
  readonly fill: (shard: number, gaps: readonly Gap[], withDirects: boolean) => Promise<void>;
  /** Waits for what is on its way, as long as the signal allows, and saves the place. */
  readonly close: (signal: AbortSignal) => Promise<void>;
}

export interface InboxOptions {
  readonly context: Pick<AdapterContext<never>, "accept" | "values" | "environment" | "log">;
  readonly catchUpHours: number;
  /** A page of a channel's messages after an id, oldest first. */
  readonly pageAfter: (channelId: string, after: string, limit: number) => Promise<readonly Missed[]>;
  /** Called when messages were dropped because too many waited: the gap is to be filled. */
  readonly onOverflow: () => void;
}

interface Receiving extends InboxOptions {
  readonly place: HistoryPlace;
  readonly closing: AbortController;
}

export async function openInbox(options: InboxOptions): Promise<Inbox> {
  const place = await openPlace(options.context);
  const receiving: Receiving = { ...options, place, closing: new AbortController() };
  const { closing } = receiving;
  const lanes = createLanes(options.context.log);
  const holds = createHolds();
  return {
    add: ({ channelId, messageId, isDirect = false, read }) => {
      if (closing.signal.aborted) return;
      if (messageId !== undefined && place.waiting() >= MAX_WAITING) return place.miss(messageId);
      if (messageId !== undefined) place.expect(messageId);
      const isNewDirect = isDirect && place.note(channelId);
      lanes.run(channelId, async () => {
        await holds.released();
        // A direct chat that is not noted could not be caught up on after a crash.
        if (isNewDirect) await place.save();
        await handIn(receiving, read, messageId);
      });
    },
    hold: holds.hold,
    fill: async (shard, gaps, withDirects) => {
      try {
        await fill(receiving, withDirects ? [...gaps, ...place.directs().map((channelId) => ({ channelId }))] : gaps);
      } finally {
        holds.release(shard);
      }
    },
    close: async (signal) => {
      holds.releaseAll();
      signal.addEventListener("abort", () => closing.abort(), { once: true });
      await lanes.idle();
      closing.abort();
      await place.close();
    },
  };
}

async function handIn(receiving: Receiving, read: () => Promise<Normalized>, messageId?: string): Promise<void> {
  const { context, closing, place, onOverflow } = receiving;
  const isDurable = await untilDurable(context, read, closing.signal);
  if (!isDurable || messageId === undefined) return;
  place.done(messageId);
  if (place.waiting() === 0 && place.misses()) onOverflow();
}

async function fill(receiving: Receiving, gaps: readonly Gap[]): Promise<void> {
  const { place, context, catchUpHours } = receiving;
  const oldest = snowflakeAt(context.environment.clock() - catchUpHours * 3_600_000);
  const known = place.cursor();
  const from = BigInt(known) > BigInt(oldest) ? known : oldest;
  if (catchUpHours > 0) {
    const behind = gaps.filter(({ lastMessageId }) => isBehind(from, lastMessageId));
    await Promise.all(behind.map(async ({ channelId }) => await fillChannel(receiving, channelId, from)));
  }
  place.recovered();
}

/** True where the newest message is unknown, or newer than what is durable. */
function isBehind(from: string, lastMessageId: string | null | undefined): boolean {
  return lastMessageId === undefined || (lastMessageId !== null && BigInt(lastMessageId) > BigInt(from));
}

async function fillChannel(receiving: Receiving, channelId: string, from: string): Promise<void> {
  const { context, pageAfter, closing } = receiving;
  let after = from;
  try {
    for (let page = 0; page < MAX_PAGES && !closing.signal.aborted; page += 1) {
      const missed = await pageAfter(channelId, after, PAGE);
      for (const { id, read } of missed) {
        await handIn(receiving, read, id);
        after = id;
      }
      if (missed.length < PAGE) return;
    }
    context.log.warn({ channel: channelId, messages: MAX_PAGES * PAGE }, "more was missed than is caught up on");
  } catch (thrown) {
    context.log.warn({ channel: channelId, error: describeError(thrown) }, "a channel's history could not be read");
  }
}

/** Hands in until the queue has it. False when it is closed first; what can never be handed in is logged and given up. */
async function untilDurable(
  { accept, environment, log }: InboxOptions["context"],
  read: () => Promise<Normalized>,
  closing: AbortSignal,
): Promise<boolean> {
  for (let tries = 1; !closing.aborted; tries += 1) {
    const retryInMs = backOffMs(tries, BACK_OFF, environment.random());
    try {
      await accept(await read());
      return true;
    } catch (thrown) {
      const passes = thrown instanceof ParleyError ? thrown.retryable : tries < MAX_UNKNOWN_TRIES;
      if (!passes) {
        log.error({ error: describeError(thrown) }, "an event of Discord cannot be handed in and is left out");
        return true;
      }
      log.warn({ error: describeError(thrown), retryInMs }, "an event of Discord waits for the queue");
    }
    await pauseFor(retryInMs, closing);
  }
  return false;
}

interface Lanes {
  /** Does the work after all earlier work of the channel. */
  readonly run: (channelId: string, work: () => Promise<void>) => void;
  readonly idle: () => Promise<void>;
}

function createLanes(log: InboxOptions["context"]["log"]): Lanes {
  const lanes = new Map<string, Promise<void>>();
  return {
    run: (channelId, work) => {
      const done = (lanes.get(channelId) ?? Promise.resolve())
        .then(work)
        .catch((thrown: unknown) =>
          log.error({ error: describeError(thrown) }, "an event of Discord could not be handed in"),
        )
        .finally(() => {
          if (lanes.get(channelId) === done) lanes.delete(channelId);
        });
      lanes.set(channelId, done);
    },
    idle: async () => void (await Promise.all(lanes.values())),
  };
}

interface Holds {
  readonly hold: (shard: number) => void;
  readonly release: (shard: number) => void;
  readonly releaseAll: () => void;
  readonly released: () => Promise<void>;
}

function createHolds(): Holds {
  const holds = new Map<number, { readonly open: () => void; readonly done: Promise<void> }>();
  const release = (shard: number): void => {
    holds.get(shard)?.open();
    holds.delete(shard);
  };
  return {
    hold: (shard) => {
      if (holds.has(shard)) return;
      const stop = new AbortController();
      const done = pauseFor(MAX_HOLD_MS, stop.signal);
      holds.set(shard, { open: () => stop.abort(), done });
    },
    release,
    releaseAll: () => {
      for (const shard of holds.keys()) release(shard);
    },
    released: async () => void (await Promise.all([...holds.values()].map(async ({ done }) => await done))),
  };
}
