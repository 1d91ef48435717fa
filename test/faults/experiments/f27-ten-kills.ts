/**
 * F27: the whole product on the local Telegram, real grammY adapter and all, is killed ten times in a minute while fifty
 * people a second ask and each answer takes 300 ms.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openTelegramLocally } from "../../../adapters/telegram/testing/index.ts";
import type { Engine } from "../../../core/store/sql/database.ts";
import { startRedis } from "../../support/redis-server.ts";
import { type Experiment, must, type Result, seconds } from "../experiment.ts";
import { machineNow } from "../notes.ts";
import { type Asking, firstReplyAfter, judgeAnswers, peopleOf, sayNext, untilAllAnswered } from "../people.ts";
import { accountOf, type ProductProcess, startProduct } from "../product.ts";
import type { ProductSpec } from "../processes/product.ts";
import { describeSlowness, slownessOf } from "../slowness.ts";
import { onInterrupt, runState, type Kind } from "../stage.ts";
import { FIRST_REPLY_MS } from "./f26-four-kills.ts";

const ANSWER_MS = 300;
const PER_SECOND = 50;
/** Each person says so much, one thing after the other, some seconds apart. */
const PER_PERSON = 3;
const PATIENCE_MS = 60_000;

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
  stores: ["sqlite", "postgres"],
  run: async (kind, { short, store }) => await runOnTelegram({ kind, store }, short ? SHORT : FULL),
};

async function runOnTelegram(
  { kind, store }: { readonly kind: Kind; readonly store: Engine },
  plan: Plan,
): Promise<Result> {
  const directory = mkdtempSync(join(tmpdir(), "parley-telegram-"));
  const kept = onInterrupt(() => rmSync(directory, { recursive: true, force: true }));
  const redis = kind === "redis" ? await startRedis({ appendonly: true, directory }) : undefined;
  const state = store === "postgres" ? await runState() : undefined;
  const platform = await openTelegramLocally();
  const product = supervised({
    ...accountOf(platform),
    answerMs: ANSWER_MS,
    directory,
    ...(redis === undefined ? {} : { redisUrl: redis.url }),
    ...(state === undefined ? {} : { storeUrl: state.url }),
  });
  try {
    await product.start();
    while (!platform.isConnected()) await sleep(20);
    const people = peopleOf(platform, Math.ceil(plan.messages / PER_PERSON));
    let killing = true;
    const killed = kill(product, plan).finally(() => {
      killing = false;
    });
    await Promise.all([speak(people, plan, () => killing), killed]);
    const restedAfter = await untilAllAnswered(people, PATIENCE_MS);
    const first = product.spawnedAt.map((at) => firstReplyAfter(people, at));
    return judge(people, { restedAfter, firstReplies: first, slowness: product.slowness(), plan });
  } finally {
    await product.end();
    await platform.close();
    await redis?.kill();
    await state?.close();
    kept();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Says as much as planned, and more for as long as `goesOn` says so. */
async function speak(people: readonly Asking[], { messages }: Plan, goesOn: () => boolean): Promise<void> {
  const startedAt = machineNow();
  for (let index = 0; index < messages || goesOn(); index += 1) {
    await sayNext(people, index);
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
function supervised(spec: ProductSpec) {
  const spawnedAt: number[] = [];
  const startedIn: number[] = [];
  let product: ProductProcess | undefined;
  const start = async (): Promise<void> => {
    product = startProduct(spec);
    startedIn.push(await product.ready);
  };
  const end = async (): Promise<void> => await product?.end();
  return {
    start,
    end,
    /** When the successors were spawned. */
    spawnedAt,
    slowness: () => slownessOf(startedIn),
    /** Kills it and starts another. */
    replace: async (): Promise<void> => {
      await end();
      spawnedAt.push(Date.now());
      await start();
    },
  };
}

function judge(
  people: readonly Asking[],
  run: {
    readonly restedAfter: number;
    readonly firstReplies: readonly number[];
    readonly slowness: number;
    readonly plan: Plan;
  },
): Result {
  const { faults, messages, givenUp, unanswered, twice } = judgeAnswers(people);
  const slowest = Math.max(...run.firstReplies);
  const most = FIRST_REPLY_MS * run.slowness;
  return {
    faults: [
      ...faults,
      ...must(
        !run.plan.isJudgedBySpeed || slowest <= most,
        `first reply ${seconds(slowest)} after the new process was spawned, not ${seconds(most)}`,
      ),
    ],
    figures: {
      messages,
      kills: run.plan.kills,
      "told that it failed": givenUp,
      unanswered,
      "seen twice (send in doubt)": twice,
      "slowest first reply": seconds(slowest),
      "rest after": seconds(run.restedAfter),
      "slower than a quiet machine": describeSlowness(run.slowness),
    },
  };
}
