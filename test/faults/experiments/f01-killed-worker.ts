/** F1: workers are killed (SIGKILL) at random, in the middle of turns. */
import { killAtRandom, recoveries } from "../chaos.ts";
import { type Experiment, must, percentile, seconds } from "../experiment.ts";
import { runScenario } from "../scenario.ts";

/** With the product's own leases, from the kill until another worker begins with what the dead one had in hand. */
const RECOVERY_P95_MS = 10_000;

export const killedWorker: Experiment = {
  id: "F1",
  title: "workers killed in the middle of turns",
  kinds: ["redis", "embedded"],
  stores: ["sqlite", "postgres"],
  run: async (kind, { short, store, keepFiles }) =>
    await runScenario({
      kind,
      store,
      keepFiles,
      workers: 3,
      spec: { turnMs: [100, 800] },
      pace: { events: short ? 600 : 4_000, chats: 60, perSecond: 40, whileFaults: true },
      faults: async (stage, feeding) => {
        await killAtRandom(stage, feeding, { roles: ["worker"], least: short ? 5 : 25, everyMs: 1_500 });
      },
      conclude: (stage, facts) => {
        const dead = stage.actors.filter(({ role, isAlive }) => role === "worker" && !isAlive());
        const times = recoveries(facts, dead);
        const p95 = percentile(times, 0.95);
        const most = RECOVERY_P95_MS * stage.slowness();
        return {
          faults: must(p95 <= most, `recovery p95 is ${seconds(p95)}, above ${seconds(most)}`),
          figures: {
            kills: dead.length,
            recovered: times.length,
            "recovery p50": seconds(percentile(times, 0.5)),
            "recovery p95": seconds(p95),
          },
        };
      },
    }),
};
