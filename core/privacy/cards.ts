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
const DIGITS = /(?<![\p{L}\p{N}+]|\p{N}[.,:/-]|\p{L}[/-])\d(?:[ ._/\n\r\t-]{0,3}\d){12,22}(?![\p{N}])/gu;
const FEWEST = 13;
const MOST = 19;

/** Numbers of payment cards: a brand's beginning and length, and the right check digit. */
export const findCards: Detector = function* findCards(text) {
  for (const { 0: literal, index } of withDigits(text).matchAll(DIGITS)) yield* cardsIn(literal, index);
};

/** The longest card that begins with the literal; an expiry date or code may stand right behind it. */
function* cardsIn(literal: string, index: number): Generator<PersonalData> {
  const digits = literal.replaceAll(/\D/gu, "");
  const lengths = new Set(BRANDS.flatMap(([start, all]) => (start.test(digits) ? all : [])));
  if (lengths.size === 0) return;
  const places = placesOfDigits(literal);
  for (let length = Math.min(MOST, digits.length); length >= FEWEST; length -= 1) {
    const end = (places[length - 1] ?? 0) + 1;
    const isWhole = length === digits.length || /^\D/u.test(literal.slice(end));
    if (!isWhole || !lengths.has(length) || !isLuhn(digits.slice(0, length))) continue;
    yield { kind: "card", start: index, end: index + end };
    return;
  }
}

function placesOfDigits(literal: string): readonly number[] {
  const places: number[] = [];
  for (let at = 0; at < literal.length; at += 1)
    if (literal.charAt(at) >= "0" && literal.charAt(at) <= "9") places.push(at);
  return places;
}
