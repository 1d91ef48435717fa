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
/** "Mein Konto bei Ihnen hat die Nummer 55…", "the account I mean is 51…": words between, the last of them says what comes. */
const TOLD = new RegExp(
  `(?<!\\p{L})(?:${PERHAPS})(?!\\p{L})(?<between>(?:[ \\t,]{1,2}${WORD}){1,7}?),?[ \\t]+(?:is|ist|lautet|numbers?|nummer|no|nr|number is|est le|es el|è il|to|numer|numero|número|numéro)(?!\\p{L})[.:# ]{0,3}${SOON}${VALUE}`,
  "giu",
);
/** What has a number that is none of an account. */
const OTHER =
  /balance|saldo|solde|limit|total|amount|betrag|umsatz|value|fee|order|bestell|invoice|rechnung|ticket|case|since|seit|code|pin|phone|telefon|handy|mobile|zip|plz|code|stand|year|jahr|kaution|preis|price/iu;
/** The question was answered: by a speaker of a chat that was copied, or with some words first. */
const ANSWERED = new RegExp(
  `(?<!\\p{L})(?:${SURE})(?![\\p{L}\\p{N}])[^\\n?\\d]{0,40}\\?["')]{0,2}[ \\t]*(?:\\n[ \\t]*)?(?:[\\p{L} ]{1,20}[:>] ?)?(?:\\p{L}{1,12}['’]?\\p{L}{0,2}[ ,.:–-]{1,3}){0,5}${SOON}${VALUE}`,
  "giu",
);
/** "88120473 – das ist meine Kundennummer", "60118243 (customer no)", "88321190 is the current account". */
const NAMED_AFTER = new RegExp(
  `(?<!\\p{L})(?:${SURE}|(?<=\\d.{0,3} (?:is|ist|est|es|è|to) [^\\d\\n]{0,30})(?:account|\\p{L}{0,12}konto(?:nummer)?|compte|cuenta|conto|rekening))(?!\\p{L})`,
  "giu",
);
const BEFORE_NAME = new RegExp(
  `(?<![\\p{L}\\p{N}.,/-])(?=[A-Z]{0,4}[ -]?\\d)${VALUE}[ \\t"']{0,2}[,(=–-]?[ \\t]{0,2}(?:\\p{L}{1,10}['’]?[ \\t]){0,4}$`,
  "iu",
);
const FAR = 64;
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
  yield* matchesOf("account", text, TOLD, ({ groups }) => {
    const { between = "", value = "" } = groups ?? {};
    return !OTHER.test(between) && isNumber(value) && digitsOf(value) > FEWEST_DIGITS;
  });
  yield* matchesOf("account", text, ANSWERED, ({ groups }) => isNumber(groups?.["value"] ?? ""));
  yield* namedAfter(text);
  yield* matchesOf("account", text, SORT_AND_ACCOUNT);
};

function* namedAfter(text: string): Generator<PersonalData> {
  for (const { index } of text.matchAll(NAMED_AFTER)) {
    const from = Math.max(0, index - FAR);
    const before = text.slice(from, index);
    if (!/\d\D{0,48}$/u.test(before)) continue;
    const found = BEFORE_NAME.exec(before);
    const value = found?.groups?.["value"] ?? "";
    if (found === null || !isNumber(value)) continue;
    yield { kind: "account", start: from + found.index, end: from + found.index + value.length };
  }
}

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
