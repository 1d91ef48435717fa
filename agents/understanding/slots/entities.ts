/** Values of the kinds that every bot understands, as they stand in a text. */
import { LRUCache } from "lru-cache";
import type { Json } from "../../../core/json.ts";
import {
  findIbans,
  findNumbers,
  languageOf,
  languageOfLocale,
  overlaps,
  readDates,
  readMoney,
  sumsAt,
  type AmountMention,
  type DateMention,
  type IbanMention,
  type Span,
} from "../../../core/language/index.ts";
import { findCodes } from "../../../core/language/codes.ts";
import { leastBefore } from "../../../core/language/sum-ranges.ts";
import { findPhones } from "../../../core/language/phones.ts";

/** A value that stands in the text. */
export interface EntityMention extends Span {
  /** What kind it is of, where nothing else is asked for. */
  readonly kind: string;
  /**
   * Its likeliest reading by kind: a day is a period, too, and a bare number may be a sum. `money` is `{ minor, currency }`,
   * `sums` is `{ least?, most? }` of it, `date` is `YYYY-MM-DD`, `period` is `{ from?, to }`, `number` a number, all else text.
   */
  readonly values: Readonly<Record<string, Json>>;
  /** Whether it can be read in several ways: ask before using it. */
  readonly isAmbiguous: boolean;
}

/** What values in a text are relative to. */
export interface EntityOptions {
  readonly now: Date;
  /** IANA name of the person's time zone. */
  readonly timeZone: string;
  readonly locale: string;
  /** ISO 4217 code of sums without a currency. */
  readonly currency: string;
  /** Where "Friday" is looked for. */
  readonly direction: "past" | "future";
}

const LONGEST_TEXT = 2_000;
const email =
  /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24}(?![\p{L}\p{N}-])/gu;

/**
 * Finds them, in the order in which they stand, without overlaps: what is more certain comes before what is less
 * (an account number before a telephone number, before a sum with a currency, a date, a bare number).
 */
export function findEntities(
  text: string,
  { now, timeZone, locale, currency, direction }: EntityOptions,
): readonly EntityMention[] {
  // Each tool of a turn looks for its values in the same words.
  const key = JSON.stringify([text.slice(0, LONGEST_TEXT), now.getTime(), timeZone, locale, currency, direction]);
  const known = remembered.get(key) ?? readEntities(text, { now, timeZone, locale, currency, direction });
  remembered.set(key, known);
  return known;
}

const remembered = new LRUCache<string, readonly EntityMention[]>({ max: 50 });

function readEntities(text: string, options: EntityOptions): readonly EntityMention[] {
  const head = text.slice(0, LONGEST_TEXT);
  const ibans = findIbans(head);
  const language = languageOf(head) ?? languageOfLocale(options.locale);
  const phones = findPhones(head, { language, taken: ibans });
  const taken = [...ibans, ...phones];
  const { sums } = readMoney(head, { defaultCurrency: options.currency, locale: options.locale, taken });
  const explicit = sums.filter(({ currencyGiven }) => currencyGiven).map((sum) => withLeast(head, sum));
  const dates = readDates(head, { ...options, taken: [...taken, ...explicit] }).periods;
  const byCertainty: readonly EntityMention[] = [
    ...ibans.map(account),
    ...Array.from(head.matchAll(email), ({ 0: literal, index }) =>
      plain("email", { start: index, end: index + literal.length, literal }, literal.toLowerCase()),
    ),
    ...findCodes(head).map((mention) => plain("code", mention, mention.code)),
    ...phones.map((mention) => plain("phone", mention, mention.phone)),
    ...explicit.map((sum) => (sum.least === undefined ? money(head, sum) : range(sum, sum.least))),
    ...dates.map(date),
    ...numbers(head, sums),
  ];
  const kept: EntityMention[] = [];
  for (const mention of byCertainty) if (!kept.some((other) => overlaps(other, mention))) kept.push(mention);
  return kept.toSorted((left, right) => left.start - right.start);
}

function plain(kind: string, { start, end, literal }: Span, value: Json): EntityMention {
  return { kind, start, end, literal, values: { [kind]: value }, isAmbiguous: false };
}

/** One with a typing error has no value, and its letters and digits are nothing else. */
function account(mention: IbanMention): EntityMention {
  const found = plain("iban", mention, mention.iban);
  return mention.valid ? found : { ...found, values: {} };
}

function money(text: string, sum: AmountMention): EntityMention {
  const { start, end, literal, minor, currency, ambiguous } = sum;
  const values = { money: { minor, currency }, sums: sumsAt(text, sum) };
  return { kind: "money", start, end, literal, values, isAmbiguous: ambiguous };
}

interface SumRange extends AmountMention {
  /** Of a range: the smaller end, in minor units. */
  readonly least?: number;
}

/** "Between 10 and 50 euros" is one value, and no time. */
function withLeast(text: string, sum: AmountMention): SumRange {
  const least = leastBefore(text, sum.start);
  if (least === undefined || least.minor >= sum.minor) return sum;
  return { ...sum, start: least.start, literal: text.slice(least.start, sum.end), least: least.minor };
}

function range({ start, end, literal, minor, currency, ambiguous }: SumRange, least: number): EntityMention {
  const sums = { least: { minor: least, currency }, most: { minor, currency } };
  return { kind: "money", start, end, literal, values: { sums }, isAmbiguous: ambiguous };
}

function date({ start, end, literal, from, to, ambiguous }: DateMention): EntityMention {
  const period = { ...(from !== undefined && { from }), to };
  const isDay = from === to;
  const values = isDay ? { date: to, period } : { period };
  return { kind: isDay ? "date" : "period", start, end, literal, values, isAmbiguous: ambiguous };
}

/** "I'm 22": no sum. */
const AGE = /(?<!\p{L})(?:i['’]?m|i am|ich bin|ich werde|aged?|turned)\s+$/iu;

/** Numbers that are nothing else; a sum where one is asked for. */
function numbers(text: string, sums: readonly AmountMention[]): readonly EntityMention[] {
  return findNumbers(text).flatMap(({ start, end, literal, readings: [number], ambiguous }) => {
    if (number === undefined) return [];
    const sum = sums.find((one) => overlaps(one, { start, end }));
    const values = { number, ...(sum && !AGE.test(text.slice(0, start)) && money(text, sum).values) };
    // "80 ct": its unit belongs to it.
    const place = sum !== undefined && sum.start <= start && sum.end >= end ? sum : { start, end, literal };
    const span = { start: place.start, end: place.end, literal: place.literal };
    return [{ kind: "number", ...span, values, isAmbiguous: ambiguous }];
  });
}
