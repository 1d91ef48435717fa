/**
 * Wake-ups over BullMQ: "this mailbox has work". They carry no event and may be lost or doubled: the mailbox's own state
 * admits one claim at a time, and the sweeper repeats what got lost.
 *
 * Mailboxes that become ready in the same moment share one job (a job's cycle costs the server more than all our scripts
 * for one event). A worker fetches the next job only while it has a free place, starts what fits and hands the rest back,
 * so no mailbox waits for a busy process while another is idle. A job ends when its claims have begun: from then on
 * their leases, not the job, tell of a dead process.
 */
import { Queue, Worker } from "bullmq";
import { z } from "zod";
import { ConversationId } from "../../conversation-id.ts";
import { describeError } from "../../errors.ts";
import type { WakeLoop } from "../primitives.ts";
import { callRedis, type Connections, settledWithin } from "./connection.ts";
import type { Keys } from "./layout.ts";
import type { Settings } from "./options.ts";

const QUEUE = "wake";
const PER_JOB = 16;
const CLOSE_PATIENCE_MS = 3_000;
const JOB_OPTIONS = { removeOnComplete: true, removeOnFail: true } as const;
/** A timer that ends a moment before the time that Redis has noted would find the mailbox not due yet. */
const TIMER_SLACK_MS = 3;

const WakeJob = z.array(ConversationId);

export type Run = (conversation: ConversationId) => Promise<void>;

/** Sends and receives wake-ups. */
export interface Wakes {
  readonly wake: (conversation: ConversationId, delayMs: number) => void;
  /** A repeated wake-up: at most one per mailbox lies in the queue, however long the workers are busy. */
  readonly wakeAgain: (conversations: readonly ConversationId[]) => Promise<void>;
  readonly start: (run: Run, concurrency: number) => WakeLoop;
  readonly close: () => Promise<void>;
}

/**
 * Makes the sending side ready. A BullMQ queue whose first commands fail never recovers, so they are waited for. Throws
 * `BrokerUnavailableError`.
 */
export async function createWakes(settings: Settings, keys: Keys, connections: Connections): Promise<Wakes> {
  const queue = new Queue<unknown>(QUEUE, {
    connection: connections.openQueue(),
    prefix: keys.wakePrefix,
    defaultJobOptions: JOB_OPTIONS,
    streams: { events: { maxLen: 100 } },
  });
  const onTrouble = (thrown: unknown): void =>
    settings.telemetry.log.debug({ error: describeError(thrown) }, "A wake-up was not sent; the sweeper repeats it");
  queue.on("error", onTrouble);
  await callRedis("connect", () => queue.waitUntilReady());
  const gathering = gather(async (ready) => {
    await queue.addBulk(chunks(ready).map((data) => ({ name: "w", data }))).catch(onTrouble);
  });
  const closing: Promise<void>[] = [];
  return {
    wake: gathering.add,
    wakeAgain: async (conversations) => {
      await queue.addBulk(
        conversations.map((conversation) => ({
          name: "w",
          data: [conversation],
          opts: { deduplication: { id: encodeURIComponent(conversation), keepLastIfActive: true } },
        })),
      );
    },
    start: (run, concurrency) => {
      const receiver = startReceiver({ settings, keys, connections, wake: gathering.add }, run, concurrency);
      return {
        pause: receiver.pause,
        close: () => {
          closing.push(receiver.close());
          return Promise.resolve();
        },
      };
    },
    close: async () => {
      await Promise.all(closing);
      await gathering.close();
      await settledWithin(CLOSE_PATIENCE_MS, queue.close());
    },
  };
}

/** Gathers the mailboxes that become ready in the same moment. `send` must not reject. */
function gather(send: (ready: readonly ConversationId[]) => Promise<void>) {
  const timers = new Set<NodeJS.Timeout>();
  const sending = new Set<Promise<void>>();
  let gathered: ConversationId[] = [];
  const flush = (): void => {
    const ready = gathered;
    gathered = [];
    if (ready.length === 0) return;
    const sent = send(ready).finally(() => sending.delete(sent));
    sending.add(sent);
  };
  const addNow = (conversation: ConversationId): void => {
    if (gathered.length === 0) setImmediate(flush);
    gathered.push(conversation);
  };
  return {
    add: (conversation: ConversationId, delayMs: number): void => {
      if (delayMs <= 0) return addNow(conversation);
      const timer = setTimeout(() => {
        timers.delete(timer);
        addNow(conversation);
      }, delayMs + TIMER_SLACK_MS);
      timers.add(timer.unref());
    },
    close: async (): Promise<void> => {
      for (const timer of timers) clearTimeout(timer);
      flush();
      await Promise.all(sending);
    },
  };
}

interface ReceiverParts {
  readonly settings: Settings;
  readonly keys: Keys;
  readonly connections: Connections;
  readonly wake: Wakes["wake"];
}

function startReceiver(parts: ReceiverParts, run: Run, concurrency: number): WakeLoop {
  const { settings, keys, connections, wake } = parts;
  const places = createPlaces(concurrency);
  let ended = false;
  const connection = connections.openWorker();
  const start = (conversation: ConversationId): void => {
    void run(conversation).then(places.free, places.free);
  };
  const worker = new Worker<unknown>(
    QUEUE,
    async (job) => {
      const parsed = WakeJob.safeParse(job.data);
      for (const conversation of parsed.success ? parsed.data : []) {
        if (!ended && places.take()) start(conversation);
        else wake(conversation, 0);
      }
      await places.untilFree();
    },
    {
      connection,
      prefix: keys.wakePrefix,
      concurrency: 1,
      lockDuration: 15_000,
      stalledInterval: 5_000,
      maxStalledCount: 1_000_000,
      ...JOB_OPTIONS_OF_WORKER,
    },
  );
  worker.on("error", (error) =>
    settings.telemetry.log.debug({ error: describeError(error) }, "Waiting for wake-ups failed; trying again"),
  );
  return {
    pause: places.pause,
    close: async () => {
      ended = true;
      places.open();
      await settledWithin(CLOSE_PATIENCE_MS, worker.close());
      connection.disconnect();
    },
  };
}

const JOB_OPTIONS_OF_WORKER = { removeOnComplete: { count: 0 }, removeOnFail: { count: 0 } } as const;

/** Counts the places of one worker. */
function createPlaces(count: number) {
  let used = 0;
  let opened = false;
  let paused = false;
  let waiting: (() => void)[] = [];
  const release = (): void => {
    const all = waiting;
    waiting = [];
    for (const resolve of all) resolve();
  };
  const mustWait = (): boolean => !opened && (paused || used >= count);
  return {
    take: (): boolean => {
      if (paused || used >= count) return false;
      used += 1;
      return true;
    },
    free: (): void => {
      used -= 1;
      release();
    },
    pause: (wanted: boolean): void => {
      paused = wanted;
      if (!paused) release();
    },
    untilFree: async (): Promise<void> => {
      while (mustWait()) {
        await new Promise<void>((resolve) => void waiting.push(resolve));
      }
    },
    open: (): void => {
      opened = true;
      release();
    },
  };
}

function chunks(all: readonly ConversationId[]): readonly (readonly ConversationId[])[] {
  return Array.from({ length: Math.ceil(all.length / PER_JOB) }, (_, index) =>
    all.slice(index * PER_JOB, (index + 1) * PER_JOB),
  );
}
