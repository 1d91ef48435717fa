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
  const words = context.asked ?? context.userTexts.at(-1) ?? "";
  const sums = readMoney(words).sums.filter(({ currencyGiven }) => currencyGiven);
  const time = readDates(words, {
    now: new Date(context.environment.clock()),
    timeZone,
    locale: context.locale,
    taken: sums,
  });
  assertTime(filter, time, words);
  assertNothingLeftOut(filter, words);
  assertPayee(filter, words, payees);
}

function assertTime({ period }: WrittenFilter, { periods, unread }: DateReading, words: string): void {
  const impossible = unread.find(({ why }) => why === "no-such-day");
  if (impossible !== undefined) {
    const { literal } = impossible;
    throw refusal(`There is no such day: “${literal}”. Which day is meant?`, "no-such-day", { literal });
  }
  const isOpen = period === undefined;
  const unknown = unread.find(({ why }) => why !== "excluded");
  if (isOpen && unknown !== undefined && periods.length === 0) {
    const { literal } = unknown;
    const told = `I did not understand “${literal}” as a time, so I counted nothing. From which day to which?`;
    throw refusal(told, "time-not-understood", { literal });
  }
  const [named] = periods;
  if (named === undefined) return;
  const readings = periods.flatMap((one) => one.readings);
  const passedOver = unread.find(({ why, ...place }) => why === "excluded" || isBeside(words, place, named));
  // Whoever understood more than this reader counts over other days than the rest of the words say.
  if (passedOver !== undefined && !isOpen) {
    if (!readings.some(({ from, to }) => from === period.from && to === period.to)) return;
    const { literal } = passedOver;
    const told = `The question says “${literal}” beside “${named.literal}”, and I cannot count that. From which day to which?`;
    throw refusal(told, "time-beside", { literal, time: named.literal });
  }
  if (!isOpen && isWithin(period, readings)) return;
  const told = readings.map((reading) => `${reading.from ?? "the beginning"} to ${reading.to}`).join(" or ");
  throw refusal(
    `The question is about “${named.literal}” (${told}), and the filter is about another time. Which is meant?`,
    "another-time",
    { time: named.literal },
  );
}

function refusal(message: string, name: string, values: Readonly<Record<string, string>>): BankRefusal {
  return new BankRefusal("bank/filter-not-said", message, { name, values });
}

/** So far from a time that was read, words about time tell of something else. */
const MOST_WORDS_BETWEEN = 4;

function isBeside(words: string, one: Place, other: Place): boolean {
  const [first, second] = one.start < other.start ? [one, other] : [other, one];
  const between = words.slice(first.end, second.start);
  return !/[.,;:!?]/u.test(between) && between.trim().split(/\s+/u).length <= MOST_WORDS_BETWEEN;
}

interface Place {
  readonly start: number;
  readonly end: number;
}

/** Behind these stands what is not to be counted. */
const leavesOut =
  /(?<!\p{L})(?:except(?:ing|ed)?|excluding|without|apart from|other than|not (?:count|includ)ing|außer|ausser|ohne|ausgenommen|abgesehen von|abzüglich)(?!\p{L})/iu;
/** "Groceries, not Rewe": right in front of a value that is counted. */
const negates =
  /(?<!\p{L})(?:not|nicht|keine?)\s+(?:(?:the|for|at|from|mit|für|bei|von|die|den|das|der|dem)\s+){0,2}/iu;

function assertNothingLeftOut({ counterparty = "", category = "" }: WrittenFilter, words: string): void {
  const [before, behind] = [leavesOut.exec(words), negates.exec(words)];
  const said = before ?? behind;
  if (said === null) return;
  const rest = words.slice(said.index + said[0].length);
  const next = nameTokens(rest.split(/[,.;!?]|\s(?:and|und|but|aber)\s/iu)[0] ?? "");
  const counted = nameTokens(`${counterparty} ${category}`);
  const isLimit = before !== null ? next.length > 0 : counted.includes(next[0] ?? "");
  if (!isLimit) return;
  const literal = `${said[0].trim()} ${rest.trim().split(/\s+/u)[0] ?? ""}`.trim();
  throw refusal(`I cannot leave anything out (“${literal}”), so I counted nothing. What shall I count?`, "left-out", {
    literal,
  });
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
    throw refusal(`The question names ${named.name}. Is it about bookings with that name?`, "name-left-out", {
      name: named.name,
    });
  }
}
