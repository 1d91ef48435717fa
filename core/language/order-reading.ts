import type { DateMention, DateReading } from "./dates.ts";
import { readDates } from "./dates.ts";
import { withComputed } from "./computed-sums.ts";
import { dayAt, isoDay } from "./civil-date.ts";
import { findIbans, type IbanMention } from "./iban.ts";
import { languageOf, languageOfLocale, type Language } from "./message-language.ts";
import { LONGEST_READ_TEXT, readMoney } from "./money.ts";
import type { AmountMention, AmountOptions, MoneyReading, UnreadNumber } from "./sum.ts";
import { findPhones, type PhoneMention } from "./phones.ts";
import { overlaps, type Span, spanOfMatch } from "./span.ts";
import { vocabularyOf } from "./vocabulary.ts";
import { type DoubtKind, isDoubtKind } from "./explain-doubt.ts";

/** Something in an order that makes it more, less or something else than one sum, paid once, now. */
export interface Doubt extends Span {
  readonly kind: DoubtKind;
}

/** What a message says about a payment, and why it may not be that simple. */
export interface OrderReading {
  readonly language: Language;
  readonly sums: readonly AmountMention[];
  readonly dates: DateReading;
  readonly ibans: readonly IbanMention[];
  readonly phones: readonly PhoneMention[];
  /** Empty: the sum may be proposed as it was read. Otherwise ask. */
  readonly doubts: readonly Doubt[];
}

/** How to read what a message leaves open. */
export interface OrderOptions extends Omit<AmountOptions, "taken"> {
  readonly now: Date;
  readonly timeZone: string;
}

/** Inside what a payment is for, these say nothing about its sum: "for half the pizza", "for about 3 hours". */
const harmlessInReference: ReadonlySet<DoubtKind> = new Set(["approximate", "relative", "percent", "past", "schedule"]);
const referenceStart =
  /(?<!\p{L})(?:for|because|since|reference|ref|invoice|re|für|fuer|wegen|als|betreff|verwendungszweck|rechnung|it['’]?s|das ist|seine?|ihre?)(?!\p{L})|[–—]/giu;
/** "…, Essen am Freitag": a noun. */
const nounBehindComma = /[,;:]\s*(?=\p{Lu}\p{Ll}{3})/gu;
const notAReference = /^[,;:]\s*(?:bitte|danke|please|thanks|send|pay|transfer|schick|überweise)/iu;
const centWord = /(?:cents?|cts?|pence|penny)$/iu;

/** A sum that says that it is money. */
function isExplicit({ currencyGiven, literal }: AmountMention): boolean {
  return currencyGiven || centWord.test(literal);
}

function sameReadings(one: AmountMention, other: AmountMention): boolean {
  return one.minor === other.minor && one.currency === other.currency;
}

interface Read {
  readonly text: string;
  readonly language: Language;
  readonly dates: DateReading;
  readonly money: MoneyReading;
  /** Where the part that tells what the payment is for begins. */
  readonly reference: number;
  readonly today: string;
}

/** What it is for stands behind the sum, and never hides a further sum with a currency. */
function referenceIn(text: string, sums: readonly AmountMention[]): number {
  const explicit = sums.filter(isExplicit);
  const end = explicit.at(-1)?.end;
  if (end === undefined) return Number.POSITIVE_INFINITY;
  const starts = [...text.matchAll(referenceStart), ...text.matchAll(nounBehindComma)];
  for (const match of starts.toSorted((one, other) => one.index - other.index)) {
    if (match.index >= end && !notAReference.test(text.slice(match.index, match.index + 20))) return match.index;
  }
  return Number.POSITIVE_INFINITY;
}

/** The sums of the order: what a bare number counts or names beside a real sum is none. */
function sumsOf({ text, money, reference }: Read): readonly AmountMention[] {
  const computed = withComputed(text, money.sums).filter((sum) => !isHalfEach(text, sum));
  const sums = computed.slice(isCountOfRest(text, computed) ? 1 : 0).filter((sum) => !isCount(text, sum));
  const explicit = sums.filter(isExplicit);
  if (explicit.length === 0) return sums.filter((sum, at) => at === 0 || !isCountedFor(text, sum));
  return sums.filter(
    (sum) =>
      isExplicit(sum) || sum.start < reference || (sum.unit === undefined && !/^(?:19|20|21)\d\d$/u.test(sum.literal)),
  );
}

const fiftyFifty = /(?:fifty|50)\s?[-/]\s?(?:fifty|50)/giu;

/** "Fifty-fifty" is no sum. */
const isHalfEach = (text: string, sum: Span): boolean =>
  [...text.matchAll(fiftyFifty)].some((match) => overlaps(spanOfMatch(match), sum));

/** "2 today: 20 to Jana, 5 to Emre". */
function isCountOfRest(text: string, [first, next, ...more]: readonly AmountMention[]): boolean {
  if (first === undefined || next === undefined || isExplicit(first)) return false;
  return first.minor === (more.length + 1) * 100 && text.slice(first.end, next.start).includes(":");
}

const counted =
  /^[ \t]+(?:(?:more|other|weitere|andere|square)[ \t]+)?(?:of (?:us|them)|von uns|\p{Ll}{2,}(?<!(?:[su'’i]|thank|plea|euro|buck|quid|kilo|cent|alway|perhap|toward|mum|dad)s|(?:\bth|\bh|\bgen)us)s|min|mins|km|kg|grad|kinder|fragen|katzen|karten|blumen|küsse|leute|stück|tage|jahre|stunden|minuten)(?![\p{L}'’])/u;
const counting = /(?<!\p{L})(?:extension|durchwahl|ext\.?)\s+$/iu;

/** "2 questions", "10 min", "the 3 of us": a number of things. */
function isCount(text: string, sum: AmountMention): boolean {
  if (isExplicit(sum)) return false;
  return counted.test(text.slice(sum.end)) || counting.test(text.slice(Math.max(0, sum.start - 12), sum.start));
}

/** "20 for 3 pizzas". */
function isCountedFor(text: string, { start, unit }: AmountMention): boolean {
  return unit !== undefined && /(?<!\p{L})(?:for|für|fuer)\s+$/iu.test(text.slice(Math.max(0, start - 6), start));
}

function doubtsOfSums(sums: readonly AmountMention[], currency: string): readonly Doubt[] {
  const isNew = (sum: AmountMention, at: number): boolean =>
    at > 0 && !sums.slice(0, at).some((one) => sameReadings(one, sum));
  return [
    ...sums.filter(isNew).map((sum) => doubt("several", sum)),
    ...sums
      .filter((sum) => sum.readings.every((reading) => reading.currency !== currency))
      .map((sum) => doubt("currency", sum)),
    ...sums.filter(({ minor }) => minor === 0).map((sum) => doubt("number", sum)),
    ...sums.filter(isThousandOrPart).map((sum) => doubt("unreadable", sum)),
  ];
}

/** "1.234 euros": a thousand for some, and one and a bit for others. What two readings are left of is asked by them. */
const isThousandOrPart = ({ literal, ambiguous, readings }: AmountMention): boolean =>
  ambiguous && readings.length === 1 && /\d[.,]\d{3}(?!\d)/u.test(literal);

function doubt(kind: DoubtKind, { start, end, literal }: Span): Doubt {
  return { kind, start, end, literal };
}

function doubtOfUnread(unread: UnreadNumber, { reference, money }: Read): readonly Doubt[] {
  const isBeside = unread.start >= reference && unread.why !== "currency" && money.sums.some(isExplicit);
  if (isBeside) return [];
  const kind =
    unread.why === "currency"
      ? "currency"
      : unread.why === "number" && money.sums.length > 0
        ? "several"
        : "unreadable";
  return [doubt(kind, unread)];
}

/** Words of time that put nothing off: they are past, or measure it. */
const noDate =
  /^(?:days?|weeks?|months?|years?|tage?n?|wochen?|monate?n?|jahre?n?|time|before|zeit|between|zwischen|recently|lately|ages|neulich|kürzlich|letztens|zuletzt|früher|damals|einst)$/iu;

/** From a day on: what is put off, or repeated. */
const startsThen = /^(?:ab|starting|beginning)(?!\p{L})|(?<!\p{L})(?:on|onwards?|an)$/iu;
/** "The invoice from Tuesday", "vom 3. November": when something was, or what it is for. */
const toldOf = /^(?:from|of|since|vom|von|seit)(?!\p{L})/iu;
const toldBefore = /(?:for|für|vom|von|since|of|from|seit) (?:the |den |die |das )?$/iu;
/** What is to be there by a day may go now. */
const deadline = /(?:by|until|till|before|bis|spätestens|vor)(?: the| zum| dem| am)? $/iu;
/** "It is Friday", "on the …", "I am": names no day to pay on. */
const namedBefore = /(?:it['’]?s|es ist|the|den|(?<!\p{L})i) $/iu;

const rangeOfSums =
  /(?:between|zwischen|from|von)?\s*[€$£]?\d[\d.,]*(?:\s?(?:€|eur|euros?))?\s*(?:to|bis|and|und)\s*[€$£]?\d[\d.,]*(?!\d)(?!\s*(?:uhr|h|am|pm|o['’]clock|:|\.?\s*(?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])))/giu;

/** "20 bis 30 Euro", "between 20 and 30": sums, and no time. */
const rangeAt = (text: string, span: Span): Span | undefined =>
  /^(?:bis|to|between|zwischen|from|von)(?!\p{L})/iu.test(span.literal)
    ? [...text.matchAll(rangeOfSums)].map(spanOfMatch).find((range) => overlaps(range, span))
    : undefined;

/** Days ahead and times of day, unless they tell what the payment is for, or paying now is in time. */
function doubtsOfDates({ text, dates, reference, today }: Read): readonly Doubt[] {
  const isBehind = ({ start }: Span, words: RegExp): boolean => words.test(text.slice(Math.max(0, start - 15), start));
  const isFor = (span: Span): boolean => span.start >= reference || isBehind(span, toldBefore);
  const isAhead = (span: DateMention): boolean => {
    const { literal, from = today, to } = span;
    if (startsThen.test(literal)) return true;
    return from > today && to > today && !toldOf.test(literal) && !isBehind(span, deadline);
  };
  const ahead = dates.periods.filter((span) => isAhead(span) && !isFor(span));
  const greeting = /^\p{L}+[!,.\s]/u.exec(text)?.[0] ?? "";
  const isGreeting = ({ start, end }: Span): boolean => start === 0 && end === greeting.length - 1;
  const open = dates.unread.filter((span) => !isFor(span) && !isGreeting(span) && !isBehind(span, namedBefore));
  const relevant = open.filter(({ why, literal }) => why !== "excluded" && !noDate.test(literal));
  return [...ahead, ...relevant].map((span) => {
    const range = rangeAt(text, span);
    return range === undefined ? doubt("schedule", span) : doubt("range", range);
  });
}

/** "20+ euros", "<20": a bound, in signs. */
function doubtsOfSigns({ text }: Read): readonly Doubt[] {
  const all = text.slice(0, LONGEST_READ_TEXT).matchAll(/[<>≤≥]\s*[€$£]?\d+|\d[€$£]?\+(?=\s|$)/gu);
  return Array.from(all, (match) => doubt("cap", spanOfMatch(match)));
}

/** Beside a sum these say nothing of how much: "20 all in", "another 20", "alles vom Sparkonto". */
const vague =
  /^(?:all|everything|entire|whole|more|extra|additional(?:ly)?|another|again as much|worth of|round|of the|alles|ganze[sn]?|gesamte[sn]?|komplette[sn]?|mehr|zusätzlich|bisschen|etwas|paar|übrige[sn]?)$/iu;
/** "All but 50", "20 more than last time". */
const comparing = /^\s*(?:but|except|than|als|bis auf|außer|ausser)(?!\p{L})/iu;

const ofRemark: ReadonlySet<DoubtKind> = new Set(["approximate", "relative", "percent", "past"]);
const remarkStart = /[,;.–—-]\s*(?:that|it|this|das|des|es)(?:['’]?s| is| was| war| ist| sind)(?!\p{L})/giu;

/** Where it is told what the sums are: "35 to Emre, that was his half of the tickets". */
function remarkIn(text: string, sums: readonly AmountMention[]): number {
  const end = sums.at(-1)?.end ?? text.length;
  return [...text.matchAll(remarkStart)].find(({ index }) => index >= end)?.index ?? Number.POSITIVE_INFINITY;
}

function doubtsOfWords({ text, language, reference }: Read, sums: readonly AmountMention[]): readonly Doubt[] {
  const head = text.slice(0, LONGEST_READ_TEXT);
  const remark = remarkIn(text, sums);
  const languages: readonly Language[] = languageOf(text) === undefined ? ["en", "de"] : [language];
  return languages.flatMap((one) =>
    Object.entries(vocabularyOf(one).doubts).flatMap(([kind, shapes]) => {
      if (!isDoubtKind(kind)) return [];
      const all = [shapes].flat().flatMap((shape) => [...head.matchAll(shape)]);
      return all.flatMap((match) => {
        const span = { ...spanOfMatch(match), literal: match[0].trim() };
        const isHarmless =
          (span.start >= reference && harmlessInReference.has(kind)) || (span.start >= remark && ofRemark.has(kind));
        const isVague = sums.length > 0 && vague.test(span.literal) && !comparing.test(head.slice(span.end));
        const isInSum = sums.some((sum) => overlaps(sum, span));
        return isHarmless || isVague || isInSum ? [] : [doubt(kind, span)];
      });
    }),
  );
}

/** Reads an order to pay. Everything that is not one clear sum, paid once, now, is told as a doubt. */
export function readOrder(text: string, options: OrderOptions): OrderReading {
  const language = languageOf(text) ?? languageOfLocale(options.locale);
  const ibans = findIbans(text);
  const phones = findPhones(text, { language, taken: ibans });
  const codes = [...ibans, ...phones];
  const explicit = readMoney(text, { ...options, taken: codes }).sums.filter(isExplicit);
  const dates = readDates(text, { ...options, direction: "future", taken: [...codes, ...explicit] });
  const times = dates.unread.filter(({ why, literal }) => why !== "excluded" && /\d/u.test(literal));
  const money = readMoney(text, { ...options, taken: [...codes, ...dates.periods, ...times] });
  const today = isoDay(dayAt(options.now, options.timeZone));
  const read: Read = { text, language, dates, money, today, reference: referenceIn(text, money.sums) };
  const sums = sumsOf(read);
  const doubts = [
    ...doubtsOfSums(sums, options.defaultCurrency ?? "EUR"),
    ...money.unread.flatMap((unread) => doubtOfUnread(unread, read)),
    ...doubtsOfDates(read),
    ...doubtsOfWords(read, sums),
    ...doubtsOfSigns(read),
    ...(text.length > LONGEST_READ_TEXT
      ? [doubt("too-long", { start: LONGEST_READ_TEXT, end: text.length, literal: "…" })]
      : []),
  ];
  return { language, sums, dates, ibans, phones, doubts };
}
