import { isPhoneNumber } from "../language/phones.ts";
import type { Detector } from "./finding.ts";
import { matchesOf } from "./finding.ts";

const NAME = "[\\p{L}\\p{N}](?:[\\p{L}\\p{N}._%+'-]{0,62}[\\p{L}\\p{N}_+-])?";
const DOMAIN = "(?:[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]{0,61}[\\p{L}\\p{N}])?\\.){1,6}\\p{L}{2,24}";
const EMAIL = new RegExp(`(?<![\\p{L}\\p{N}._%+-])${NAME} ?@ ?${DOMAIN}(?![\\p{L}\\p{N}]|-[\\p{L}\\p{N}])`, "gu");
const QUOTED_EMAIL = new RegExp(`"[^"\\n@]{1,60}"@${DOMAIN}`, "gu");
const AT = "(?: ?[([{<] ?(?:at|ät|klammeraffe|arroba|@) ?[)\\]}>] ?| (?:at|ät|arroba|klammeraffe) )";
const DOT = "(?: ?[([{<] ?(?:dot|punkt|punto|point|\\.) ?[)\\]}>] ?| (?:dot|punkt|punto|point) |\\.)";
const SPELLED = new RegExp(
  `(?<![\\p{L}\\p{N}._%+-])[\\p{L}\\p{N}](?:[\\p{L}\\p{N}_+-]|${DOT}(?=[\\p{L}\\p{N}])){0,40}${AT}[\\p{L}\\p{N}-]{1,63}(?:${DOT}[\\p{L}\\p{N}-]{1,63}){1,4}(?![\\p{L}\\p{N}])`,
  "giu",
);
/** "a n n a @ f i r m . d e": letter by letter. */
const SPACED = /(?<![\p{L}\p{N}])(?:[\p{L}\p{N}._-] ){2,40}@(?: [\p{L}\p{N}._-]){4,60}(?![\p{L}\p{N}])/gu;

/** E-mail addresses, also with "(at)" and "(dot)" or letter by letter. */
export const findEmails: Detector = function* findEmails(text) {
  if (text.includes("@")) {
    yield* matchesOf("email", text, EMAIL, ({ 0: literal }) => !literal.includes(" @ ") || !/\d @ /u.test(literal));
    yield* matchesOf("email", text, QUOTED_EMAIL);
    yield* matchesOf("email", text, SPACED);
  }
  yield* matchesOf("email", text, SPELLED, ({ 0: literal }) => /[([{<]/u.test(literal) || isSpelledAloud(literal));
};

/** "meet me at home dot" is a sentence: without brackets both words have to be spelled. */
function isSpelledAloud(literal: string): boolean {
  return /(?:at|ät|arroba|klammeraffe) \S+ (?:dot|punkt|punto|point) \p{L}{2,6}$/iu.test(literal);
}

/** Digits as they are dialled: groups with blanks, dots, slashes, hyphens, brackets. */
const DIALLED =
  /(?<![\p{L}\p{N}]|[\p{N}][.,:/-])(?:\+ ?|\(\+?)?\d(?:[ ./()\u00A0-]{0,3}\d){5,17}(?![\p{L}\p{N}]|[,:]\d|[./-]\d)/gu;
const LABEL =
  /(?:\b(?:tel|telefon|telephone|phone|call|ring|text|sms|mobile?|mob|cell|handy|fax|whats ?app|signal|viber|reach (?:me|us|him|her)|number|nummer|rufnummer|ruf|anrufen|ruf\w*|erreich\w*|durchwahl|hotline|dial|callback|téléphone|tél|portable|appele\w*|móvil|movil|teléfono|llám\w*|cellulare|telefono|chiama\w*|telefoon\w*|bel|mobiel|komórk\w*|zadzwo\w*|dzwoni\w*|numer|numero|número|numéro)\b|☎|📞|📱)[^\n]{0,24}$/iu;
const LINK =
  /(?:wa\.me\/|tel:|sms:|whatsapp:\/\/send\?phone=|api\.whatsapp\.com\/send\?phone=|callto:|phone=)\+?(?<value>\+?\d[\d-]{6,18})/giu;
const NOT_A_PHONE =
  /(?:\b(?:order|invoice|ticket|case|reference|ref|isbn|ean|issn|tracking|parcel|version|sku|po|bestell\w*|rechnung\w*|sendung\w*|auftrag\w*|vorgang\w*|aktenzeichen|artikel\w*|serien\w*|serial|id|facture|commande|factura|pedido|fattura|ordine|order\w*|factuur|faktura|zamówieni\w*|booking|buchung\w*|batch|charge|timestamp|unix|epoch)\b[^\n]{0,16}|[#№])$/iu;
const NEAR = 40;
const EXTENSION = /^[ ,]{0,2}(?:ext\.?|extension|x|durchwahl|dw|app\.?)[ .:]{0,2}\d{1,6}(?!\d)/iu;
const HOMES = ["49", "44", "1", "33", "34", "39", "31", "48", "43", "41"] as const;

/** Telephone numbers: international ones, and national ones by their form or the words before them. */
export const findPhones: Detector = function* findPhones(text) {
  yield* matchesOf("phone", text, LINK);
  for (const { 0: literal, index } of text.matchAll(DIALLED)) {
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
  if (isDateOrDecimal(literal)) return false;
  if (/^00[1-9]/u.test(digits)) return isPhoneNumber(digits.slice(2));
  if (LABEL.test(before)) return digits.length >= 6 && digits.length <= 15;
  return isNationalForm(literal, digits);
}

/** Without a word that says so: a zero and groups as Europe dials, or the three groups of North America. */
function isNationalForm(literal: string, digits: string): boolean {
  if (/^\(?[2-9]\d{2}\)?[ .-]{1,2}[2-9]\d{2}[ .-]\d{4}$/u.test(literal)) return true;
  const isGrouped = /^\(?0[1-9]\d{0,4}\)?[ /.-]{1,3}\d/u.test(literal) || /^0[1-9](?:[ .]\d{2}){4}$/u.test(literal);
  const isMobile = /^(?:01[5-7]\d{8,9}|07\d{9}|06\d{8}|0[67]\d{8})$/u.test(digits);
  return (isGrouped || isMobile) && digits.length >= 9 && HOMES.some((home) => isPhoneNumber(home + digits.slice(1)));
}

function isDateOrDecimal(literal: string): boolean {
  return (
    /^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(?!\d)/u.test(literal) ||
    /^\d{4}[-./]\d{1,2}[-./]\d{1,2}/u.test(literal) ||
    /^\d{1,3}(?:[ .]\d{3})+$/u.test(literal) ||
    /^\d+\.\d+$/u.test(literal) ||
    /^\d{1,3}(?:\.\d{1,3}){3}$/u.test(literal)
  );
}
