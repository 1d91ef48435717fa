import { fitsAsAmount, isPlausibleBareAmount } from "./amount-context.ts";
import { currencyAfter, currencyBefore, minorPlacesOf, type CurrencyMention } from "./currencies.ts";
import { toMinorUnits, type Decimal } from "./decimal.ts";
import { numberConventionOf, type NumberConvention } from "./digits.ts";
import { readNumber, type NumberPhrase } from "./number-words.ts";
import type { Span } from "./span.ts";
import { tokenize, touches, type Token } from "./tokens.ts";

/** An exact sum of money: a whole number of the currency's smallest unit. */
export interface Money {
  readonly minor: number;
  /** ISO 4217. */
  readonly currency: string;
}

/** A sum of money that a text names. `minor` and `currency` are the likeliest reading. */
export interface AmountMention extends Span, Money {
  readonly kind: "amount";
  /** Whether the text names the currency; otherwise it is the default one. */
  readonly currencyGiven: boolean;
  /** Whether the text can be read differently ("1.000", "20 bucks", "50-60 euros"): ask before using it. */
  readonly ambiguous: boolean;
  /** Every reading, the likeliest first. */
  readonly readings: readonly Money[];
}

/** How to read what a text leaves open. */
export interface AmountOptions {
  /** ISO 4217 code for amounts without a currency. @default "EUR" */
  readonly defaultCurrency?: string;
  /** BCP 47 locale whose separators decide "1.000". Without it such numbers are read as thousands, and ambiguous. */
  readonly locale?: string;
}

interface Reader {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly currency: string;
  readonly convention: NumberConvention | undefined;
  readonly placesOf: (currency: string) => number;
}

interface Found {
  readonly mention: AmountMention | undefined;
  /** Index of the token to go on with. */
  readonly next: number;
}

function minorUnits(value: Decimal, places: number, inMinor: boolean): number | undefined {
  if (!inMinor) return toMinorUnits(value, places);
  return places === 2 ? toMinorUnits(value, 0) : undefined;
}

/** Remembers what it was asked: the look-up behind it is slow, and a text names few currencies. */
function rememberPlaces(): (currency: string) => number {
  const known = new Map<string, number>();
  return (currency) => {
    const places = known.get(currency) ?? minorPlacesOf(currency);
    known.set(currency, places);
    return places;
  };
}

function readingsOf(reader: Reader, candidate: Candidate): readonly Money[] {
  return candidate.phrase.readings.flatMap((value) =>
    candidate.currencies.flatMap((currency) => {
      const minor = minorUnits(value, reader.placesOf(currency), candidate.inMinor);
      return minor === undefined ? [] : [{ minor, currency }];
    }),
  );
}

/** The cents in "5 euros and 20 cents", and the token behind them. */
function centsBehind(
  reader: Reader,
  at: number,
  currencies: readonly string[],
): { readonly cents: number; readonly next: number } | undefined {
  const from = reader.tokens[at]?.lower === "and" ? at + 1 : at;
  const phrase = readNumber(reader.tokens, from, reader.convention);
  const [value] = phrase?.readings ?? [];
  if (phrase === undefined || value === undefined) return undefined;
  const named = currencyAfter(reader.tokens, phrase.next, reader.currency);
  const cents = toMinorUnits(value, 0);
  if (named?.minor !== true || cents === undefined || cents > 99) return undefined;
  return currencies.every((code) => hasHundredths(reader, code, named)) ? { cents, next: named.next } : undefined;
}

/** Pence belong to pounds; cents belong to whatever else has hundredths. */
function hasHundredths(reader: Reader, code: string, named: CurrencyMention): boolean {
  const isPence = named.codes[0] === "GBP" && reader.currency !== "GBP";
  return reader.placesOf(code) === 2 && (!isPence || code === "GBP");
}

interface Candidate {
  readonly phrase: NumberPhrase;
  readonly currencies: readonly string[];
  readonly given: boolean;
  readonly inMinor: boolean;
  /** First token and the one behind the last. */
  readonly from: number;
  readonly next: number;
}

function candidateOf(reader: Reader, at: number, phrase: NumberPhrase): Candidate {
  const before = currencyBefore(reader.tokens, at, reader.currency);
  const after = currencyAfter(reader.tokens, phrase.next, reader.currency);
  const mentions = [before, after].filter((mention): mention is CurrencyMention => mention !== undefined);
  const currencies = [...new Set(mentions.flatMap((mention) => mention.codes))];
  return {
    phrase,
    currencies: currencies.length === 0 ? [reader.currency] : currencies,
    given: mentions.length > 0 && !(after?.minor === true && after.codes[0] === reader.currency),
    inMinor: after?.minor === true && before === undefined,
    from: before?.from ?? at,
    next: after?.next ?? phrase.next,
  };
}

/** Adds the cents that are named apart, so that both words make one amount. */
function withCents(
  reader: Reader,
  candidate: Candidate,
): { readonly readings: readonly Money[]; readonly next: number } {
  const readings = readingsOf(reader, candidate);
  const { next, given, inMinor, currencies } = candidate;
  const behind = given && !inMinor ? centsBehind(reader, next, currencies) : undefined;
  if (behind === undefined) return { readings, next };
  const summed = readings.map(({ minor, currency }) => ({ minor: minor + behind.cents, currency }));
  return { readings: summed.filter(({ minor }) => Number.isSafeInteger(minor)), next: behind.next };
}

function isMoney(reader: Reader, candidate: Candidate, next: number): boolean {
  if (!fitsAsAmount(reader.text, reader.tokens, { from: candidate.from, next })) return false;
  return candidate.given || candidate.inMinor || isPlausibleBareAmount(reader.tokens, candidate);
}

function mentionOf(reader: Reader, candidate: Candidate): Found {
  const { phrase, from, given } = candidate;
  const { readings, next } = withCents(reader, candidate);
  const [first] = readings;
  if (first === undefined || !isMoney(reader, candidate, next)) return { mention: undefined, next };
  const start = reader.tokens[from]?.start ?? 0;
  const end = reader.tokens[next - 1]?.end ?? start;
  const span = { start, end, literal: reader.text.slice(start, end) };
  const ambiguous = phrase.ambiguous || readings.length > 1;
  return { mention: { kind: "amount", ...span, ...first, currencyGiven: given, ambiguous, readings }, next };
}

function isDashed(tokens: readonly Token[], at: number): boolean {
  const dash = tokens[at];
  const joined = touches(tokens[at - 1], dash) && touches(dash, tokens[at + 1]);
  return joined && /^[-–—]$/u.test(dash?.text ?? "") && tokens[at + 1]?.kind === "number";
}

/** "50-60 euros" is one mention with two readings; without a currency it is no money at all. */
function readRange(reader: Reader, at: number, first: NumberPhrase): NumberPhrase {
  const { tokens, currency } = reader;
  if (tokens[at]?.kind !== "number" || !isDashed(tokens, first.next)) return first;
  const second = readNumber(tokens, first.next + 1, reader.convention);
  if (second === undefined) return first;
  const named = currencyBefore(tokens, at, currency) ?? currencyAfter(tokens, second.next, currency);
  const readings = named === undefined ? [] : [...first.readings, ...second.readings];
  return { readings, ambiguous: true, next: second.next, spelled: false };
}

/**
 * Finds the sums of money in a text: "€50", "1.234,56 EUR", "fifty euros", "two and a half thousand", "1k". Only ASCII
 * digits and English words are read, exactly and without floating point; what cannot be read safely (negative, vague,
 * more decimals than the currency has, foreign digits) is left out rather than guessed. Throws `RangeError` when the
 * options name a malformed locale or currency.
 */
export function findAmounts(text: string, options: AmountOptions = {}): readonly AmountMention[] {
  const reader: Reader = {
    text,
    tokens: tokenize(text),
    currency: options.defaultCurrency ?? "EUR",
    convention: options.locale === undefined ? undefined : numberConventionOf(options.locale),
    placesOf: rememberPlaces(),
  };
  const mentions: AmountMention[] = [];
  let at = 0;
  while (at < reader.tokens.length) {
    const phrase = readNumber(reader.tokens, at, reader.convention);
    if (phrase === undefined) {
      at += 1;
      continue;
    }
    const found = mentionOf(reader, candidateOf(reader, at, readRange(reader, at, phrase)));
    if (found.mention !== undefined) mentions.push(found.mention);
    at = found.next;
  }
  return mentions;
}
