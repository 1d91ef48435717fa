/** F7 and F8: redis-server hangs, shorter and longer than the lease; F8 as well with hanging workers. */
import { setTimeout as sleep } from "node:timers/promises";
import { hang, startDoomed } from "../chaos.ts";
import { type Experiment, must } from "../experiment.ts";
import { runScenario } from "../scenario.ts";
import type { Stage } from "../stage.ts";

const LEASE_MS = 5_000;

export const shortPause: Experiment = {
  id: "F7",
  title: "redis-server hangs for 3 s, shorter than the lease of 5 s: no turn runs twice",
  kinds: ["redis"],
  stores: ["sqlite", "postgres"],
  run: async (kind, { short, store, keepFiles }) =>
    await runScenario({
      kind,
      store,
      keepFiles,
      spec: { leaseMs: LEASE_MS, turnMs: [20, 200] },
      pace: { events: short ? 250 : 600, chats: 30, perSecond: 30 },
      faults: async (stage) => {
        for (let round = 0; round < (short ? 1 : 3); round += 1) {
          await sleep(1_500);
          await pauseRedis(stage, 3_000);
        }
      },
      conclude: (_stage, { runs }) => {
        const twice = [...runs].filter(([, count]) => count > 1).map(([token]) => token);
        return { faults: must(twice.length === 0, `${twice.length} turns ran twice: ${twice.slice(0, 3).join(", ")}`) };
      },
    }),
};

async function pauseRedis(stage: Stage, ms: number): Promise<void> {
  stage.redis().pause();
  try {
    await sleep(ms);
  } finally {
    stage.redis().resume();
  }
}

/** A worker hangs just before its commit until another has answered in its place, then goes on. */
export async function zombieCommits(stage: Stage, count: number): Promise<number> {
  let zombies = 0;
  for (let round = 0; round < count; round += 1) {
    const chats = Array.from({ length: 6 }, (_, index) => `${index % 2 === 0 ? "k" : "p"}zombie${round}x${index}`);
    const zombie = await startDoomed(stage, { role: "worker", point: "commit:before", signal: "SIGSTOP", chats });
    if (zombie === undefined) continue;
    await sleep(LEASE_MS + 3_000);
    zombie.signal("SIGCONT");
    await sleep(500);
    zombies += 1;
  }
  return zombies;
}

export const longPause: Experiment = {
  id: "F8",
  title: "redis-server or workers hang for 8 s, longer than the lease of 5 s: late commits are refused",
  kinds: ["redis", "embedded"],
  stores: ["sqlite", "postgres"],
  run: async (kind, { short, store, keepFiles }) => {
    let zombies = 0;
    let crashed = 0;
    return await runScenario({
      kind,
      store,
      keepFiles,
      workers: 3,
      spec: { leaseMs: LEASE_MS, turnMs: [20, 200] },
      pace: { events: short ? 300 : 1_500, chats: 30, perSecond: 30 },
      faults: async (stage) => {
        const [sleeper] = stage.living("worker");
        zombies = await zombieCommits(stage, short ? 1 : 4);
        if (sleeper !== undefined) await hang(sleeper, 8_000);
        if (kind === "redis") await pauseRedis(stage, 8_000);
        crashed = stage.actors.filter(({ isAlive }) => !isAlive()).length;
      },
      conclude: (_stage, { notes }) => {
        const fenced = notes.filter((note) => note.kind === "end" && note.fenced).length;
        return {
          faults: [
            ...must(crashed === 0, `${crashed} processes crashed`),
            ...must(zombies > 0 && fenced >= zombies, `only ${fenced} late commits of ${zombies} zombies were refused`),
          ],
          figures: { zombies },
        };
      },
    });
  },
};
