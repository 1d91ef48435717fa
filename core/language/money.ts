import { LRUCache } from "lru-cache";
import type { Money } from "../money.ts";
import { currencyAfter, currencyBefore, minorPlacesOf, namesCurrency, type CurrencyMention } from "./currencies.ts";
import { everydayNames } from "./currencies-data.ts";
import { toMinorUnits, type Decimal } from "./decimal.ts";
import { numberConventionOf, type NumberConvention } from "./digits.ts";
import { languageOf, languageOfLocale } from "./message-language.ts";
import { fitsAsAmount, isExplained, isPlausibleBareAmount, unknownUnit } from "./number-context.ts";
import { readNumber, type NumberPhrase } from "./number-words.ts";
import { noteArticles, noteNames, notesCounted } from "./notes-data.ts";
import { blanked, overlaps, type Span, spanOf } from "./span.ts";
import type { AmountMention, AmountOptions, MoneyReading, UnreadNumber } from "./sum.ts";
import { tokenize, touches, type Token, peek } from "./tokens.ts";

interface Reader {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly currency: string;
  readonly convention: NumberConvention | undefined;
  readonly placesOf: (currency: string) => number;
}

interface Found {
  readonly mention: AmountMention | undefined;
  readonly unread: UnreadNumber | undefined;
  /** Index of the token to go on with. */
  readonly next: number;
}

function minorUnits(value: Decimal, places: number, inMinor: boolean): number | undefined {
  if (!inMinor) return toMinorUnits(value, places);
  return places === 2 ? toMinorUnits(value, 0) : undefined;
}

/** The look-up is slow, and a text names few currencies. */
const knownPlaces = new LRUCache<string, number>({ max: 400, memoMethod: (currency) => minorPlacesOf(currency) });

function readingsOf(reader: Reader, candidate: Candidate): readonly Money[] {
  return candidate.phrase.readings.flatMap((value) =>
    candidate.currencies.flatMap((currency) => {
      const minor = minorUnits(value, reader.placesOf(currency), candidate.inMinor);
      return minor === undefined ? [] : [{ minor, currency }];
    }),
  );
}

/** The cents in "5 euros and 20 cents", "zwölf Euro fünfzig", "5 euro 20", and the token behind them. */
function centsBehind(reader: Reader, { next: at, currencies, phrase: whole }: Candidate) {
  const { tokens, convention, currency } = reader;
  const isJoined = /^(?:and|und)$/u.test(peek(tokens, at).lower);
  const phrase = readNumber(tokens, isJoined ? at + 1 : at, convention);
  const cents = centsOf(phrase);
  if (phrase === undefined || cents === undefined) return undefined;
  const named = currencyAfter(tokens, phrase.next, currency);
  if (named !== undefined) {
    const fits = named.minor && currencies.every((code) => hasHundredths(reader, code, named));
    return fits ? { cents, next: named.next, unclear: false } : undefined;
  }
  // Only behind a currency word does a bare number continue the sum: "12 Euro 50", not "€12 50".
  const isOtherThing = isJoined || whole.next === at || currencies.some((code) => reader.placesOf(code) !== 2);
  if (isOtherThing || !continuesSum(reader, at, phrase.next)) return undefined;
  const isTwoDigits = phrase.spelled ? cents >= 10 : /^\d\d$/u.test(peek(tokens, at).text);
  // It may be a number of its own: "25 euros 5".
  return { cents, next: phrase.next, unclear: !isTwoDigits };
}

/** The number as hundredths, where it can be that. */
function centsOf(phrase: NumberPhrase | undefined): number | undefined {
  const [value] = phrase?.readings ?? [];
  const cents = value === undefined ? undefined : toMinorUnits(value, 0);
  return cents === undefined || cents > 99 ? undefined : cents;
}

/** Whether a bare number is neither counted nor named by the words around it. */
function continuesSum({ text, tokens }: Reader, from: number, next: number): boolean {
  return (
    fitsAsAmount(text, tokens, { from, next }) &&
    !isExplained(tokens, { from, next }) &&
    unknownUnit(tokens, next) === undefined
  );
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
function withCents(reader: Reader, candidate: Candidate) {
  const readings = readingsOf(reader, candidate);
  const { next, given, inMinor } = candidate;
  const isWhole = candidate.phrase.readings.every(({ places }) => places === 0);
  const behind = given && !inMinor && isWhole ? centsBehind(reader, candidate) : undefined;
  if (behind === undefined) return { readings, next, unclear: false };
  const summed = readings.map(({ minor, currency }) => ({ minor: minor + behind.cents, currency }));
  return {
    readings: summed.filter(({ minor }) => Number.isSafeInteger(minor)),
    next: behind.next,
    unclear: behind.unclear,
  };
}

function isMoney(reader: Reader, candidate: Candidate, next: number): boolean {
  if (!fitsAsAmount(reader.text, reader.tokens, { from: candidate.from, next })) return false;
  return candidate.given || candidate.inMinor || isPlausibleBareAmount(reader.tokens, candidate);
}

function mentionOf(reader: Reader, candidate: Candidate): Found {
  const { phrase, from, given } = candidate;
  const { readings, next, unclear } = withCents(reader, candidate);
  const [first] = readings;
  const span = spanOf(reader.text, reader.tokens, from, next);
  if (first === undefined || !isMoney(reader, candidate, next))
    return { mention: undefined, unread: unreadOf(reader, candidate, next), next };
  // "1 200 Euro" is one number, "card 5 100 euros" may be two.
  const isOne =
    given &&
    / /u.test(peek(reader.tokens, from).text ?? peek(reader.tokens, from + 1).text) &&
    !isExplained(reader.tokens, { from, next });
  const ambiguous = (phrase.ambiguous && !isOne) || unclear || readings.length > 1;
  const unit = given || candidate.inMinor ? undefined : unknownUnit(reader.tokens, next);
  const mention = { kind: "amount" as const, ...span, ...first, currencyGiven: given, ambiguous, readings };
  if (unit === undefined) return { mention, unread: undefined, next };
  const { start, end, text: literal } = unit;
  return { mention: { ...mention, unit: { start, end, literal } }, unread: undefined, next };
}

/** What a number that is no sum leaves over; nothing where the words around it say what it is. */
function unreadOf(reader: Reader, candidate: Candidate, next: number): UnreadNumber | undefined {
  const { phrase, from, given, inMinor } = candidate;
  const span = spanOf(reader.text, reader.tokens, from, next);
  const isMeant = given || inMinor || phrase.readings.length === 0;
  if (!isMeant && isExplained(reader.tokens, { from, next })) return undefined;
  // "one", "a" and "ein" are mostly articles.
  const isArticle = phrase.spelled && phrase.readings[0]?.digits === 1n && !given;
  if (isArticle) return undefined;
  return {
    ...span,
    why: given || inMinor || !fitsAsAmount(reader.text, reader.tokens, { from, next }) ? "unreadable" : "number",
  };
}

function isDashed(tokens: readonly Token[], at: number): boolean {
  const dash = tokens[at];
  const joined = touches(tokens[at - 1], dash) && touches(dash, tokens[at + 1]);
  return joined && /^[-–—]$/u.test(dash?.text ?? "") && peek(tokens, at + 1).kind === "number";
}

/** "50-60 euros" is one mention with two readings; without a currency it is no money at all. */
function readRange(reader: Reader, at: number, first: NumberPhrase): NumberPhrase {
  const { tokens, currency } = reader;
  if (peek(tokens, at).kind !== "number" || !isDashed(tokens, first.next)) return first;
  const second = readNumber(tokens, first.next + 1, reader.convention);
  if (second === undefined) return first;
  const named = currencyBefore(tokens, at, currency) ?? currencyAfter(tokens, second.next, currency);
  const readings = named === undefined ? [] : [...first.readings, ...second.readings];
  return { readings, ambiguous: true, next: second.next, spelled: false };
}

/** How the text's own language writes numbers, else how the locale does. */
function conventionOf(text: string, locale: string | undefined): NumberConvention | undefined {
  const language = languageOf(text);
  if (language === "de" && languageOfLocale(locale) !== "de") return { decimal: ",", group: "." };
  // English to a German bot: both ways of writing are to be expected.
  if (locale === undefined || (language === "en" && languageOfLocale(locale) === "de")) return undefined;
  return numberConventionOf(locale);
}

/** Sums are looked for up to here; what a longer text holds is told as one unread place. */
export const LONGEST_READ_TEXT = 2_000;

/**
 * Reads the sums of money in a text: "€50", "1.234,56 EUR", "fifty euros", "zwölf Euro fünfzig", "two and a half
 * thousand", "1k". Only ASCII digits, English and German words are read, exactly and without floating point; what
 * cannot be read safely (negative, vague, more decimals than the currency has, foreign digits) is told as unread
 * rather than guessed. Throws `RangeError` when the options name a malformed locale or currency.
 */
export function readMoney(text: string, options: AmountOptions = {}): MoneyReading {
  const head = blanked(text.slice(0, LONGEST_READ_TEXT), options.taken ?? []);
  const reader: Reader = {
    text: head,
    tokens: tokenize(head),
    currency: options.defaultCurrency ?? "EUR",
    convention: conventionOf(head, options.locale),
    placesOf: (currency) => knownPlaces.memo(currency),
  };
  const sums: AmountMention[] = [];
  const unread: UnreadNumber[] = [];
  let at = 0;
  while (at < reader.tokens.length) {
    const found = numberAt(reader, at);
    if (found?.mention !== undefined) sums.push(found.mention);
    if (found?.unread !== undefined) unread.push(found.unread);
    at = found?.next ?? at + 1;
  }
  const tooLong = { start: LONGEST_READ_TEXT, end: text.length, literal: text.slice(LONGEST_READ_TEXT) };
  const rest = text.length > LONGEST_READ_TEXT ? [{ ...tooLong, why: "unreadable" as const }] : [];
  return { sums, unread: [...unread, ...looseCurrencies(reader, [...sums, ...unread]), ...rest] };
}

function numberAt(reader: Reader, at: number): Found | undefined {
  if (peek(reader.tokens, at).kind === "foreign") {
    return {
      mention: undefined,
      unread: { ...spanOf(reader.text, reader.tokens, at, at + 1), why: "unreadable" },
      next: at + 1,
    };
  }
  const note = notesAt(reader, at);
  if (note !== undefined) return note;
  const phrase = readNumber(reader.tokens, at, reader.convention);
  return phrase === undefined ? undefined : mentionOf(reader, candidateOf(reader, at, readRange(reader, at, phrase)));
}

/** "A tenner", "nen Zwanni", "four twenties", "a score and a fiver": notes by name, put together. */
function notesAt({ text, tokens, currency, placesOf }: Reader, at: number): Found | undefined {
  let [value, next] = [0, at];
  for (let note = noteAt(tokens, at); note !== undefined; note = noteAt(tokens, next + 1)) {
    value += note.value;
    ({ next } = note);
    if (!/^(?:and|und|plus|\+|&)$/u.test(peek(tokens, next).lower)) break;
  }
  if (next === at) return undefined;
  const money = { minor: value * 10 ** placesOf(currency), currency };
  const span = spanOf(text, tokens, at, next);
  return {
    mention: { kind: "amount", ...span, ...money, currencyGiven: true, ambiguous: false, readings: [money] },
    unread: undefined,
    next,
  };
}

/** Nobody counts out more notes. */
const MOST_NOTES = 100n;

function noteAt(tokens: readonly Token[], at: number): { readonly value: number; readonly next: number } | undefined {
  const hasArticle = noteArticles.has(peek(tokens, at).lower) && noteNames.has(peek(tokens, at + 1).lower);
  const from = hasArticle ? at + 1 : at;
  const single = noteNames.get(peek(tokens, from).lower);
  if (single !== undefined) return { value: single, next: from + 1 };
  return notesCountedAt(tokens, at);
}

function notesCountedAt(tokens: readonly Token[], at: number): ReturnType<typeof noteAt> {
  const counted = readNumber(tokens, at);
  const note = counted && notesCounted.get(peek(tokens, counted.next).lower);
  const [count, ...others] = counted?.readings ?? [];
  if (counted === undefined || note === undefined || count === undefined || others.length > 0) return undefined;
  const isCount = count.places === 0 && count.digits <= MOST_NOTES;
  return isCount ? { value: Number(count.digits) * note, next: counted.next + 1 } : undefined;
}

/** "50 euros in dollars": a foreign currency that no sum was read with. */
function looseCurrencies({ tokens, currency }: Reader, read: readonly Span[]): readonly UnreadNumber[] {
  return tokens.flatMap((token) => {
    const { start, end, text, lower } = token;
    if (!namesCurrency(token, currency) || read.some((other) => overlaps(other, token))) return [];
    // "In Euro" says nothing new; "won", "rand" and "real" are words of their own.
    if (everydayNames.has(lower) || /^(?:€|eur|euros?|cents?|penny|won|rand|pound|real|quid|ron|teuro)$/u.test(lower))
      return [];
    return [{ start, end, literal: text, why: "currency" as const }];
  });
}
