/** F22: redis-server reaches its maxmemory and must not evict. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Experiment, must, seconds } from "../experiment.ts";
import { message } from "../feed.ts";
import { machineNow } from "../notes.ts";
import { runScenario } from "../scenario.ts";
import type { Stage } from "../stage.ts";

const HEALED_WITHIN_MS = 5_000;

const infoOf = (stage: Stage, field: string): number =>
  Number(new RegExp(`^${field}:(\\d+)`, "m").exec(stage.redis().cli("INFO", "all"))?.[1]);

export const fullMemory: Experiment = {
  id: "F22",
  title: "redis-server is out of memory and may not evict",
  kinds: ["redis"],
  stores: ["sqlite"],
  run: async (kind, { short, store, keepFiles }) => {
    const errors = new Set<string>();
    let refused = 0;
    let healedMs = Infinity;
    return await runScenario({
      kind,
      store,
      keepFiles,
      pace: { events: short ? 200 : 600, chats: 20, perSecond: 25 },
      faults: async (stage) => {
        await sleep(2_000);
        // Well below what is in use: what idle clients and handled messages free must not end the fault.
        const full = Math.floor(infoOf(stage, "used_memory") * 0.75);
        stage.redis().cli("CONFIG", "SET", "maxmemory", String(full));
        for (let number = 1; number <= 25; number += 1) {
          const event = message(`koom${number % 5}`, number, "x".repeat(5_000));
          const answer = await stage.feed.once(event);
          if (answer?.status !== "ok") {
            refused += 1;
            errors.add(answer?.error ?? "no answer");
          }
          void stage.feed.hand(event, 0);
          await sleep(100);
        }
        stage.redis().cli("CONFIG", "SET", "maxmemory", "0");
        const freedAt = machineNow();
        while (machineNow() - freedAt < 30_000) {
          if ((await stage.feed.once(message("khealed", 1)))?.status === "ok") break;
        }
        healedMs = machineNow() - freedAt;
      },
      conclude: (stage) => {
        const evicted = infoOf(stage, "evicted_keys");
        const names = [...errors].join(", ");
        return {
          faults: [
            ...must(refused > 0, "nothing was refused: the memory did not run out"),
            ...must(names === "BrokerUnavailableError", `refused with ${names}`),
            ...must(evicted === 0, `${evicted} keys were evicted`),
            ...must(healedMs <= HEALED_WITHIN_MS, `accepted again only after ${seconds(healedMs)}`),
          ],
          figures: { refused, evicted, "healed after": seconds(healedMs) },
        };
      },
    });
  },
};
