/** What is measured of a bot: its pace and costs, its latency, what it does when it is killed, what it does when nobody asks. */
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import type { BotName, Place, RunningBot } from "./bots.ts";
import { startBot } from "./bots.ts";
import { cpuMs, peakMegabytes, wakeUps } from "./kernel.ts";
import { type Screens, type TelegramProcess, until } from "./telegram.ts";

const CHATS = 100;
/** A bot that runs for days is measured, not the first second of its compiler. */
const WARM_UP = 1_000;
const PATIENCE_MS = 120_000;

export interface Pace {
  readonly perSecond: number;
  /** CPU time a message: of the bot's process, and of the redis-server, in ms. */
  readonly cpuMs: number;
  readonly redisMs: number;
  readonly megabytes: number;
}

/** All messages at once, after a warm-up. */
export async function measurePace(name: BotName, place: Place, messages: number): Promise<Pace> {
  return await withBot(name, place, async (bot) => {
    const { telegram } = bot;
    const allSent = async (count: number): Promise<void> => {
      const isDone = await until(async () => (await telegram.sent()) >= count, PATIENCE_MS);
      if (!isDone) console.log(`${name}: only ${await telegram.sent()} of ${count} answered`);
    };
    await telegram.say({ count: WARM_UP, chats: CHATS, everyMs: 0 });
    await allSent(WARM_UP);
    const before = { cpu: cpuMs(bot.pid()), redis: await redisCpuMs(place) };
    await telegram.say({ count: messages, chats: CHATS, everyMs: 0 });
    await allSent(WARM_UP + messages);
    const after = { cpu: cpuMs(bot.pid()), redis: await redisCpuMs(place) };
    const measured = answersIn(await telegram.screens()).filter(({ number }) => number > WARM_UP);
    const begun = Math.min(...measured.map(({ saidAt }) => saidAt));
    const ended = Math.max(...measured.flatMap(({ answeredAt }) => answeredAt));
    return {
      perSecond: (messages / (ended - begun)) * 1_000,
      cpuMs: (after.cpu - before.cpu) / messages,
      redisMs: (after.redis - before.redis) / messages,
      megabytes: peakMegabytes(bot.pid()),
    };
  });
}

export interface Latency {
  /** From each message to its answer, in ms, sorted. */
  readonly sorted: readonly number[];
  /** CPU time a message, of the bot's process and of the redis-server: nothing is gathered at this pace. */
  readonly cpuMs: number;
  readonly redisMs: number;
}

/** Fifty messages a second. */
export async function measureLatency(name: BotName, place: Place, seconds: number): Promise<Latency> {
  const perSecond = 50;
  return await withBot(name, place, async (bot) => {
    const { telegram } = bot;
    await telegram.say({ count: WARM_UP, chats: CHATS, everyMs: 0 });
    await until(async () => (await telegram.sent()) >= WARM_UP, PATIENCE_MS);
    await sleep(1_000);
    const count = perSecond * seconds;
    const before = { cpu: cpuMs(bot.pid()), redis: await redisCpuMs(place) };
    await telegram.say({ count, chats: CHATS, everyMs: 1_000 / perSecond });
    await until(async () => (await telegram.sent()) >= WARM_UP + count, PATIENCE_MS);
    const costs = {
      cpuMs: (cpuMs(bot.pid()) - before.cpu) / count,
      redisMs: ((await redisCpuMs(place)) - before.redis) / count,
    };
    const sorted = answersIn(await telegram.screens())
      .filter(({ number }) => number > WARM_UP)
      .map(({ saidAt, answeredAt: [first = Number.POSITIVE_INFINITY] }) => first - saidAt)
      .toSorted((left, right) => left - right);
    return { sorted, ...costs };
  });
}

export interface Survived {
  readonly messages: number;
  readonly lost: number;
  readonly doubled: number;
  readonly outOfOrder: number;
  readonly slowestMs: number;
}

/** Longer than a job of BullMQ may be left alone (30 s), and than its next look for such jobs. */
const QUIET_MS = 70_000;

/** Killed at these moments, ms after each other, while fifty messages a second are said. */
export async function measureKills(name: BotName, place: Place, pausesMs: readonly number[]): Promise<Survived> {
  return await withBot(name, place, async (bot) => {
    const { telegram } = bot;
    const messages = Math.ceil(pausesMs.reduce((sum, one) => sum + one, 0) / 20);
    const saying = telegram.say({ count: messages, chats: CHATS, everyMs: 20 });
    for (const pause of pausesMs) {
      await sleep(pause);
      await bot.replace();
    }
    await saying;
    await untilQuiet(telegram);
    // What is answered twice is answered late.
    await sleep(2_000);
    return judge(await telegram.screens());
  });
}

/** Waits until all is answered, or nothing more comes. */
async function untilQuiet(telegram: TelegramProcess): Promise<void> {
  for (;;) {
    const answers = answersIn(await telegram.screens());
    const sent = await telegram.sent();
    if (answers.every(({ answeredAt }) => answeredAt.length > 0)) return;
    if (!(await until(async () => (await telegram.sent()) > sent, QUIET_MS))) return;
    await sleep(1_000);
  }
}

function judge(screens: Screens): Survived {
  const answers = answersIn(screens);
  const firsts = answers.flatMap(({ answeredAt: [first], ...one }) => (first === undefined ? [] : [{ ...one, first }]));
  return {
    messages: answers.length,
    lost: answers.length - firsts.length,
    doubled: answers.filter(({ answeredAt }) => answeredAt.length > 1).length,
    outOfOrder: screens.reduce((sum, screen) => sum + overtaken(screen), 0),
    slowestMs: Math.max(...firsts.map(({ first, saidAt }) => first - saidAt)),
  };
}

/** Messages of a chat that were first answered after the answer to a later one. */
function overtaken(screen: Screens[number]): number {
  let latest = 0;
  const seen = new Set<number>();
  let count = 0;
  for (const number of screen.filter(({ isBot }) => isBot).map(({ text }) => numberIn(text))) {
    if (number < latest && !seen.has(number)) count += 1;
    seen.add(number);
    latest = Math.max(latest, number);
  }
  return count;
}

export interface Idle {
  /** CPU time, and how often a thread woke up, in a minute. */
  readonly cpuMs: number;
  readonly wakeUps: number;
  readonly redisMs: number;
}

/** What a bot takes while nobody says anything, after some messages and a rest. */
export async function measureIdle(name: BotName, place: Place, seconds: number): Promise<Idle> {
  return await withBot(name, place, async (bot) => {
    await bot.telegram.say({ count: 100, chats: CHATS, everyMs: 0 });
    await until(async () => (await bot.telegram.sent()) >= 100, PATIENCE_MS);
    await sleep(10_000);
    const read = async () => ({ cpu: cpuMs(bot.pid()), wakes: wakeUps(bot.pid()), redis: await redisCpuMs(place) });
    const before = await read();
    await sleep(seconds * 1_000);
    const after = await read();
    const perMinute = 60 / seconds;
    return {
      cpuMs: (after.cpu - before.cpu) * perMinute,
      wakeUps: Math.round((after.wakes - before.wakes) * perMinute),
      redisMs: (after.redis - before.redis) * perMinute,
    };
  });
}

async function withBot<Result>(
  name: BotName,
  place: Place,
  measure: (bot: RunningBot) => Promise<Result>,
): Promise<Result> {
  const bot = await startBot(name, place);
  try {
    return await measure(bot);
  } finally {
    await bot.stop();
  }
}

interface Answered {
  readonly number: number;
  readonly saidAt: number;
  readonly answeredAt: readonly number[];
}

/** Each message with when it was answered, from what people see. */
function answersIn(screens: Screens): readonly Answered[] {
  const said = new Map<number, { number: number; saidAt: number; answeredAt: number[] }>();
  for (const { isBot, text, at } of screens
    .flat()
    .toSorted((left, right) => Number(left.isBot) - Number(right.isBot))) {
    const number = numberIn(text);
    if (isBot) said.get(number)?.answeredAt.push(at);
    else said.set(number, { number, saidAt: at, answeredAt: [] });
  }
  return [...said.values()];
}

const numberIn = (text: string): number => Number(/message (\d+):/u.exec(text)?.[1] ?? 0);

async function redisCpuMs({ redisUrl }: Place): Promise<number> {
  const probe = new Redis(redisUrl);
  const info = await probe.info("cpu");
  probe.disconnect();
  const part = (name: string): number => Number(new RegExp(`^${name}:([0-9.]+)`, "mu").exec(info)?.[1] ?? 0);
  return (part("used_cpu_user") + part("used_cpu_sys")) * 1_000;
}
