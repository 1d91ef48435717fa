/**
 * The same echo bot four times on the same local Telegram and the same redis-server: hand-written with grammY and BullMQ,
 * with Chat SDK, with Parley on Redis and with Parley embedded. Rounds interleaved, medians reported.
 *
 * npm run bench -- peers [--messages 2000] [--rounds 3] [--seconds 20] [--kills 10] [--idle 60] [--bots parley-redis,…]
 *
 * 0 seconds, kills or idle seconds leave that part out; so does 0 rounds.
 */
import { parseArgs } from "node:util";
import { startRedis } from "../../test/support/redis-server.ts";
import { buildProcesses, removeBuild } from "../bundle.ts";
import { type BotName, BOTS, type Place, TITLES } from "./bots.ts";
import { installPeers } from "./install.ts";
import { measureIdle, measureKills, measureLatency, measurePace, type Pace } from "./measures.ts";

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      messages: { type: "string", default: "2000" },
      rounds: { type: "string", default: "3" },
      seconds: { type: "string", default: "20" },
      kills: { type: "string", default: "10" },
      idle: { type: "string", default: "60" },
      bots: { type: "string", default: BOTS.join(",") },
    },
  });
  const wanted = values.bots.split(",");
  const bots = BOTS.filter((name) => wanted.includes(name));
  const peers = installPeers();
  await buildProcesses(
    new URL("processes/telegram.ts", import.meta.url),
    new URL("processes/parley.ts", import.meta.url),
  );
  const redis = await startRedis({ appendonly: true });
  try {
    const place = { redisUrl: redis.url, peers };
    await comparePace(bots, place, { messages: Number(values.messages), rounds: Number(values.rounds) });
    if (values.seconds !== "0") await compareLatency(bots, place, Number(values.seconds));
    if (values.idle !== "0") await compareIdle(bots, place, Number(values.idle));
    if (values.kills !== "0") await compareKills(bots, place, Number(values.kills));
  } finally {
    await redis.stop();
    removeBuild();
  }
}

async function comparePace(
  bots: readonly BotName[],
  place: Place,
  { messages, rounds }: { readonly messages: number; readonly rounds: number },
): Promise<void> {
  const measured = new Map<BotName, Pace[]>(bots.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1)
    for (const name of bots) measured.get(name)?.push(await measurePace(name, place, messages));
  if (rounds === 0) return;
  console.log(
    `\n${messages} messages at once in 100 chats, medians of ${rounds} rounds; × is of the hand-written bot's`,
  );
  const own = medianOf(measured.get("hand-written") ?? []);
  for (const [name, paces] of measured) {
    const { perSecond, cpuMs, redisMs, megabytes } = medianOf(paces);
    const of = (part: number, whole: number): string => `(× ${(part / whole).toFixed(2)})`;
    console.log(
      `${titled(name)} ${perSecond.toFixed(0).padStart(5)} messages/s ${of(perSecond, own.perSecond)}` +
        `   CPU ${cpuMs.toFixed(2)} ms ${of(cpuMs, own.cpuMs)}   Redis ${redisMs.toFixed(3)} ms ${of(redisMs, own.redisMs)}` +
        `   ${megabytes} MB`,
    );
  }
  console.log("goals of Parley: rate × ≥ 0.8, CPU × ≤ 1.5, Redis × ≤ 1");
}

async function compareLatency(bots: readonly BotName[], place: Place, seconds: number): Promise<void> {
  console.log(`\n50 messages a second for ${seconds} s: from the message to the answer (goal p99 ≤ 25 ms)`);
  for (const name of bots) {
    const { sorted, cpuMs, redisMs } = await measureLatency(name, place, seconds);
    const at = (share: number): string =>
      String(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]);
    console.log(
      `${titled(name)} p50 ${at(0.5)} ms   p99 ${at(0.99)} ms   slowest ${at(1)} ms   CPU ${cpuMs.toFixed(2)} ms   Redis ${redisMs.toFixed(3)} ms`,
    );
  }
}

async function compareIdle(bots: readonly BotName[], place: Place, seconds: number): Promise<void> {
  console.log(`\nA minute in which nobody says anything (${seconds} s measured)`);
  for (const name of bots) {
    const { cpuMs, wakeUps, redisMs } = await measureIdle(name, place, seconds);
    console.log(
      `${titled(name)} CPU ${cpuMs.toFixed(0)} ms   ${wakeUps} wake-ups   CPU of the redis-server ${redisMs.toFixed(0)} ms`,
    );
  }
}

async function compareKills(bots: readonly BotName[], place: Place, kills: number): Promise<void> {
  // The same moments for all.
  const pausesMs = Array.from({ length: kills }, () => 1_500 + Math.random() * 4_000);
  console.log(`\n50 messages a second, the bot killed ${kills} times at random moments and started again at once`);
  for (const name of bots) {
    const { messages, lost, doubled, outOfOrder, slowestMs } = await measureKills(name, place, pausesMs);
    console.log(
      `${titled(name)} ${messages} messages: ${lost} lost, ${doubled} answered twice, ${outOfOrder} out of order;` +
        ` the slowest answer after ${(slowestMs / 1_000).toFixed(1)} s`,
    );
  }
}

function medianOf(paces: readonly Pace[]): Pace {
  const middle = (of: (pace: Pace) => number): number =>
    paces.map(of).toSorted((left, right) => left - right)[Math.floor(paces.length / 2)] ?? Number.NaN;
  return {
    perSecond: middle((pace) => pace.perSecond),
    cpuMs: middle((pace) => pace.cpuMs),
    redisMs: middle((pace) => pace.redisMs),
    megabytes: middle((pace) => pace.megabytes),
  };
}

const titled = (name: BotName): string => TITLES[name].padEnd(30);
