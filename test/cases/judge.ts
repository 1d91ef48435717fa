/** Puts each row to the embedded crew with the real bank, and compares with what is right. */
import { z } from "zod";
import type { Proposal } from "../../core/reply.ts";
import { bank } from "../../tools/index.ts";
import { crewBench, type Answered } from "../support/crew-bench.ts";
import { readDates, readMoney } from "../../core/language/index.ts";
import { readTables, rightPeriods, type Order, type Period, type Transfer } from "./rows.ts";

export interface Verdict {
  readonly id: string;
  readonly kind: string;
  readonly plain: boolean;
  /** `wrong`: another sum, payee or account was proposed, or counted over another time than asked for. */
  readonly result: "right" | "asked" | "wrong";
  readonly detail: string;
}

const Sent = z.looseObject({ amount: z.string() });
const Filter = z.looseObject({
  period: z.strictObject({ from: z.string().optional(), to: z.string().optional() }).default({}),
});
const Counted = z.looseObject({ count: z.number() });
const receivers: Readonly<Record<string, RegExp>> = {
  emre: /^Emre Aydin/u,
  jana: /^Jana Novak/u,
  lindenhof: /^Lindenhof Property/u,
  sommer: /^Dr\. Paul Sommer/u,
  sportclub: /^Sportclub Nord/u,
  savings: /^Savings/u,
  everyday: /^Everyday/u,
};

/** What a message orders several times over. Older tables have such a message as none, or as one: there was one proposal at a time. */
const severalIn: ReadonlyMap<string, readonly Transfer[]> = new Map(
  readTables(import.meta.dirname, ["orders-several.jsonl"]).orders.map(({ text, expect }) => [
    text,
    expect.orders ?? [],
  ]),
);

function judgeOrder({ id, kind, plain, text, expect }: Order, answered: Answered): Verdict {
  const proposals = answered.calls.flatMap(({ outcome }) => (outcome.status === "proposed" ? [outcome.proposal] : []));
  const summaries = proposals.map(({ summary }) => summary).join("; ");
  const said = answered.reply.text.replaceAll("\n", " ").slice(0, 90);
  const verdict = { id, kind, plain, detail: `${text} → ${summaries === "" ? said : summaries}` };
  const wanted = severalIn.get(text) ?? [expect];
  if (proposals.length === 0) {
    // The table does not know her balance: what was read right and then lacked money was read right.
    const isDue = expect.outcome === "proposal" && !lackedMoney(answered, expect.minor);
    return { ...verdict, result: isDue ? "asked" : "right" };
  }
  const isOrdered = expect.outcome !== "no-proposal" || severalIn.has(text);
  const isMeant =
    isOrdered && areShown(proposals, answered) && proposals.length === wanted.length && areSame(proposals, wanted);
  return { ...verdict, result: isMeant ? "right" : "wrong" };
}

/** Each proposal has a card of its own to confirm it with. */
function areShown(proposals: readonly Proposal[], { reply, further = [] }: Answered): boolean {
  const shown = [reply, ...further].flatMap((one) => (one.proposal === undefined ? [] : [one.proposal.id]));
  return proposals.every(({ id }) => shown.filter((one) => one === id).length === 1);
}

function areSame(proposals: readonly Proposal[], wanted: readonly Transfer[]): boolean {
  return proposals.every((proposal, at) => isSame(proposal, wanted[at] ?? {}));
}

const sources: Readonly<Record<string, RegExp>> = {
  savings: /(?:from|von) Savings/u,
  everyday: /(?:from|von) Everyday/u,
};

function isSame({ facts, summary }: Proposal, { from, to, minor }: Transfer): boolean {
  const amount = facts.find(({ isMain }) => isMain)?.number;
  const payee = facts.find(({ label }) => label === "To" || label === "An")?.value ?? "";
  const isSum = amount !== undefined && Math.round(amount * 100) === minor;
  return isSum && matches(receivers[to ?? ""], payee) && matches(sources[from ?? ""], summary);
}

const matches = (wanted: RegExp | undefined, text: string): boolean => wanted?.test(text) ?? true;

function lackedMoney({ calls }: Answered, minor: number | null | undefined): boolean {
  return calls.some(
    ({ input, outcome }) =>
      outcome.status === "refused" && outcome.code === "bank/insufficient-funds" && minorIn(input) === minor,
  );
}

function minorIn(input: unknown): number {
  return Math.round(Number.parseFloat(Sent.parse(input).amount) * 100);
}

/** Runs the orders as Anna, on the day they were written for. */
export async function judgeOrders(rows: readonly Order[]): Promise<readonly Verdict[]> {
  // Whatever is proposed must show, also what her balance would not allow.
  const limits = { perTransferMinor: 100_000_000, perDayMinor: 100_000_000, newPayeePerDayMinor: 100_000_000 };
  const bench = await crewBench({ packs: [bank({ limits })], now: "2026-11-29T09:00:00Z" });
  try {
    await bench.talk("anna").say("my code is ANNA-7K42");
    const verdicts: Verdict[] = [];
    for (const row of rows) verdicts.push(judgeOrder(row, await bench.talk("anna").say(row.text)));
    return verdicts;
  } finally {
    await bench.close();
  }
}

interface Days {
  readonly from: string | undefined;
  readonly to: string | undefined;
}

function fits(row: Period, { from, to }: Days): boolean {
  return rightPeriods(row).some((right) => (right.from ?? undefined) === from && (right.to ?? undefined) === to);
}

/** `days` is undefined where the period was asked for. */
function judgeDays(row: Period, days: Days | undefined, detail: string): Verdict {
  const { id, kind, plain, text, expect } = row;
  const result =
    days === undefined
      ? expect.outcome === "period"
        ? "asked"
        : "right"
      : expect.outcome !== "ask" && fits(row, days)
        ? "right"
        : "wrong";
  const shown = days === undefined ? detail : `${days.from ?? "…"} to ${days.to ?? "…"}`;
  return { id, kind, plain, result, detail: `${text} (${row.now.slice(0, 10)}) → ${shown}` };
}

/** What the reader alone makes of the periods. */
export function judgePeriodsByReader(rows: readonly Period[]): readonly Verdict[] {
  return rows.map((row) => {
    const taken = readMoney(row.text).sums.filter(({ currencyGiven }) => currencyGiven);
    const { periods, unread } = readDates(row.text, {
      now: new Date(row.now),
      timeZone: row.timeZone,
      locale: "en",
      taken,
    });
    const [only, ...others] = periods;
    const isClear = only !== undefined && others.length === 0 && unread.length === 0 && !only.ambiguous;
    return judgeDays(
      row,
      isClear ? { from: only.from, to: only.to } : undefined,
      unread.map(({ literal }) => literal).join(", "),
    );
  });
}

/** What the crew makes of them: over which days its tool call counted, or that it asked. */
export async function judgePeriods(rows: readonly Period[]): Promise<readonly Verdict[]> {
  const places = new Map<string, Period[]>();
  for (const row of rows) {
    const place = `${row.now} ${row.timeZone}`;
    places.set(place, [...(places.get(place) ?? []), row]);
  }
  const verdicts: Verdict[] = [];
  for (const group of places.values()) verdicts.push(...(await judgeGroup(group)));
  return verdicts;
}

/** No booking at all, of any time: that is no false total of the time that was meant. */
function foundNothingEver({ input, outcome }: Answered["calls"][number]): boolean {
  const { from, to } = Filter.parse(input).period;
  const count = outcome.status === "done" ? Counted.safeParse(outcome.result.value).data?.count : undefined;
  return from === undefined && to === undefined && count === 0;
}

async function judgeGroup(rows: readonly Period[]): Promise<readonly Verdict[]> {
  const [{ now, timeZone } = { now: "", timeZone: "" }] = rows;
  const bench = await crewBench({ packs: [bank()], now, timeZone });
  try {
    await bench.talk("anna").say("my code is ANNA-7K42");
    const verdicts: Verdict[] = [];
    for (const row of rows) {
      const { calls, reply } = await bench.talk("anna").say(row.text, { now });
      const counted = calls.filter(({ outcome, name }) => outcome.status === "done" && name.endsWith("transactions"));
      const periods = new Map(counted.map((call) => [JSON.stringify(Filter.parse(call.input).period), call]));
      const [only, ...others] = [...periods.values()];
      // Each of several periods by itself is no false total of one.
      const isOne = only !== undefined && others.length === 0 && !foundNothingEver(only);
      const days = isOne ? Filter.parse(only.input).period : undefined;
      verdicts.push(
        judgeDays(row, days && { from: days.from, to: days.to }, reply.text.replaceAll("\n", " ").slice(0, 90)),
      );
    }
    return verdicts;
  } finally {
    await bench.close();
  }
}
