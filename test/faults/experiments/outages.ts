/** What the experiments with PostgreSQL share: outages are timed, and all of them judged alike. */
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { must, percentile, type Result, seconds } from "../experiment.ts";
import { machineNow, tokenIn } from "../notes.ts";
import type { Facts } from "../scenario.ts";
import type { Stage } from "../stage.ts";

/** From the moment at which the database takes writes again to the first reply. */
const FIRST_REPLY_P95_MS = 10_000;

export interface Outages {
  /** Has the harm done, which ends when the database takes writes again, and waits for the first reply after it. */
  readonly during: (stage: Stage, harm: () => Promise<void>) => Promise<void>;
  readonly judge: (stage: Stage, facts: Facts) => Promise<Partial<Result>>;
}

interface Outage {
  readonly from: number;
  readonly to: number;
}

/** Makes the record of an experiment's outages. */
export function createOutages(): Outages {
  const outages: Outage[] = [];
  return {
    during: async (stage, harm) => {
      const from = machineNow();
      await harm();
      const to = machineNow();
      outages.push({ from, to });
      while (machineNow() - to < 30_000 && firstReply(stage, to) === Infinity) await sleep(20);
    },
    judge: async (stage, { setAside }) => {
      const first = outages.map(({ to }) => firstReply(stage, to) - to);
      const waited = outages.flatMap((outage) => waits(stage, outage));
      const dead = setAside.size + ((await stage.counts())?.dead ?? 0);
      const crashed = stage.actors.filter(({ isAlive }) => !isAlive()).length;
      const p95 = percentile(first, 0.95);
      const most = FIRST_REPLY_P95_MS * stage.slowness();
      return {
        faults: [
          ...must(outages.length > 0, "there was no outage, so nothing was tried"),
          ...must(p95 <= most, `first reply p95 is ${seconds(p95)}, above ${seconds(most)}`),
          ...must(dead === 0, `${dead} messages went to the dead letters`),
          ...must(crashed === 0, `${crashed} processes crashed`),
        ],
        figures: {
          outages: outages.length,
          longest: seconds(Math.max(...outages.map(({ from, to }) => to - from))),
          "first reply p50": seconds(percentile(first, 0.5)),
          "first reply p95": seconds(p95),
          "came meanwhile": waited.length,
          "those answered p95": seconds(percentile(waited, 0.95)),
        },
      };
    },
  };
}

function firstReply(stage: Stage, since: number): number {
  return stage.arrivals.find(({ at, shown }) => shown && at > since)?.at ?? Infinity;
}

/** For each message that was acknowledged during the outage and answered after it: how long after. */
function waits(stage: Stage, { from, to }: Outage): readonly number[] {
  const acknowledged = new Set(
    stage.feed.operations.filter(({ type, at }) => type === "ok" && at >= from && at < to).map(({ token }) => token),
  );
  const shownAt = new Map(
    stage.arrivals
      .filter(({ shown }) => shown)
      .toReversed()
      .map(({ text, at }) => [tokenIn(text), at]),
  );
  return [...acknowledged].flatMap((token) => {
    const at = shownAt.get(token);
    return at !== undefined && at > to ? [at - to] : [];
  });
}

/** Runs statements on the database, past any proxy, on a connection of its own. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  // A server that ends meanwhile is what is tried here; the work's own statement rejects.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
