/** A sum over figures that documents hold, where a question asks for it, with the calculation. */
import { formatMoney } from "../../../core/delivery/money-text.ts";
import { findNumbers, readMoney } from "../../../core/language/index.ts";
import { likelihoodOf } from "./likelihood.ts";
import type { AskedIn, Part } from "./parts.ts";
import { type Price, priceIn } from "./price.ts";

/** What was calculated, and from which parts. */
export interface Calculation {
  /** "12 × €8.90 = €106.80" */
  readonly text: string;
  readonly parts: readonly Part[];
}

const ASKS_COST =
  /(?<!\p{L})(?:costs?|price|fees?|charges?|charged|pay|bill|interest|earn|yield|get|total|how much|(?:be)?zahl\p{L}*|koste\p{L}*|gebühr\p{L}*|zinsen|verlangt|kriege?|bekomme?|insgesamt|wie ?viel)(?!\p{L})/iu;
const WHOLE_YEAR =
  /(?<!\p{L})(?:(?:per|a|each|whole|full|entire|one|1|1 full|one full) year|yearly|annually|(?:12|twelve) months|(?:im|pro|übers|ganzes|1|ein) (?:ganzen? )?jahr|jährlich|(?:12|zwölf) monat\p{L}*)(?!\p{L})/iu;
const DIFFERENCE =
  /(?<!\p{L})(?:more|less|difference|dearer|cheaper|save|mehr|weniger|unterschied|teurer|billiger|spare)(?!\p{L})/iu;
const MONTHS_A_YEAR = 12;
/** A part that is less likely to be meant is not calculated with. */
const LEAST_LIKELY = 0.15;
/** Smaller numbers without a currency count something. */
const LEAST_AMOUNT = 100;
const TERM = /^[\s-]*(?<unit>months?|monat\p{L}*|years?|jahr\p{L}*)/iu;

interface Priced {
  readonly part: Part;
  readonly price: Price;
}

/** Undefined where nothing is to be calculated, or not all that it takes is known. The parts come in order of likelihood. */
export function calculate({ text, language }: AskedIn, parts: readonly Part[]): Calculation | undefined {
  if (!ASKS_COST.test(text)) return undefined;
  const priced = parts.flatMap(pricesOf);
  const say = (minor: number, { currency }: Price): string => formatMoney({ minor, currency }, language ?? "en");
  const asked = { text, priced, say, number: (value: number) => value.toLocaleString(language ?? "en") };
  const likely = { ...asked, priced: priced.filter(({ part }) => likelihoodOf(part.features) >= LEAST_LIKELY) };
  return withFurther(asked) ?? ofAmount(likely) ?? overYear(likely);
}

interface AskedSum {
  readonly text: string;
  readonly priced: readonly Priced[];
  readonly say: (minor: number, price: Price) => string;
  readonly number: (value: number) => string;
}

/** The price of a sentence, or of a row's cell with its name and the title of its column. */
function pricesOf(part: Part): readonly Priced[] {
  const [name, ...cells] = part.cells;
  const asked = cells.some(({ isAsked }) => isAsked) ? cells.filter(({ isAsked }) => isAsked) : cells;
  const texts = name === undefined ? [part.text] : asked.map(({ title, text }) => `${name.text}, ${title}: ${text}`);
  return texts.flatMap((text) => {
    const price = priceIn(text);
    return price === undefined ? [] : [{ part, price }];
  });
}

/** More of something than the price includes: "90 bookings". */
function withFurther({ text, priced, say, number }: AskedSum): Calculation | undefined {
  for (const { part, price } of priced) {
    if (price.further === undefined) continue;
    const { included, noun, each } = price.further;
    const count = countOf(text, noun);
    if (count === undefined || count <= included) continue;
    const more = count - included;
    const sum = say(price.fixed + more * each, price);
    return { text: `${say(price.fixed, price)} + ${number(more)} × ${say(each, price)} = ${sum}`, parts: [part] };
  }
  return undefined;
}

function countOf(text: string, noun: string): number | undefined {
  const stem = noun.slice(0, 4).toLowerCase();
  const counted = findNumbers(text).find(({ end }) => text.slice(end).trimStart().toLowerCase().startsWith(stem));
  return counted?.readings[0];
}

/** A share of the amount that the question names. */
function ofAmount(asked: AskedSum): Calculation | undefined {
  const amount = amountIn(asked.text);
  if (amount === undefined) return undefined;
  const found = asked.priced.find(({ price }) => price.rate > 0);
  if (found === undefined || isTold(asked, amount)) return undefined;
  const { part, price } = found;
  const months = price.per === "year" ? (termOf(asked.text) ?? termOf(part.cells[0]?.text ?? "")) : undefined;
  return { text: shareOf(amount, price, months ?? MONTHS_A_YEAR, asked), parts: [part] };
}

/** "€5.00 + €400.00 × 1.75% = €12.00"; what a least or most sum is due instead stands behind. */
function shareOf(amount: number, price: Price, months: number, { say, number }: AskedSum): string {
  const share = rounded((amount * price.rate * months) / MONTHS_A_YEAR / 100);
  const due = Math.min(Math.max(share, price.least ?? 0), price.most ?? Number.MAX_SAFE_INTEGER);
  const term = months === MONTHS_A_YEAR ? "" : ` × ${number(months)}/12`;
  const steps = `${say(amount, price)} × ${number(price.rate)}%${term}`;
  const bound = due === share ? "" : ` = ${say(share, price)}; ${due > share ? "≥" : "≤"} ${say(due, price)}`;
  if (price.fixed === 0) return due === share ? `${steps} = ${say(due, price)}` : `${steps}${bound}`;
  return `${say(price.fixed, price)} + ${due === share ? steps : `(${steps}${bound})`} = ${say(price.fixed + due, price)}`;
}

/** A row may tell the sum for just this amount. */
function isTold({ priced }: AskedSum, amount: number): boolean {
  const [first] = priced;
  return first !== undefined && [...first.part.figures].includes(amount / 100);
}

const rounded = (value: number): number => Math.round(value + 1e-7);

/** The one amount that a question names, in minor units. */
function amountIn(text: string): number | undefined {
  const { sums } = readMoney(text, {});
  const named = sums.filter(({ currencyGiven }) => currencyGiven);
  const bare = sums.filter(({ minor, end }) => minor >= LEAST_AMOUNT * 100 && !TERM.test(text.slice(end)));
  const [only, ...others] = named.length > 0 ? named : bare;
  return others.length > 0 ? undefined : only?.minor;
}

/** A term that a text names, in months. */
function termOf(text: string): number | undefined {
  for (const { readings, end } of findNumbers(text)) {
    const unit = TERM.exec(text.slice(end))?.groups?.["unit"];
    if (unit !== undefined) return (readings[0] ?? 0) * (/^[yj]/iu.test(unit) ? MONTHS_A_YEAR : 1);
  }
  return undefined;
}

/** Monthly prices over a year, or how far two of them are apart. */
function overYear({ text, priced, say }: AskedSum): Calculation | undefined {
  if (!WHOLE_YEAR.test(text)) return undefined;
  const monthly = priced.filter(
    ({ price }) => price.per === "month" && price.rate === 0 && price.further === undefined,
  );
  const [first, other] = monthly;
  if (first === undefined) return undefined;
  const { price } = first;
  if (!DIFFERENCE.test(text)) {
    return {
      text: `12 × ${say(price.fixed, price)} = ${say(MONTHS_A_YEAR * price.fixed, price)}`,
      parts: [first.part],
    };
  }
  if (other === undefined || other.price.fixed === price.fixed) return undefined;
  const [high, low] = [price.fixed, other.price.fixed].toSorted((one, two) => two - one);
  const sum = say(MONTHS_A_YEAR * ((high ?? 0) - (low ?? 0)), price);
  return {
    text: `12 × (${say(high ?? 0, price)} − ${say(low ?? 0, price)}) = ${sum}`,
    parts: [first.part, other.part],
  };
}
