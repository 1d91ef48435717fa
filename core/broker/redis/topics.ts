/** Topics on Redis: BullMQ keeps, repeats and buries the messages. */
import { createHash } from "node:crypto";
import { type Job, Queue, UnrecoverableError, Worker } from "bullmq";
import { z } from "zod";
import { describeError } from "../../errors.ts";
import { Json } from "../../json.ts";
import { backOffMs } from "../../timing/back-off.ts";
import {
  askedPauseMs,
  type ConsumeOptions,
  consumeOptions,
  DEAD_KEPT_MS,
  DEFAULT_TTL_MS,
  isHopeless,
  KEY_KNOWN_MS,
  MAX_CRASHES,
  type TopicDeadLetter,
  type TopicHandler,
  type Topics,
} from "../../topics/topics.ts";
import type { Running } from "../broker.ts";
import { callRedis, connect, type Connections, settledWithin } from "./connection.ts";
import { type RedisBrokerOptions, type Settings, settingsOf } from "./options.ts";

const LONGEST_PAUSE_MS = 5 * 60_000;
const KNOWN_KEYS = 100_000;
const KEPT_DEAD = 100_000;
const CLOSE_PATIENCE_MS = 3_000;

const Stored = z.object({ key: z.string(), body: Json, expiresAt: z.number() });
type Stored = z.output<typeof Stored>;

type TopicOptions = Pick<RedisBrokerOptions, "connection" | "prefix" | "environment" | "telemetry">;

/** Connects. Throws `BrokerUnavailableError` when the server does not answer. */
export async function createRedisTopics(options: TopicOptions): Promise<Topics> {
  const settings = settingsOf(options);
  const connections = await connect(settings);
  const queues = new Map<string, Promise<Queue<Stored>>>();
  const queueOf = async (topic: string): Promise<Queue<Stored>> => {
    const opened = queues.get(topic) ?? openQueue(topic, settings, connections);
    queues.set(topic, opened);
    // One that could not be opened is opened anew by the next call.
    opened.catch(() => queues.delete(topic));
    return await opened;
  };
  const consumers = new Set<Running>();
  return {
    kind: "redis",
    publish: async (topic, messages, { ttlMs = DEFAULT_TTL_MS } = {}) => {
      if (messages.length === 0) return;
      const queue = await queueOf(topic);
      const expiresAt = settings.environment.clock() + ttlMs;
      const jobs = messages.map(({ key, body }) => ({
        name: topic,
        data: { key, body, expiresAt },
        opts: { jobId: jobIdOf(key) },
      }));
      await callRedis("publish", async () => await queue.addBulk(jobs));
    },
    consume: (topic, handler, given) => {
      const consumer = startConsumer({ topic, handler, options: consumeOptions(given), settings, connections });
      consumers.add(consumer);
      return consumer;
    },
    counts: async (topic) => {
      const queue = await queueOf(topic);
      const counts = await callRedis(
        "counts",
        async () => await queue.getJobCounts("waiting", "active", "delayed", "failed"),
      );
      const { waiting = 0, active = 0, delayed = 0, failed = 0 } = counts;
      return { waiting: waiting + active + delayed, dead: failed };
    },
    deadLetters: async (topic, limit) => {
      const queue = await queueOf(topic);
      const jobs = await callRedis("deadLetters", async () => await queue.getFailed(0, limit - 1));
      return jobs.map((job) => deadLetterOf(topic, job));
    },
    resubmit: async (topic, id) => {
      const queue = await queueOf(topic);
      return await callRedis("resubmit", async () => await revive(queue, id, settings));
    },
    remove: async (topic, id) => {
      const queue = await queueOf(topic);
      return await callRedis("remove", async () => await removeFailed(queue, id));
    },
    close: async () => {
      await Promise.all([...consumers].map(async (consumer) => await consumer.close()));
      await Promise.allSettled(
        [...queues.values()].map(async (queue) => await settledWithin(CLOSE_PATIENCE_MS, (await queue).close())),
      );
      await connections.close();
    },
  };
}

/** A BullMQ queue whose first commands fail never recovers, so they are waited for. */
async function openQueue(topic: string, settings: Settings, connections: Connections): Promise<Queue<Stored>> {
  const queue = new Queue<Stored>(topic, {
    connection: connections.openQueue(),
    prefix: prefixOf(settings),
    defaultJobOptions: {
      // Attempts are counted by the consumer, which knows how many it wants.
      attempts: 1_000,
      backoff: { type: "custom" },
      removeOnComplete: { age: KEY_KNOWN_MS / 1000, count: KNOWN_KEYS },
      removeOnFail: { age: DEAD_KEPT_MS / 1000, count: KEPT_DEAD },
    },
  });
  queue.on("error", (error) => settings.telemetry.log.debug({ topic, error: describeError(error) }, "topic queue"));
  await callRedis("connect", () => queue.waitUntilReady());
  return queue;
}

interface ConsumerParts {
  readonly topic: string;
  readonly handler: TopicHandler;
  readonly options: Required<ConsumeOptions>;
  readonly settings: Settings;
  readonly connections: Connections;
}

function startConsumer({ topic, handler, options, settings, connections }: ConsumerParts): Running {
  const { environment, telemetry } = settings;
  const connection = connections.openWorker();
  const backOff = { baseDelayMs: options.baseDelayMs, maxDelayMs: LONGEST_PAUSE_MS };
  const worker = new Worker<Stored>(
    topic,
    async (job) => await handle(job, { topic, handler, options, settings, connections }),
    {
      connection,
      prefix: prefixOf(settings),
      concurrency: options.concurrency,
      lockDuration: options.leaseMs,
      stalledInterval: Math.min(options.leaseMs, 5_000),
      maxStalledCount: MAX_CRASHES - 1,
      settings: {
        backoffStrategy: (failures, _type, thrown) =>
          Math.max(askedPauseMs(thrown), backOffMs(failures, backOff, environment.random())),
      },
    },
  );
  worker.on("error", (error) => telemetry.log.debug({ topic, error: describeError(error) }, "topic consumer"));
  worker.on("failed", (job, error) => {
    if (job?.finishedOn !== undefined)
      telemetry.log.warn({ topic, error: describeError(error) }, "a topic message went to the dead letters");
  });
  return {
    close: async (graceMs = CLOSE_PATIENCE_MS) => {
      await settledWithin(graceMs, worker.close());
      connection.disconnect();
    },
  };
}

async function handle(job: Job<Stored>, { topic, handler, options, settings }: ConsumerParts): Promise<void> {
  const { key, body, expiresAt } = Stored.parse(job.data);
  if (expiresAt < settings.environment.clock())
    throw new UnrecoverableError(`expired at ${new Date(expiresAt).toISOString()}`);
  const attempt = job.attemptsStarted;
  try {
    await handler({ topic, key, body, attempt, publishedAt: new Date(job.timestamp).toISOString() });
  } catch (thrown) {
    const isLast = job.attemptsMade + 1 >= options.maxAttempts;
    if (isHopeless(thrown) || isLast) throw new UnrecoverableError(describeError(thrown));
    throw thrown;
  }
}

async function revive(queue: Queue<Stored>, id: string, { environment }: Settings): Promise<boolean> {
  const job = await queue.getJob(id);
  if (job === undefined || !(await job.isFailed())) return false;
  await job.updateData({ ...job.data, expiresAt: environment.clock() + DEFAULT_TTL_MS });
  await job.retry("failed", { resetAttemptsMade: true, resetAttemptsStarted: true });
  return true;
}

async function removeFailed(queue: Queue<Stored>, id: string): Promise<boolean> {
  const job = await queue.getJob(id);
  if (job === undefined || !(await job.isFailed())) return false;
  await job.remove();
  return true;
}

function deadLetterOf(topic: string, job: Job<Stored>): TopicDeadLetter {
  const { key, body } = Stored.parse(job.data);
  return {
    id: job.id ?? "",
    topic,
    key,
    body,
    reason: job.failedReason,
    attempts: job.attemptsStarted,
    at: new Date(job.finishedOn ?? job.timestamp).toISOString(),
  };
}

function prefixOf({ prefix }: Settings): string {
  return `{${prefix}:topics}`;
}

/** BullMQ takes neither colons nor numbers alone as an id. */
function jobIdOf(key: string): string {
  return `k${createHash("sha256").update(key).digest("hex").slice(0, 40)}`;
}
