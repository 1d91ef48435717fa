/** Bookings and what they add up to, in the hearer's words. Nothing is said but the result's own figures. */
import { formatMoney } from "../../../core/delivery/money-text.ts";
import { literal, literalTable } from "../../../core/markdown/index.ts";
import type { Hearer } from "../../../core/teaching.ts";
import { filledIn } from "../../../core/text/sentence.ts";
import type { Transaction, TransactionSums } from "../port.ts";
import type { WrittenFilter } from "../written-filter.ts";
import { dayWords, filterWords } from "./filter-words.ts";
import { bookingsIn, type Phrases, phrasesFor, told } from "./phrases.ts";

/** What a question about bookings can be after; of several that words name the first one counts. */
export const ANSWERS = ["average", "largest", "count", "total", "newest", "whether", "list"] as const;
export type Answer = (typeof ANSWERS)[number];

/** What was found. */
export type FoundBookings = {
  readonly answer: Answer;
  readonly filter: WrittenFilter;
  /** True where nothing was found the way that was asked for, and this is the other one. */
  readonly isOtherWay: boolean;
  readonly count: number;
  readonly sums: TransactionSums[];
  /** The newest, or the largest where these were asked for. */
  readonly transactions: Transaction[];
};

interface Telling {
  readonly found: FoundBookings;
  readonly hearer: Hearer;
  readonly phrases: Phrases;
  readonly over: string;
}

/** The answer in Markdown. */
export function sayBookings(found: FoundBookings, hearer: Hearer): string {
  const phrases = phrasesFor(hearer);
  const telling = { found, hearer, phrases, over: filterWords(found.filter, hearer) };
  if (found.count === 0) return nothing(telling);
  const lead = found.isOtherWay ? `${phrases.otherWay} ` : "";
  const sentences = found.sums.map((sums) => `${lead}${sentence(telling, sums)}`);
  const table = SHORT.has(found.answer) ? "" : tableOf(telling);
  return [...sentences, table].filter((part) => part !== "").join("\n\n");
}

/** Answers that are one figure. */
const SHORT: ReadonlySet<Answer> = new Set(["average", "count", "total"]);

function nothing({ found: { filter }, phrases, over }: Telling): string {
  if (filter.counterparty !== undefined && filter.period === undefined && filter.direction === undefined) {
    return filledIn(phrases.unknownName, { name: literal(filter.counterparty) });
  }
  const { direction } = filter;
  return told(direction === "received" ? phrases.noneIn : direction === "paid" ? phrases.noneOut : phrases.none, {
    over,
  });
}

/** For one currency. */
function sentence(telling: Telling, sums: TransactionSums): string {
  const { found, phrases } = telling;
  switch (found.answer) {
    case "average":
      return sidesOf(sums)
        .map((side) => averageOf(telling, side))
        .join(" ");
    case "largest":
      return newestOf(telling, { out: phrases.largestOut, in: phrases.largestIn });
    case "newest":
      return newestOf(telling, { out: phrases.lastOut, in: phrases.lastIn });
    case "whether":
      return found.isOtherWay
        ? listed(telling, sums, phrases.list)
        : newestOf(telling, { out: phrases.whetherOut, in: phrases.whetherIn });
    case "total":
      return totalOf(telling, sums);
    case "count":
      return listed(telling, sums, phrases.count);
    case "list":
      return listed(telling, sums, phrases.list);
  }
}

interface Side {
  readonly way: "in" | "out";
  readonly minor: number;
  readonly count: number;
  readonly currency: string;
}

function sidesOf({ currency, inMinor, inCount, outMinor, outCount }: TransactionSums): readonly Side[] {
  const sides: readonly Side[] = [
    { way: "out", minor: outMinor, count: outCount, currency },
    { way: "in", minor: inMinor, count: inCount, currency },
  ];
  return sides.filter(({ count }) => count > 0);
}

function averageOf({ phrases, hearer, over }: Telling, { way, minor, count, currency }: Side): string {
  return told(way === "out" ? phrases.averageOut : phrases.averageIn, {
    average: formatMoney({ minor: Math.round(minor / count), currency }, hearer.locale),
    sum: formatMoney({ minor, currency }, hearer.locale),
    bookings: bookingsIn(phrases, count, hearer),
    over,
  });
}

function totalOf({ phrases, hearer, over }: Telling, sums: TransactionSums): string {
  const sides = sidesOf(sums);
  const [only, other] = sides;
  const bookings = bookingsIn(phrases, sums.inCount + sums.outCount, hearer);
  const text = (minor: number): string => formatMoney({ minor, currency: sums.currency }, hearer.locale);
  if (only === undefined || other !== undefined) {
    return told(phrases.totalBoth, { in: text(sums.inMinor), out: text(sums.outMinor), over, bookings });
  }
  return told(only.way === "out" ? phrases.totalOut : phrases.totalIn, { sum: text(only.minor), over, bookings });
}

function listed({ phrases, hearer, over }: Telling, sums: TransactionSums, sentences: readonly string[]): string {
  const parts = sidesOf(sums).map(({ way, minor, currency }) =>
    filledIn(way === "out" ? phrases.sumOut : phrases.sumIn, { sum: formatMoney({ minor, currency }, hearer.locale) }),
  );
  const bookings = bookingsIn(phrases, sums.inCount + sums.outCount, hearer);
  return told(sentences, { bookings, over, sums: parts.join(", ") });
}

/** The first booking in a sentence. */
function newestOf(
  { found, hearer, over }: Telling,
  sentences: { readonly out: readonly string[]; readonly in: readonly string[] },
): string {
  const [first] = found.transactions;
  if (first === undefined) return "";
  const { amount, counterparty, date } = first;
  const sum = formatMoney({ ...amount, minor: Math.abs(amount.minor) }, hearer.locale);
  const values = { sum, name: literal(counterparty), day: dayWords(date, hearer), over };
  return told(amount.minor < 0 ? sentences.out : sentences.in, values);
}

function tableOf({ found: { transactions, count, answer }, phrases, hearer }: Telling): string {
  const [date = "", name = "", purpose = "", account = "", amount = ""] = phrases.table;
  const isOneAccount = new Set(transactions.map((one) => one.account)).size < 2;
  const day = new Intl.DateTimeFormat(hearer.locale, { dateStyle: "medium", timeZone: "UTC" });
  const rows = transactions.map((one) => [
    day.format(new Date(`${one.date}T00:00:00Z`)),
    one.counterparty,
    one.description,
    ...(isOneAccount ? [] : [one.account]),
    formatMoney(one.amount, hearer.locale),
  ]);
  const header = [date, name, purpose, ...(isOneAccount ? [] : [account]), amount];
  const table = literalTable(header, rows, [amount]);
  if (count <= rows.length) return table;
  const more = answer === "largest" ? phrases.largest : phrases.newest;
  return `${table}\n\n${filledIn(more, { n: rows.length.toLocaleString(hearer.locale) })}`;
}
