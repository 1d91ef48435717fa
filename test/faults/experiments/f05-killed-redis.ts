/** F5 and F6: redis-server is killed (SIGKILL) and started again on its file. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Experiment, must, percentile, seconds } from "../experiment.ts";
import { message } from "../feed.ts";
import { machineNow } from "../notes.ts";
import { runScenario } from "../scenario.ts";
import type { Stage } from "../stage.ts";

const BACK_WITHIN_MS = 5_000;
const BURST = 200;

function killedRedis(id: string, appendfsync: "everysec" | "always", events: readonly [short: number, full: number]) {
  const experiment: Experiment = {
    id,
    title: `redis-server killed, appendfsync ${appendfsync}`,
    kinds: ["redis"],
    stores: ["sqlite", "postgres"],
    run: async (kind, { short, store, keepFiles }) => {
      const backAfter: number[] = [];
      const readyWhileDown: boolean[] = [];
      return await runScenario({
        kind,
        store,
        keepFiles,
        onDisk: true,
        redis: { appendfsync },
        spec: { turnMs: [5, 50] },
        pace: { events: short ? events[0] : events[1], chats: 40, perSecond: short ? 40 : 60 },
        faults: async (stage) => {
          for (let round = 0; round < (short ? 2 : 6); round += 1) {
            await sleep(1_000 + Math.random() * 2_000);
            await stage.redis().kill();
            const checks = await (await stage.observer()).check();
            readyWhileDown.push(checks.every(({ status }) => status !== "error"));
            await sleep(500);
            await stage.restartRedis();
            backAfter.push(await firstAcknowledgement(stage, machineNow()));
          }
        },
        conclude: async (stage) => {
          const perSecond = await burst(stage);
          return {
            faults: [
              ...must(Math.max(...backAfter) <= BACK_WITHIN_MS, `back only after ${seconds(Math.max(...backAfter))}`),
              ...must(!readyWhileDown.includes(true), "called itself ready while the server was down"),
            ],
            figures: {
              kills: backAfter.length,
              "back after p50": seconds(percentile(backAfter, 0.5)),
              "back after max": seconds(Math.max(...backAfter)),
              "accepts/s": Math.round(perSecond),
            },
          };
        },
      });
    },
  };
  return experiment;
}

/** How long after `from` the next event was acknowledged. */
async function firstAcknowledgement(stage: Stage, from: number): Promise<number> {
  while (machineNow() - from < 30_000) {
    const answer = await stage.feed.once(message("kback", Math.round(from) % 1_000_000));
    if (answer?.status === "ok") break;
    await sleep(50);
  }
  return machineNow() - from;
}

/** What the durability costs: many at once, on the real disk. */
async function burst(stage: Stage): Promise<number> {
  const startedAt = machineNow();
  await Promise.all(
    Array.from(
      { length: BURST },
      async (_, index) => await stage.feed.hand(message(`kburst${index % 20}`, index + 1), 0),
    ),
  );
  return (BURST * 1_000) / (machineNow() - startedAt);
}

export const killedRedisEverySecond = killedRedis("F5", "everysec", [400, 2_500]);
export const killedRedisAlways = killedRedis("F6", "always", [200, 1_000]);
