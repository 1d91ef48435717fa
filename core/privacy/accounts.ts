import { FILLER, PERHAPS, SURE } from "./account-labels.ts";
import type { Detector, PersonalData } from "./finding.ts";
import { matchesOf } from "./finding.ts";

const BEFORE_VALUE = "[ \\t\"'(*_`]{0,4}";
/** "Which account number? It's 6011…", `"kundennummer": "33…"`. */
const MARK = "[\"']?[ \\t]*[:=#.)?]";
const RUN = "[A-Z0-9]{1,24}";
/** Runs of letters and digits: apart by one sign, or by a blank where a digit follows soon. */
const VALUE = `(?<value>${RUN}(?:[-/._]${RUN}){0,6}(?: (?=[A-Z]{0,3}-?\\d)${RUN}(?:[-/.]${RUN}){0,4}){0,7}(?: [A-Z])?)(?![\\p{L}\\p{N}]|[.,]\\d| ?(?:€|\\$|£|%|eur\\b|usd\\b|euro))`;
/** With at least one digit not far away: most words are none. */
const SOON = "(?=[A-Z]{0,4}[ ._/-]?\\d|[A-Z]{1,4}[._-][A-Z]{1,4}[ ._/-]?\\d)";
const patternOf = (labels: string, word: string): RegExp =>
  new RegExp(
    `(?<!\\p{L})(?:${labels})(?![\\p{L}\\p{N}])(?:[ \\t]+(?:${word})(?![\\p{L}\\p{N}])|${MARK}){0,4}${BEFORE_VALUE}${SOON}${VALUE}`,
    "giu",
  );
const WORD = "\\p{L}{1,14}(?:['’]\\p{L}{1,3})?";
const LABELLED: readonly RegExp[] = [patternOf(SURE, WORD), patternOf(PERHAPS, FILLER)];
/** A British sort code and the account behind it. */
const SORT_AND_ACCOUNT = /(?<![\p{L}\p{N}.,/-])\d\d-\d\d-\d\d[ ,/]{1,3}\d{8}(?![\p{L}\p{N}-])/gu;
/** "Customer: 404/555/0122" is somebody's answer in a chat that was copied. */
const SPOKEN_BY = /^(?:customer|client|kunde|cliente|klant|klient):/iu;
const FEWEST_DIGITS = 5;

/** Numbers of accounts and customers in forms of one country: they have no shape, so a word has to say what they are. */
export const findAccounts: Detector = function* findAccounts(text): Generator<PersonalData> {
  if (!/\d{2}/u.test(text)) return;
  for (const pattern of LABELLED)
    for (const one of matchesOf(
      "account",
      text,
      pattern,
      ({ groups, 0: whole }) => !SPOKEN_BY.test(whole) && isNumber(groups?.["value"] ?? ""),
    ))
      yield withCapitals(text, one);
  yield* matchesOf("account", text, SORT_AND_ACCOUNT);
};

/** "LV 99120034": capitals that were read as a word before the number. */
function withCapitals(text: string, one: PersonalData): PersonalData {
  const before = CAPITALS.exec(text.slice(Math.max(0, one.start - 6), one.start))?.[0] ?? "";
  return { ...one, start: one.start - before.length };
}
const CAPITALS = /(?<![\p{L}\p{N}])(?!(?:IS|NO|NR|ID|IST)[ .])\p{Lu}{1,4}[ ._/-]$/u;

const digitsOf = (value: string): number => value.replaceAll(/\D/gu, "").length;

function isNumber(value: string): boolean {
  const isDate =
    /^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}$/u.test(value) ||
    /^\d{4}-\d\d(?:-\d\d|$)/u.test(value) ||
    /^\d{1,2}\.\d{1,2}\.\d+$/u.test(value);
  const isSortCode = /^\d\d-\d\d-\d\d$/u.test(value);
  // A word and a number: only capitals belong to what is behind them.
  const isWord = /^\p{L}{2,} /u.test(value) && !/^\p{Lu}{1,4} /u.test(value);
  return (isSortCode || !isDate) && !isWord && !MADE_BY_MACHINES.test(value) && digitsOf(value) >= FEWEST_DIGITS;
}

/** UUIDs and hashes, which name a row and no person's account. */
const MADE_BY_MACHINES = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$|^(?=\d*[a-f])[\da-f]{24,}$/iu;
