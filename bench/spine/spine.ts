/**
 * The whole road against what it is built on, in one run: rounds interleaved, medians reported.
 *
 * npm run bench -- spine [--messages 10000] [--rounds 3] [--workers 1,2] [--roads "redis product,embedded road"]
 */
import { parseArgs } from "node:util";
import { startRedis } from "../../test/support/redis-server.ts";
import { startPostgres } from "../../test/support/postgres-server.ts";
import { buildProcesses, removeBuild } from "../bundle.ts";
import { barePostgres, postgresMicros } from "./postgres-cost.ts";
import type { MeasuredRoad, Round, RoundOptions } from "./rounds.ts";
import { bullmqRound, countedTrips, latencies, roadRound, sqliteRound } from "./rounds.ts";

const CONVERSATIONS = 200;
const PROCESSES = ["producer", "road-worker", "bullmq-worker"] as const;

/** By the names that `--roads` takes. */
const ROADS: ReadonlyMap<string, MeasuredRoad> = new Map([
  ["redis road", { kind: "redis", scope: "road", store: "sqlite" }],
  ["redis product", { kind: "redis", scope: "product", store: "sqlite" }],
  ["redis product postgres", { kind: "redis", scope: "product", store: "postgres" }],
  ["embedded road", { kind: "embedded", scope: "road", store: "sqlite" }],
  ["embedded product", { kind: "embedded", scope: "product", store: "sqlite" }],
]);

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      messages: { type: "string", default: "10000" },
      rounds: { type: "string", default: "3" },
      workers: { type: "string", default: "1,2" },
      roads: { type: "string", default: [...ROADS.keys()].join(",") },
      seconds: { type: "string", default: "20" },
    },
  });
  const messages = Number(values.messages);
  const roads = values.roads.split(",").filter((road) => ROADS.has(road));
  await buildProcesses(...PROCESSES.map((name) => new URL(`processes/${name}.ts`, import.meta.url)));
  const redis = await startRedis({ appendonly: true });
  const postgres = await startPostgres();
  try {
    for (const workers of values.workers.split(",").map(Number)) {
      const options = { url: redis.url, messages, conversations: CONVERSATIONS, workers, postgres };
      await compare(options, roads, Number(values.rounds));
    }
    const bare = sqliteRound(1_000);
    console.log(
      `\nbare better-sqlite3, 4 transactions a message, FULL   ${perSecond(bare)}   ${bare.workerMicros.toFixed(0)} µs of CPU`,
    );
    if (roads.includes("redis product postgres")) {
      await aboutPostgres({ url: redis.url, messages: 1_000, conversations: CONVERSATIONS, workers: 1, postgres });
    }
    for (const kind of Number(values.seconds) > 0 ? (["redis", "embedded"] as const) : []) {
      const sorted = await latencies(kind, redis.url, { perSecond: 100, seconds: Number(values.seconds) });
      const [p50, p99] = [50, 99].map((share) => percentile(sorted, share).toFixed(1));
      console.log(`${kind.padEnd(9)} added latency at 100/s   p50 ${p50} ms   p99 ${p99} ms   (goal p99 ≤ 25 ms)`);
    }
  } finally {
    await redis.stop();
    await postgres.stop();
    postgres.remove();
    removeBuild();
  }
}

/** What a message asks of PostgreSQL, next to the least that it could be. */
async function aboutPostgres(options: RoundOptions): Promise<void> {
  const alone = await countedTrips({ ...options, messages: 100, chats: 1 });
  const { statements, roundTrips } = await countedTrips({ ...options, chats: 50 });
  const database = await options.postgres.createDatabase();
  const before = postgresMicros(options.postgres);
  const { perSecond: rate, clientMicros } = await barePostgres(database, options.messages);
  const server = (postgresMicros(options.postgres) - before) / options.messages;
  console.log(
    `\nPostgreSQL: a message alone ${alone.statements.toFixed(1)} statements, ${alone.roundTrips.toFixed(1)} round trips (goal ≤ 4); ` +
      `of 50 chats at once ${statements.toFixed(1)} and ${roundTrips.toFixed(1)}\n` +
      `bare insert and update of the same bytes   ${perSecond({ perSecond: rate })}   client ${clientMicros.toFixed(0)} µs, server ${server.toFixed(0)} µs of CPU`,
  );
}

async function compare(options: RoundOptions, roads: readonly string[], rounds: number): Promise<void> {
  const bare: Round[] = [];
  const measured = new Map<string, Round[]>(roads.map((road) => [road, []]));
  for (let round = 0; round < rounds; round += 1) {
    bare.push(await bullmqRound(options));
    for (const name of roads) {
      const road = ROADS.get(name);
      if (road !== undefined) measured.get(name)?.push(await roadRound(road, options));
    }
  }
  const bullmq = median(bare);
  const { workers, messages, conversations } = options;
  console.log(`\n${workers} worker(s), ${messages} messages over ${conversations} conversations, ${rounds} rounds`);
  console.log(`${"bare BullMQ: add, process, complete".padEnd(36)} ${perSecond(bullmq)}   ${micros(bullmq)}`);
  for (const [road, results] of measured) {
    const result = median(results);
    const redis = road.startsWith("redis")
      ? `, ${(result.redisMicros / bullmq.redisMicros).toFixed(2)} of its Redis CPU (goal ≤ 1, better 0.67)`
      : "";
    console.log(
      `${`Parley ${road}`.padEnd(36)} ${perSecond(result)}   ${micros(result)}   ${(result.perSecond / bullmq.perSecond).toFixed(2)} of BullMQ's rate (goal ≥ 0.9)${redis}`,
    );
  }
}

function median(rounds: readonly Round[]): Round {
  const middle = (of: (round: Round) => number): number =>
    rounds.map(of).toSorted((left, right) => left - right)[Math.floor(rounds.length / 2)] ?? 0;
  return {
    perSecond: middle((round) => round.perSecond),
    redisMicros: middle((round) => round.redisMicros),
    producerMicros: middle((round) => round.producerMicros),
    workerMicros: middle((round) => round.workerMicros),
    postgresMicros: middle((round) => round.postgresMicros),
  };
}

function perSecond(round: Pick<Round, "perSecond">): string {
  return `${String(Math.round(round.perSecond)).padStart(6)} messages/s`;
}

function micros({ redisMicros, producerMicros, workerMicros, postgresMicros: postgresCpu }: Round): string {
  const [producer, worker, redis, postgres] = [producerMicros, workerMicros, redisMicros, postgresCpu].map((one) =>
    one.toFixed(0).padStart(4),
  );
  const server = postgresCpu < 1 ? "" : `, PostgreSQL ${postgres} µs`;
  return `CPU a message: producer ${producer} µs, workers ${worker} µs, Redis ${redis} µs${server}`;
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor((share / 100) * sorted.length))] ?? 0;
}
