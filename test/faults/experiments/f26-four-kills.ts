/** F26: the one process that works and the one that delivers are killed four times under 300 messages. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Engine } from "../../../core/store/sql/database.ts";
import { type Actor, killActor } from "../actors.ts";
import { type Experiment, must, type Result, seconds } from "../experiment.ts";
import { machineNow } from "../notes.ts";
import { runScenario } from "../scenario.ts";
import type { Kind, Mutant, Stage } from "../stage.ts";

/**
 * From the spawning of the successor to the first reply that it delivers, on a quiet machine. Judged in the full form; the
 * short form has too few kills for it, and only prints it.
 */
export const FIRST_REPLY_MS = 2_500;
const FULL = { events: 300, perSecond: 50, answerMs: 300 } as const;
/** A mutant shows itself at a pace that any machine keeps up with. */
const MUTANT = { events: 40, perSecond: 3, answerMs: 600 } as const;
const EVERY_MS = 1_200;

export const fourKills: Experiment = {
  id: "F26",
  title: "killed four times under 300 messages: nobody healthy is given up, the successor answers at once",
  kinds: ["redis", "embedded"],
  stores: ["sqlite", "postgres"],
  run: async (kind, { keepFiles, short, store }) =>
    await killAndSucceed(kind, { keepFiles, store, kills: 4, isJudgedBySpeed: !short }),
};

/** Kills everything that works and delivers, again and again, and starts the same anew at once. */
export async function killAndSucceed(
  kind: Kind,
  options: {
    readonly store: Engine;
    readonly keepFiles: boolean;
    readonly kills: number;
    readonly isJudgedBySpeed: boolean;
    readonly mutant?: Mutant;
  },
): Promise<Result> {
  const { events, perSecond, answerMs } = options.mutant === undefined ? FULL : MUTANT;
  const spawnedAt: number[] = [];
  const startedIn: number[] = [];
  return await runScenario({
    kind,
    store: options.store,
    keepFiles: options.keepFiles,
    mutant: options.mutant,
    workers: 1,
    ...(options.mutant === undefined ? {} : { settleMs: 90_000 }),
    spec: { turnMs: [answerMs, answerMs] },
    pace: { events, chats: 150, perSecond, whileFaults: true },
    faults: async (stage) => {
      for (let kill = 0; kill < options.kills; kill += 1) {
        await sleep(EVERY_MS);
        spawnedAt.push(await succeed(stage));
        startedIn.push(machineNow() - (spawnedAt.at(-1) ?? 0));
        await firstArrival(stage, spawnedAt.at(-1) ?? 0);
      }
    },
    conclude: async (stage, { setAside }) => {
      const dead = setAside.size + ((await stage.counts())?.dead ?? 0);
      const first = spawnedAt.map((at) => (stage.arrivals.find((one) => one.at > at)?.at ?? Infinity) - at);
      const slowest = Math.max(...first);
      // A slow machine excuses the product, never a mutant.
      const most = FIRST_REPLY_MS * (options.mutant === undefined ? stage.slowness() : 1);
      return {
        faults: [
          ...must(dead === 0, `${dead} healthy messages among the dead letters`),
          ...must(
            !options.isJudgedBySpeed || slowest <= most,
            `first reply ${seconds(slowest)} after the new process was spawned, not ${seconds(most)}`,
          ),
        ],
        figures: {
          kills: spawnedAt.length,
          "dead letters": dead,
          "slowest start of a process": seconds(Math.max(...startedIn)),
          "slowest first reply": seconds(slowest),
        },
      };
    },
  });
}

/** Kills the worker and the courier, and spawns others in their place; gives when. */
async function succeed(stage: Stage): Promise<number> {
  const victims: readonly Actor[] = [...stage.living("worker"), ...stage.living("courier")];
  await Promise.all(victims.map(killActor));
  const at = machineNow();
  await Promise.all([stage.start("worker"), stage.start("courier")]);
  return at;
}

/** Waits for it, at most as long as a lease takes to run out and a little more. */
async function firstArrival(stage: Stage, since: number): Promise<void> {
  while (machineNow() - since < 10_000 && !stage.arrivals.some(({ at }) => at > since)) await sleep(20);
}
