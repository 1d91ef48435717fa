/** F28: wake-ups get lost in Redis. The mailboxes still hold their messages, and nobody is told of them. */
import { setTimeout as sleep } from "node:timers/promises";
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import type { Experiment } from "../experiment.ts";
import { runScenario } from "../scenario.ts";
import type { Stage } from "../stage.ts";

/** Shorter than what makes a process count as gone: its mailboxes would be taken over, wake-ups or not. */
const HUNG_MS = 400;

/** Holds the workers still while messages come in, and throws away the wake-ups that wait by then. Gives how many. */
export async function loseWakeUps(stage: Stage, rounds: number): Promise<number> {
  const connection = new Redis(stage.redis().url, { maxRetriesPerRequest: null });
  // The server is this experiment's own, and holds one queue.
  const [meta = ""] = await connection.keys("*:wake:meta");
  const queue = new Queue("wake", { connection, prefix: meta.replace(/:wake:meta$/u, "") });
  let lost = 0;
  for (let round = 0; round < rounds; round += 1) {
    await sleep(800);
    const workers = stage.living("worker");
    for (const worker of workers) worker.signal("SIGSTOP");
    await sleep(HUNG_MS);
    lost += await queue.getWaitingCount();
    await queue.drain();
    for (const worker of workers) worker.signal("SIGCONT");
  }
  await queue.close();
  await connection.quit();
  return lost;
}

export const lostWakeUps: Experiment = {
  id: "F28",
  title: "wake-ups lost in Redis while the workers are busy",
  kinds: ["redis"],
  stores: ["sqlite"],
  run: async (kind, { short, store, keepFiles }) => {
    let lost = 0;
    return await runScenario({
      kind,
      store,
      keepFiles,
      pace: { events: short ? 200 : 1_000, chats: 100, perSecond: 40, whileFaults: true },
      faults: async (stage) => {
        lost = await loseWakeUps(stage, short ? 4 : 20);
      },
      conclude: () => ({
        faults: lost > 0 ? [] : ["no wake-up was lost, so nothing was tried"],
        figures: { "wake-ups lost": lost },
      }),
    });
  },
};
