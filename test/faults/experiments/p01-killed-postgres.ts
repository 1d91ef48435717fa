/** P1, P5 and P8: PostgreSQL crashes and starts again, hangs, and is away for longer than anybody's patience. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Experiment } from "../experiment.ts";
import type { Pace } from "../feed.ts";
import { runScenario } from "../scenario.ts";
import type { Stage } from "../stage.ts";
import { createOutages } from "./outages.ts";

interface Plan {
  readonly id: string;
  readonly title: string;
  /** In the short form and in the full one. */
  readonly rounds: readonly [short: number, full: number];
  readonly pace: (short: boolean) => Pace;
  readonly harm: (stage: Stage) => Promise<void>;
}

function outageOfPostgres({ id, title, rounds, pace, harm }: Plan): Experiment {
  return {
    id,
    title,
    kinds: ["redis"],
    stores: ["postgres"],
    run: async (kind, { short, store, keepFiles }) => {
      const outages = createOutages();
      return await runScenario({
        kind,
        store,
        keepFiles,
        spec: { turnMs: [20, 200] },
        pace: pace(short),
        settleMs: 60_000,
        faults: async (stage) => {
          for (let round = 0; round < rounds[short ? 0 : 1]; round += 1) {
            await sleep(1_500 + Math.random() * 1_500);
            await outages.during(stage, async () => await harm(stage));
          }
        },
        conclude: outages.judge,
      });
    },
  };
}

export const killedPostgres = outageOfPostgres({
  id: "P1",
  title: "PostgreSQL crashes (pg_ctl stop -m immediate) and starts again",
  rounds: [2, 10],
  pace: (short) => ({ events: short ? 300 : 2_000, chats: 60, perSecond: short ? 25 : 40, whileFaults: true }),
  harm: async (stage) => {
    await stage.state().server().stop("immediate");
    await sleep(Math.random() * 2_000);
    await stage.state().server().start();
  },
});

export const hangingPostgres = outageOfPostgres({
  id: "P5",
  title: "PostgreSQL hangs for 8 s",
  rounds: [1, 4],
  pace: (short) => ({ events: short ? 200 : 1_000, chats: 40, perSecond: 20, whileFaults: true }),
  harm: async (stage) => {
    const server = stage.state().server();
    server.pause();
    await sleep(8_000);
    server.resume();
  },
});

export const awayPostgres = outageOfPostgres({
  id: "P8",
  title: "PostgreSQL is away for 40 s: everything waits, nothing goes to the dead letters",
  rounds: [1, 1],
  pace: (short) => ({ events: short ? 300 : 800, chats: 60, perSecond: short ? 8 : 15, whileFaults: true }),
  harm: async (stage) => {
    await stage.state().server().stop("fast");
    await sleep(40_000);
    await stage.state().server().start();
  },
});
