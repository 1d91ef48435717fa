/** P3: somebody else holds a table of the store, and the lock of one conversation, for 10 s. */
import { setTimeout as sleep } from "node:timers/promises";
import { conversationId } from "../../../core/conversation-id.ts";
import { type Experiment, must } from "../experiment.ts";
import { message } from "../feed.ts";
import { machineNow } from "../notes.ts";
import { runScenario } from "../scenario.ts";
import type { Stage } from "../stage.ts";
import { createOutages, withClient } from "./outages.ts";

const HELD_MS = 10_000;
const CHAT = "klocked";

async function holdTable(stage: Stage): Promise<void> {
  await withClient(stage.state().direct(), async (client) => {
    await client.query("BEGIN");
    await client.query("LOCK TABLE turns IN ACCESS EXCLUSIVE MODE");
    await sleep(HELD_MS);
    await client.query("ROLLBACK");
  });
}

/** Gives how many messages of others were answered meanwhile, and whether one of its own was. */
async function holdConversation(stage: Stage): Promise<{ readonly others: number; readonly own: number }> {
  const name = `conversation:${conversationId({ platform: "keyed", account: "main", chat: CHAT })}`;
  return await withClient(stage.state().direct(), async (client) => {
    await client.query("SELECT pg_advisory_lock(hashtextextended($1, 0))", [name]);
    const from = machineNow();
    for (let number = 1; number <= 5; number += 1) await stage.feed.hand(message(CHAT, number), 0);
    await sleep(HELD_MS);
    const answered = stage.arrivals.filter(({ at, shown }) => shown && at > from);
    const own = answered.filter(({ chat }) => chat === CHAT).length;
    return { others: answered.length - own, own };
  });
}

export const heldLocks: Experiment = {
  id: "P3",
  title: "somebody else holds a table, and the lock of a conversation, for 10 s",
  kinds: ["redis"],
  stores: ["postgres"],
  run: async (kind, { short, store, keepFiles }) => {
    const outages = createOutages();
    let answered = { others: 0, own: 0 };
    return await runScenario({
      kind,
      store,
      keepFiles,
      pace: { events: short ? 200 : 800, chats: 40, perSecond: short ? 15 : 20, whileFaults: true },
      settleMs: 60_000,
      faults: async (stage) => {
        await sleep(1_500);
        for (let round = 0; round < (short ? 1 : 3); round += 1) {
          await outages.during(stage, async () => await holdTable(stage));
        }
        await outages.during(stage, async () => {
          answered = await holdConversation(stage);
        });
      },
      conclude: async (stage, facts) => {
        const judged = await outages.judge(stage, facts);
        return {
          faults: [
            ...(judged.faults ?? []),
            ...must(answered.own === 0, `${answered.own} were answered although their conversation was locked`),
            ...must(answered.others > HELD_MS / 200, `only ${answered.others} others were answered beside the lock`),
          ],
          figures: { ...judged.figures, "answered beside the lock": answered.others },
        };
      },
    });
  },
};
