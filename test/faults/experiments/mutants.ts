/** The harness proves itself: what the product does without its fence, or without its sweeper, must be noticed. */
import type { Experiment } from "../experiment.ts";
import { runScenario } from "../scenario.ts";
import { zombieCommits } from "./f07-paused-redis.ts";
import { killAndSucceed } from "./f26-four-kills.ts";
import { loseWakeUps } from "./f28-lost-wake-ups.ts";

export const withoutFence: Experiment = {
  id: "M1",
  title: "mutant: commits without a fence",
  kinds: ["redis", "embedded"],
  stores: ["sqlite", "postgres"],
  mutant: { without: "fence", finds: /committed twice|lost|out of order/ },
  run: async (kind, { store, keepFiles }) =>
    await runScenario({
      kind,
      store,
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
  title: "mutant: nobody looks for mailboxes whose wake-up was lost",
  kinds: ["redis"],
  stores: ["sqlite"],
  mutant: { without: "sweeper", finds: /left waiting|lost/ },
  run: async (kind, { store, keepFiles }) =>
    await runScenario({
      kind,
      store,
      keepFiles,
      mutant: "sweeper",
      pace: { events: 200, chats: 100, perSecond: 40, whileFaults: true },
      settleMs: 12_000,
      faults: async (stage) => void (await loseWakeUps(stage, 4)),
    }),
};

export const blamesBystanders: Experiment = {
  id: "M3",
  title: "mutant: all that was in flight is blamed for a death",
  kinds: ["redis", "embedded"],
  stores: ["sqlite"],
  mutant: { without: "bystanders", finds: /healthy messages among the dead letters/ },
  run: async (kind, { store, keepFiles }) =>
    await killAndSucceed(kind, { store, keepFiles, mutant: "bystanders", kills: 6, isJudgedBySpeed: true }),
};

export const standsByBehindTheDead: Experiment = {
  id: "M4",
  title: "mutant: a successor stands by behind the dead",
  kinds: ["redis", "embedded"],
  stores: ["sqlite"],
  mutant: { without: "successor", finds: /first reply .* after the new process was spawned/ },
  run: async (kind, { store, keepFiles }) =>
    await killAndSucceed(kind, { store, keepFiles, mutant: "successor", kills: 1, isJudgedBySpeed: true }),
};
