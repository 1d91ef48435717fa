/** Puts each row to the embedded crew with the real bank, and compares with what is right. */
import { z } from "zod";
import type { Proposal } from "../../core/reply.ts";
import { bank } from "../../tools/index.ts";
import { crewBench, type Answered } from "../support/crew-bench.ts";
import { readDates, readMoney } from "../../core/language/index.ts";
import { rightPeriods, type Order, type Period } from "./rows.ts";

export interface Verdict {
  readonly id: string;
  readonly kind: string;
  readonly plain: boolean;
  /** `wrong`: another sum, payee or account was proposed, or counted over another time than asked for. */
  readonly result: "right" | "asked" | "wrong";
  readonly detail: string;
}

const Sent = z.looseObject({ amount: z.string() });
const Filter = z.looseObject({ from: z.string().optional(), to: z.string().optional() });
const receivers: Readonly<Record<string, RegExp>> = {
  emre: /^Emre Aydin/u,
  jana: /^Jana Novak/u,
  lindenhof: /^Lindenhof Property/u,
  sommer: /^Dr\. Paul Sommer/u,
  sportclub: /^Sportclub Nord/u,
  savings: /^Savings/u,
  everyday: /^Everyday/u,
};

function judgeOrder({ id, kind, plain, text, expect }: Order, answered: Answered): Verdict {
  const proposals = answered.calls.flatMap(({ outcome }) => (outcome.status === "proposed" ? [outcome.proposal] : []));
  const [proposal, ...others] = proposals;
  const detail = `${text} → ${proposal?.summary ?? answered.reply.text.replaceAll("\n", " ").slice(0, 90)}`;
  const verdict = { id, kind, plain, detail };
  if (proposal === undefined) {
    // The table does not know her balance: what was read right and then lacked money was read right.
    const isDue = expect.outcome === "proposal" && !lackedMoney(answered, expect.minor);
    return { ...verdict, result: isDue ? "asked" : "right" };
  }
  const isMeant = expect.outcome !== "no-proposal" && others.length === 0 && isSame(proposal, expect);
  return { ...verdict, result: isMeant ? "right" : "wrong" };
}

function isSame({ facts, summary }: Pick<Proposal, "facts" | "summary">, expect: Order["expect"]): boolean {
  const source = expect.from === "savings" ? "from Savings" : expect.from === "everyday" ? "from Everyday" : "";
  const amount = facts.find(({ isMain }) => isMain)?.number;
  const payee = facts.find(({ label }) => label === "To" || label === "An")?.value ?? "";
  const isReceiver = receivers[expect.to ?? ""]?.test(payee) ?? true;
  return amount !== undefined && Math.round(amount * 100) === expect.minor && isReceiver && summary.includes(source);
}

function lackedMoney({ calls }: Answered, minor: number | null | undefined): boolean {
  return calls.some(
    ({ input, outcome }) =>
      outcome.status === "refused" && outcome.code === "bank/insufficient-funds" && minorIn(input) === minor,
  );
}

function minorIn(input: unknown): number {
  return Math.round(Number(Sent.parse(input).amount) * 100);
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

async function judgeGroup(rows: readonly Period[]): Promise<readonly Verdict[]> {
  const [{ now, timeZone } = { now: "", timeZone: "" }] = rows;
  const bench = await crewBench({ packs: [bank()], now, timeZone });
  try {
    await bench.talk("anna").say("my code is ANNA-7K42");
    const verdicts: Verdict[] = [];
    for (const row of rows) {
      const { calls, reply } = await bench.talk("anna").say(row.text, { now });
      const counted = calls.find(({ outcome, name }) => outcome.status === "done" && name.endsWith("transactions"));
      const days = counted === undefined ? undefined : Filter.parse(counted.input);
      verdicts.push(
        judgeDays(row, days && { from: days.from, to: days.to }, reply.text.replaceAll("\n", " ").slice(0, 90)),
      );
    }
    return verdicts;
  } finally {
    await bench.close();
  }
}
