/** H2 to H4: confirmed transfers while workers and couriers die: each is carried out exactly once. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { directoryFiles } from "../../../core/files/directory-files.ts";
import { systemEnvironment } from "../../../cli/runtime/system-environment.ts";
import { silentTelemetry } from "../../../core/silent-telemetry.ts";
import { createToolset } from "../../../tools/index.ts";
import { bankQuery } from "../../../tools/banking/ledger/tables.ts";
import { checkLedger } from "../../../tools/banking/ledger/verify.ts";
import { killAtRandom } from "../chaos.ts";
import { type Experiment, must } from "../experiment.ts";
import { machineNow, tokenIn } from "../notes.ts";
import type { Arrival } from "../processes/control.ts";
import { BOT } from "../road.ts";
import { runScenario } from "../scenario.ts";
import type { Stage } from "../stage.ts";

const OPENING_MINOR = 100_000;
/** The numbers of the messages that press the button. */
const PRESSES = [3, 4, 5];

export const chatOf = (customer: number): string => `${customer % 2 === 0 ? "k" : "p"}bank${customer}`;
export const codeOf = (customer: number): string => `F${String(customer).padStart(3, "0")}-CODE`;
/** Each customer sends an amount of its own. */
export const amountOf = (customer: number): number => 101 + customer;

/** A German IBAN of a bank that does not exist, with right check digits. */
function iban(account: number): string {
  const number = `99999999${String(account).padStart(10, "0")}`;
  const check = 98n - (BigInt(`${number}131400`) % 97n);
  return `DE${String(check).padStart(2, "0")}${number}`;
}

export function writeContent(directory: string, customers: number): void {
  const folder = join(directory, "content");
  mkdirSync(folder);
  const account = (index: number, name: string, offset: number) => ({
    id: `C${index}-${name.toUpperCase()}`,
    iban: iban(index * 2 + offset),
    name,
    currency: "EUR",
    openingMinor: OPENING_MINOR,
  });
  const all = Array.from({ length: customers }, (_, index) => ({
    id: `C${index}`,
    name: `Customer ${index}`,
    segment: "family",
    linkCode: codeOf(index),
    accounts: [account(index, "Everyday", 0), account(index, "Savings", 1)],
    payees: [],
  }));
  writeFileSync(join(folder, "customers.json"), JSON.stringify(all));
  writeFileSync(join(folder, "transactions.json"), "[]");
}

/** Links, asks for a transfer, and presses the button three times, each press sent twice. Gives what went wrong before. */
async function transfer(stage: Stage, customer: number): Promise<string | undefined> {
  const chat = chatOf(customer);
  const say = async (number: number, text: string, confirms?: string): Promise<void> => {
    const token = `${chat}.${number}`;
    const press = confirms === undefined ? {} : { confirms };
    await stage.feed.hand({ token, chat, text: `#${token} ${text}`, ...press }, 1);
  };
  await say(1, `link ${codeOf(customer)}`);
  const amount = (amountOf(customer) / 100).toFixed(2);
  await say(2, `transfer ${amount} EUR to Savings`);
  const answer = await answerTo(stage, `${chat}.2`);
  const proposal = answer?.proposal;
  if (proposal === undefined) return answer?.text ?? `#${chat}.2 was not answered in time`;
  await Promise.all(PRESSES.map(async (number) => await say(number, "Confirm", proposal)));
  return undefined;
}

async function answerTo(stage: Stage, token: string): Promise<Arrival | undefined> {
  const deadline = machineNow() + 60_000;
  while (machineNow() < deadline) {
    const shown = stage.arrivals.find(({ text }) => tokenIn(text) === token);
    if (shown !== undefined) return shown;
    await sleep(50);
  }
  return undefined;
}

const Arrived = z.object({ account: z.string(), amount: z.number(), times: z.number() });
const arrivals = bankQuery()("bank_postings", Arrived, ({ db }) =>
  db
    .selectFrom("bank_postings")
    .innerJoin("bank_entries", "bank_entries.id", "bank_postings.entry")
    .select(({ fn }) => ["account", "amount", fn.countAll<number>().as("times")])
    .where("kind", "=", "transfer")
    .where("amount", ">", 0)
    .groupBy(["account", "amount"]),
);

/** Looks into the bank's own tables and the audit. */
export async function examine(stage: Stage, customers: number) {
  const databases = await stage.databases();
  const database = databases.open("bank.db");
  const arrived = await database.all(arrivals, {});
  const books = await checkLedger(database);
  await database.close();
  const toolset = await createToolset({
    bot: BOT,
    tools: [],
    databases,
    files: directoryFiles(stage.directory),
    environment: systemEnvironment(),
    telemetry: silentTelemetry,
  });
  const audit = await toolset.check();
  await toolset.close();
  await databases.close();
  const right = arrived.filter(({ times }) => times === 1).length;
  const doubled = arrived.filter(({ times }) => times > 1).length;
  return { right, doubled, missing: customers - right - doubled, checks: [books, ...audit] };
}

export const money: Experiment = {
  id: "H2",
  title: "confirmed transfers under kills: each exactly once, books and audit right",
  kinds: ["redis", "embedded"],
  stores: ["sqlite", "postgres"],
  run: async (kind, { short, store, keepFiles }) => {
    const customers = short ? 24 : 200;
    const unproposed: string[] = [];
    return await runScenario({
      kind,
      store,
      keepFiles,
      workers: 3,
      spec: { leaseMs: 2_500, turnMs: [5, 40], withBank: true },
      pace: { events: short ? 60 : 400, chats: 20, perSecond: short ? 6 : 8, whileFaults: true },
      settleMs: 60_000,
      // A press is answered by the confirmation, not by the echo: the bank's own books tell what came of it.
      excused: new Set(
        Array.from({ length: customers }, (_, customer) =>
          PRESSES.map((number) => `${chatOf(customer)}.${number}`),
        ).flat(),
      ),
      prepare: (stage) => writeContent(stage.directory, customers),
      faults: async (stage) => {
        const done = new AbortController();
        const kills = killAtRandom(stage, done.signal, {
          roles: ["worker", "worker", "courier"],
          least: short ? 6 : 40,
          everyMs: 1_000,
        });
        for (let first = 0; first < customers; first += 12) {
          const batch = Array.from({ length: Math.min(12, customers - first) }, (_, index) => first + index);
          const objections = await Promise.all(batch.map(async (customer) => await transfer(stage, customer)));
          unproposed.push(...objections.filter((objection) => objection !== undefined));
        }
        done.abort();
        await kills;
      },
      conclude: async (stage) => {
        const { right, doubled, missing, checks } = await examine(stage, customers);
        const wrong = checks.filter(({ status }) => status !== "ok").map(({ name, detail }) => `${name}: ${detail}`);
        return {
          faults: [
            ...must(unproposed.length === 0, `${unproposed.length} transfers were never proposed (${unproposed[0]})`),
            ...must(doubled === 0, `${doubled} transfers were carried out more than once`),
            ...must(missing === 0, `${missing} transfers were not carried out`),
            ...wrong,
          ],
          figures: { transfers: right, kills: stage.actors.filter(({ isAlive }) => !isAlive()).length },
        };
      },
    });
  },
};
