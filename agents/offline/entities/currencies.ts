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
  "EUR USD GBP CHF JPY SEK NOK DKK PLN CZK HUF RON BGN CAD AUD NZD INR CNY ZAR BRL MXN SGD HKD KRW ILS UAH AED".split(
    " ",
  ),
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

/** "eur" and "EUR" name a currency; "Ron" is a man and "Try" a verb. */
function isCode(token: Token): boolean {
  if (codes.has(token.text)) return true;
  return token.text === token.lower && token.lower !== "ron" && codes.has(token.text.toUpperCase());
}

function currenciesOf(token: Token | undefined, defaultCurrency: string): readonly string[] {
  if (token === undefined) return [];
  if (token.text === "$" || token.lower === "dollar" || token.lower === "dollars") return [dollarOf(defaultCurrency)];
  if (token.lower === "buck" || token.lower === "bucks")
    return [...new Set([defaultCurrency, dollarOf(defaultCurrency)])];
  if (isCode(token)) return [token.text.toUpperCase()];
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
  const leads = token?.kind === "sign" || (token !== undefined && isCode(token));
  if (found.length === 0 || !leads) return undefined;
  const nation =
    token.text === "$" && touches(tokens[at - 2], token) ? nationalDollars.get(tokens[at - 2]?.lower ?? "") : undefined;
  return nation === undefined
    ? { codes: found, from: at - 1, next: at, minor: false }
    : { codes: [nation], from: at - 2, next: at, minor: false };
}

function minorCurrency(word: string, defaultCurrency: string): string | undefined {
  if (!minorWords.has(word)) return undefined;
  return word === "pence" || word === "penny" ? "GBP" : defaultCurrency;
}

/** In "50 €20" the sign belongs to the number behind it. */
function belongsBehind(tokens: readonly Token[], at: number): boolean {
  const sign = tokens[at];
  if (sign?.kind !== "sign" || touches(tokens[at - 1], sign)) return false;
  return touches(sign, tokens[at + 1]) && tokens[at + 1]?.kind === "number";
}

/** "Canadian dollars", "US $". */
function nationalDollar(tokens: readonly Token[], at: number): string | undefined {
  const nation = tokens[at]?.lower ?? "";
  const isDollar = /^(?:\$|dollars?)$/u.test(tokens[at + 1]?.lower ?? "");
  return isDollar && nation.length > 1 ? nationalDollars.get(nation) : undefined;
}

/** The currency named from token `at` on: "euros", "EUR", "€", "US dollars", "cents". */
export function currencyAfter(
  tokens: readonly Token[],
  at: number,
  defaultCurrency: string,
): CurrencyMention | undefined {
  const word = tokens[at]?.lower ?? "";
  const minor = minorCurrency(word, defaultCurrency);
  if (minor !== undefined) return { codes: [minor], from: at, next: at + 1, minor: true };
  const national = nationalDollar(tokens, at);
  if (national !== undefined) return { codes: [national], from: at, next: at + 2, minor: false };
  const named = at + (/^(?:swiss|british|indian|japanese|polish)$/u.test(word) ? 1 : 0);
  const codesNamed = currenciesOf(tokens[named], defaultCurrency);
  if (codesNamed.length === 0 || belongsBehind(tokens, named)) return undefined;
  return { codes: codesNamed, from: at, next: named + 1, minor: false };
}

/** How many decimals the minor unit of a currency has, by ISO 4217. Throws `RangeError` for a malformed code. */
export function minorPlacesOf(currency: string): number {
  return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
}
