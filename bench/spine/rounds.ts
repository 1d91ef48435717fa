/** One round of each road: how fast, at what cost for the Redis server and for our processes. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { openSqlite } from "../../core/store/sqlite/driver.ts";
import { completeEvent } from "../../core/intake/intake.ts";
import { type Child, startChild } from "./children.ts";
import type { PostgresServer } from "../../test/support/postgres-server.ts";
import { account, draftOf, environment } from "./parts.ts";
import { postgresMicros } from "./postgres-cost.ts";
import { countTrips, type Trips } from "./postgres-trips.ts";

export interface Round {
  readonly perSecond: number;
  /** Microseconds of the Redis server's CPU per message; 0 without Redis. */
  readonly redisMicros: number;
  /** Microseconds of CPU per message of the process that puts messages in; hardly moves with the load of the machine. */
  readonly producerMicros: number;
  /** The same of all workers together. */
  readonly workerMicros: number;
  /** Microseconds of the PostgreSQL server's CPU per message; 0 without one. */
  readonly postgresMicros: number;
}

export interface RoundOptions {
  readonly url: string;
  readonly messages: number;
  readonly conversations: number;
  readonly workers: number;
  readonly postgres: PostgresServer;
}

/** `road`: broker, echo, outbox. `product`: everything a message meets on its way. */
export type Scope = "road" | "product";
export type Kind = "redis" | "embedded";
/** Where conversations, history and traces are. */
export type StoreKind = "sqlite" | "postgres";

/** A road to be measured. */
export interface MeasuredRoad {
  readonly kind: Kind;
  readonly scope: Scope;
  readonly store: StoreKind;
}

/** Messages before the measured ones: a bot that runs for days is measured, not the first second of its compiler. */
const WARM_UP = 10_000;

/** Accept → turn with an echo crew → outbox → send, with real stores. */
export async function roadRound({ kind, scope, store }: MeasuredRoad, options: RoundOptions): Promise<Round> {
  const database = store === "postgres" ? await options.postgres.createDatabase() : undefined;
  const road = { kind, scope, url: options.url, prefix: newName(), directory: newDirectory(), times: false, database };
  const workers = await Promise.all(
    Array.from(
      { length: options.workers },
      async (_, index) => await startChild("road-worker", [JSON.stringify({ ...road, delivers: index === 0 })]),
    ),
  );
  try {
    return await measured(await startChild("producer", [JSON.stringify(road)]), workers, options);
  } finally {
    rmSync(road.directory, { recursive: true, force: true });
  }
}

/**
 * What a message of the product asks of PostgreSQL: its statements, and how often somebody waits for an answer. Many chats
 * at once share round trips.
 */
export async function countedTrips({ chats, ...options }: RoundOptions & { readonly chats: number }): Promise<Trips> {
  const counter = await countTrips(await options.postgres.createDatabase());
  const road = { kind: "redis", scope: "product", url: options.url, prefix: newName(), directory: newDirectory() };
  const own = { ...road, times: false, database: counter.url };
  const worker = await startChild("road-worker", [JSON.stringify({ ...own, delivers: true })]);
  const producer = await startChild("producer", [JSON.stringify(own)]);
  try {
    const counted = async (from: number, count: number): Promise<Trips> => {
      await producer.put({ from, count, chats, everyMs: 0 });
      await until(async () => (await worker.state()).finished >= from + count);
      return counter.counts();
    };
    const before = await counted(0, 10 * chats);
    const after = await counted(10 * chats, options.messages);
    return {
      statements: (after.statements - before.statements) / options.messages,
      roundTrips: (after.roundTrips - before.roundTrips) / options.messages,
    };
  } finally {
    await Promise.all([producer.stop(), worker.stop()]);
    counter.close();
    rmSync(road.directory, { recursive: true, force: true });
  }
}

/** Bare BullMQ with payloads of the same size: add, process, complete. */
export async function bullmqRound(options: RoundOptions): Promise<Round> {
  const queue = newName();
  const workers = await Promise.all(
    Array.from({ length: options.workers }, async () => await startChild("bullmq-worker", [options.url, queue])),
  );
  const start = { kind: "bullmq", scope: "road", url: options.url, prefix: queue, directory: "" };
  return await measured(await startChild("producer", [JSON.stringify(start)]), workers, options);
}

/**
 * Bare better-sqlite3 at the same durability: the four writes that a message needs at least (event in, event out with
 * its reply, history, receipt), each as a transaction of its own. Group commit is what the road adds.
 */
export function sqliteRound(messages: number): Pick<Round, "perSecond" | "workerMicros"> {
  const directory = newDirectory();
  const database = openSqlite(join(directory, "bare.sqlite"));
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = FULL");
  database.exec("create table item (id integer primary key, payload text)");
  const insert = database.prepare("insert into item (payload) values (?)");
  const payload = JSON.stringify(completeEvent(draftOf(1, 1), { account, bot: "echo", environment }));
  const before = process.cpuUsage();
  const start = performance.now();
  for (let index = 0; index < messages; index += 1) for (let write = 0; write < 4; write += 1) insert.run(payload);
  const perSecond = (messages / (performance.now() - start)) * 1000;
  const { user, system } = process.cpuUsage(before);
  database.close();
  rmSync(directory, { recursive: true, force: true });
  return { perSecond, workerMicros: (user + system) / messages };
}

/** Milliseconds from the call of accept to the end of the send at a steady pace, sorted. */
export async function latencies(
  kind: Kind,
  url: string,
  pace: { readonly perSecond: number; readonly seconds: number },
): Promise<readonly number[]> {
  const road = { kind, scope: "product", url, prefix: newName(), directory: newDirectory(), times: true };
  const worker = await startChild("road-worker", [JSON.stringify({ ...road, delivers: true })]);
  const producer = await startChild("producer", [JSON.stringify(road)]);
  try {
    const everyMs = 1000 / pace.perSecond;
    await producer.put({ from: 0, count: WARM_UP, chats: 50, everyMs: 0 });
    await until(async () => (await worker.state()).finished >= WARM_UP);
    await worker.times();
    const count = pace.perSecond * pace.seconds;
    await producer.put({ from: WARM_UP, count, chats: 50, everyMs });
    await until(async () => (await worker.state()).finished >= WARM_UP + count);
    const [accepted, sent] = await Promise.all([producer.times(), worker.times()]);
    return [...accepted]
      .map(([id, from]) => ((sent.get(id) ?? Number.NaN) - from) / 1000)
      .toSorted((left, right) => left - right);
  } finally {
    await Promise.all([producer.stop(), worker.stop()]);
    rmSync(road.directory, { recursive: true, force: true });
  }
}

/** Warms up, measures, and ends the processes. */
async function measured(producer: Child, workers: readonly Child[], options: RoundOptions): Promise<Round> {
  const { messages, conversations: chats } = options;
  const probe = new Redis(options.url);
  const finished = async (): Promise<number> => sum((await states(workers)).map((state) => state.finished));
  try {
    await producer.put({ from: 0, count: WARM_UP, chats, everyMs: 0 });
    await until(async () => (await finished()) >= WARM_UP);
    const [redisBefore, producerBefore, workersBefore] = await costs(probe, producer, workers);
    const postgresBefore = postgresMicros(options.postgres);
    const start = performance.now();
    await producer.put({ from: WARM_UP, count: messages, chats, everyMs: 0 });
    await until(async () => (await finished()) >= WARM_UP + messages);
    const perSecond = (messages / (performance.now() - start)) * 1000;
    const [redis, own, others] = await costs(probe, producer, workers);
    const postgres = postgresMicros(options.postgres) - postgresBefore;
    return {
      perSecond,
      redisMicros: (redis - redisBefore) / messages,
      producerMicros: (own - producerBefore) / messages,
      workerMicros: (others - workersBefore) / messages,
      postgresMicros: postgres / messages,
    };
  } finally {
    probe.disconnect();
    await Promise.all([producer, ...workers].map(async (child) => await child.stop()));
  }
}

async function costs(
  probe: Redis,
  producer: Child,
  workers: readonly Child[],
): Promise<readonly [number, number, number]> {
  const [redis, { cpu }, all] = await Promise.all([serverMicros(probe), producer.state(), states(workers)]);
  return [redis, cpu, sum(all.map((state) => state.cpu))];
}

async function states(workers: readonly Child[]) {
  return await Promise.all(workers.map(async (worker) => await worker.state()));
}

async function serverMicros(probe: Redis): Promise<number> {
  const info = await probe.info("cpu");
  const part = (name: string): number => Number(new RegExp(`^${name}:([0-9.]+)`, "mu").exec(info)?.[1] ?? 0);
  return (part("used_cpu_user") + part("used_cpu_sys")) * 1e6;
}

async function until(done: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!(await done())) {
    if (Date.now() > deadline) throw new Error("the round did not finish within two minutes");
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function newName(): string {
  return `bench${environment.newId().toLowerCase()}`;
}

function newDirectory(): string {
  return mkdtempSync(join(tmpdir(), "parley-bench-"));
}
