import { isIcao, isLuhn, isMod11And10, weighted } from "./check-digits.ts";
import type { Detector } from "./finding.ts";
import { matchesOf } from "./finding.ts";

/** One country's number: its shape, and whether its check digits are right (without separators, in capitals). */
interface NationalId {
  readonly shape: RegExp;
  readonly isOne?: (compact: string) => boolean;
  /** A number whose shape and check many others share counts only behind a word that says what it is. */
  readonly named?: RegExp;
  /** @default 5 */
  readonly fewestDigits?: number;
}

/** One of these words by itself. */
const word = (words: string): RegExp => new RegExp(`(?<!\\p{L})(?:${words})(?!\\p{L})`, "iu");

const edge = (shape: string, flags = "giu"): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}])(?:${shape})(?![\\p{L}\\p{N}])`, flags);
const isDay = (day: string, month: string): boolean =>
  Number(day) >= 1 && Number(day) <= 31 && Number(month) >= 1 && Number(month) <= 12;

const SPANISH = "TRWAGMYFPDXBNJZSQVHLCKE";
const spanish = (compact: string): boolean => {
  const digits = compact.replace(/^[XYZ]/u, (letter) => String("XYZ".indexOf(letter)));
  return SPANISH.charAt(Number(digits.slice(0, -1)) % 23) === compact.at(-1);
};

/** The control letter of the Italian codice fiscale: odd places count by this table. */
const ITALIAN_ODD = "BAKPLCQDREVOSFTGUHMINJWZYX";
const italian = (compact: string): boolean => {
  const sum = Array.from(compact.slice(0, 15)).reduce((all, one, at) => {
    const value = /\d/u.test(one) ? Number(one) : one.charCodeAt(0) - 65;
    return all + (at % 2 === 1 ? value : ITALIAN_ODD.indexOf(String.fromCharCode(65 + value)));
  }, 0);
  return String.fromCharCode(65 + (sum % 26)) === compact.at(-1);
};

const pesel = (digits: string): boolean =>
  (10 - (weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10 === Number(digits.at(-1)) &&
  isDay(digits.slice(4, 6), String(Number(digits.slice(2, 4)) % 20));

const austrian = (digits: string): boolean =>
  (Number(digits.slice(0, 3)) * 0 + weighted(digits, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6])) % 11 ===
    Number(digits.charAt(3)) && isDay(digits.slice(4, 6), digits.slice(6, 8));

/** The letter of a German insurance number counts as its two-digit place in the alphabet. */
const germanPension = (compact: string): boolean => {
  const letter = String(compact.charCodeAt(8) - 64).padStart(2, "0");
  const digits = `${compact.slice(0, 8)}${letter}${compact.slice(9, 11)}`;
  const sum = Array.from(digits).reduce((all, one, at) => {
    const product = Number(one) * ([2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1][at] ?? 0);
    return all + (product % 10) + Math.floor(product / 10);
  }, 0);
  return sum % 10 === Number(compact.at(-1)) && isDay(compact.slice(2, 4), compact.slice(4, 6));
};

const french = (compact: string): boolean => {
  const number = compact.slice(0, 13).replace("2A", "19").replace("2B", "18");
  return 97 - Number(BigInt(number) % 97n) === Number(compact.slice(13));
};

/** One digit occurs two or three times among the first ten of a German tax number, so that not all are different. */
const germanTax = (digits: string): boolean => {
  const repeated = new Set(digits.slice(0, 10)).size;
  return !digits.startsWith("0") && repeated >= 8 && repeated <= 9 && isMod11And10(digits);
};

/** A letter counts as its two-digit place in the alphabet; digits of products are added. */
const germanHealth = (compact: string): boolean => {
  const digits = `${String(compact.charCodeAt(0) - 64).padStart(2, "0")}${compact.slice(1, 9)}`;
  const sum = Array.from(digits).reduce((all, one, at) => {
    const product = Number(one) * ((at % 2) + 1);
    return all + (product % 10) + Math.floor(product / 10);
  }, 0);
  return sum % 10 === Number(compact.at(-1));
};

const brazilian = (digits: string): boolean =>
  [9, 10].every((length) => {
    const sum = weighted(
      digits.slice(0, length),
      Array.from({ length }, (_, at) => length + 1 - at),
    );
    return ((sum * 10) % 11) % 10 === Number(digits.charAt(length));
  });

const polishCard = (compact: string): boolean =>
  [7, 3, 1, 9, 7, 3, 1, 7, 3].reduce((sum, weight, at) => sum + weight * Number.parseInt(compact.charAt(at), 36), 0) %
    10 ===
  0;

const DOCUMENTS =
  "passports?|reisepass\\p{L}*|(?:reise)?pass(?:nummer|-?nr)|pass|\\p{L}*ausweis\\p{L}*|dokumentennummer|document (?:no|number|nr)|identity card|id[- ]card|perso(?:nummer)?|(?:driving|driver'?s) licen[cs]e|führerschein\\p{L}*|passeport|pasaporte|passaporto|paspoort\\p{L}*|paszport\\p{L}*|carte d'identité|carta d'identità|(?:documento|tarjeta) de identidad|identiteitskaart|rijbewijs|dow[óo]d\\p{L}*|prawo jazdy|cni|cie";
const NUMBERS =
  "ssn|social security(?: (?:number|no))?|itin|national insurance(?: (?:number|no))?|nino|ni number|tax(?:payer)? (?:id|number|identification)|steuer-?(?:id|idnr|nummer|identifikationsnummer)\\p{L}*|idnr|sozialversicherungs(?:nummer|nr)|sv-?(?:nummer|nr)|rentenversicherungsnummer|rvnr|versicherten-?(?:nummer|nr)|krankenversicherungsnummer|kvnr|ahv(?:-?(?:nummer|nr))?|avs|svnr|e-card|insee|nir|sécurité sociale|sécu\\p{L}*|seguridad social|naf|dni|nif|cpf|codice fiscale|c\\.?f\\.?|pesel|bsn|rijksregister(?:nummer)?|numéro national|niss|personnummer|aadhaa?r";

const IDS: readonly NationalId[] = [
  // United States: social security and taxpayer numbers.
  { shape: edge("(?!000|666)\\d{3}([- ])(?!00)\\d\\d\\1(?!0000)\\d{4}") },
  { shape: edge("\\d{9}"), named: word("ssn|social(?: security)?|itin|taxpayer") },
  // United Kingdom: national insurance.
  { shape: edge("(?:QQ|(?!BG|GB|NK|KN|TN|NT|ZZ)[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z]) ?(?:\\d{2}[ .-]?){3}[A-D]") },
  { shape: edge("\\d{3}[ -]?\\d{3}[ -]?\\d{4}"), named: word("nhs") },
  // Ireland.
  { shape: edge("\\d{7}[A-W][A-IW]?"), named: word("pps(?:n|-?nummer)?") },
  // Germany: tax, insurance, identity card.
  { shape: edge("\\d{2}[ ./]?\\d{3}[ ./]?\\d{3}[ ./]?\\d{3}"), isOne: germanTax },
  { shape: edge("\\d{2} ?(?:\\d{2} ?){3}[A-Z] ?\\d{2} ?\\d"), isOne: germanPension },
  {
    shape: edge("[CFGHJKLMNPRTVWXYZ][CFGHJKLMNPRTVWXYZ0-9]{8}\\d"),
    isOne: (compact) => /\d{3}/u.test(compact) && isIcao(compact),
  },
  // France, Spain, Italy.
  {
    shape: edge("[1-478] ?\\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\\d) ?(?:\\d{2}|2[AB]) ?\\d{3} ?\\d{3} ?(?:/ ?|- ?)?\\d{2}"),
    isOne: french,
  },
  { shape: edge("(?:\\d{2}\\.?\\d{3}\\.?\\d{3}|[XYZ][ -]?\\d{7})[ -]?[A-Z]"), isOne: spanish },
  { shape: edge("[A-Z]{3} ?[A-Z]{3} ?\\d{2}[A-EHLMPRST]\\d{2} ?[A-Z]\\d{3}[A-Z]"), isOne: italian },
  // Netherlands, Poland, Switzerland, Austria.
  {
    shape: edge("\\d{3}[ .]?\\d{2,3}[ .]?\\d{3,4}"),
    named: word("bsn|burgerservicenummer|sofi-?nummer"),
  },
  { shape: edge("\\d{11}"), isOne: pesel },
  {
    shape: edge("756[. ]?\\d{4}[. ]?\\d{4}[. ]?\\d{2}"),
    isOne: (digits) => weighted(digits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0,
  },
  { shape: edge("\\d{3}[ -]?\\d[ /-]?\\d{2}[. ]?\\d{2}[. ]?\\d{2}"), isOne: austrian },
  // Canada, Sweden: shapes that others share.
  { shape: edge("\\d{3}[ -]\\d{3}[ -]\\d{3}"), named: word("sin|social insurance"), isOne: isLuhn },
  {
    shape: edge("(?:\\d{2})?\\d{6}[-+]\\d{4}"),
    isOne: (digits) => isLuhn(digits.slice(-10)) && isDay(digits.slice(-6, -4), digits.slice(-8, -6)),
  },
  // Germany: health insurance. Poland: identity card. Belgium and Spain: social insurance.
  { shape: edge("[A-Z]\\d{9}", "gu"), isOne: germanHealth },
  { shape: edge("[A-Z]{3} ?\\d{6}", "gu"), isOne: polishCard },
  { shape: edge("\\d{2}\\.\\d{2}\\.\\d{2}-\\d{3}\\.\\d{2}|\\d{2}/\\d{8}/\\d{2}") },
  // India, Australia.
  { shape: edge("\\d{4}[ -]?\\d{4}[ -]?\\d{4}"), named: word("aadhaa?r") },
  { shape: edge("\\d{3}[ -]?\\d{3}[ -]?\\d{2,3}"), named: word("tfn|tax file(?: (?:number|no))?") },
  // Brazil.
  { shape: edge("\\d{3}\\.\\d{3}\\.\\d{3}-\\d{2}"), isOne: brazilian },
  // The lines of a passport or card that machines read.
  { shape: /(?<![\p{L}\p{N}<])(?=[A-Z0-9<]{0,44}<)(?=(?:[A-Z<]{0,30}\d){8})[A-Z0-9<]{28,44}(?![\p{L}\p{N}<])/gu },
  // Any country's: a word says what it is.
  {
    shape: edge("(?=[A-Z]{0,8}\\d[A-Z]{0,8}\\d)[A-Z0-9]{6,18}"),
    named: word(DOCUMENTS),
    fewestDigits: 2,
  },
  {
    shape: edge("(?=[A-Z]{0,3} ?\\d)[A-Z0-9]{2,4}(?: (?=[A-Z]{0,3}\\d)[A-Z0-9]{2,6}){1,3}(?: [A-Z0-9])?", "gu"),
    named: word(DOCUMENTS),
    fewestDigits: 2,
  },
  {
    shape: edge("(?=[A-Z]{0,3}\\d)[A-Z0-9]{1,13}(?:[ ./-]{1,3}(?=[A-Z]{0,3}\\d)[A-Z0-9]{1,6}){0,12}(?:[ -]?[A-Z])?"),
    named: word(NUMBERS),
  },
];
/** So far before a number its word is looked for. */
const NEAR = 40;

/** Numbers that a state gives its people. */
export const findNationalIds: Detector = function* findNationalIds(text) {
  for (const { shape, isOne = () => true, named, fewestDigits = 5 } of IDS) {
    if (named !== undefined && !named.test(text)) continue;
    yield* matchesOf("national-id", text, shape, ({ 0: literal, index }) => {
      if (named !== undefined && !isNamed(text.slice(Math.max(0, index - NEAR), index), named)) return false;
      const digits = literal.replaceAll(/\D/gu, "");
      // A number of zeros is what a form shows.
      return (
        digits.length >= fewestDigits &&
        /[1-9]/u.test(digits) &&
        isOne(literal.toUpperCase().replaceAll(/[^A-Z0-9]/gu, ""))
      );
    });
  }
};

/** The word stands before the number, and no other number stands between. */
function isNamed(before: string, named: RegExp): boolean {
  const found = named.exec(before);
  return found !== null && !/\d{3}/u.test(before.slice(found.index + found[0].length));
}
