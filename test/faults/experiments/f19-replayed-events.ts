/** F19: the platform sends everything five times, out of order, over restarts of everything and for days. */
import { killActor } from "../actors.ts";
import { type Experiment, must } from "../experiment.ts";
import { type FeedEvent, message } from "../feed.ts";
import { runScenario, settle } from "../scenario.ts";
import type { Stage } from "../stage.ts";

const HOUR_MS = 3_600_000;
const DAYS_KEPT = 8;

async function replay(stage: Stage, events: readonly FeedEvent[]): Promise<void> {
  const shuffled = events
    .map((event) => ({ event, at: Math.random() }))
    .toSorted((left, right) => left.at - right.at)
    .map(({ event }) => event);
  await Promise.all(
    shuffled.map(async (event, index) => {
      await new Promise((resolve) => setTimeout(resolve, index * 3));
      await stage.feed.hand(event, 0);
    }),
  );
}

/** Everything that runs is replaced; redis-server as well. */
async function restart(stage: Stage, clockOffsetMs: number): Promise<void> {
  for (const role of ["worker", "producer"] as const) {
    await Promise.all(stage.living(role).map(killActor));
  }
  if (stage.kind === "redis") {
    await stage.redis().kill();
    await stage.restartRedis();
  }
  await Promise.all([stage.start("worker", { clockOffsetMs }), stage.start("producer", { clockOffsetMs })]);
}

/** How long redis-server will know the events, in days: its own clock cannot be moved. */
function shortestMemory(stage: Stage): number {
  const keys = stage.redis().cli("--scan", "--pattern", "*:s:*").split("\n").slice(0, 20);
  return Math.min(...keys.map((key) => Number(stage.redis().cli("TTL", key)))) / 86_400;
}

export const replayedEvents: Experiment = {
  id: "F19",
  title: "each event five times, shuffled, over restarts and days",
  kinds: ["redis", "embedded"],
  stores: ["sqlite", "postgres"],
  run: async (kind, { short, store, keepFiles }) => {
    const count = short ? 200 : 600;
    const events = Array.from({ length: count }, (_, index) =>
      message(`${index % 2 === 0 ? "k" : "p"}again${index % 25}`, Math.floor(index / 25) + 1),
    );
    return await runScenario({
      kind,
      store,
      keepFiles,
      workers: 1,
      pace: { events: 20, chats: 10, perSecond: 20 },
      faults: async (stage) => {
        await replay(stage, events);
        await restart(stage, 0);
        await replay(stage, events);
        await settle(stage, 20_000);
        for (const hours of [25, 24 * DAYS_KEPT - 1]) {
          if (kind === "embedded") await restart(stage, hours * HOUR_MS);
          await replay(stage, events);
        }
        await replay(stage, events);
      },
      conclude: (stage) => {
        const days = kind === "redis" ? shortestMemory(stage) : DAYS_KEPT;
        return {
          faults: must(days > DAYS_KEPT - 0.1, `events are known for ${days.toFixed(1)} days only`),
          figures: { "hand-ins": stage.feed.operations.filter(({ type }) => type === "invoke").length },
        };
      },
    });
  },
};
