/** P4: the disk under PostgreSQL runs full: no table can grow; then not even the log of writes, which ends the server. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Experiment, must } from "../experiment.ts";
import { runScenario } from "../scenario.ts";
import { fill, onSmallDisk } from "../small-disk.ts";
import type { Stage } from "../stage.ts";
import { createOutages, withClient } from "./outages.ts";

const DISK = "160m";
const FULL_MS = 6_000;

/** Whether a write of a megabyte succeeds. */
async function takesWrites(stage: Stage): Promise<boolean> {
  try {
    await withClient(stage.state().direct(), async (client) => {
      await client.query("CREATE TABLE IF NOT EXISTS filler (text TEXT)");
      await client.query("INSERT INTO filler SELECT repeat(md5(random()::text), 32) FROM generate_series(1, 1000)");
      await client.query("DROP TABLE filler");
    });
    return true;
  } catch {
    return false;
  }
}

/** Fills the disk for a while; gives whether the server refused writes by then. It is started again where it ended. */
async function fillAndHeal(stage: Stage, disk: string, alsoLog: boolean): Promise<boolean> {
  const makeRoom = fill(disk);
  // The next write needs a new file of the log.
  if (alsoLog)
    await withClient(stage.state().direct(), async (client) => client.query("SELECT pg_switch_wal()")).catch(
      () => undefined,
    );
  let refused = false;
  for (let waited = 0; waited < FULL_MS; waited += 500) {
    refused = !(await takesWrites(stage)) || refused;
    await sleep(500);
  }
  makeRoom();
  // As whoever looks after the server would.
  while (!(await takesWrites(stage))) {
    if (!stage.state().server().isRunning()) await stage.state().server().start();
    await sleep(100);
  }
  return refused;
}

export const fullPostgres: Experiment = {
  id: "P4",
  title: "the disk under PostgreSQL is full for a while",
  kinds: ["redis"],
  stores: ["postgres"],
  run: async (kind, { short, store, keepFiles }) =>
    await onSmallDisk(DISK, async (disk) => {
      const outages = createOutages();
      const refused: boolean[] = [];
      let ended = 0;
      return await runScenario({
        kind,
        store,
        keepFiles,
        postgres: { parent: disk, settings: { min_wal_size: "'32MB'", max_wal_size: "'48MB'" } },
        pace: { events: short ? 200 : 600, chats: 30, perSecond: 20, whileFaults: true },
        settleMs: 60_000,
        faults: async (stage) => {
          for (const alsoLog of short ? [true] : [false, true, false, true]) {
            await sleep(2_000);
            await outages.during(stage, async () => {
              refused.push(await fillAndHeal(stage, disk, alsoLog));
            });
            ended += alsoLog ? 1 : 0;
          }
        },
        conclude: async (stage, facts) => {
          const judged = await outages.judge(stage, facts);
          return {
            faults: [
              ...(judged.faults ?? []),
              ...must(!refused.includes(false), "a write was taken: the disk did not run full"),
            ],
            figures: { ...judged.figures, "log full": ended },
          };
        },
      });
    }),
};
