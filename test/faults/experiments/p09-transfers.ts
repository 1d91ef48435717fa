/** P9: people link, ask for a transfer and confirm it while PostgreSQL crashes, and repeat what they are told to repeat. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Experiment, must } from "../experiment.ts";
import { machineNow } from "../notes.ts";
import type { Arrival } from "../processes/control.ts";
import { runScenario } from "../scenario.ts";
import type { Stage } from "../stage.ts";
import { amountOf, chatOf, codeOf, examine, writeContent } from "./money.ts";
import { createOutages } from "./outages.ts";

/** Nobody has to ask more often, and nobody waits longer for an answer. */
const MOST_TRIES = 30;
const PATIENCE_MS = 60_000;

interface Said {
  readonly text: string;
  readonly confirms?: string;
}

/** Says it again until the answer is as it should be; undefined when it never was. */
type Insist = (said: Said, isRight: (arrival: Arrival) => boolean) => Promise<Arrival | undefined>;

/** Presses are answered by the confirmation, whose texts carry no token: they are excused. */
function personIn(stage: Stage, chat: string, excused: Set<string>): Insist {
  let number = 0;
  const answers = (): readonly Arrival[] => stage.arrivals.filter((one) => one.chat === chat && one.shown);
  return async ({ text, confirms }, isRight) => {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const token = `${chat}.${(number += 1)}`;
      if (confirms !== undefined) excused.add(token);
      const before = answers().length;
      await stage.feed.hand({
        token,
        chat,
        text: `#${token} ${text}`,
        ...(confirms === undefined ? {} : { confirms }),
      });
      const deadline = machineNow() + PATIENCE_MS;
      while (answers().length === before && machineNow() < deadline) await sleep(50);
      const right = answers().slice(before).find(isRight);
      if (right !== undefined) return right;
      await sleep(300);
    }
    return undefined;
  };
}

/** Gives whether the person was told that it is done. */
async function pay(stage: Stage, customer: number, excused: Set<string>): Promise<boolean> {
  const insist = personIn(stage, chatOf(customer), excused);
  await insist({ text: `link ${codeOf(customer)}` }, ({ text }) => text.includes("link done"));
  const amount = (amountOf(customer) / 100).toFixed(2);
  const asked = await insist({ text: `transfer ${amount} EUR to Savings` }, ({ proposal }) => proposal !== undefined);
  if (asked?.proposal === undefined) return false;
  const done = ({ text }: Arrival): boolean => /\bDone: |done already/u.test(text);
  return (await insist({ text: "Confirm", confirms: asked.proposal }, done)) !== undefined;
}

export const transfersUnderCrashes: Experiment = {
  id: "P9",
  title: "transfers are asked for and confirmed while PostgreSQL crashes: each exactly once",
  kinds: ["redis"],
  stores: ["postgres"],
  run: async (kind, { short, store, keepFiles }) => {
    const customers = short ? 12 : 96;
    const excused = new Set<string>();
    const outages = createOutages();
    let told = 0;
    return await runScenario({
      kind,
      store,
      keepFiles,
      spec: { turnMs: [5, 40], withBank: true },
      pace: { events: 40, chats: 20, perSecond: 4, whileFaults: true },
      settleMs: 60_000,
      excused,
      prepare: (stage) => writeContent(stage.directory, customers),
      faults: async (stage) => {
        const paid = new AbortController();
        const crashing = (async () => {
          while (!paid.signal.aborted) {
            await sleep(1_000 + Math.random() * 3_000);
            await outages.during(stage, async () => {
              await stage.state().server().stop("immediate");
              await sleep(Math.random() * 1_000);
              await stage.state().server().start();
            });
          }
        })();
        for (let first = 0; first < customers; first += 12) {
          const batch = Array.from({ length: Math.min(12, customers - first) }, (_, index) => first + index);
          const done = await Promise.all(batch.map(async (customer) => await pay(stage, customer, excused)));
          told += done.filter(Boolean).length;
        }
        paid.abort();
        await crashing;
      },
      conclude: async (stage, facts) => {
        const judged = await outages.judge(stage, facts);
        const { right, doubled, missing, checks } = await examine(stage, customers);
        const wrong = checks.filter(({ status }) => status !== "ok").map(({ name, detail }) => `${name}: ${detail}`);
        return {
          faults: [
            ...(judged.faults ?? []),
            ...must(doubled === 0, `${doubled} transfers were carried out more than once`),
            ...must(missing === 0, `${missing} confirmed transfers were not carried out`),
            ...must(told === customers, `${customers - told} people were never told that it is done`),
            ...wrong,
          ],
          figures: { transfers: right, ...judged.figures },
        };
      },
    });
  },
};
