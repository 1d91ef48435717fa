/** F18: the platform refuses sends (429, 5xx) and cuts connections after it has shown the message. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Experiment, must } from "../experiment.ts";
import { message } from "../feed.ts";
import { runScenario } from "../scenario.ts";
import type { Stage } from "../stage.ts";

const RETRY_AFTER_MS = 1_500;
const REFUSALS = 3;
const CHAT = "plimited";
/** What a busy machine adds to a timer. */
const LAG_MS = 500;

/** How long after each 429 the next send of the chat came, in ms. */
function waits(stage: Stage): readonly number[] {
  const sends = stage.arrivals.filter(({ chat }) => chat === CHAT);
  return sends.flatMap((send, index) => {
    const next = sends[index + 1];
    return send.status === 429 && next !== undefined ? [next.at - send.at] : [];
  });
}

export const unwillingPlatform: Experiment = {
  id: "F18",
  title: "the platform answers 429 and 503 and cuts connections after showing",
  kinds: ["redis", "embedded"],
  stores: ["sqlite", "postgres"],
  run: async (kind, { short, store, keepFiles }) =>
    await runScenario({
      kind,
      store,
      keepFiles,
      pace: { events: short ? 250 : 800, chats: 20, perSecond: 20 },
      settleMs: 60_000,
      faults: async (stage) => {
        stage.platform({
          do: "mood",
          refuse: { status: 429, times: REFUSALS, retryAfterMs: RETRY_AFTER_MS, chat: CHAT },
        });
        for (let number = 1; number <= 5; number += 1) await stage.feed.hand(message(CHAT, number), 0);
        await sleep(REFUSALS * RETRY_AFTER_MS + 1_500);
        stage.platform({ do: "mood", refuse: { status: 503, times: 6, retryAfterMs: 0 } });
        await sleep(2_500);
        stage.platform({ do: "mood", cutAfterShowing: 0.2 });
        await sleep(4_000);
        stage.platform({ do: "mood" });
      },
      conclude: (stage, { report }) => {
        const waited = waits(stage);
        const isHonoured = waited.every((ms) => ms >= RETRY_AFTER_MS * 0.9 && ms <= RETRY_AFTER_MS * 1.1 + LAG_MS);
        const invalid = stage.arrivals.filter(({ status }) => status === 429).length;
        const cut = stage.arrivals.filter(({ status }) => status === 0);
        const cutPlain = new Set(cut.filter(({ platform }) => platform === "plain").map(({ key }) => key));
        return {
          faults: [
            ...must(waited.length === REFUSALS, `${waited.length} refusals instead of ${REFUSALS}`),
            ...must(isHonoured, `waited ${waited.map(Math.round).join(", ")} ms instead of ${RETRY_AFTER_MS}`),
            ...must(invalid < 10, `${invalid} sends against a 429`),
            ...must(
              report.visibleDuplicates.length <= cutPlain.size,
              `${report.visibleDuplicates.length} seen twice, but only ${cutPlain.size} were cut`,
            ),
          ],
          figures: {
            "waited after 429": `${waited.map((ms) => Math.round(ms)).join("/")} ms`,
            "cut after showing": cut.length,
          },
        };
      },
    }),
};
