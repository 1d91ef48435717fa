/**
 * Wake-ups over BullMQ: "this mailbox has work". They carry no event and may be lost or doubled: the mailbox's own state
 * admits one claim at a time, and the sweeper repeats what got lost.
 *
 * Mailboxes that become ready in the same moment share one job (a job's cycle costs the server more than all our scripts
 * for one event). A worker fetches the next job only while it has a free place, starts what fits and hands the rest back,
 * so no mailbox waits for a busy process while another is idle. A job ends when its claims have begun: from then on
 * their leases, not the job, tell of a dead process. A process that is alone and has much room sends itself no jobs: it
 * starts at once, and what would get lost with it the sweeper of the next process finds.
 */
import { Queue, Worker } from "bullmq";
import { z } from "zod";
import { ConversationId } from "../../conversation-id.ts";
import { describeError } from "../../errors.ts";
import type { WakeLoop } from "../primitives.ts";
import { callRedis, type Connections, settledWithin } from "./connection.ts";
import type { Keys } from "./layout.ts";
import type { Settings } from "./options.ts";
import { createPlaces } from "./places.ts";

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

export interface WakeParts {
  readonly settings: Settings;
  readonly keys: Keys;
  readonly connections: Connections;
  /** Whether no other process works on these mailboxes. */
  readonly isAlone: () => boolean;
}

/**
 * Makes the sending side ready. A BullMQ queue whose first commands fail never recovers, so they are waited for. Throws
 * `BrokerUnavailableError`.
 */
export async function createWakes({ settings, keys, connections, isAlone }: WakeParts): Promise<Wakes> {
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
  const here = createShortcut(isAlone);
  const gathering = gather({
    startHere: here.start,
    send: async (ready) => {
      here.queued();
      await queue.addBulk(chunks(ready).map((data) => ({ name: "w", data }))).catch(onTrouble);
    },
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
      const receiver = startReceiver(
        { settings, keys, connections, wake: gathering.add, drained: here.drained },
        run,
        concurrency,
      );
      here.receivers.add(receiver);
      return {
        pause: receiver.pause,
        close: () => {
          here.receivers.delete(receiver);
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

/** From one who wakes to the workers of the same process, without a job. */
function createShortcut(isAlone: () => boolean) {
  const receivers = new Set<Receiver>();
  /** Whether jobs may wait, which come first. */
  let mayWait = true;
  return {
    receivers,
    queued: (): void => {
      mayWait = true;
    },
    drained: (): void => {
      mayWait = false;
    },
    start: (conversation: ConversationId): boolean =>
      !mayWait && isAlone() && [...receivers].some((receiver) => receiver.startHere(conversation)),
  };
}

interface Ways {
  /** False where this process cannot start it by itself. */
  readonly startHere: (conversation: ConversationId) => boolean;
  /** Must not reject. */
  readonly send: (ready: readonly ConversationId[]) => Promise<void>;
}

/** Gathers the mailboxes that become ready in the same moment and are not started here. */
function gather({ startHere, send }: Ways) {
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
    if (startHere(conversation)) return;
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
  /** No job waits any more. */
  readonly drained: () => void;
}

interface Receiver extends WakeLoop {
  /** Starts it without a job, while at least half of the places are free. */
  readonly startHere: (conversation: ConversationId) => boolean;
}

function startReceiver(parts: ReceiverParts, run: Run, concurrency: number): Receiver {
  const { settings, keys, connections, wake, drained } = parts;
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
      // The sweeper finds what a dead process's job would have woken, long before the job is handed out again.
      lockDuration: 60_000,
      stalledInterval: 30_000,
      maxStalledCount: 1_000_000,
      drainDelay: connections.blockMs / 1_000,
      ...JOB_OPTIONS_OF_WORKER,
    },
  );
  worker.on("drained", drained);
  worker.on("error", (error) =>
    settings.telemetry.log.debug({ error: describeError(error) }, "Waiting for wake-ups failed; trying again"),
  );
  return {
    startHere: (conversation) => {
      if (ended || !places.areMany() || !places.take()) return false;
      start(conversation);
      return true;
    },
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

function chunks(all: readonly ConversationId[]): readonly (readonly ConversationId[])[] {
  return Array.from({ length: Math.ceil(all.length / PER_JOB) }, (_, index) =>
    all.slice(index * PER_JOB, (index + 1) * PER_JOB),
  );
}
