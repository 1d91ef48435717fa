/** P2: the connection to PostgreSQL ends at each round trip of a turn and of a delivery, before it or instead of its answer. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Experiment, must } from "../experiment.ts";
import { type FeedEvent, message } from "../feed.ts";
import { machineNow, tokenIn } from "../notes.ts";
import { runScenario } from "../scenario.ts";
import type { Stage } from "../stage.ts";

const SIDES = ["before", "after"] as const;
/** A turn takes fewer round trips, with those that its retries cost. */
const MOST = 60;
/** What is written beside the reply, such as its outcome, may come after it is seen. */
const AFTER_REPLY_MS = 250;

/** Hands the message in and waits for its reply; gives whether its connection was cut on the way. */
async function cutOnce(
  stage: Stage,
  event: FeedEvent,
  cut: { nth: number; side: "before" | "after" },
): Promise<boolean> {
  const isDone = stage.state().proxy().cutAt(cut.nth, cut.side);
  await stage.feed.hand(event, 0);
  const deadline = machineNow() + 30_000;
  const isAnswered = (): boolean => stage.arrivals.some(({ text }) => tokenIn(text) === event.token);
  while (!isAnswered() && machineNow() < deadline) await sleep(10);
  if (!isDone()) await sleep(AFTER_REPLY_MS);
  return isDone();
}

/** Cuts at the first round trip, the second, and so on until a turn has no more. Gives how many were cut. */
async function cutEach(stage: Stage, round: number): Promise<number> {
  let cuts = 0;
  for (const side of SIDES) {
    for (let nth = 1; nth < MOST; nth += 1) {
      const chat = `${nth % 2 === 0 ? "k" : "p"}cut${round}${side}${nth}`;
      // A conversation's first message, and one in a conversation that is there.
      const first = await cutOnce(stage, message(chat, 1), { nth, side });
      const second = await cutOnce(stage, message(chat, 2), { nth, side });
      cuts += [first, second].filter(Boolean).length;
      if (!first && !second) break;
    }
  }
  return cuts;
}

export const cutConnections: Experiment = {
  id: "P2",
  title: "the connection to PostgreSQL is cut before and after each round trip of a turn and its delivery",
  kinds: ["redis"],
  stores: ["postgres"],
  run: async (kind, { short, store, keepFiles }) => {
    let cuts = 0;
    return await runScenario({
      kind,
      store,
      keepFiles,
      workers: 1,
      postgres: { isProxied: true },
      pace: { events: 20, chats: 10, perSecond: 20 },
      faults: async (stage, feeding) => {
        while (!feeding.aborted) await sleep(50);
        await sleep(1_000);
        for (let round = 0; round < (short ? 1 : 6); round += 1) cuts += await cutEach(stage, round);
      },
      conclude: async (stage, { setAside }) => {
        const dead = setAside.size + ((await stage.counts())?.dead ?? 0);
        return {
          faults: [
            ...must(cuts > 0, "nothing was cut, so nothing was tried"),
            ...must(dead === 0, `${dead} messages went to the dead letters`),
          ],
          figures: { cuts },
        };
      },
    });
  },
};
