/** What something costs or yields, read from the words of a document: "€5.00 plus 1.75%", "3 %, mindestens 4,00 €". */
import { type AmountMention, readMoney } from "../../../core/language/index.ts";

export interface Price {
  readonly currency: string;
  /** What is always due, in minor units. */
  readonly fixed: number;
  /** Percent of an amount. */
  readonly rate: number;
  /** The least and the most that the rate comes to, in minor units. */
  readonly least?: number | undefined;
  readonly most?: number | undefined;
  /** How often it is due. */
  readonly per?: "month" | "year" | undefined;
  /** What is due for each beyond those that are included, in minor units. */
  readonly further?: { readonly included: number; readonly noun: string; readonly each: number } | undefined;
}

const RATE = /(?<rate>\d{1,3}(?:[.,]\d{1,3})?)\s?%/gu;
const LEAST = /(?:at least|minimum|min\.|mindestens)\s*(?:of\s*)?$/iu;
const MOST = /(?:at most|maximum|max\.|no more than|höchstens|maximal)\s*(?:of\s*)?$/iu;
const JOINS = /(?:plus|\+|and|und|zuzüglich)\s*$/iu;
const FURTHER =
  /(?:with|includ\w+|mit|inklusive)\s+(?<included>\d+)\s+(?<noun>\p{L}+),?\s+(?:then|danach|dann)\s+(?:je\s+)?\S{1,8}(?:\s?€)?(?:\s+(?:each|for each))?\s*$/iu;
const MONTHLY = /(?<!\p{L})(?:(?:per|a|each|every) month|monthly|im monat|pro monat|monatlich)(?!\p{L})/iu;
const YEARLY =
  /(?<!\p{L})(?:(?:per|a|each|every) year|yearly|annual(?:ly)?|im jahr|pro jahr|jährlich|p\.\s?a\.)(?!\p{L})/iu;

/** Undefined where the text names none, or more than one. */
export function priceIn(text: string): Price | undefined {
  const sums = readMoney(text, {}).sums.filter(({ currencyGiven }) => currencyGiven);
  const rates = [...text.matchAll(RATE)];
  const [currency = "EUR", ...currencies] = new Set(sums.map((sum) => sum.currency));
  if (rates.length > 1 || currencies.length > 0) return undefined;
  const [rate] = rates;
  const { least, most, further, plain } = partedSums(text, sums);
  const [fixed, ...others] = plain;
  if (others.length > 0 || !belongTogether(text, { fixed, rateAt: rate?.index, bound: least ?? most }))
    return undefined;
  return {
    currency,
    fixed: fixed?.minor ?? 0,
    rate: percentOf(rate),
    least: least?.minor,
    most: most?.minor,
    per: dueIn(text),
    further,
  };
}

const percentOf = (rate: RegExpExecArray | undefined): number =>
  Number((rate?.groups?.["rate"] ?? "0").replace(",", "."));

function dueIn(text: string): Price["per"] {
  if (MONTHLY.test(text)) return "month";
  return YEARLY.test(text) ? "year" : undefined;
}

function partedSums(text: string, sums: readonly AmountMention[]) {
  const before = ({ start }: AmountMention): string => text.slice(0, start).trimEnd();
  const least = sums.find((sum) => LEAST.test(before(sum)));
  const most = sums.find((sum) => MOST.test(before(sum)));
  const unbound = sums.filter((sum) => sum !== least && sum !== most);
  const further = furtherIn(text, unbound);
  const plain = unbound.filter(({ minor }) => further === undefined || minor !== further.each);
  return { least, most, further, plain };
}

interface Found {
  readonly fixed: AmountMention | undefined;
  readonly rateAt: number | undefined;
  readonly bound: AmountMention | undefined;
}

/** A sum, a rate within its bounds, or "€5.00 plus 1.75%"; a sum may also stand beside a rate of something else. */
function belongTogether(text: string, { fixed, rateAt, bound }: Found): boolean {
  if (rateAt === undefined) return fixed !== undefined && bound === undefined;
  return fixed === undefined || areJoined(text, fixed, rateAt);
}

/** "€5.00 plus 1.75%", and not a rate of something else. */
function areJoined(text: string, { start, end }: AmountMention, rateAt: number): boolean {
  return start < rateAt ? JOINS.test(text.slice(end, rateAt)) : JOINS.test(text.slice(rateAt, start));
}

function furtherIn(text: string, sums: readonly AmountMention[]): Price["further"] {
  for (const sum of sums) {
    const behind = /^\s*(?:each|apiece)/iu.exec(text.slice(sum.end))?.[0] ?? "";
    const { included, noun = "" } = FURTHER.exec(text.slice(0, sum.end) + behind)?.groups ?? {};
    if (included !== undefined) return { included: Number(included), noun, each: sum.minor };
  }
  return undefined;
}
