/** F21: the disk of redis-server's append-only file runs full. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Experiment, must, seconds } from "../experiment.ts";
import { message } from "../feed.ts";
import { machineNow } from "../notes.ts";
import { runScenario } from "../scenario.ts";
import { fill, onSmallDisk } from "../small-disk.ts";
import type { Stage } from "../stage.ts";

const DISK = "12m";
const HEALED_WITHIN_MS = 5_000;

/** Hands events in until one is refused, then goes on for a while; then until one is acknowledged. */
async function fillAndHeal(stage: Stage, disk: string, facts: { refused: number; healedMs: number }): Promise<void> {
  await sleep(1_500);
  const makeRoom = fill(disk);
  const deadline = machineNow() + 25_000;
  const retried: Promise<void>[] = [];
  let number = 0;
  while (facts.refused < 20 && machineNow() < deadline) {
    number += 1;
    const event = message(`kfull${number % 9}`, number, "x".repeat(2_000));
    const answer = await stage.feed.once(event);
    if (answer?.status !== "ok") {
      facts.refused += 1;
      retried.push(stage.feed.hand(event, 1));
    }
  }
  makeRoom();
  const freedAt = machineNow();
  while (machineNow() - freedAt < 30_000) {
    if ((await stage.feed.once(message("khealed", 1)))?.status === "ok") break;
    await sleep(50);
  }
  facts.healedMs = machineNow() - freedAt;
  await Promise.all(retried);
}

export const fullDisk: Experiment = {
  id: "F21",
  title: "the disk under the append-only file is full for a while",
  kinds: ["redis"],
  stores: ["sqlite"],
  run: async (kind, { short, store, keepFiles }) =>
    await onSmallDisk(DISK, async (disk) => {
      const facts = { refused: 0, healedMs: Infinity };
      return await runScenario({
        kind,
        store,
        keepFiles,
        redis: { directory: disk },
        pace: { events: short ? 100 : 300, chats: 20, perSecond: 20 },
        faults: async (stage) => await fillAndHeal(stage, disk, facts),
        conclude: () => ({
          faults: [
            ...must(facts.refused > 0, "nothing was refused: the disk did not run full"),
            ...must(facts.healedMs <= HEALED_WITHIN_MS, `accepted again only after ${seconds(facts.healedMs)}`),
          ],
          figures: { refused: facts.refused, "healed after": seconds(facts.healedMs) },
        }),
      });
    }),
};
