import { everydayNames, names, nationalDollars, otherNames, plainCodes, signs } from "./currencies-data.ts";
import { isNear } from "./misspelt.ts";
import { touches, type Token, peek } from "./tokens.ts";

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

const minorWords: ReadonlySet<string> = new Set("cent cents ct cts pence penny eurocent eurocents".split(" "));

/** All codes of ISO 4217; in capitals each of them names a currency. */
const allCodes: ReadonlySet<string> = new Set(Intl.supportedValuesOf("currency"));

function dollarOf(defaultCurrency: string): string {
  return [...nationalDollars.values()].includes(defaultCurrency) ? defaultCurrency : "USD";
}

/** "eur" and "EUR" name a currency; "Ron" is a man and "Try" a verb. */
function isCode(token: Token): boolean {
  if (allCodes.has(token.text) && !/^(?:ALL|TRY|TOP|CUP|PEN|SOS|MOP|LAK|BOB|ERN)$/u.test(token.text)) return true;
  // "Eur" begins a sentence or is typed on a telephone; "Ron" is a man.
  return (
    token.lower !== "ron" &&
    plainCodes.has(token.text.toUpperCase()) &&
    (token.text === token.lower || token.lower === "eur")
  );
}

/** "eruos", "eruo", "euor": the commonest word of all is the one most often misspelt. */
function isMisspeltEuro(word: string): boolean {
  return (
    word.length >= 4 &&
    word.length <= 6 &&
    word.startsWith("e") &&
    (isNear(word, "euro", 1) || isNear(word, "euros", 1))
  );
}

function currenciesOf(token: Token | undefined, defaultCurrency: string): readonly string[] {
  if (token === undefined) return [];
  if (token.text === "$" || token.lower === "dollar" || token.lower === "dollars") return [dollarOf(defaultCurrency)];
  if (token.lower === "buck" || token.lower === "bucks")
    return [...new Set([defaultCurrency, dollarOf(defaultCurrency)])];
  if (isCode(token)) return [token.text.toUpperCase()];
  if (everydayNames.has(token.lower)) return [defaultCurrency];
  const known = signs.get(token.text) ?? nameOf(token.lower);
  return known === undefined ? [] : [known];
}

function nameOf(word: string): string | undefined {
  return names.get(word) ?? (isMisspeltEuro(word) ? "EUR" : otherNames.get(word));
}

/** Whether a word or sign names a currency or its hundredth part. */
export function namesCurrency(token: Token, defaultCurrency: string): boolean {
  return token.kind === "sign" || minorWords.has(token.lower) || currenciesOf(token, defaultCurrency).length > 0;
}

/** A currency is named that is not known here. */
export const UNKNOWN_CURRENCY = "XXX";

/** "Fr. 25", "kr 25": short forms that several countries use. */
const shortForms = /^(?:fr|sfr|kr|rs|rm|rp|kc|kč|ft|lei|lev|zł|zl|tl|dm|btc|eth|r|usdt)$/iu;

/** The currency named in front of token `at`: "€", "EUR", "US$", "Fr.". */
export function currencyBefore(
  tokens: readonly Token[],
  at: number,
  defaultCurrency: string,
): CurrencyMention | undefined {
  const token = peek(tokens, at - 1);
  const short = token.text === "." ? at - 2 : at - 1;
  if (shortForms.test(peek(tokens, short).text)) return before(UNKNOWN_CURRENCY, short, at);
  const [found] = currenciesOf(token, defaultCurrency);
  // In front of a number stand signs and codes; "euros 5" would rather be the end of another amount.
  if (token.kind !== "sign") return found !== undefined && isCode(token) ? before(found, at - 1, at) : undefined;
  const letters = peek(tokens, at - 2);
  const isNational = token.text === "$" && letters.kind === "word" && touches(letters, token);
  if (isNational) return before(nationalDollars.get(letters.lower) ?? UNKNOWN_CURRENCY, at - 2, at);
  return before(found ?? UNKNOWN_CURRENCY, at - 1, at);
}

function before(code: string, from: number, next: number): CurrencyMention {
  return { codes: [code], from, next, minor: false };
}

function minorCurrency(word: string, defaultCurrency: string): string | undefined {
  if (!minorWords.has(word)) return undefined;
  return word === "pence" || word === "penny" ? "GBP" : defaultCurrency;
}

/** In "50 €20" and "two € 500 payments" the sign belongs to the number behind it. */
function belongsBehind(tokens: readonly Token[], at: number): boolean {
  const sign = tokens[at];
  if (sign?.kind !== "sign" || touches(tokens[at - 1], sign)) return false;
  const isSpelled = peek(tokens, at - 1).kind === "word";
  return (isSpelled || touches(sign, tokens[at + 1])) && peek(tokens, at + 1).kind === "number";
}

/** "Canadian dollars", "US $". */
function nationalDollar(tokens: readonly Token[], at: number): string | undefined {
  const nation = peek(tokens, at).lower;
  const isDollar = /^(?:\$|dollars?)$/u.test(peek(tokens, at + 1).lower);
  return isDollar && nation.length > 1 ? nationalDollars.get(nation) : undefined;
}

/** Where the currency of "'s worth of euros" stands. */
function worthBehind(tokens: readonly Token[], at: number): number | undefined {
  const start = /^['’]$/u.test(peek(tokens, at).text) ? at + 2 : at;
  return peek(tokens, start).lower === "worth" && peek(tokens, start + 1).lower === "of" ? start + 2 : undefined;
}

/** The currency named from token `at` on: "euros", "EUR", "€", "US dollars", "cents". */
export function currencyAfter(
  tokens: readonly Token[],
  at: number,
  defaultCurrency: string,
): CurrencyMention | undefined {
  const word = peek(tokens, at).lower;
  const alone = minorCurrency(word, defaultCurrency);
  if (alone !== undefined) return { codes: [alone], from: at, next: at + 1, minor: true };
  const national = nationalDollar(tokens, at);
  if (national !== undefined) return { codes: [national], from: at, next: at + 2, minor: false };
  const named =
    at +
    (/^(?:swiss|british|indian|japanese|polish|turkish|russian|mexican|schweizer|britische|englische|türkische)$/u.test(
      word,
    )
      ? 1
      : 0);
  const codesNamed = currenciesOf(tokens[named], defaultCurrency);
  if (belongsBehind(tokens, named)) return undefined;
  const isUnknownSign = codesNamed.length === 0 && peek(tokens, at).kind === "sign";
  if (isUnknownSign) return { codes: [UNKNOWN_CURRENCY], from: at, next: at + 1, minor: false };
  if (codesNamed.length === 0) return undefined;
  // "20 euro cents" are cents, "20 quid's worth of euros" euros.
  const minor = minorWords.has(peek(tokens, named + 1).lower);
  const worth = worthBehind(tokens, named + 1);
  const of = worth === undefined ? [] : currenciesOf(tokens[worth], defaultCurrency);
  if (worth !== undefined && of.length > 0) return { codes: of, from: at, next: worth + 1, minor: false };
  return { codes: codesNamed, from: at, next: named + (minor ? 2 : 1), minor };
}

/** How many decimals the minor unit of a currency has, by ISO 4217. Throws `RangeError` for a malformed code. */
export function minorPlacesOf(currency: string): number {
  return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
}
