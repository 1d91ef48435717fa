/**
 * Whether a filter is the one that the person asked for. A model may leave out a period or a name; then its total would
 * be true of something else than the question.
 */
import { readDates, readMoney, type DatePeriod, type DateReading } from "../../core/language/index.ts";
import { BankRefusal } from "./errors.ts";
import type { Payee } from "./port.ts";
import { nameTokens } from "./provenance.ts";
import type { Asking, WrittenFilter } from "./written-filter.ts";

const titles: ReadonlySet<string> = new Set(["dr", "prof", "mr", "mrs", "ms", "herr", "frau"]);

/** Throws `bank/filter-not-said` where the newest words name a time or a payee that the filter leaves out. */
export function assertFilterSaid(filter: WrittenFilter, asking: Asking, payees: readonly Payee[]): void {
  const { context, timeZone } = asking;
  const words = context.userTexts.at(-1) ?? "";
  const sums = readMoney(words).sums.filter(({ currencyGiven }) => currencyGiven);
  const time = readDates(words, {
    now: new Date(context.environment.clock()),
    timeZone,
    locale: context.locale,
    taken: sums,
  });
  assertTime(filter, time);
  assertPayee(filter, words, payees);
}

function assertTime({ period }: WrittenFilter, { periods, unread }: DateReading): void {
  const impossible = unread.find(({ why }) => why === "no-such-day");
  if (impossible !== undefined) throw refusal(`There is no such day: “${impossible.literal}”. Which day is meant?`);
  const isOpen = period === undefined;
  const unknown = unread.find(({ why }) => why !== "excluded");
  if (isOpen && unknown !== undefined && periods.length === 0) {
    throw refusal(
      `I did not understand “${unknown.literal}” as a time, so I counted nothing. From which day to which?`,
    );
  }
  const [named] = periods;
  if (named === undefined) return;
  const readings = periods.flatMap((one) => one.readings);
  const [passedOver] = unread;
  // Whoever understood more than this reader counts over other days than the rest of the words say.
  if (passedOver !== undefined && !isOpen) {
    if (!readings.some(({ from, to }) => from === period.from && to === period.to)) return;
    throw refusal(
      `The question says “${passedOver.literal}” beside “${named.literal}”, and I cannot count that. From which day to which?`,
    );
  }
  if (!isOpen && isWithin(period, readings)) return;
  const told = readings.map((reading) => `${reading.from ?? "the beginning"} to ${reading.to}`).join(" or ");
  throw refusal(
    `The question is about “${named.literal}” (${told}), and the filter is about another time. Which is meant?`,
  );
}

function refusal(message: string): BankRefusal {
  return new BankRefusal("bank/filter-not-said", message);
}

/** Within what was named, from the first day of all to the last. */
function isWithin(
  { from = "", to = "9999-12-31" }: NonNullable<WrittenFilter["period"]>,
  readings: readonly DatePeriod[],
): boolean {
  const [first = ""] = readings.map((one) => one.from ?? "").toSorted();
  const [last = ""] = readings
    .map((one) => one.to)
    .toSorted()
    .toReversed();
  return from >= first && to <= last;
}

function assertPayee({ counterparty }: WrittenFilter, words: string, payees: readonly Payee[]): void {
  if (counterparty !== undefined) return;
  const said = new Set(nameTokens(words));
  const named = payees.find(({ name }) => {
    const tokens = nameTokens(name).filter((token) => !titles.has(token));
    const [first = "", ...others] = tokens;
    const isPerson = others.length === 1;
    return (first.length > 2 && said.has(first)) || (isPerson && said.has(others[0] ?? "") && said.has("dr"));
  });
  if (named !== undefined) {
    throw refusal(
      `The question names ${named.name}, and the filter does not: give the name as counterparty, or ask what is meant.`,
    );
  }
}
