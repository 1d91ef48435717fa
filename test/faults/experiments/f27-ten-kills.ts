/**
 * F27: the whole product on the local Telegram, real grammY adapter and all, is killed ten times in a minute while fifty
 * people a second ask and each answer takes 300 ms.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { openTelegramLocally } from "../../../adapters/telegram/testing/index.ts";
import { Secret } from "../../../core/config/index.ts";
import type { CompletePerson, CompletePlatform } from "../../../core/testing/index.ts";
import { startRedis } from "../../support/redis-server.ts";
import { bundled } from "../build.ts";
import { type Experiment, must, type Result, seconds } from "../experiment.ts";
import { machineNow } from "../notes.ts";
import { onInterrupt, type Kind } from "../stage.ts";
import { FIRST_REPLY_MS } from "./f26-four-kills.ts";

const ANSWER_MS = 300;
const PER_SECOND = 50;
/** Each person says so much, one thing after the other, some seconds apart. */
const PER_PERSON = 3;
const SETTLE_MS = 90_000;

interface Plan {
  readonly kills: number;
  readonly everyMs: number;
  readonly messages: number;
  /** See {@link FIRST_REPLY_MS}. */
  readonly isJudgedBySpeed: boolean;
}
const FULL: Plan = { kills: 10, everyMs: 4_700, messages: 3_000, isJudgedBySpeed: true };
const SHORT: Plan = { kills: 3, everyMs: 4_000, messages: 600, isJudgedBySpeed: false };

export const tenKills: Experiment = {
  id: "F27",
  title: "the product on Telegram, killed ten times in a minute at 50 messages a second",
  kinds: ["redis", "embedded"],
  run: async (kind, { short }) => await runOnTelegram(kind, short ? SHORT : FULL),
};

async function runOnTelegram(kind: Kind, plan: Plan): Promise<Result> {
  const directory = mkdtempSync(join(tmpdir(), "parley-telegram-"));
  const kept = onInterrupt(() => rmSync(directory, { recursive: true, force: true }));
  const redis = kind === "redis" ? await startRedis({ appendonly: true, directory }) : undefined;
  const platform = await openTelegramLocally();
  const product = supervised(platform, { directory, ...(redis === undefined ? {} : { redisUrl: redis.url }) });
  try {
    await product.start();
    while (!platform.isConnected()) await sleep(20);
    const people = peopleOf(platform, Math.ceil(plan.messages / PER_PERSON));
    let killing = true;
    const killed = kill(product, plan).finally(() => {
      killing = false;
    });
    await Promise.all([speak(people, plan, () => killing), killed]);
    const restedAfter = await untilAllAnswered(people, SETTLE_MS);
    return judge(people, { restedAfter, firstReplies: firstReplies(people, product.spawnedAt), plan });
  } finally {
    await product.end();
    await platform.close();
    await redis?.kill();
    kept();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Somebody who says numbered things; what they should be told is known. */
interface Asking {
  readonly person: CompletePerson;
  readonly tokens: string[];
}

function peopleOf(platform: CompletePlatform, count: number): readonly Asking[] {
  return Array.from({ length: count }, (_, index) => ({
    person: platform.person(String(10_000 + index), `Person ${index}`),
    tokens: [],
  }));
}

/** Says as much as planned, and more for as long as `goesOn` says so. */
async function speak(people: readonly Asking[], { messages }: Plan, goesOn: () => boolean): Promise<void> {
  const startedAt = machineNow();
  for (let index = 0; index < messages || goesOn(); index += 1) {
    const asking = people[index % people.length];
    if (asking === undefined) return;
    const token = `t${index}`;
    asking.tokens.push(token);
    await asking.person.say(token);
    const dueMs = startedAt + ((index + 1) * 1_000) / PER_SECOND - machineNow();
    if (dueMs > 2) await sleep(dueMs);
  }
}

type Supervised = ReturnType<typeof supervised>;

async function kill(product: Supervised, plan: Plan): Promise<void> {
  for (let kills = 0; kills < plan.kills; kills += 1) {
    await sleep(plan.everyMs);
    await product.replace();
  }
}

/** The product's process, and the one that is started in its place. */
function supervised(platform: CompletePlatform, place: { readonly directory: string; readonly redisUrl?: string }) {
  const account = z
    .object({ token: z.instanceof(Secret) })
    .loose()
    .parse(platform.account.settings);
  const { token, ...settings } = account;
  const spec = JSON.stringify({ ...place, token: token.reveal(), settings, answerMs: ANSWER_MS });
  const spawnedAt: number[] = [];
  let child: ChildProcess | undefined;
  let unhooked = (): void => undefined;
  const start = async (): Promise<void> => {
    const started = fork(bundled("product"), [spec], { execArgv: [], stdio: ["ignore", 2, 2, "ipc"] });
    unhooked = onInterrupt(() => started.kill("SIGKILL"));
    child = started;
    await Promise.race([
      once(started, "message"),
      once(started, "exit").then(([code]) => Promise.reject(new Error(`the product ended with ${String(code)}`))),
    ]);
  };
  const end = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
    unhooked();
  };
  return {
    start,
    end,
    /** When the successors were spawned. */
    spawnedAt,
    /** Kills it and starts another. */
    replace: async (): Promise<void> => {
      await end();
      spawnedAt.push(Date.now());
      await start();
    },
  };
}

/**
 * How long after each spawn people first saw something of the bot, in ms; read from the messages' own times, since the
 * platform runs in this process, and looking at a thousand screens all the time would slow down what is measured.
 */
function firstReplies(people: readonly Asking[], spawnedAt: readonly number[]): readonly number[] {
  const shownAt = people.flatMap(({ person }) =>
    person.sees().flatMap(({ author, at }) => (author.isBot ? [Date.parse(at)] : [])),
  );
  return spawnedAt.map((at) => Math.min(...shownAt.filter((shown) => shown >= at)) - at);
}

const saidBy = ({ person }: Asking): readonly string[] =>
  person
    .sees()
    .filter(({ author }) => author.isBot)
    .map(({ plain }) => plain);

function answersTo(asking: Asking): readonly string[] {
  return saidBy(asking).flatMap((text) => /You said (t\d+)/u.exec(text)?.[1] ?? []);
}

async function untilAllAnswered(people: readonly Asking[], limitMs: number): Promise<number> {
  const startedAt = machineNow();
  const isDone = (asking: Asking): boolean => new Set(answersTo(asking)).size >= asking.tokens.length;
  while (machineNow() - startedAt < limitMs && !people.every(isDone)) await sleep(2_000);
  return machineNow() - startedAt;
}

function judge(
  people: readonly Asking[],
  run: { readonly restedAfter: number; readonly firstReplies: readonly number[]; readonly plan: Plan },
): Result {
  const unanswered = people.flatMap((asking) => {
    const answered = new Set(answersTo(asking));
    return asking.tokens.filter((token) => !answered.has(token));
  });
  const givenUp = people.filter((asking) => saidBy(asking).some((text) => /could not process/u.test(text)));
  const outOfOrder = people.filter((asking) => {
    const order = [...new Set(answersTo(asking))];
    return order.join(" ") !== asking.tokens.filter((token) => order.includes(token)).join(" ");
  });
  const twice = people.flatMap(answersTo).length - new Set(people.flatMap(answersTo)).size;
  const slowest = Math.max(...run.firstReplies);
  return {
    faults: [
      ...must(givenUp.length === 0, `${givenUp.length} people were told that it failed`),
      ...must(unanswered.length === 0, `${unanswered.length} without an answer (${unanswered.slice(0, 3).join(", ")})`),
      ...must(outOfOrder.length === 0, `${outOfOrder.length} people answered out of order`),
      ...must(
        !run.plan.isJudgedBySpeed || slowest <= FIRST_REPLY_MS,
        `first reply ${seconds(slowest)} after the new process was spawned, not ${seconds(FIRST_REPLY_MS)}`,
      ),
    ],
    figures: {
      messages: people.reduce((sum, { tokens }) => sum + tokens.length, 0),
      kills: run.plan.kills,
      "told that it failed": givenUp.length,
      unanswered: unanswered.length,
      "seen twice (send in doubt)": twice,
      "slowest first reply": seconds(slowest),
      "rest after": seconds(run.restedAfter),
    },
  };
}
