/** F2: workers and couriers die before and after each write of their way, at each place at least once. */
import { startDoomed } from "../chaos.ts";
import { type Experiment, must } from "../experiment.ts";
import { DELIVERY_POINTS, TURN_POINTS } from "../points.ts";
import { runScenario } from "../scenario.ts";
import type { Stage } from "../stage.ts";

const LEASE_MS = 2_500;

async function workersDie(stage: Stage, rounds: number): Promise<readonly string[]> {
  const missed: string[] = [];
  for (const point of Array.from({ length: rounds }, () => TURN_POINTS).flat()) {
    const chats = Array.from({ length: 10 }, (_, index) => `${index % 2 === 0 ? "k" : "p"}turn${index}`);
    const visit = { role: "worker", point, signal: "SIGKILL", chats } as const;
    if ((await startDoomed(stage, visit)) === undefined) missed.push(point);
  }
  return missed;
}

/** One courier owns an account: the doomed one has to be the only one. */
async function couriersDie(stage: Stage, rounds: number): Promise<readonly string[]> {
  const missed: string[] = [];
  for (const courier of stage.living("courier")) courier.signal("SIGTERM");
  for (const point of Array.from({ length: rounds }, () => DELIVERY_POINTS).flat()) {
    const visit = { role: "courier", point, signal: "SIGKILL", chats: ["ksend1", "psend1", "psend2"] } as const;
    if ((await startDoomed(stage, visit)) === undefined) missed.push(point);
  }
  await stage.start("courier");
  return missed;
}

export const crashPoints: Experiment = {
  id: "F2",
  title: "killed before and after each write, turn and delivery",
  kinds: ["redis", "embedded"],
  stores: ["sqlite", "postgres"],
  run: async (kind, { short, store, keepFiles }) => {
    const rounds = short ? 1 : 4;
    let missed: readonly string[] = [];
    return await runScenario({
      kind,
      store,
      keepFiles,
      spec: { leaseMs: LEASE_MS },
      pace: { events: short ? 300 : 2_000, chats: 40, perSecond: short ? 25 : 40 },
      faults: async (stage) => {
        missed = (await Promise.all([workersDie(stage, rounds), couriersDie(stage, rounds)])).flat();
      },
      conclude: () => {
        const places = (TURN_POINTS.length + DELIVERY_POINTS.length) * rounds;
        return {
          faults: must(missed.length === 0, `no process came to ${missed.join(", ")}`),
          figures: { crashes: places - missed.length },
        };
      },
    });
  },
};
