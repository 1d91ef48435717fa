/**
 * The whole road against what it is built on, in one run: rounds interleaved, medians reported.
 *
 * npm run bench -- spine [--messages 10000] [--rounds 3] [--workers 1,2] [--roads "redis product,embedded road"]
 */
import { parseArgs } from "node:util";
import { startRedis } from "../../test/support/redis-server.ts";
import { buildProcesses, removeBuild } from "./bundle.ts";
import type { Round, RoundOptions } from "./rounds.ts";
import { bullmqRound, latencies, roadRound, sqliteRound } from "./rounds.ts";

const CONVERSATIONS = 200;

const ROADS = [
  ["redis", "road"],
  ["redis", "product"],
  ["embedded", "road"],
  ["embedded", "product"],
] as const;

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      messages: { type: "string", default: "10000" },
      rounds: { type: "string", default: "3" },
      workers: { type: "string", default: "1,2" },
      roads: { type: "string", default: ROADS.map((road) => road.join(" ")).join(",") },
      seconds: { type: "string", default: "20" },
    },
  });
  const messages = Number(values.messages);
  const roads = ROADS.filter((road) => values.roads.split(",").includes(road.join(" ")));
  await buildProcesses();
  const redis = await startRedis({ appendonly: true });
  try {
    for (const workers of values.workers.split(",").map(Number)) {
      const options = { url: redis.url, messages, conversations: CONVERSATIONS, workers };
      await compare(options, roads, Number(values.rounds));
    }
    const bare = sqliteRound(1_000);
    console.log(
      `\nbare better-sqlite3, 4 transactions a message, FULL   ${perSecond(bare)}   ${bare.workerMicros.toFixed(0)} µs of CPU`,
    );
    for (const kind of Number(values.seconds) > 0 ? (["redis", "embedded"] as const) : []) {
      const sorted = await latencies(kind, redis.url, { perSecond: 100, seconds: Number(values.seconds) });
      const [p50, p99] = [50, 99].map((share) => percentile(sorted, share).toFixed(1));
      console.log(`${kind.padEnd(9)} added latency at 100/s   p50 ${p50} ms   p99 ${p99} ms   (goal p99 ≤ 25 ms)`);
    }
  } finally {
    await redis.stop();
    removeBuild();
  }
}

async function compare(options: RoundOptions, roads: readonly (typeof ROADS)[number][], rounds: number): Promise<void> {
  const bare: Round[] = [];
  const measured = new Map<string, Round[]>(roads.map((road) => [road.join(" "), []]));
  for (let round = 0; round < rounds; round += 1) {
    bare.push(await bullmqRound(options));
    for (const [kind, scope] of roads) measured.get(`${kind} ${scope}`)?.push(await roadRound(kind, scope, options));
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
  };
}

function perSecond(round: Pick<Round, "perSecond">): string {
  return `${String(Math.round(round.perSecond)).padStart(6)} messages/s`;
}

function micros({ redisMicros, producerMicros, workerMicros }: Round): string {
  const [producer, worker, redis] = [producerMicros, workerMicros, redisMicros].map((one) =>
    one.toFixed(0).padStart(4),
  );
  return `CPU a message: producer ${producer} µs, workers ${worker} µs, Redis ${redis} µs`;
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor((share / 100) * sorted.length))] ?? 0;
}
