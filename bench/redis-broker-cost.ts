/**
 * What one message costs the Redis server, in µs of its CPU time (INFO cpu): the whole way through the broker, each
 * script by itself, and a bare BullMQ job in the same run. Processor time hardly depends on the load of the machine.
 *
 * npx tsx bench/redis-broker-cost.ts [messages=10000] [conversations=200]
 */
import { randomUUID } from "node:crypto";
import { Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import type { Claim } from "../core/broker/broker.ts";
import { createRedisBroker, createRedisPrimitives } from "../core/broker/redis/redis-broker.ts";
import { silentTelemetry } from "../core/silent-telemetry.ts";
import { messageEvent, replyTo, testConversation } from "../test/support/events.ts";
import { startRedis } from "../test/support/redis-server.ts";

const messages = Number(process.argv[2] ?? 10_000);
const conversations = Number(process.argv[3] ?? 200);
const rounds = Math.ceil(messages / conversations);
const total = rounds * conversations;

const server = await startRedis({ appendonly: true });
const probe = new Redis(server.url);
const options = {
  connection: server.url,
  environment: { clock: Date.now, newId: randomUUID, random: Math.random },
  telemetry: silentTelemetry,
};
const chats = Array.from({ length: conversations }, (_, index) => testConversation(`chat-${index}`));
const account = messageEvent({ conversation: chats[0] ?? testConversation("chat") }).account;

async function serverCpu(): Promise<number> {
  const info = await probe.info("cpu");
  const part = (name: string): number => Number(new RegExp(`^${name}:([0-9.]+)`, "m").exec(info)?.[1]);
  return (part("used_cpu_user") + part("used_cpu_sys")) * 1e6;
}

async function measure(name: string, count: number, work: () => Promise<unknown>): Promise<void> {
  const server0 = await serverCpu();
  const client0 = process.cpuUsage();
  const start = performance.now();
  await work();
  const elapsed = performance.now() - start;
  const client = process.cpuUsage(client0);
  const server1 = await serverCpu();
  console.log(
    name.padEnd(44),
    `redis ${((server1 - server0) / count).toFixed(1).padStart(6)} µs`,
    `client ${((client.user + client.system) / count).toFixed(1).padStart(6)} µs`,
    `${Math.round((count / elapsed) * 1000)}/s`.padStart(10),
  );
}

async function scriptStats(name: string, count: number): Promise<void> {
  const info = await probe.info("commandstats");
  const lines = [...info.matchAll(/^cmdstat_([^:]+):calls=(\d+),usec=(\d+)/gm)]
    .map(([, command = "", calls, usec]) => ({ command, calls: Number(calls), usec: Number(usec) }))
    .filter(({ calls }) => calls > count / 100)
    .toSorted((left, right) => right.usec - left.usec)
    .map(({ command, calls, usec }) => `${command} ${(calls / count).toFixed(2)}x ${(usec / count).toFixed(1)}µs`);
  console.log(`  ${name}, commands per message: ${lines.slice(0, 16).join(", ")}`);
}

async function spread(work: (chat: (typeof chats)[number], round: number) => Promise<unknown>): Promise<void> {
  for (let round = 0; round < rounds; round += 1) await Promise.all(chats.map((chat) => work(chat, round)));
}

async function until(isDone: () => boolean): Promise<void> {
  while (!isDone()) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function steps(): Promise<void> {
  const primitives = await createRedisPrimitives({ ...options, prefix: "steps" });
  const { intake, mailboxes, outboxes } = primitives;
  const epochs = new Map<string, number>();
  await measure("accept (to a busy conversation)", total, () =>
    spread((conversation) => intake.accept(messageEvent({ conversation, text: "x".repeat(100) }))),
  );
  await measure("begin, per claim", conversations, () =>
    Promise.all(
      chats.map(async (chat) => {
        const begun = await mailboxes.begin(chat, { leaseMs: 60_000, batch: 20 });
        if (begun.status === "claimed") epochs.set(chat, begun.epoch);
      }),
    ),
  );
  await measure("commit with one reply", total, () =>
    spread((chat, round) =>
      mailboxes.commit(chat, epochs.get(chat) ?? 0, {
        through: round + 1,
        replies: [replyTo(messageEvent({ conversation: chat }))],
        leaseMs: 60_000,
      }),
    ),
  );
  await measure("finish, per claim", conversations, () =>
    Promise.all(chats.map((chat) => mailboxes.finish(chat, epochs.get(chat) ?? 0))),
  );
  const epoch = (await outboxes.own(account, "bench", 60_000)) ?? 0;
  const { signal } = new AbortController();
  const entries = await outboxes.read(account, "", { count: total, waitMs: 0, signal });
  await measure("outbox read, 100 at once", total, async () => {
    for (let after = ""; ;) {
      const page = await outboxes.read(account, after, { count: 100, waitMs: 0, signal });
      const last = page.at(-1);
      if (last === undefined) return;
      after = last.position;
    }
  });
  const progress = { sent: [], sending: 0, repeated: [], plain: false, failures: 0 };
  await measure("record", total, () =>
    Promise.all(entries.map((entry) => outboxes.record({ account, epoch }, entry, progress))),
  );
  await measure("remove", total, () => Promise.all(entries.map((entry) => outboxes.remove({ account, epoch }, entry))));
  await primitives.close();
}

async function wholePath(records: number): Promise<void> {
  await probe.flushall();
  const broker = await createRedisBroker({ ...options, prefix: "path" });
  let delivered = 0;
  const echo = async (claim: Claim): Promise<void> => {
    const [head] = claim.waiting;
    if (head === undefined) return;
    await claim.commit({ through: head.sequence, replies: [replyTo(head.event, "echo")] });
  };
  broker.work(echo);
  broker.deliver(account, async (attempt) => {
    for (let record = 0; record < records; record += 1) {
      await attempt.record({ sent: [], sending: record, repeated: [], plain: false, failures: 0 });
    }
    delivered += 1;
  });
  await probe.config("RESETSTAT");
  await measure(`whole path, ${records} record(s) per reply`, total, async () => {
    await spread((conversation) => broker.accept(messageEvent({ conversation, text: "x".repeat(100) })));
    await until(() => delivered === total);
  });
  await scriptStats("whole path", total);
  await broker.close();
}

async function bareBullMq(): Promise<void> {
  await probe.flushall();
  const connection = new Redis(server.url, { maxRetriesPerRequest: null });
  const queue = new Queue("bare", { connection });
  let done = 0;
  const worker = new Worker(
    "bare",
    async () => {
      done += 1;
    },
    { connection: new Redis(server.url, { maxRetriesPerRequest: null }), concurrency: 50 },
  );
  await worker.waitUntilReady();
  await measure("bare BullMQ: add, process, complete", total, async () => {
    await spread((conversation) =>
      queue.add("job", messageEvent({ conversation, text: "x".repeat(100) }), { removeOnComplete: true }),
    );
    await until(() => done === total);
  });
  await worker.close();
  await queue.close();
  connection.disconnect();
}

console.log(`${total} messages in ${conversations} conversations; Redis with appendonly everysec`);
await steps();
await wholePath(1);
await wholePath(2);
await bareBullMq();
await probe.quit();
await server.stop();
process.exit(0);
