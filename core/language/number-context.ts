import type { Decimal } from "./decimal.ts";
import type { NumberPhrase } from "./number-words.ts";
import { peek, type Token } from "./tokens.ts";

interface Place {
  /** First token and the one behind the last. */
  readonly from: number;
  readonly next: number;
}

/** What may not touch an amount: it would be part of a word, a foreign number, a date, a percentage, a code. */
const foreignBefore = /[\p{L}\p{N}\p{M}\p{Cf}\uFFFD_@#+=/\\−–—-]$/u;
const foreignBehind = /^(?:[\p{L}\p{N}\p{M}\p{Cf}\uFFFD_@=/\\^%‰°]|[-–—:'’][\p{L}\p{N}]|[.,]{1,3}\p{N}|[.,]\p{L})/u;
const numberJoint = /\p{N}[:.,'’]+$/u;

/** "a couple of hundred", "minus fifty", "a quarter of a million", "two point five": no exact number. */
const vagueBefore =
  /^(?:couple|few|several|many|half|quarters?|thirds?|tenths?|fifths?|double|twice|triple|minus|negative|point|dot|comma|dozens?|paar|einige|mehrere|viele|halbe[rsn]?|dutzend|komma|punkt|%|percent|pct|prozent)$/u;

function tail(text: string, end: number): string {
  return text.slice(Math.max(0, end - 3), end);
}

function isVague(tokens: readonly Token[], from: number): boolean {
  const before = tokens[from - 1];
  if (before === undefined) return false;
  const word = /^(?:of|von)$/u.test(before.lower) ? tokens[from - 2] : before;
  return vagueBefore.test(word?.lower ?? "") || before.text === "−";
}

/** Whether the text around a number lets it be a sum of money of exactly that value. */
export function fitsAsAmount(text: string, tokens: readonly Token[], place: Place): boolean {
  const start = peek(tokens, place.from).start ?? 0;
  const end = peek(tokens, place.next - 1).end ?? start;
  const before = tail(text, start);
  const behind = text.slice(end, end + 3);
  if (foreignBefore.test(before) || numberJoint.test(before) || foreignBehind.test(behind)) return false;
  const following = peek(tokens, place.next).lower;
  if (/^(?:%|percent|pct|point|dot|comma|komma|quarters?|thirds?|tenths?|prozent)$/u.test(following)) return false;
  return !isVague(tokens, place.from);
}

/** Behind a number they make it a count: it is no sum, and takes nothing from one. */
const countedThings =
  /^(?:transactions?|payments?|transfers?|bookings?|movements?|statements?|days?|weeks?|months?|years?|hours?|minutes?|cards?|accounts?|products?|people|persons?|contacts?|options?|results?|entries|items|am|pm|o|st|nd|rd|th|kids?|children|daughters?|sons?|old|points?|km|kg|recent|latest|last|largest|biggest|most|digits?|buchungen|umsätze|überweisungen|zahlungen|tage[ns]?|wochen|monaten?|jahren?|stunden|minuten|uhr|jahre|konten|karten|größten|letzten)$/u;
/** In front of a number they make it a name of something: "row 12", "invoice 4711", "Wohnung 3". */
const labels =
  /^(?:option|number|no|nr|nummer|last|past|first|top|account|card|code|pin|year|in|since|during|until|ending|page|step|room|at|age|aged|turns|article|version|iban|row|seat|table|line|bus|tram|train|gate|platform|flat|apartment|unit|house|street|floor|door|order|invoice|bill|receipt|ticket|booking|reference|ref|contract|customer|member|object|jersey|size|chapter|episode|season|week|reihe|platz|tisch|wohnung|haus|hausnummer|linie|gleis|zimmer|etage|stock|tür|rechnung|rechnungsnummer|bestellung|bestellnummer|auftrag|vertrag|vertragsnummer|kunde|kundennummer|mitgliedsnummer|objekt|trikot|größe|seite|kapitel|folge|staffel|kw|jahr|wird|ist|january|february|march|april|may|june|july|august|september|october|november|december|januar|februar|märz|mai|juni|juli|oktober|dezember)$/u;

const LARGEST_BARE_DIGITS = 12;
const SMALLEST_SPELLED: Decimal = { digits: 10n, places: 0 };

/** "0041", "555 123 456" and account numbers are no sums of money. */
function isMoneyLike(written: string): boolean {
  return written.length <= LARGEST_BARE_DIGITS && !/\s|^0\d/u.test(written);
}

/** Whether a number without a currency can be meant as money: not "5 transactions", "option 2", "in 2025", "one". */
export function isPlausibleBareAmount(
  tokens: readonly Token[],
  candidate: Place & { readonly phrase: NumberPhrase },
): boolean {
  const { phrase, from, next } = candidate;
  const [value] = phrase.readings;
  const fits = phrase.spelled
    ? value !== undefined && (value.places > 0 || !isSmaller(value, SMALLEST_SPELLED))
    : isMoneyLike(peek(tokens, from).text);
  return fits && !isExplained(tokens, { from, next });
}

/** Whether the words around a number say what it is: a count, an ordinal, a number of something. */
export function isExplained(tokens: readonly Token[], { from, next }: Place): boolean {
  const behind = peek(tokens, next);
  const before = peek(tokens, from - 1);
  const isOrdinal = /^(?:st|nd|rd|th)$/u.test(behind.lower) && behind.start === peek(tokens, next - 1).end;
  // "Thanks a million."
  const isThanks = before.lower === "thanks" && /^(?:million|thousand)$/u.test(peek(tokens, from + 1).lower);
  // "There is a 1 missing": a figure, and no sum.
  const isFigure =
    /^\d$/u.test(peek(tokens, from).text) && next - from === 1 && /^(?:an?|ne|eine)$/u.test(before.lower);
  const isCounted = isFigure || isOrdinal || countedThings.test(behind.lower);
  if (before.lower === "at" && isPrice(peek(tokens, from), behind)) return false;
  return isCounted || isThanks || before.text === "#" || labels.test(labelBefore(tokens, from));
}

/** "At 23.50", "at 15 each". */
function isPrice({ text }: Token, behind: Token): boolean {
  return /[.,]\d\d$/u.test(text) || /^(?:each|apiece)$/u.test(behind.lower);
}

/** The word in front of a number, or of the whole of "unit 7/3" and "invoice 2026-11". */
function labelBefore(tokens: readonly Token[], from: number): string {
  let at = /^[#:.]$/u.test(peek(tokens, from - 1).text) ? from - 2 : from - 1;
  while (/^[/-]$/u.test(peek(tokens, at).text) && peek(tokens, at - 1).kind === "number") at -= 2;
  return peek(tokens, at).lower;
}

const followers = new Set(
  `to for from on in into onto at by via with using as and or please pls plz thanks thx now today immediately asap over out off
  of again back straight right away too each per if when before after until every once instead rather only just more less
  than i you he she we they it is was are be have has had do does did can could would will should want need like send pay
  transfer move wire give put get take my his her their our your the this that these those a an between then but so because
  not no yes ok okay tomorrow later exactly altogether total left here there worth plus minus times x thank
  an auf aufs für fuer von vom zu zum zur in ins im am bei mit als und oder bitte danke jetzt sofort heute gleich mal noch
  schicken überweisen senden zahlen bezahlen umbuchen umbuche verschieben rüber raus um los fertig weg der die das dem den
  des ein eine einen mein meine meinem meinen dein seine ihre ich du er sie wir ihr es ist war hat habe haben wenn falls
  sobald jede jeden jedes jeweils pro je bis ab doch nochmal morgen später zurück insgesamt überwiesen geschickt gezahlt
  plus minus nicht kein nein ja also weil dann aber so wird werden wäre wären sind sein sollte sollten reicht reichen draus
  daraus stimmt stimmen passt passen genügt genügen wohl`
    .split(/\s+/u)
    .filter((word) => word !== ""),
);

/** A word right behind a number that may be the name of a currency or measure: "20 flurbos", "5 lakh". */
export function unknownUnit(tokens: readonly Token[], next: number): Token | undefined {
  const behind = tokens[next];
  if (behind?.kind !== "word" || followers.has(behind.lower)) return undefined;
  return behind;
}

/** Exact, whatever the number of decimals. */
function isSmaller(left: Decimal, right: Decimal): boolean {
  return left.digits * 10n ** BigInt(right.places) < right.digits * 10n ** BigInt(left.places);
}
