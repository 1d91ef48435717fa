/** F3: a message that kills every worker that touches it. */
import { supervise } from "../chaos.ts";
import { type Experiment, must, seconds } from "../experiment.ts";
import { runScenario } from "../scenario.ts";
import { cureAndResubmit, handPoison, poisonTokens, quarantine } from "./poison.ts";

const WITHIN_MS = 15_000;

export const poisonKills: Experiment = {
  id: "F3",
  title: "a message that kills its workers is set aside, the rest is served",
  kinds: ["redis", "embedded"],
  stores: ["sqlite", "postgres"],
  run: async (kind, { short, store, keepFiles }) => {
    let quarantinedMs = Infinity;
    let reason = "";
    return await runScenario({
      kind,
      store,
      keepFiles,
      workers: 3,
      spec: { leaseMs: 3_000 },
      pace: { events: short ? 200 : 600, chats: 20, perSecond: short ? 20 : 40 },
      excused: poisonTokens(),
      faults: async (stage, feeding) => {
        let done = false;
        const supervised = supervise(stage, "worker", { count: 3, until: () => done && feeding.aborted });
        await handPoison(stage, "poison:kill");
        ({ ms: quarantinedMs, reason } = await quarantine(stage, 40_000));
        done = true;
        await supervised;
      },
      conclude: async (stage, { notes }) => {
        const cured = await cureAndResubmit(stage);
        const within = WITHIN_MS * stage.slowness();
        const deaths = notes.filter((note) => note.kind === "start" && poisonTokens().has(note.token)).length;
        return {
          faults: [
            ...must(quarantinedMs <= within, `quarantined after ${seconds(quarantinedMs)}, not ${seconds(within)}`),
            ...must(reason.includes("process died"), `the reason is "${reason}"`),
            ...must(cured, "the resubmitted message was not answered, or the one behind it"),
          ],
          figures: { "workers killed": deaths, quarantined: seconds(quarantinedMs) },
        };
      },
    });
  },
};
