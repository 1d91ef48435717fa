/** One round of each road: how fast, at what cost for the Redis server. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Queue } from "bullmq";
import Database from "better-sqlite3";
import { Redis } from "ioredis";
import { completeEvent } from "../../core/intake/intake.ts";
import type { ChildProcess } from "node:child_process";
import { clientMicros, startChild, stopChildren } from "./children.ts";
import type { Road } from "./parts.ts";
import { account, draftOf, environment, openBroker } from "./parts.ts";

export interface Round {
  readonly perSecond: number;
  /** Microseconds of the Redis server's CPU per message; 0 without Redis. */
  readonly redisMicros: number;
  /** Microseconds of CPU per message in all other processes together; hardly moves with the load of the machine. */
  readonly clientMicros: number;
}

export interface RoundOptions {
  readonly url: string;
  readonly messages: number;
  readonly conversations: number;
  readonly workers: number;
}

/** `road`: broker, echo, outbox. `product`: everything a message meets on its way. */
export type Scope = "road" | "product";

/** Accept → turn with an echo crew → outbox → send, with real stores. */
export async function roadRound(kind: Road["kind"], scope: Scope, options: RoundOptions): Promise<Round> {
  const directory = mkdtempSync(join(tmpdir(), "parley-bench-"));
  const road: Road = { kind, url: options.url, prefix: `bench${environment.newId().toLowerCase()}`, directory };
  let sent = 0;
  const children = await Promise.all(
    Array.from(
      { length: options.workers },
      async (_, index) =>
        await startChild("./road-worker.ts", [JSON.stringify({ ...road, delivers: index === 0, scope })], (message) => {
          sent += message.sent?.length ?? 0;
        }),
    ),
  );
  const broker = await openBroker(road);
  try {
    return await timed(options, children, async () => {
      await inRounds(options, async (chat, index) => {
        await broker.accept(completeEvent(draftOf(chat, index), { account, bot: "echo", environment }));
      });
      await until(() => sent >= options.messages);
    });
  } finally {
    await broker.close();
    await stopChildren(children);
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Bare BullMQ with payloads of the same size: add, process, complete. */
export async function bullmqRound(options: RoundOptions): Promise<Round> {
  const name = `bare${environment.newId()}`;
  let done = 0;
  const children = await Promise.all(
    Array.from(
      { length: options.workers },
      async () =>
        await startChild("./bullmq-worker.ts", [options.url, name], (message) => {
          done += message.done ?? 0;
        }),
    ),
  );
  const connection = new Redis(options.url, { maxRetriesPerRequest: null });
  const queue = new Queue(name, { connection, defaultJobOptions: { removeOnComplete: true } });
  try {
    return await timed(options, children, async () => {
      await inRounds(options, async (chat, index) => {
        await queue.add("message", completeEvent(draftOf(chat, index), { account, bot: "echo", environment }));
      });
      await until(() => done >= options.messages);
    });
  } finally {
    await queue.close();
    connection.disconnect();
    await stopChildren(children);
  }
}

/**
 * Bare better-sqlite3 at the same durability: the four writes that a message needs at least (event in, event out with
 * its reply, history, receipt), each as a transaction of its own. Group commit is what the road adds.
 */
export async function sqliteRound({ messages }: Pick<RoundOptions, "messages">): Promise<Round> {
  const directory = mkdtempSync(join(tmpdir(), "parley-bench-"));
  const database = new Database(join(directory, "bare.sqlite"));
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = FULL");
  database.exec("create table item (id integer primary key, payload text)");
  const insert = database.prepare("insert into item (payload) values (?)");
  const payload = JSON.stringify(completeEvent(draftOf(1, 1), { account, bot: "echo", environment }));
  const before = await clientMicros([]);
  const start = performance.now();
  for (let index = 0; index < messages; index += 1) for (let write = 0; write < 4; write += 1) insert.run(payload);
  const perSecond = (messages / (performance.now() - start)) * 1000;
  database.close();
  rmSync(directory, { recursive: true, force: true });
  return { perSecond, redisMicros: 0, clientMicros: ((await clientMicros([])) - before) / messages };
}

/** Latency from accept to send at a steady pace, in ms, sorted. */
export async function latencies(
  kind: Road["kind"],
  url: string,
  pace: { readonly perSecond: number; readonly seconds: number },
): Promise<readonly number[]> {
  const directory = mkdtempSync(join(tmpdir(), "parley-bench-"));
  const road: Road = { kind, url, prefix: `bench${environment.newId().toLowerCase()}`, directory };
  const started = new Map<string, number>();
  const measured: number[] = [];
  const child = await startChild(
    "./road-worker.ts",
    [JSON.stringify({ ...road, delivers: true, scope: "product" })],
    ({ sent = [], at = 0 }) => {
      for (const eventId of sent) {
        const from = started.get(eventId);
        if (from !== undefined) measured.push(at - from);
      }
    },
  );
  const broker = await openBroker(road);
  const total = pace.perSecond * pace.seconds;
  // The first thousand messages run uncompiled code; a bot that runs for days is measured, not its first seconds.
  const warmUp = pace.perSecond * 10;
  for (let index = 0; index < total + warmUp; index += 1) {
    const event = completeEvent(draftOf(index % 50, index), { account, bot: "echo", environment });
    if (index >= warmUp) started.set(event.id, Date.now());
    void broker.accept(event);
    await new Promise((resolve) => setTimeout(resolve, 1000 / pace.perSecond));
  }
  await until(() => measured.length >= total);
  await broker.close();
  await stopChildren([child]);
  rmSync(directory, { recursive: true, force: true });
  return measured.toSorted((left, right) => left - right);
}

async function inRounds(
  { messages, conversations }: RoundOptions,
  put: (chat: number, index: number) => Promise<void>,
): Promise<void> {
  for (let index = 0; index < messages / conversations; index += 1) {
    await Promise.all(Array.from({ length: conversations }, async (_, chat) => await put(chat, index)));
  }
}

async function timed(
  { url, messages }: Pick<RoundOptions, "url" | "messages">,
  children: readonly ChildProcess[],
  work: () => Promise<void>,
): Promise<Round> {
  const probe = new Redis(url);
  const before = await serverMicros(probe);
  const clientBefore = await clientMicros(children);
  const start = performance.now();
  await work();
  const perSecond = (messages / (performance.now() - start)) * 1000;
  const redisMicros = ((await serverMicros(probe)) - before) / messages;
  const client = ((await clientMicros(children)) - clientBefore) / messages;
  probe.disconnect();
  return { perSecond, redisMicros, clientMicros: client };
}

async function serverMicros(probe: Redis): Promise<number> {
  const info = await probe.info("cpu");
  const part = (name: string): number => Number(new RegExp(`^${name}:([0-9.]+)`, "mu").exec(info)?.[1] ?? 0);
  return (part("used_cpu_user") + part("used_cpu_sys")) * 1e6;
}

async function until(done: () => boolean): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!done()) {
    if (Date.now() > deadline) throw new Error("the round did not finish within two minutes");
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
