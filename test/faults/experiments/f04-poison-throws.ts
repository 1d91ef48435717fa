/** F4: a message whose turn throws every time. */
import { DEFAULT_RETRY } from "../../../core/broker/retry-policy.ts";
import { type Experiment, must, seconds } from "../experiment.ts";
import { runScenario } from "../scenario.ts";
import { cureAndResubmit, handPoison, poisonTokens, quarantine } from "./poison.ts";

export const poisonThrows: Experiment = {
  id: "F4",
  title: "a message that always fails is tried as often as configured, then set aside with the reason",
  kinds: ["redis", "embedded"],
  stores: ["sqlite", "postgres"],
  run: async (kind, { short, store, keepFiles }) => {
    let quarantinedMs = Infinity;
    let reason = "";
    return await runScenario({
      kind,
      store,
      keepFiles,
      pace: { events: short ? 150 : 400, chats: 20, perSecond: short ? 20 : 40 },
      excused: poisonTokens(),
      faults: async (stage) => {
        await handPoison(stage, "poison:throw");
        ({ ms: quarantinedMs, reason } = await quarantine(stage, 40_000));
      },
      conclude: async (stage, { notes }) => {
        const tries = notes.filter((note) => note.kind === "start" && poisonTokens().has(note.token)).length;
        const cured = await cureAndResubmit(stage);
        return {
          faults: [
            ...must(tries === DEFAULT_RETRY.maxAttempts, `tried ${tries} times, not ${DEFAULT_RETRY.maxAttempts}`),
            ...must(reason.includes("cannot be digested"), `the reason is "${reason}"`),
            ...must(cured, "the resubmitted message was not answered, or the one behind it"),
          ],
          figures: { tries, quarantined: seconds(quarantinedMs) },
        };
      },
    });
  },
};
