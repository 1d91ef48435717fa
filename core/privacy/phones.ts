import { isPhoneNumber } from "../language/phones.ts";
import { withDigits } from "./digits-alike.ts";
import type { Detector } from "./finding.ts";
import { matchesOf } from "./finding.ts";

/** Digits as they are dialled: groups with blanks, dots, slashes, hyphens, brackets. */
const DIALLED =
  /(?<![\p{L}\p{N}]|\p{N}[.,:/-])(?:\+ ?|\(\+?)?\d(?:[ ./()\u00A0\u260E-]{0,3}\d){5,17}(?![\p{L}\p{N}]|[,:]\d|[./-]\d)/gu;
const LABEL_WORDS = [
  "tel|telefon|telephone|phone|call|ring|text|sms|mobile?|mob|cel|cell|handy|fax|whats ?app|signal|viber|landline|number|hotline|dial|callback|voicemail|caller(?:_id)?|msisdn",
  "reach (?:me|us|him|her)|(?:my|her|his) (?:no|nr)",
  "nummer|rufnummer|ruf\\p{L}*|r[üu]ckruf\\p{L}*|anruf\\p{L}*|erreich\\p{L}*|durchwahl|mein\\p{L}* nr|festnetz|mobil",
  "téléphone|tél|portable|appele\\p{L}*|rappel\\p{L}*|joindre|joignable|numéro|gsm",
  "móvil|movil|teléfono|llám\\p{L}*|fijo|numero|número",
  "cellulare|cell|telefono|chiam\\p{L}*|numero|sul",
  "telefoon\\p{L}*|bel|mobiel|bereikbaar|mijn nr",
  "komórk\\p{L}*|zadzwo\\p{L}*|dzwoni\\p{L}*|numer|moj nr|mój nr|kontakt",
].join("|");
const LABEL = new RegExp(`(?:(?<!\\p{L})(?:${LABEL_WORDS})(?!\\p{L})|☎|📞|📱)[^\\n]{0,24}$`, "iu");
const LINK =
  /(?:wa\.me\/|tel:|sms:|whatsapp:\/\/send\?phone=|api\.whatsapp\.com\/send\?phone=|callto:|(?:phone|tel|mobile|cell|msisdn)=)(?<value>(?:\+|%2B)?\d[\d-]{6,18})(?!\d)/giu;
const NOT_A_PHONE =
  /(?:\b(?:order|invoice|ticket|case|reference|ref|isbn|ean|issn|tracking|parcel|version|sku|po|bestell\w*|rechnung\w*|sendung\w*|auftrag\w*|vorgang\w*|aktenzeichen|artikel\w*|serien\w*|serial|id|facture|commande|factura|pedido|fattura|ordine|order\w*|factuur|faktura|zamówieni\w*|booking|buchung\w*|batch|charge|timestamp|unix|epoch)\b[^\n]{0,16}|[#№])$/iu;
const NEAR = 40;
const EXTENSION = /^[ ,]{0,2}(?:ext\.?|extension|x|durchwahl|dw|app\.?)[ .:]{0,2}\d{1,6}(?!\d)/iu;
const HOMES = ["49", "44", "1", "33", "34", "39", "31", "48", "43", "41"] as const;
/** Digits said aloud. */
const SAID_DIGITS =
  "oh|zero|one|two|three|four|five|six|seven|eight|nine|double|triple|hundred|null|eins|zwo|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zéro|un|deux|trois|quatre|cinq|sept|huit|neuf|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|due|tre|quattro|cinque|sei|sette|otto|nove|nul|een|twee|drie|zes|zeven|negen|jeden|dwa|trzy|cztery|pięć|sześć|siedem|osiem|dziewięć";
const SAID = new RegExp(`(?<!\\p{L})(?:(?:${SAID_DIGITS})[ ,.-]{1,3}){6,24}(?:${SAID_DIGITS})(?!\\p{L})`, "giu");

/** Telephone numbers: international ones, and national ones by their form or the words before them. */
export const findPhones: Detector = function* findPhones(text) {
  yield* matchesOf("phone", text, LINK);
  yield* matchesOf("phone", text, SAID);
  for (const { 0: literal, index } of withDigits(text).matchAll(DIALLED)) {
    const opened = literal.startsWith("(") && !literal.includes(")");
    const start = opened ? index + 1 : index;
    const before = text.slice(Math.max(0, start - NEAR), start);
    const number = opened ? literal.slice(1) : literal;
    if (!isPhone(number, before)) continue;
    const extension = EXTENSION.exec(text.slice(index + literal.length, index + literal.length + 20))?.[0] ?? "";
    yield { kind: "phone", start, end: index + literal.length + extension.length };
  }
};

function isPhone(literal: string, before: string): boolean {
  if (NOT_A_PHONE.test(before)) return false;
  const digits = literal.replace("(0)", "").replaceAll(/\D/gu, "");
  if (/^\(?\+/u.test(literal)) return isPhoneNumber(digits);
  if (/^0\d{3,4}(?:[.]\d){5,8}$/u.test(literal)) return true;
  const isLabelled = LABEL.test(before);
  if (isDateOrDecimal(literal, isLabelled)) return false;
  if (/^00[1-9]/u.test(digits)) return isPhoneNumber(digits.slice(2));
  if (isLabelled) return digits.length >= 6 && digits.length <= 15;
  return isNationalForm(literal, digits);
}

/** Without a word that says so: a zero and groups as Europe dials, or the three groups of North America. */
function isNationalForm(literal: string, digits: string): boolean {
  // Brazil: two digits of a region in brackets.
  if (/^\(\d\d\) ?9?\d{4}-\d{4}$/u.test(literal)) return true;
  if (/^(?:1[ ./-])?\(?[2-9]\d{2}\)?[ ./☎-]{1,2}[2-9]\d{2}[ ./☎-]\d{4}$/u.test(literal)) return true;
  const isGrouped = /^\(?0[1-9]\d*\)?[ /.-]/u.test(literal);
  const isMobile = /^(?:01[5-7]\d{8,9}|07\d{9}|0[67]\d{8})$/u.test(digits) || /^3[2-9]\d[ .-]\d{6,7}$/u.test(literal);
  return isMobile || (isGrouped && digits.length >= 9 && HOMES.some((home) => isPhoneNumber(home + digits.slice(1))));
}

/** Thousands are grouped by dots and blanks; behind a word that says so blanks are a telephone number's. */
function isDateOrDecimal(literal: string, isLabelled: boolean): boolean {
  return (
    (/^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(?!\d)/u.test(literal) && !/^0\d-\d\d-\d\d-/u.test(literal)) ||
    /^\d{4}[-./]\d{1,2}[-./]\d{1,2}(?!\d)/u.test(literal) ||
    (isLabelled ? /^\d{1,3}(?:\.\d{3})+$/u : /^\d{1,3}(?:[ .]\d{3})+$/u).test(literal) ||
    /^\d+\.\d+$/u.test(literal) ||
    /^\d{1,3}(?:\.\d{1,3}){3}$/u.test(literal)
  );
}
