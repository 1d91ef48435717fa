import { languageOf, languageOfLocale, type Language } from "./message-language.ts";
import { meantBy } from "./misspelt.ts";
import { vocabularyOf } from "./vocabulary.ts";
import type { DateDirection, DateRole, DateWord } from "./word.ts";

/** A date in digits: the year may be missing, and month and day may be the other way round. */
export interface NumericDate {
  readonly year: number | undefined;
  readonly month: number;
  /** Left out in "10/2026" and "2026-10". */
  readonly day: number | undefined;
  /** "05/10/2026": day and month could be swapped. */
  readonly swappable: boolean;
}

/** A piece of a text as the date reader sees it. */
export interface DateToken {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly lower: string;
  readonly word: DateWord;
  readonly numeric?: NumericDate;
  /** A whole number in digits. */
  readonly digits?: number;
  /** "5th", "5.". */
  readonly marked?: boolean;
  /** Quarter of "Q3", or half of "H1". */
  readonly quarter?: number;
  readonly halfYear?: number;
  readonly dash?: boolean;
}

const shape =
  /(?<iso>\d{4}-\d{1,2}-\d{1,2}(?![\d-]))|(?<isomonth>(?:19|20|21)\d\d-(?:0[1-9]|1[0-2])(?![\d-]))|(?<full>\d{1,2}(?<mark>[./-])\d{1,2}\k<mark>(?:\d{4}|\d{2})(?![\d.,]?\d))|(?<open>\d{1,2}\.\s?\d{1,2}\.(?![\d])|\d{1,2}\.\d{1,2}(?=\s*(?:bis|[-–])\s*\d{1,2}\.)|(?<=\d\s*(?:bis|[-–])\s*)\d{1,2}\.\d{1,2}(?![\d.,]))|(?<month>\d{1,2}[./]\d{4}(?!\d))|(?<slash>\d{1,2}\/\d{1,2}(?![\d/]))|(?<time>\d{1,2}[:h]\d{2}(?!\d))|(?<marked>\d{1,2}(?:st|nd|rd|th|te[nrms]?)(?!\p{L}))|(?<point>\d{1,2}\.(?=\s|$|[-–]))|(?<other>\d+(?:[.,'’]\d+)+)|(?<digits>\d+)|(?<quarter>q[1-4](?![\p{L}\d]))|(?<half>h[12](?![\p{L}\d]))|(?<word>\p{L}[\p{L}\p{M}]*(?:['’]s)?)|(?<dash>[-–—])|(?<sign>[^\s])/giu;

const nothing: DateWord = {};

function numericDate(
  groups: Readonly<Record<string, string | undefined>>,
  monthFirst: boolean,
): NumericDate | undefined {
  const { iso, isomonth, full, open, slash, month } = groups;
  if (isomonth !== undefined) return isoMonth(isomonth);
  const written = iso ?? full ?? open ?? slash ?? month;
  if (written === undefined) return undefined;
  const [one = 0, two = 0, three] = written
    .split(/[./-]\s?/u)
    .filter(Boolean)
    .map(Number);
  if (iso !== undefined) return { year: one, month: two, day: three ?? 0, swappable: false };
  if (month !== undefined) return { year: two, month: one, day: undefined, swappable: false };
  return { year: fullYear(three), ...inOrder(one, two, { isPointed: written.includes("."), monthFirst }) };
}

function isoMonth(written: string): NumericDate {
  return { year: Number(written.slice(0, 4)), month: Number(written.slice(5)), day: undefined, swappable: false };
}

function fullYear(year: number | undefined): number | undefined {
  return year !== undefined && year < 100 ? 2000 + year : year;
}

/** A point between the numbers is only written where the day comes first. */
function inOrder(
  one: number,
  two: number,
  { isPointed, monthFirst }: { readonly isPointed: boolean; readonly monthFirst: boolean },
): Pick<NumericDate, "month" | "day" | "swappable"> {
  const isEither = !isPointed && one <= 12 && two <= 12;
  const isMonthFirst = !isPointed && one <= 12 && (monthFirst || two > 12);
  const order = isMonthFirst ? { month: one, day: two } : { month: two, day: one };
  return { ...order, swappable: isEither && one !== two };
}

function wordOf(lower: string, { known, foreign, direction }: Setting): DateWord {
  const base = lower.replace(/['’]s$/u, "");
  const word = known.get(base) ?? foreignWord(base, foreign);
  if (word !== undefined) return word;
  // What was paid is only told; an order for a misspelt day is asked about.
  const meant = direction === "past" ? meantBy(base) : undefined;
  if (meant !== undefined) return known.get(meant) ?? foreign.get(meant) ?? nothing;
  // "todays", "yesterdays": the apostrophe is often left out.
  const single = base.endsWith("s") ? known.get(base.slice(0, -1)) : undefined;
  return single?.relative === undefined ? nothing : single;
}

/** People mix languages: "was habe ich im October bezahlt". Only words that speak of time by themselves count. */
function foreignWord(base: string, foreign: ReadonlyMap<string, DateWord>): DateWord | undefined {
  // "Paul Sommer" in an English sentence is a name.
  const word =
    (base.length > 3 || /^(?:und|and|kw|am|im|of)$/u.test(base)) &&
    !/^(?:sommer|winter|herbst|frühling|advent|spring|summer|autumn)$/u.test(base)
      ? foreign.get(base)
      : undefined;
  const { month, weekday, unit, relative, unread, offset, ordinal, feast, role = [] } = word ?? {};
  const tells = [month, weekday, unit, relative, unread, offset, ordinal, feast].some((one) => one !== undefined);
  return tells || base.length < 4 || role.some((one) => one === "strong" || one === "between") ? word : undefined;
}

interface Setting {
  readonly known: ReadonlyMap<string, DateWord>;
  readonly foreign: ReadonlyMap<string, DateWord>;
  readonly monthFirst: boolean;
  readonly language: Language;
  readonly direction: DateDirection;
}

function tokenOf(match: RegExpExecArray, setting: Setting): DateToken {
  const groups = match.groups ?? {};
  const text = match[0];
  const lower = text.toLowerCase();
  const base = { start: match.index, end: match.index + text.length, text, lower, word: nothing };
  const numeric = numericDate(groups, setting.monthFirst);
  if (numeric !== undefined) return { ...base, numeric };
  if (groups["time"] !== undefined) return { ...base, word: { unread: "time-of-day" } };
  if (groups["word"] !== undefined) return { ...base, word: wordOf(lower, setting) };
  if (groups["quarter"] !== undefined) return { ...base, quarter: Number(text.slice(1)) };
  if (groups["half"] !== undefined) return { ...base, halfYear: Number(text.slice(1)) };
  if (groups["dash"] !== undefined) return { ...base, dash: true };
  return { ...base, ...wholeNumber(groups, setting.language) };
}

/** "5", "5th", and in German "5.". */
function wholeNumber(
  { marked, point, digits }: Readonly<Record<string, string | undefined>>,
  language: Language,
): Pick<DateToken, "digits" | "marked"> {
  const written = marked ?? point ?? digits;
  if (written === undefined) return {};
  const isMarked = marked !== undefined || (point !== undefined && language === "de");
  return { digits: Number.parseInt(written, 10), ...(isMarked && { marked: true }) };
}

/** Cuts a text into what dates are made of, in linear time. */
export function dateTokens(
  text: string,
  {
    locale,
    direction = "past",
  }: { readonly locale?: string | undefined; readonly direction?: DateDirection | undefined },
): readonly DateToken[] {
  const language = languageOf(text) ?? byDateWords(text) ?? languageOfLocale(locale);
  const known = vocabularyOf(language).dateWords;
  const foreign = vocabularyOf(language === "en" ? "de" : "en").dateWords;
  const setting = { known, foreign, monthFirst: locale === "en-US", language, direction };
  return Array.from(text.matchAll(shape), (match) => tokenOf(match, setting));
}

/** "oktober", "vorgestern": where no small word tells the language, the words about time do. */
function byDateWords(text: string): Language | undefined {
  const words = text.toLowerCase().match(/\p{L}{3,}/gu) ?? [];
  const count = (language: Language): number =>
    words.slice(0, 40).filter((word) => vocabularyOf(language).dateWords.has(word)).length;
  const [english, german] = [count("en"), count("de")];
  return english === german ? undefined : english > german ? "en" : "de";
}

const nowhere: DateToken = { start: 0, end: 0, text: "", lower: "", word: nothing };

/** The token at an index; one without any meaning where there is none. */
export function peek(tokens: readonly DateToken[], at: number): DateToken {
  return tokens[at] ?? nowhere;
}

/** "Good morning", "Guten Morgen": no time is meant. */
export function isGreeting(before: DateToken | undefined): boolean {
  return /^(?:good|guten?|schönen|lovely|nice|great)$/u.test(before?.lower ?? "");
}

/** Whether a token plays a part. */
export function plays(token: DateToken | undefined, role: DateRole): boolean {
  return token?.word.role?.includes(role) === true;
}
