/**
 * The whole road against what it is built on, in one run: rounds interleaved, medians reported.
 *
 * npm run bench -- spine [--messages 10000] [--rounds 3]
 */
import { parseArgs } from "node:util";
import { startRedis } from "../../test/support/redis-server.ts";
import type { Round, RoundOptions } from "./rounds.ts";
import { bullmqRound, latencies, roadRound, sqliteRound } from "./rounds.ts";

const CONVERSATIONS = 200;

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { messages: { type: "string", default: "10000" }, rounds: { type: "string", default: "3" } },
  });
  const messages = Number(values.messages);
  const rounds = Number(values.rounds);
  const redis = await startRedis({ appendonly: true });
  try {
    for (const workers of [1, 2])
      await compare({ url: redis.url, messages, conversations: CONVERSATIONS, workers }, rounds);
    const bare = await sqliteRound({ messages: Math.min(messages, 1_000) });
    console.log(`bare better-sqlite3, 4 transactions a message, FULL   ${rate(bare)}   ${cpu(bare)}`);
    for (const kind of ["redis", "embedded"] as const) {
      const sorted = await latencies(kind, redis.url, { perSecond: 100, seconds: 20 });
      console.log(
        `${kind.padEnd(9)} latency at 100/s   p50 ${percentile(sorted, 50)} ms   p99 ${percentile(sorted, 99)} ms   (goal p99 ≤ 25 ms)`,
      );
    }
  } finally {
    await redis.stop();
  }
}

const ROADS = [
  ["redis", "road"],
  ["redis", "product"],
  ["embedded", "road"],
  ["embedded", "product"],
] as const;

async function compare(options: RoundOptions, rounds: number): Promise<void> {
  const bare: Round[] = [];
  const measured = new Map<string, Round[]>(ROADS.map((road) => [road.join(" "), []]));
  for (let round = 0; round < rounds; round += 1) {
    bare.push(await bullmqRound(options));
    for (const [kind, scope] of ROADS) measured.get(`${kind} ${scope}`)?.push(await roadRound(kind, scope, options));
  }
  const bullmq = median(bare);
  const { workers, messages, conversations } = options;
  console.log(`\n${workers} worker(s), ${messages} messages over ${conversations} conversations, ${rounds} rounds`);
  console.log(
    `bare BullMQ: add, process, complete   ${rate(bullmq)}   ${bullmq.redisMicros.toFixed(1)} µs of Redis and ${cpu(bullmq)} a message`,
  );
  for (const [road, results] of measured) {
    const result = median(results);
    const redis =
      result.redisMicros < 5
        ? ""
        : `   ${result.redisMicros.toFixed(1)} µs of Redis (${(result.redisMicros / bullmq.redisMicros).toFixed(2)}, goal ≤ 1, better 0.67)`;
    console.log(
      `Parley ${road.padEnd(30)} ${rate(result)}   ${(result.perSecond / bullmq.perSecond).toFixed(2)} of BullMQ's rate (goal ≥ 0.9)   ${cpu(result)}${redis}`,
    );
  }
}

function median(rounds: readonly Round[]): Round {
  const middle = (values: readonly number[]): number =>
    values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
  return {
    perSecond: middle(rounds.map(({ perSecond }) => perSecond)),
    redisMicros: middle(rounds.map(({ redisMicros }) => redisMicros)),
    clientMicros: middle(rounds.map(({ clientMicros }) => clientMicros)),
  };
}

function rate({ perSecond }: Round): string {
  return `${String(Math.round(perSecond)).padStart(6)} messages/s`;
}

function cpu({ clientMicros }: Round): string {
  return `${clientMicros.toFixed(0)} µs of our CPU`;
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor((share / 100) * sorted.length))] ?? 0;
}
