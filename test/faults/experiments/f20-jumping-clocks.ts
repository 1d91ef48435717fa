/** F20: the clocks of the processes jump by an hour and by a day, forth and back, each process for itself. */
import { setTimeout as sleep } from "node:timers/promises";
import { anyOf } from "../chaos.ts";
import { type Experiment, percentile, seconds, must } from "../experiment.ts";
import { runScenario } from "../scenario.ts";
import { confirmationsUnderJumps } from "./confirmation-clock.ts";

const HOUR_MS = 3_600_000;
const JUMPS = [HOUR_MS, -HOUR_MS, 24 * HOUR_MS, -24 * HOUR_MS, 0];
/** From hand-in to the answer, seen by the harness' own clock. */
const ANSWERED_WITHIN_MS = 20_000;

export const jumpingClocks: Experiment = {
  id: "F20",
  title: "clocks jump by ±1 h and ±24 h: nothing waits for it, no proposal outlives its time",
  kinds: ["redis", "embedded"],
  stores: ["sqlite", "postgres"],
  run: async (kind, { short, store, keepFiles }) =>
    await runScenario({
      kind,
      store,
      keepFiles,
      spec: { turnMs: [5, 50] },
      pace: { events: short ? 250 : 800, chats: 30, perSecond: 25 },
      faults: async (stage, feeding) => {
        while (!feeding.aborted) {
          await sleep(1_200);
          // Processes that share a file share a machine, and that has one clock.
          const together = kind === "embedded" || Math.random() < 0.5;
          const offsetMs = anyOf(JUMPS) ?? 0;
          for (const role of ["worker", "courier", "producer"] as const) {
            for (const actor of stage.living(role)) {
              actor.tell({ do: "jump", offsetMs: together ? offsetMs : (anyOf(JUMPS) ?? 0) });
            }
          }
        }
        for (const actor of stage.actors) actor.tell({ do: "jump", offsetMs: 0 });
      },
      conclude: async (stage, { notes }) => {
        const handedAt = new Map(
          stage.feed.operations
            .filter(({ type }) => type === "invoke")
            .toReversed()
            .map(({ token, at }) => [token, at]),
        );
        const times = notes
          .filter((note) => note.kind === "entry")
          .map(({ token, at }) => at - (handedAt.get(token) ?? at));
        const slowest = Math.max(...times);
        const confirmations = await confirmationsUnderJumps(stage.directory);
        return {
          faults: [
            ...must(slowest <= ANSWERED_WITHIN_MS, `an answer took ${seconds(slowest)}`),
            ...confirmations.faults,
          ],
          figures: {
            "answered p95": seconds(percentile(times, 0.95)),
            "answered max": seconds(slowest),
            ...confirmations.figures,
          },
        };
      },
    }),
};
