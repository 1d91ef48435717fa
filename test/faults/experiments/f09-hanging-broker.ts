/** F9: events come in while the broker's storage hangs. */
import { setTimeout as sleep } from "node:timers/promises";
import { openSqlite } from "../../../core/store/sqlite/driver.ts";
import { type Experiment, must, percentile } from "../experiment.ts";
import { message } from "../feed.ts";
import { brokerPath } from "../road.ts";
import { runScenario } from "../scenario.ts";
import type { Stage } from "../stage.ts";

const HANG_MS = 6_000;
/** A second for the answer, and what a busy machine adds. */
const ANSWER_WITHIN_MS = 1_500;

/** Holds the storage up; gives how to let it go. */
function holdUp(stage: Stage): () => void {
  if (stage.kind === "redis") {
    stage.redis().pause();
    return () => stage.redis().resume();
  }
  const database = openSqlite(brokerPath(stage.directory), { timeout: 5_000 });
  database.exec("BEGIN IMMEDIATE");
  return () => database.close();
}

export const hangingBroker: Experiment = {
  id: "F9",
  title: "storage hangs for 6 s: each acknowledgement is answered or refused within about 1 s",
  kinds: ["redis", "embedded"],
  stores: ["sqlite"],
  run: async (kind, { short, store, keepFiles }) => {
    const times: number[] = [];
    const refused: string[] = [];
    return await runScenario({
      kind,
      store,
      keepFiles,
      pace: { events: short ? 150 : 300, chats: 20, perSecond: 15 },
      faults: async (stage) => {
        await sleep(2_000);
        const letGo = holdUp(stage);
        const asked: Promise<unknown>[] = [];
        try {
          for (let number = 1; number <= HANG_MS / 100 - 20; number += 1) {
            const event = message(`khang${number % 7}`, number);
            asked.push(
              stage.feed.once(event).then(async (answer) => {
                times.push(answer?.milliseconds ?? Infinity);
                if (answer?.status === "info") refused.push(answer.error ?? "");
                await stage.feed.hand(event, 2);
              }),
            );
            await sleep(100);
          }
          await sleep(2_000);
        } finally {
          letGo();
        }
        await Promise.all(asked);
      },
      conclude: () => {
        const slowest = Math.max(...times);
        return {
          faults: [
            ...must(slowest <= ANSWER_WITHIN_MS, `an acknowledgement took ${Math.round(slowest)} ms`),
            ...must(refused.length > 0, "nothing was refused: the storage did not hang"),
            ...must(
              refused.every((error) => error === "BrokerUnavailableError"),
              `refused with ${[...new Set(refused)].join(", ")}`,
            ),
          ],
          figures: {
            refused: refused.length,
            "answered p50 ms": Math.round(percentile(times, 0.5)),
            "answered max ms": Math.round(slowest),
          },
        };
      },
    });
  },
};
