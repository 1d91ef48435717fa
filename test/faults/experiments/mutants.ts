/** The harness proves itself: what the product does without its fence, or without its sweeper, must be noticed. */
import { killAtRandom } from "../chaos.ts";
import type { Experiment } from "../experiment.ts";
import { runScenario } from "../scenario.ts";
import { zombieCommits } from "./f07-paused-redis.ts";

export const withoutFence: Experiment = {
  id: "M1",
  title: "mutant: commits without a fence",
  kinds: ["redis", "embedded"],
  mutant: { without: "fence", finds: /committed twice|lost|out of order/ },
  run: async (kind, { keepFiles }) =>
    await runScenario({
      kind,
      keepFiles,
      mutant: "fence",
      spec: { leaseMs: 2_500, turnMs: [20, 200] },
      pace: { events: 100, chats: 20, perSecond: 20 },
      settleMs: 8_000,
      faults: async (stage) => void (await zombieCommits(stage, 1)),
    }),
};

export const withoutSweeper: Experiment = {
  id: "M2",
  title: "mutant: nobody looks for what dead workers left",
  kinds: ["redis", "embedded"],
  mutant: { without: "sweeper", finds: /left waiting|lost/ },
  run: async (kind, { keepFiles }) =>
    await runScenario({
      kind,
      keepFiles,
      mutant: "sweeper",
      workers: 3,
      spec: { leaseMs: 2_500, turnMs: [100, 400] },
      pace: { events: 200, chats: 100, perSecond: 30, whileFaults: true },
      settleMs: 12_000,
      faults: async (stage, feeding) =>
        void (await killAtRandom(stage, feeding, { roles: ["worker"], least: 2, everyMs: 1_000 })),
    }),
};
