/** Finds the amounts of money that a text names, in the ways people write them. ASCII digits only. */

/** An amount in minor units, and its currency where the text says it. */
export interface WrittenAmount {
  readonly minor: number;
  readonly currency: string | undefined;
}

const currencies: ReadonlyMap<string, string> = new Map([
  ...["€", "eur", "euro", "euros"].map((sign) => [sign, "EUR"] as const),
  ...["£", "gbp", "pound", "pounds", "quid"].map((sign) => [sign, "GBP"] as const),
  ...["$", "usd", "dollar", "dollars", "bucks"].map((sign) => [sign, "USD"] as const),
  ...["chf", "franken", "francs"].map((sign) => [sign, "CHF"] as const),
  ...["¥", "jpy", "yen"].map((sign) => [sign, "JPY"] as const),
]);
const powers: ReadonlyMap<string, number> = new Map([
  ...["hundred", "hundert"].map((word) => [word, 2] as const),
  ...["k", "thousand", "grand", "tausend", "tsd"].map((word) => [word, 3] as const),
  ...["million", "millionen", "mio"].map((word) => [word, 6] as const),
]);
const centWords = new Set(["cent", "cents", "ct"]);

/**
 * Digits with or without groups of three (all by the same sign) and up to two digits behind a point or comma. What
 * touches letters, other digits, dates, times, ranges, signs or percentages is no amount.
 */
const digits =
  /(?<![\p{L}\p{N}_.,:/'’+−-])(?<whole>\d{1,3}(?<group>[.,'’ \u00A0\u202F])\d{3}(?:\k<group>\d{3})*|\d{1,9})(?:(?<point>[.,])(?<fraction>\d{1,2}))?(?![\p{N}_:/%]|[.,'’−-]\d|\s%)/gu;
const ibanLike = /(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{2,4}){3,8}(?![A-Za-z0-9])/giu;
const gluedCurrency = /(?<![\p{L}\p{N}])(?:EUR|USD|GBP|CHF|JPY)(?=\d)/giu;
const before = /(?:(?<symbol>[€£$¥])|(?<![\p{L}\p{N}])(?<word>[a-z]{3}))\s?$/iu;
const behind = /^\s?(?:[€£$¥]|\p{L}+)/u;

interface Found extends WrittenAmount {
  readonly at: number;
  readonly end: number;
  readonly unit: "major" | "minor";
}

/** Every amount the text may mean, in minor units of a currency with so many decimal places. */
export function writtenAmounts(text: string, places: number): readonly WrittenAmount[] {
  const searched = text
    .replaceAll(ibanLike, (match) => " ".repeat(match.length))
    .replaceAll(gluedCurrency, (match) => `${match} `);
  const found = [...searched.matchAll(digits)].flatMap((match) => readNumber(match, searched, places) ?? []);
  return found.flatMap((amount, index) => {
    const cents = found[index + 1];
    if (cents === undefined || !follows(amount, cents, searched)) return [amount];
    return [amount, ...joined(amount, cents, places)];
  });
}

function readNumber(match: RegExpExecArray, text: string, places: number): Found | undefined {
  const at = match.index;
  const numberEnd = at + match[0].length;
  const suffix = readSuffix(text.slice(numberEnd, numberEnd + 24));
  const number = readDigits(match);
  if (suffix === undefined || number === undefined) return undefined;
  const minor = minorUnits(number, suffix, places);
  if (minor === undefined) return undefined;
  const currency = currencyBefore(text.slice(Math.max(0, at - 6), at)) ?? suffix.currency;
  return { minor, currency, at, end: numberEnd + suffix.length, unit: suffix.unit };
}

interface Digits {
  readonly whole: string;
  readonly fraction: string;
}

/** Groups must be separated by one sign, which is not the decimal one, and nobody groups behind a leading zero. */
function readDigits({ groups }: RegExpExecArray): Digits | undefined {
  const whole = groups?.["whole"] ?? "";
  const group = groups?.["group"];
  if (group !== undefined && (group === groups?.["point"] || whole.startsWith("0"))) return undefined;
  return { whole: whole.replaceAll(/\D/g, ""), fraction: groups?.["fraction"] ?? "" };
}

function minorUnits({ whole, fraction }: Digits, { unit, power }: Suffix, places: number): number | undefined {
  if (fraction.length > (unit === "minor" ? 0 : places)) return undefined;
  const decimal = unit === "minor" ? whole : whole + fraction.padEnd(places, "0");
  const minor = Number(decimal) * 10 ** power;
  return Number.isSafeInteger(minor) ? minor : undefined;
}

function currencyBefore(text: string): string | undefined {
  const { symbol, word } = before.exec(text)?.groups ?? {};
  return currencies.get((symbol ?? word ?? "").toLowerCase());
}

interface Suffix {
  readonly power: number;
  readonly currency: string | undefined;
  readonly unit: "major" | "minor";
  readonly length: number;
}

/** A multiplier, a currency or cents behind a number. Undefined where other letters touch it: then it is no amount. */
function readSuffix(text: string): Suffix | undefined {
  const nothing: Suffix = { power: 0, currency: undefined, unit: "major", length: 0 };
  const match = behind.exec(text);
  if (match === null) return nothing;
  const [{ length }] = match;
  const said = match[0].trim().toLowerCase();
  const power = powers.get(said);
  if (power !== undefined) {
    const { currency, length: more } = readSuffix(text.slice(length)) ?? nothing;
    return { power, currency, unit: "major", length: length + more };
  }
  if (centWords.has(said)) return { ...nothing, unit: "minor", length };
  const currency = currencies.get(said);
  if (currency !== undefined) return { ...nothing, currency, length };
  return /^\s/.test(text) ? nothing : undefined;
}

/** "5 euros and 20 cents", "5 euro 20": whether the second number may be the cents of the first. */
function follows(amount: Found, cents: Found, text: string): boolean {
  const between = text.slice(amount.end, cents.at);
  return amount.unit === "major" && amount.currency !== undefined && /^\s*(?:and|und|,)?\s*$/u.test(between);
}

function joined(amount: Found, second: Found, places: number): readonly WrittenAmount[] {
  const cents = second.unit === "minor" ? second.minor : second.minor / 10 ** places;
  if (!Number.isInteger(cents) || cents >= 10 ** places) return [];
  return [{ minor: amount.minor + cents, currency: amount.currency }];
}
