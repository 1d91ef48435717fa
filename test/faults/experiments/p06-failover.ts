/** P6: the primary is killed and its synchronous standby takes over. P7: an asynchronous one that lags, which must lose state. */
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Standby } from "../../support/postgres-server.ts";
import type { Experiment } from "../experiment.ts";
import { machineNow } from "../notes.ts";
import { runScenario } from "../scenario.ts";
import type { Stage } from "../stage.ts";
import { createOutages, withClient } from "./outages.ts";

/** Gives the primary a standby; commits wait for it where it follows synchronously. */
async function addStandby(stage: Stage, { synchronous }: { readonly synchronous: boolean }): Promise<Standby> {
  const standby = await stage.state().addStandby();
  if (!synchronous) return standby;
  const { url } = stage.state().server();
  await withClient(url, async (client) => {
    await client.query("ALTER SYSTEM SET synchronous_standby_names = 'standby'");
    await client.query("SELECT pg_reload_conf()");
    while (!(await isSynchronous(url))) await sleep(50);
  });
  return standby;
}

async function isSynchronous(url: string): Promise<boolean> {
  return await withClient(url, async (client) => {
    const { rows } = await client.query("SELECT sync_state FROM pg_stat_replication");
    return z.array(z.object({ sync_state: z.string() })).parse(rows)[0]?.sync_state === "sync";
  });
}

/** Kills the primary and puts the standby in its place. */
async function failOver(stage: Stage, standby: Standby): Promise<void> {
  await stage.state().server().stop("immediate");
  standby.promote();
  stage.state().succeed(standby);
}

export const failover: Experiment = {
  id: "P6",
  title: "the primary is killed, its synchronous standby is promoted",
  kinds: ["redis"],
  stores: ["postgres"],
  run: async (kind, { short, store, keepFiles }) => {
    const outages = createOutages();
    let standby: Standby | undefined;
    return await runScenario({
      kind,
      store,
      keepFiles,
      spec: { turnMs: [20, 200] },
      postgres: { isProxied: true },
      pace: { events: short ? 250 : 2_000, chats: 60, perSecond: short ? 25 : 40, whileFaults: true },
      prepare: async (stage) => {
        standby = await addStandby(stage, { synchronous: true });
      },
      faults: async (stage) => {
        for (let round = 0; round < (short ? 1 : 5); round += 1) {
          const next = standby ?? (await addStandby(stage, { synchronous: true }));
          standby = undefined;
          await sleep(3_000);
          await outages.during(stage, async () => await failOver(stage, next));
        }
      },
      conclude: outages.judge,
    });
  },
};

/** The process that receives what the primary writes. */
async function receiverOf(standby: Standby): Promise<number> {
  return await withClient(standby.url, async (client) => {
    const { rows } = await client.query("SELECT pid FROM pg_stat_wal_receiver");
    return z.tuple([z.object({ pid: z.number() })]).parse(rows)[0].pid;
  });
}

export const laggingFailover: Experiment = {
  id: "P7",
  title: "mutant: the standby that is promoted lags behind",
  kinds: ["redis"],
  stores: ["postgres"],
  mutant: { without: "replication", finds: /not in the history once/ },
  run: async (kind, { store, keepFiles }) => {
    let standby: Standby | undefined;
    return await runScenario({
      kind,
      store,
      keepFiles,
      mutant: "replication",
      postgres: { isProxied: true },
      pace: { events: 120, chats: 20, perSecond: 20, whileFaults: true },
      prepare: async (stage) => {
        standby = await addStandby(stage, { synchronous: false });
      },
      faults: async (stage) => {
        if (standby === undefined) return;
        await sleep(1_500);
        const receiver = await receiverOf(standby);
        process.kill(receiver, "SIGSTOP");
        await answersAfter(stage, machineNow(), 40);
        await stage.state().server().stop("immediate");
        // Woken, it would still read what waits in its connection. The standby starts anew without it.
        process.kill(receiver, "SIGKILL");
        await sleep(1_000);
        standby.promote();
        stage.state().succeed(standby);
      },
    });
  },
};

async function answersAfter(stage: Stage, from: number, count: number): Promise<void> {
  while (stage.arrivals.filter(({ at }) => at > from).length < count) await sleep(50);
}
