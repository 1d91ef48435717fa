/** Which bookings a question means; what is not understood is told, never left out. Pure. */
import { blanked, type AmountMention, type DatePeriod } from "../../core/language/index.ts";
import type { Understood } from "../offline/index.ts";
import { categoryIn } from "./booking-categories.ts";
import { decimalOf } from "./order.ts";
import { smallWords, wordsOf } from "./small-words.ts";

const MOST_LISTED = 100;

interface BookingFilter {
  readonly from?: string;
  readonly to?: string;
  readonly category?: string;
  readonly text?: string;
  readonly min?: string;
  readonly max?: string;
  readonly limit?: number;
}

/** A filter, or the words because of which there is none. */
export interface AskedBookings {
  readonly filter: BookingFilter;
  readonly unclear?: {
    readonly literal: string;
    readonly why: "time" | "no-such-day" | "several-times" | "words" | "amount";
  };
}

/** Words of questions about bookings: they filter nothing. */
const plainWords: ReadonlySet<string> = new Set([
  ...smallWords,
  ...wordsOf(`
    about all anything are as attachment booking bookings booked bought buy by charge charged charges check cost costs
    csv debit debits deposits did do does done down download each entries everything excel expense expenses export file
    find format gave goes gone had has history income incoming last latest left list log long made month monthly more
    movements newest no ones outgoing overview paid pdf payments purchase purchases receipts received recent report
    separately show since some spend spending spent spreadsheet statement statements summary table than these they
    those totals transactions transfers us use used was went were what when where which who whole why with cash-flow
    biggest largest top highest most smallest merchants comes happened blow far year years day days week weeks quarter
    period between until before after during within ever entire bills abbuchung abbuchungen abgebucht abgegangen ab
    alle als anhang auch ausgabe ausgaben ausgegeben bei bis buchung buchungen da datei brauche bräuchte eingegangen
    einkommen einnahmen etwas exportier exportiere exportieren gab ganz gebucht gegangen gegeben gelassen gesamt
    gesamtausgaben gesendet gewesen gezahlt ging gingen hab hast hat hats hatte herunter herunterladen insgesamt je kam
    kamen kategorie kommen kontoauszug kontobewegungen kosten kostet gekostet letzte letzten liste lad lade mehr mit
    nach nicht ob oder oft pro runter runterladen schon sein seit sind soll sollen tabelle umsatz umsätze verbraucht
    vor war wann welche welcher welchen wenn wer wie wieviel viel wo wurde wurden zahlungen zeig zeige zeigen zwischen
    übersicht überweisungen größte größten höchste höchsten bisher rechnungen posten
  `),
]);

const atLeast = /(?:over|above|more than|at least|from|exceeding|bigger than|larger than|mehr als|mindestens|ab)\s*$/iu;
const atMost = /(?:under|below|less than|at most|up to|smaller than|unter|weniger als|höchstens|bis zu)\s*$/iu;
const exactly = /(?:of|for|über|von|exactly|genau)\s*$/iu;

/** "over 100 euros", "under 20": a bound; undefined where a sum stands there in another way. */
function amountBounds(text: string, sums: readonly AmountMention[]): Pick<BookingFilter, "min" | "max"> | undefined {
  if (sums.length === 0) return {};
  const [sum, second] = sums;
  if (sum === undefined || second !== undefined || sum.ambiguous || sum.currency !== "EUR") return undefined;
  const before = text.slice(Math.max(0, sum.start - 20), sum.start);
  const amount = decimalOf(sum);
  if (/(?:not|nicht) (?:over|more than|above|mehr als|über)\s*$/iu.test(before)) return { max: amount };
  if (/(?:buchungen|ausgaben|umsätze|payments) über\s*$/iu.test(before) || atLeast.test(before)) return { min: amount };
  if (atMost.test(before)) return { max: amount };
  return exactly.test(before) || before.trim() === "" ? { min: amount, max: amount } : undefined;
}

/** What is left when everything that was read and every word without meaning here is taken away, in runs. */
function leftOver(text: string): readonly string[] {
  const runs: string[] = [];
  let end = -1;
  for (const match of text.matchAll(/[\p{L}\p{N}][\p{L}\p{M}\p{N}&.'’-]*/gu)) {
    const word = match[0].replace(/['’]s$|[.'’-]+$/u, "");
    const isPlain = plainWords.has(word.toLowerCase()) || /^\d{1,3}$/u.test(word);
    if (isPlain || word.length < 2) continue;
    const isNext = end >= 0 && text.slice(end, match.index).trim() === "";
    if (isNext) runs.push(`${runs.pop() ?? ""} ${word}`);
    else runs.push(word);
    end = match.index + match[0].length;
  }
  return runs;
}

function timeProblem({ time }: Understood): AskedBookings["unclear"] {
  const impossible = time.unread.find(({ why }) => why === "no-such-day");
  if (impossible !== undefined) return { literal: impossible.literal, why: "no-such-day" };
  const [unread] = time.unread;
  if (unread !== undefined) return { literal: unread.literal, why: "time" };
  const [first, second] = time.periods;
  if (second !== undefined)
    return { literal: time.periods.map(({ literal }) => literal).join("”, “"), why: "several-times" };
  return first?.ambiguous === true ? { literal: first.literal, why: "time" } : undefined;
}

/** Reads the question as a filter of bookings. */
export function bookingFilter(text: string, understood: Understood): AskedBookings {
  const { time, order, entities } = understood;
  const problem = timeProblem(understood);
  if (problem !== undefined) return { filter: {}, unclear: problem };
  const sums = order.sums.filter(({ currencyGiven }) => currencyGiven);
  const bounds = amountBounds(text, sums);
  if (bounds === undefined) return { filter: {}, unclear: { literal: sums[0]?.literal ?? "", why: "amount" } };
  const accounts = entities.filter(({ kind }) => kind === "account" || kind === "iban");
  const { categories, rest } = categoryIn(
    blanked(text, [...time.periods, ...sums, ...accounts]).replaceAll("\u00B6", "|"),
  );
  const [category, ...others] = categories;
  const [words, ...more] = leftOver(rest);
  const doubt = more.length + others.length > 0 ? notRead([...others, words, ...more]) : wordsProblem(words, rest);
  if (doubt !== undefined) return { filter: {}, unclear: doubt };
  const [period] = time.periods;
  const count = /\b(?:last|latest|recent|newest|first|top|letzten|neuesten|the)\s+(\d{1,3})\b/iu.exec(rest)?.[1];
  return {
    filter: {
      ...daysOf(period),
      ...(category !== undefined && { category }),
      ...(words !== undefined && { text: singular(words) }),
      ...bounds,
      ...(count !== undefined && { limit: Math.min(MOST_LISTED, Math.max(1, Number(count))) }),
    },
  };
}

function notRead(words: readonly (string | undefined)[]): AskedBookings["unclear"] {
  return { literal: words.filter(Boolean).join("”, “"), why: "words" };
}

/** Words that are no name to look for: a part of a period, or an account that is not there. */
function wordsProblem(words: string | undefined, rest: string): AskedBookings["unclear"] {
  if (words === undefined) return undefined;
  if (/^(?:early|late|mid|früh\p{L}*|spät\p{L}*)$/iu.test(words)) return { literal: words, why: "time" };
  const isAccount = rest.toLowerCase().includes(`${words.toLowerCase()} account`) || /konto$/iu.test(words);
  return isAccount ? { literal: words, why: "words" } : undefined;
}

/** "taxis" are booked as "Taxi"; a name in capitals keeps its letters. */
function singular(words: string): string {
  return /^\p{Ll}{3,}[^s]s$/u.test(words) ? words.slice(0, -1) : words;
}

function daysOf(period: DatePeriod | undefined): Pick<BookingFilter, "from" | "to"> {
  if (period === undefined) return {};
  return { ...(period.from !== undefined && { from: period.from }), to: period.to };
}

/** Says what was not understood in a question about bookings, and asks. */
export function filterQuestion({ literal, why }: NonNullable<AskedBookings["unclear"]>): string {
  const said = `“${literal.slice(0, 120)}”`;
  switch (why) {
    case "no-such-day":
      return `There is no such day: ${said}. Which day do you mean?`;
    case "several-times":
      return `I can look at one period at a time, and I read ${said}. Which one first?`;
    case "time":
      return `I am not sure which days you mean by ${said}. From which day to which?`;
    case "amount":
      return `I am not sure how to filter by ${said}. You can say “over 100 euros” or “under 20 euros”.`;
    case "words":
      return `I did not understand ${said} in that. I can filter by account, period, category, amount, and one payee or merchant.`;
  }
}
