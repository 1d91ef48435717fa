/** P10: processes of each role are started while PostgreSQL is down, and while it hangs: they wait, and go to work when it is back. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openTelegramLocally } from "../../../adapters/telegram/testing/index.ts";
import { Readiness } from "../../../gateway/options.ts";
import { freePort } from "../../support/free-port.ts";
import type { PostgresServer } from "../../support/postgres-server.ts";
import { startRedis } from "../../support/redis-server.ts";
import { type Experiment, must, type Result, seconds } from "../experiment.ts";
import { machineNow } from "../notes.ts";
import { type Asking, firstReplyAfter, judgeAnswers, peopleOf, sayNext, untilAllAnswered } from "../people.ts";
import type { ProductSpec } from "../processes/product.ts";
import { accountOf, type ProductProcess, startProduct } from "../product.ts";
import { describeSlowness, slownessOf } from "../slowness.ts";
import { onInterrupt, runState } from "../stage.ts";

const ROLES = ["adapters", "workers", "gateway"] as const;
type Role = (typeof ROLES)[number];
const REMEDY = "Does the server run, and does store.url name it?";
/** Longer than one attempt to reach the server. */
const AWAY_MS = 7_000;
/** From the moment at which the database answers again, on a quiet machine. */
const BACK_AT_WORK_MS = 8_000;
const PER_ROUND = 20;
const PATIENCE_MS = 90_000;

type Harm = "down" | "hangs";

export const startedWithoutPostgres: Experiment = {
  id: "P10",
  title: "processes of each role start while PostgreSQL is down or hangs, and go to work when it is back",
  kinds: ["redis"],
  stores: ["postgres"],
  run: async (_kind, { short }) => await startWhileAway(short ? ["down"] : ["down", "hangs", "down", "hangs"]),
};

async function startWhileAway(harms: readonly Harm[]): Promise<Result> {
  const directory = mkdtempSync(join(tmpdir(), "parley-started-"));
  const kept = onInterrupt(() => rmSync(directory, { recursive: true, force: true }));
  const redis = await startRedis({ appendonly: true, directory });
  const state = await runState();
  const platform = await openTelegramLocally();
  const spec = { ...accountOf(platform), directory, redisUrl: redis.url, storeUrl: state.url, answerMs: 50 };
  const members = await Promise.all(ROLES.map(async (role) => createMember(role, spec, await freePort())));
  const people = peopleOf(platform, 10);
  let said = 0;
  const say = async (count: number): Promise<void> => {
    for (const end = said + count; said < end; said += 1) await sayNext(people, said);
  };
  try {
    const outcomes: Outcome[] = [];
    for (const harm of harms) {
      // At the first time nobody was there before: the database has no tables, and nothing is acknowledged.
      if (outcomes.length > 0) await endAfterAcceptance(members, say, platform.confirmed);
      outcomes.push(await startWithout({ harm, server: state.server(), members, people, say }));
    }
    const slowness = slownessOf(await startAgain(members));
    return judge(people, { outcomes, slowness, told: members.map(({ remedies }) => remedies()) });
  } finally {
    await Promise.all(members.map(async ({ end }) => await end()));
    await platform.close();
    await redis.kill();
    await state.close();
    kept();
    rmSync(directory, { recursive: true, force: true });
  }
}

type Member = ReturnType<typeof createMember>;

/** A place for one process at a time of this role. */
function createMember(role: Role, spec: ProductSpec, port: number) {
  const logPath = join(spec.directory, `${role}.log`);
  let product: ProductProcess | undefined;
  return {
    role,
    start: () => {
      product = startProduct({ ...spec, roles: [role], port, logPath });
    },
    isAlive: () => product?.isAlive() ?? false,
    end: async () => await product?.end(),
    /** How long its start took, when it is ready. */
    started: async () => (await product?.ready) ?? 0,
    /** What it says of itself; undefined while nobody answers. */
    health: async () => {
      try {
        const response = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(2_000) });
        return Readiness.parse(await response.json());
      } catch {
        return undefined;
      }
    },
    /** How often it has said what to do. */
    remedies: () => readFileSync(logPath, "utf8").split(REMEDY).length - 1,
  };
}

/** What was said is acknowledged to the platform, but not answered, when all processes end. */
async function endAfterAcceptance(
  members: readonly Member[],
  say: (count: number) => Promise<void>,
  confirmed: () => Promise<void>,
): Promise<void> {
  await members.find(({ role }) => role === "workers")?.end();
  await say(PER_ROUND / 2);
  await confirmed();
  await Promise.all(members.map(async ({ end }) => await end()));
}

/** With the database there: how long that takes tells how slow the machine is. */
async function startAgain(members: readonly Member[]): Promise<readonly number[]> {
  await Promise.all(members.map(async ({ end }) => await end()));
  for (const { start } of members) start();
  return await Promise.all(members.map(async ({ started }) => await started()));
}

interface Outcome {
  readonly faults: readonly string[];
  /** From the return of the database, in ms. */
  readonly readyAfter: number;
  readonly firstReplyAfter: number;
}

async function startWithout(round: {
  readonly harm: Harm;
  readonly server: PostgresServer;
  readonly members: readonly Member[];
  readonly people: readonly Asking[];
  readonly say: (count: number) => Promise<void>;
}): Promise<Outcome> {
  const { harm, server, members, people, say } = round;
  await (harm === "down" ? server.stop("fast") : Promise.resolve(server.pause()));
  for (const { start } of members) start();
  await say(PER_ROUND / 2);
  const waiting = await Promise.all(members.map(untilItWaits));
  await sleep(AWAY_MS);
  const stillWaiting = await Promise.all(members.map(whyNotWaiting));
  await (harm === "down" ? server.start() : Promise.resolve(server.resume()));
  const [backAt, backAtTime] = [machineNow(), Date.now()];
  await Promise.all(members.map(async ({ started }) => await started()));
  const readyAfter = machineNow() - backAt;
  const ready = await Promise.all(members.map(async ({ health }) => (await health())?.ready === true));
  await untilAllAnswered(people, PATIENCE_MS);
  return {
    faults: [...waiting, ...stillWaiting, ...must(ready.every(Boolean), "not all are ready that say so")].flat(),
    readyAfter,
    firstReplyAfter: firstReplyAfter(people, backAtTime),
  };
}

/** Waits until it says of itself that it waits; gives what speaks against it when that does not come. */
async function untilItWaits(member: Member): Promise<readonly string[]> {
  const deadline = machineNow() + PATIENCE_MS;
  let faults = await whyNotWaiting(member);
  while (faults.length > 0 && member.isAlive() && machineNow() < deadline) {
    await sleep(100);
    faults = await whyNotWaiting(member);
  }
  return faults;
}

async function whyNotWaiting({ role, isAlive, health }: Member): Promise<readonly string[]> {
  const said = await health();
  const store = said?.parts.find(({ name }) => name === "store");
  return [
    ...must(isAlive(), `${role} ended instead of waiting`),
    ...must(
      said?.ready === false && store?.detail.includes(REMEDY) === true,
      `${role} does not say that it waits, but ${JSON.stringify(said)}`,
    ),
  ];
}

function judge(
  people: readonly Asking[],
  run: { readonly outcomes: readonly Outcome[]; readonly slowness: number; readonly told: readonly number[] },
): Result {
  const { outcomes, slowness, told } = run;
  const { faults, messages, unanswered, twice } = judgeAnswers(people);
  const most = BACK_AT_WORK_MS * slowness;
  const ready = Math.max(...outcomes.map(({ readyAfter }) => readyAfter));
  const reply = Math.max(...outcomes.map((outcome) => outcome.firstReplyAfter));
  return {
    faults: [
      ...faults,
      ...outcomes.flatMap((outcome) => outcome.faults),
      ...must(twice === 0, `${twice} answered twice, though nothing was cut off while it was sent`),
      ...must(
        told.every((times) => times === outcomes.length),
        `the remedy was logged ${told.join(", ")} times in ${outcomes.length} starts`,
      ),
      ...must(ready <= most, `ready ${seconds(ready)} after the database was back, not ${seconds(most)}`),
      ...must(reply <= most, `first reply ${seconds(reply)} after the database was back, not ${seconds(most)}`),
    ],
    figures: {
      starts: outcomes.length * ROLES.length,
      messages,
      unanswered,
      "ready after": seconds(ready),
      "first reply after": seconds(reply),
      "slower than a quiet machine": describeSlowness(slowness),
    },
  };
}
