import type { Decimal } from "./decimal.ts";
import type { NumberPhrase } from "./number-words.ts";
import type { Token } from "./tokens.ts";

interface Place {
  /** First token and the one behind the last. */
  readonly from: number;
  readonly next: number;
}

/** What may not touch an amount: it would be part of a word, a foreign number, a date, a percentage, a code. */
const foreignBefore = /[\p{L}\p{N}\p{M}\p{Cf}_@#+=/\\−–—-]$/u;
const foreignBehind = /^(?:[\p{L}\p{N}\p{M}\p{Cf}_@=/\\^%‰°]|[-–—:.,'’][\p{L}\p{N}])/u;
const numberJoint = /\p{N}[:.,'’]$/u;

/** "a couple of hundred", "minus fifty", "a quarter of a million", "two point five": no exact number. */
const vagueBefore =
  /^(?:couple|few|several|many|half|quarters?|thirds?|tenths?|fifths?|double|twice|triple|minus|negative|point|dot|comma|dozens?)$/u;

function tail(text: string, end: number): string {
  return text.slice(Math.max(0, end - 3), end);
}

function isVague(tokens: readonly Token[], from: number): boolean {
  const before = tokens[from - 1];
  if (before === undefined) return false;
  const word = before.lower === "of" ? tokens[from - 2] : before;
  return vagueBefore.test(word?.lower ?? "") || before.text === "−";
}

/** Whether the text around a number lets it be a sum of money of exactly that value. */
export function fitsAsAmount(text: string, tokens: readonly Token[], place: Place): boolean {
  const start = tokens[place.from]?.start ?? 0;
  const end = tokens[place.next - 1]?.end ?? start;
  const before = tail(text, start);
  const behind = text.slice(end, end + 3);
  if (foreignBefore.test(before) || numberJoint.test(before) || foreignBehind.test(behind)) return false;
  const following = tokens[place.next]?.lower ?? "";
  if (/^(?:%|percent|pct|point|dot|comma|quarters?|thirds?|tenths?)$/u.test(following)) return false;
  return !isVague(tokens, place.from);
}

const countedThings =
  /^(?:transactions?|payments?|transfers?|bookings?|movements?|statements?|days?|weeks?|months?|years?|hours?|minutes?|times?|x|cards?|accounts?|payees?|people|persons?|recipients?|products?|options?|results?|entries|items|am|pm|o|st|nd|rd|th|kids?|children|daughters?|sons?|old|per|points?|km|kg|m|recent|latest|last|largest|biggest|most|digits?|others?|more|of)$/u;
const labels =
  /^(?:option|number|no|nr|last|past|first|top|account|card|code|pin|year|in|since|during|until|ending|page|step|room|at|age|aged|am|article|version|iban|january|february|march|april|may|june|july|august|september|october|november|december)$/u;

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
    ? value !== undefined && !isSmaller(value, SMALLEST_SPELLED)
    : isMoneyLike(tokens[from]?.text ?? "");
  return fits && !countedThings.test(tokens[next]?.lower ?? "") && !labels.test(tokens[from - 1]?.lower ?? "");
}

/** Exact, whatever the number of decimals. */
function isSmaller(left: Decimal, right: Decimal): boolean {
  return left.digits * 10n ** BigInt(right.places) < right.digits * 10n ** BigInt(left.places);
}
