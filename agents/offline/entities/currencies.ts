import { touches, type Token } from "./tokens.ts";

/** A currency next to a number: what it may be, and how many tokens name it. */
export interface CurrencyMention {
  /** ISO 4217 codes, the likeliest first. More than one means that the word is ambiguous ("bucks"). */
  readonly codes: readonly string[];
  /** Index of the first token that names it, and of the one behind the last. */
  readonly from: number;
  readonly next: number;
  /** The word names the hundredth part: cents, pence. */
  readonly minor: boolean;
}

const signs: ReadonlyMap<string, string> = new Map([
  ["€", "EUR"],
  ["£", "GBP"],
  ["¥", "JPY"],
  ["₹", "INR"],
  ["₺", "TRY"],
  ["₽", "RUB"],
  ["₩", "KRW"],
  ["₪", "ILS"],
  ["₴", "UAH"],
]);

const codes = new Set(
  "EUR USD GBP CHF JPY SEK NOK DKK PLN CZK HUF RON BGN CAD AUD NZD INR CNY ZAR BRL MXN SGD HKD KRW ILS UAH AED".split(" "),
);
const dollars = new Set(["USD", "CAD", "AUD", "NZD", "SGD", "HKD"]);

const names: ReadonlyMap<string, string> = new Map([
  ["euro", "EUR"],
  ["euros", "EUR"],
  ["pound", "GBP"],
  ["pounds", "GBP"],
  ["quid", "GBP"],
  ["sterling", "GBP"],
  ["franc", "CHF"],
  ["francs", "CHF"],
  ["yen", "JPY"],
  ["zloty", "PLN"],
  ["zlotys", "PLN"],
  ["rupee", "INR"],
  ["rupees", "INR"],
]);

const nationalDollars: ReadonlyMap<string, string> = new Map([
  ["us", "USD"],
  ["american", "USD"],
  ["c", "CAD"],
  ["ca", "CAD"],
  ["canadian", "CAD"],
  ["a", "AUD"],
  ["au", "AUD"],
  ["australian", "AUD"],
  ["nz", "NZD"],
  ["hk", "HKD"],
  ["s", "SGD"],
]);

const minorWords: ReadonlySet<string> = new Set(["cent", "cents", "pence", "penny"]);

function dollarOf(defaultCurrency: string): string {
  return dollars.has(defaultCurrency) ? defaultCurrency : "USD";
}

function currenciesOf(token: Token | undefined, defaultCurrency: string): readonly string[] {
  if (token === undefined) return [];
  if (token.text === "$" || token.lower === "dollar" || token.lower === "dollars") return [dollarOf(defaultCurrency)];
  if (token.lower === "buck" || token.lower === "bucks") return [...new Set([defaultCurrency, dollarOf(defaultCurrency)])];
  const upper = token.text.toUpperCase();
  if (codes.has(upper) || upper === defaultCurrency) return [upper];
  const known = signs.get(token.text) ?? names.get(token.lower);
  return known === undefined ? [] : [known];
}

/** The currency named in front of token `at`: "€", "EUR", "US$". */
export function currencyBefore(
  tokens: readonly Token[],
  at: number,
  defaultCurrency: string,
): CurrencyMention | undefined {
  const token = tokens[at - 1];
  const found = currenciesOf(token, defaultCurrency);
  // In front of a number stand signs and codes; "euros 5" would rather be the end of another amount.
  const leads = token?.kind === "sign" || (token !== undefined && codes.has(token.text.toUpperCase()));
  if (found.length === 0 || !leads) return undefined;
  const nation = token.text === "$" && touches(tokens[at - 2], token) ? nationalDollars.get(tokens[at - 2]?.lower ?? "") : undefined;
  return nation === undefined
    ? { codes: found, from: at - 1, next: at, minor: false }
    : { codes: [nation], from: at - 2, next: at, minor: false };
}

/** The currency named from token `at` on: "euros", "EUR", "€", "US dollars", "cents". */
export function currencyAfter(
  tokens: readonly Token[],
  at: number,
  defaultCurrency: string,
): CurrencyMention | undefined {
  const token = tokens[at];
  if (token === undefined) return undefined;
  if (minorWords.has(token.lower)) {
    const pence = token.lower === "pence" || token.lower === "penny";
    return { codes: [pence ? "GBP" : defaultCurrency], from: at, next: at + 1, minor: true };
  }
  const following = tokens[at + 1];
  const nation = nationalDollars.get(token.lower);
  if (nation !== undefined && /^(?:\$|dollars?)$/u.test(following?.lower ?? "") && token.lower.length > 1) {
    return { codes: [nation], from: at, next: at + 2, minor: false };
  }
  const adjective = /^(?:swiss|british|indian|japanese|polish)$/u.test(token.lower) ? 1 : 0;
  const found = currenciesOf(tokens[at + adjective], defaultCurrency);
  if (found.length === 0) return undefined;
  // In "50 €20" the sign belongs to the number behind it.
  const sign = tokens[at + adjective];
  if (sign?.kind === "sign" && !touches(tokens[at - 1], sign) && touches(sign, tokens[at + adjective + 1])) {
    if (tokens[at + adjective + 1]?.kind === "number") return undefined;
  }
  return { codes: found, from: at, next: at + adjective + 1, minor: false };
}

/** How many decimals the minor unit of a currency has, by ISO 4217. Throws `RangeError` for a malformed code. */
export function minorPlacesOf(currency: string): number {
  return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
}
