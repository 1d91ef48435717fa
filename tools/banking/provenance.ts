/**
 * Where a value comes from decides whether money may follow it. Amounts and new payees must stand in the requester's
 * own words; a model that was talked into something else by a document or a tool result gets a question instead.
 */
import {
  asksToAdd,
  asksToShare,
  explainDoubt,
  languageOfLocale,
  overlaps,
  readOrder,
  worstDoubt,
  type AmountMention,
  type Doubt,
  type DoubtKind,
} from "../../core/language/index.ts";
import type { Money } from "../../core/money.ts";

/** Doubts that change the sum itself. What else an order depends on, a model may have settled before. */
const changesSum = new Set<DoubtKind>(["multiple", "percent", "relative", "cap", "repeat", "currency", "number"]);

/** When and where words were said. */
export interface Hearing {
  readonly now: number;
  readonly timeZone: string;
  readonly locale: string;
  /** Names that a word behind a number may be: "pay 20 Emre" has no currency in it. */
  readonly names?: readonly string[];
  /** Whether it is ordered to be paid again and again: "every month" changes nothing in the sum then. */
  readonly repeats?: boolean;
}

function names({ minor, currency }: Money): (sum: AmountMention) => boolean {
  // "1.000" is a thousand for everybody who pays in cents; only the likeliest reading counts.
  return ({ readings: [likeliest], currencyGiven }) =>
    likeliest?.minor === minor && (likeliest.currency === currency || !currencyGiven);
}

/**
 * Why the newest words that name this amount do not order exactly it, in a sentence; undefined where they do.
 * `"not-said"` where none of the texts names it.
 */
export function objectionTo(texts: readonly string[], amount: Money, hearing: Hearing): string | undefined {
  const options = { now: new Date(hearing.now), timeZone: hearing.timeZone, defaultCurrency: amount.currency };
  const known = new Set((hearing.names ?? []).flatMap((name) => nameTokens(name)));
  const isName = ({ kind, literal }: Doubt): boolean =>
    kind === "currency" && nameTokens(literal).every((token) => known.has(token));
  for (const text of texts.toReversed()) {
    const { sums, doubts } = readOrder(text, options);
    const named = sums.filter(names(amount));
    if (named.length === 0) continue;
    const others = sums.filter((sum) => !named.includes(sum));
    const isAboutOther = (one: Doubt): boolean =>
      others.some((sum) => overlaps(sum, one) || (sum.unit !== undefined && overlaps(sum.unit, one)));
    const conditions = doubts.flatMap((one) => (one.kind === "condition" ? [conditionAt(one.start, text)] : []));
    const isOfCondition = (one: Doubt): boolean =>
      conditions.some((clause) => overlaps(clause, one) && !named.some((sum) => overlaps(clause, sum)));
    const doubt = worstDoubt(
      doubts.filter(
        (one) =>
          (changesSum.has(one.kind) || isNumericRange(one)) &&
          !isName(one) &&
          !(one.kind === "repeat" && hearing.repeats === true) &&
          !isAboutOther(one) &&
          !isOfCondition(one) &&
          !isRemark(one, named, text) &&
          !isCount(one, text),
      ),
    );
    return doubt && `${explainDoubt(doubt, languageOfLocale(hearing.locale))} (“${doubt.literal.slice(0, 60)}”)`;
  }
  return isAddedUp(texts, amount, options) || isShare(texts, amount, options) ? undefined : "not-said";
}

/** "Costs 9, put that on top" of 14: both figures are said, and the sum of them is asked for. */
function isAddedUp(
  texts: readonly string[],
  { minor, currency }: Money,
  options: Parameters<typeof readOrder>[1],
): boolean {
  const newest = texts.at(-1) ?? "";
  if (!asksToAdd(newest)) return false;
  const sumsIn = (text: string): readonly AmountMention[] =>
    readOrder(text, options).sums.filter((sum) => sum.currency === currency && !sum.ambiguous);
  const added = sumsIn(newest);
  return texts
    .slice(0, -1)
    .flatMap(sumsIn)
    .some((one) => added.some((other) => one.minor + other.minor === minor));
}

/** More do not share one sum. */
const MOST_SHARING = 20;

const REMARKS: ReadonlySet<DoubtKind> = new Set(["relative", "cap", "percent", "multiple"]);

/** "More than I thought. Now 50 to Jana. And the rest, how much is it?": a sentence without any sum, before the order or asking. */
function isRemark({ kind, start, end, literal }: Doubt, named: readonly AmountMention[], text: string): boolean {
  const [before, behind] = [text.slice(0, start), text.slice(end)];
  if (!REMARKS.has(kind) || /\d[^.!?\n]*$/u.test(before)) return false;
  const isMore = /^(?:more|less|mehr|weniger)/iu.test(literal);
  const ends = isMore ? /^[^\d,.!?\n]*[,.!?\n]/u : /^[^\d.!?\n]*[.!?\n]/u;
  return named.every((sum) => sum.start >= end) ? ends.test(behind) : /^[^.!?\n]*\?/u.test(behind);
}

/** "Split 84 between them": the whole is said, and so is that it is shared out. */
function isShare(
  texts: readonly string[],
  { minor, currency }: Money,
  options: Parameters<typeof readOrder>[1],
): boolean {
  const isWhole = (sum: AmountMention): boolean => {
    const count = sum.minor / minor;
    return sum.currency === currency && Number.isInteger(count) && count > 1 && count <= MOST_SHARING;
  };
  return texts.some((text) => asksToShare(text) && readOrder(text, options).sums.some(isWhole));
}

/** "If I have more than 1000, …": the condition's own words say nothing of the sum behind the comma. */
function conditionAt(start: number, text: string): Pick<Doubt, "start" | "end"> {
  const length = text.slice(start).search(/,\s|[.;!?](?:\s|$)|\s(?:then|dann)\s/u);
  return { start, end: length < 0 ? text.length : start + length };
}

/** "25 each", "je 25": that sum, for each of several. */
const EACH = /^(?:each|apiece|je|jeweils)$/iu;

/** "2500 to Thea, three times" is a sum, paid so often; "3 times 20" is another sum. */
function isCount({ kind, literal, end }: Doubt, text: string): boolean {
  if (kind === "multiple" && EACH.test(literal)) return true;
  return kind === "multiple" && literal === "times" && !/^\s*[€$£]?\d/u.test(text.slice(end, end + 4));
}

/** "20 or 30", "between 20 and 30": which one was chosen is not in the words. */
function isNumericRange({ kind, literal }: Doubt): boolean {
  return kind === "range" && /\d|between|zwischen/iu.test(literal);
}

/** Whether one of the texts holds this IBAN, with or without spaces, and not as a part of something longer. */
export function namesIban(texts: readonly string[], iban: string): boolean {
  const signs = iban.replaceAll(/[A-Z0-9](?=.)/g, "$&[ \\u00A0-]?");
  const pattern = new RegExp(`(?<![A-Za-z0-9])${signs}(?![A-Za-z0-9])`, "i");
  return texts.some((text) => pattern.test(text));
}

/** Whether the texts hold every word of a name. */
export function namesName(texts: readonly string[], name: string): boolean {
  const said = new Set(texts.flatMap((text) => nameTokens(text)));
  const wanted = nameTokens(name);
  return wanted.length > 0 && wanted.every((token) => said.has(token));
}

/** A name as comparable words: lower case, without accents and punctuation. */
export function nameTokens(text: string): readonly string[] {
  const plain = text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
  return plain.split(/[^\p{L}\p{N}]+/u).filter((token) => token !== "");
}
