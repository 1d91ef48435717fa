/**
 * What people say, on its way to the queue: in the order of each channel, until it is durable.
 *
 * Discord asks for no receipt and sends nothing twice, so a message that the queue cannot take is kept and tried again,
 * and a cursor says up to where everything is durable. After a gap (a new session, a restart) the messages behind the
 * cursor are read from the channels' history. What was handed in before is known by its key and dropped by the queue.
 */
import { z } from "zod";
import type { AdapterContext, Normalized } from "../../core/adapter.ts";
import { realSleep } from "../../core/delivery/index.ts";
import { describeError, ParleyError } from "../../core/errors.ts";

/** Messages kept in memory while the queue is away; what comes after them is read from the history later. */
const MAX_WAITING = 10_000;
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 5_000;
/** Tries for an error that nobody declared; one that is declared as passing is tried until it passes. */
const MAX_UNKNOWN_TRIES = 8;
const SAVE_EVERY_MS = 5_000;
/** How long later messages wait for a shard to be whole and its gap to be filled. */
const MAX_HOLD_MS = 60_000;
const MAX_DIRECTS = 200;
const PAGE = 100;
const MAX_PAGES = 10;

const Progress = z.object({ cursor: z.string(), directs: z.array(z.string()).default([]) });

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

export interface Inbox {
  readonly add: (arrival: Arrival) => void;
  /** Later arrivals wait until the gap is filled; a second call for the same shard changes nothing. */
  readonly hold: (shard: number) => void;
  /** Reads what was missed in these channels, and in the known direct chats, then lets go of the shard. */
  readonly fill: (shard: number, gaps: readonly Gap[], withDirects: boolean) => Promise<void>;
  /** Waits for what is on its way, as long as the signal allows, and saves the cursor. */
  readonly close: (signal: AbortSignal) => Promise<void>;
}

export interface InboxOptions {
  readonly context: Pick<AdapterContext<never>, "accept" | "values" | "environment" | "log">;
  readonly catchUpHours: number;
  /** A page of a channel's messages after an id, oldest first, each with its id. */
  readonly pageAfter: (channelId: string, after: string, limit: number) => Promise<readonly Missed[]>;
  /** Called when messages were dropped because too many waited: the gap is to be filled. */
  readonly onOverflow: () => void;
}

export interface Missed {
  readonly id: string;
  readonly read: () => Promise<Normalized>;
}

export async function openInbox(options: InboxOptions): Promise<Inbox> {
  const { context, catchUpHours, pageAfter } = options;
  const { log, environment, values } = context;
  const closing = new AbortController();
  const lanes = new Map<string, Promise<void>>();
  const holds = new Map<number, { readonly open: () => void; readonly done: Promise<void> }>();
  const waiting = new Set<string>();
  const saved = Progress.safeParse(await values?.get("progress")).data;
  let newest = saved?.cursor ?? snowflakeAt(environment.clock());
  let directs: readonly string[] = saved?.directs ?? [];
  let overflowFrom: string | undefined;
  let stored = "";

  /** Everything up to here is durable. */
  const cursor = (): string => {
    const open = [...waiting, ...(overflowFrom === undefined ? [] : [overflowFrom])].map(BigInt);
    if (open.length === 0) return newest;
    const oldest = open.reduce((least, id) => (id < least ? id : least));
    return oldest <= BigInt(newest) ? String(oldest - 1n) : newest;
  };

  const save = async (): Promise<void> => {
    const progress = { cursor: cursor(), directs: [...directs] };
    const text = JSON.stringify(progress);
    if (text === stored) return;
    try {
      await values?.set("progress", progress);
      stored = text;
    } catch (thrown) {
      log.warn({ error: describeError(thrown) }, "the place in Discord's history could not be saved");
    }
  };
  // At once: a process that dies in its first seconds has a place to go on from as well.
  await save();
  const timer = setInterval(() => void save(), SAVE_EVERY_MS).unref();

  const inLane = (channelId: string, work: () => Promise<void>): Promise<void> => {
    const before = lanes.get(channelId) ?? Promise.resolve();
    const done = before.then(work).catch((thrown: unknown) => {
      log.error({ error: describeError(thrown) }, "an event of Discord could not be handed in");
    });
    lanes.set(channelId, done);
    void done.then(() => {
      if (lanes.get(channelId) === done) lanes.delete(channelId);
    });
    return done;
  };

  const handIn = async (read: () => Promise<Normalized>, messageId?: string): Promise<void> => {
    const durable = await untilDurable(context, read, closing.signal);
    if (!durable || messageId === undefined) return;
    waiting.delete(messageId);
    if (BigInt(messageId) > BigInt(newest)) newest = messageId;
    if (waiting.size === 0 && overflowFrom !== undefined) options.onOverflow();
  };

  const fillOne = async (channelId: string, from: string): Promise<void> => {
    let after = from;
    for (let page = 0; page < MAX_PAGES && !closing.signal.aborted; page += 1) {
      const missed = await pageAfter(channelId, after, PAGE);
      for (const { id, read } of missed) {
        await handIn(read, id);
        after = id;
      }
      if (missed.length < PAGE) return;
    }
    log.warn({ channel: channelId, messages: MAX_PAGES * PAGE }, "more was missed in a channel than is caught up on");
  };

  return {
    add: ({ channelId, messageId, isDirect, read }) => {
      if (closing.signal.aborted) return;
      const isNewDirect = isDirect === true && !directs.includes(channelId);
      if (isDirect === true && directs[0] !== channelId)
        directs = [channelId, ...directs.filter((id) => id !== channelId)].slice(0, MAX_DIRECTS);
      if (messageId !== undefined && waiting.size >= MAX_WAITING) {
        overflowFrom ??= messageId;
        return;
      }
      if (messageId !== undefined) waiting.add(messageId);
      void inLane(channelId, async () => {
        await Promise.all([...holds.values()].map(({ done }) => done));
        // Discord lists no direct chats: one that is not noted could not be caught up on after a crash.
        if (isNewDirect) await save();
        await handIn(read, messageId);
      });
    },
    hold: (shard) => {
      if (holds.has(shard)) return;
      let open = (): void => undefined;
      const done = new Promise<void>((resolve) => {
        const limit = setTimeout(resolve, MAX_HOLD_MS).unref();
        open = () => {
          clearTimeout(limit);
          resolve();
        };
      });
      holds.set(shard, { open, done });
    },
    fill: async (shard, gaps, withDirects) => {
      try {
        const oldest = snowflakeAt(environment.clock() - catchUpHours * 3_600_000);
        const known = cursor();
        const from = BigInt(known) > BigInt(oldest) ? known : oldest;
        overflowFrom = undefined;
        if (catchUpHours === 0) return;
        const all = withDirects ? [...gaps, ...directs.map((channelId): Gap => ({ channelId }))] : gaps;
        const behind = all.filter(({ lastMessageId }) => isBehind(from, lastMessageId));
        await Promise.all(
          behind.map(async ({ channelId }) => {
            try {
              await fillOne(channelId, from);
            } catch (thrown) {
              log.warn({ channel: channelId, error: describeError(thrown) }, "a channel's history could not be read");
            }
          }),
        );
      } finally {
        holds.get(shard)?.open();
        holds.delete(shard);
      }
    },
    close: async (signal) => {
      clearInterval(timer);
      for (const { open } of holds.values()) open();
      signal.addEventListener("abort", () => closing.abort(), { once: true });
      await Promise.all(lanes.values());
      closing.abort();
      await save();
    },
  };
}

/** True where the newest message is unknown, or newer than what is durable. */
function isBehind(from: string, lastMessageId: string | null | undefined): boolean {
  return lastMessageId === undefined || (lastMessageId !== null && BigInt(lastMessageId) > BigInt(from));
}

/** Hands in until the queue has it. False when it is closed first; what can never be handed in is logged and given up. */
async function untilDurable(
  { accept, log }: InboxOptions["context"],
  read: () => Promise<Normalized>,
  closing: AbortSignal,
): Promise<boolean> {
  let delayMs = FIRST_RETRY_MS;
  for (let tries = 1; !closing.aborted; tries += 1) {
    try {
      await accept(await read());
      return true;
    } catch (thrown) {
      const passes = thrown instanceof ParleyError ? thrown.retryable : tries < MAX_UNKNOWN_TRIES;
      if (!passes) {
        log.error({ error: describeError(thrown) }, "an event of Discord cannot be handed in and is left out");
        return true;
      }
      log.warn({ error: describeError(thrown), retryInMs: delayMs }, "an event of Discord waits for the queue");
    }
    await realSleep(delayMs, closing).catch(() => undefined);
    delayMs = Math.min(LAST_RETRY_MS, delayMs * 2);
  }
  return false;
}

/** The smallest id of a moment. */
function snowflakeAt(ms: number): string {
  return String(BigInt(Math.max(0, Math.floor(ms) - 1_420_070_400_000)) << 22n);
}
