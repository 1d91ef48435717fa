import { isLuhn } from "./check-digits.ts";
import { withDigits } from "./digits-alike.ts";
import type { Detector, PersonalData } from "./finding.ts";

/** First digits and lengths of the brands (ISO/IEC 7812-1 issuer identification numbers). */
const BRANDS: readonly (readonly [start: RegExp, lengths: readonly number[]])[] = [
  [/^4/u, [13, 16, 19]],
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/u, [16]],
  [/^3[47]/u, [15]],
  [/^(?:30[0-5]|309|36|38|39)/u, [14, 16, 19]],
  [/^(?:6011|64[4-9]|65)/u, [16, 19]],
  [/^35(?:2[89]|[3-8])/u, [16, 17, 18, 19]],
  [/^62/u, [16, 17, 18, 19]],
  [/^(?:50|5[6-9]|6)/u, [13, 14, 15, 16, 17, 18, 19]],
  [/^220[0-4]/u, [16, 17, 18, 19]],
  [/^1800|^2131/u, [15]],
  [/^(?:9792|8[12])/u, [16]],
];
/** Digits in groups as cards are printed and typed: a blank, dot, hyphen, slash or line break between them. */
const DIGITS = /(?<![\p{L}\p{N}+]|\p{N}[.:/-]|\p{L}[/-])\d(?:[ ._/\n\r\t-]{0,3}\d){12,}(?![\p{N}])/gu;
const FEWEST = 13;
const MOST = 19;

/** Numbers of payment cards: a brand's beginning and length, and the right check digit or the word for it. */
export const findCards: Detector = function* findCards(text) {
  for (const { 0: literal, index } of withDigits(text).matchAll(DIGITS)) {
    const before = text.slice(Math.max(0, index - REACH), index);
    yield* cardsIn(literal, index, SAYS_CARD.test(before));
  }
};

/** Said to be a card right before: it is one with a slip in it, too. */
const SAYS_CARD = /(?:card|karte|karten(?:nummer|nr\.?)|carte|tarjeta|carta|kaart|karta|karty)(?!\p{L})[^\d\n.!?]*$/iu;
const REACH = 30;

/** Several may stand behind each other, and a date or code before and behind each: any group of digits may begin one. */
function* cardsIn(literal: string, index: number, isSaid: boolean): Generator<PersonalData> {
  const places = placesOfDigits(literal);
  let next = 0;
  while (places.length - next >= FEWEST) {
    const beginning = places.slice(next, next + MOST + 1);
    const length = cardLength(literal, beginning, isSaid);
    if (length === undefined) {
      next = nextGroup(places, next);
      continue;
    }
    const last = beginning[length - 1] ?? 0;
    yield { kind: "card", start: index + (beginning[0] ?? 0), end: index + last + 1 };
    next += length;
  }
}

/** How many of the digits at these places make the longest card that begins with the first; the digit behind it begins a group. */
function cardLength(literal: string, places: readonly number[], isSaid: boolean): number | undefined {
  const digits = places.map((place) => literal.charAt(place)).join("");
  const lengths = new Set(BRANDS.flatMap(([start, all]) => (start.test(digits) ? all : [])));
  for (let length = Math.min(MOST, digits.length); length >= FEWEST; length -= 1) {
    const isWhole = length === digits.length || nextGroup(places, length - 1) === length;
    if (isWhole && lengths.has(length) && (isSaid || isLuhn(digits.slice(0, length)))) return length;
  }
  return undefined;
}

/** The first digit behind this one that something stands before. */
function nextGroup(places: readonly number[], from: number): number {
  let at = from + 1;
  while (at < places.length && places[at] === (places[at - 1] ?? 0) + 1) at += 1;
  return at;
}

function placesOfDigits(literal: string): readonly number[] {
  const places: number[] = [];
  for (let at = 0; at < literal.length; at += 1)
    if (literal.charAt(at) >= "0" && literal.charAt(at) <= "9") places.push(at);
  return places;
}
