/** Check digits and letters of single countries' numbers, without separators and in capitals. */
import { isLuhn, isMod11And10, weighted } from "./check-digits.ts";

/** A day and a month that exist. */
export const isDay = (day: string, month: string): boolean =>
  Number(day) >= 1 && Number(day) <= 31 && Number(month) >= 1 && Number(month) <= 12;

const SPANISH = "TRWAGMYFPDXBNJZSQVHLCKE";
export const spanish = (compact: string): boolean => {
  const digits = compact.replace(/^[XYZ]/u, (letter) => String("XYZ".indexOf(letter)));
  return SPANISH.charAt(Number(digits.slice(0, -1)) % 23) === compact.at(-1);
};

/** The control letter of the Italian codice fiscale: odd places count by this table. */
const ITALIAN_ODD = "BAKPLCQDREVOSFTGUHMINJWZYX";
export const italian = (compact: string): boolean => {
  const sum = Array.from(compact.slice(0, 15)).reduce((all, one, at) => {
    const value = /\d/u.test(one) ? Number(one) : one.charCodeAt(0) - 65;
    return all + (at % 2 === 1 ? value : ITALIAN_ODD.indexOf(String.fromCharCode(65 + value)));
  }, 0);
  return String.fromCharCode(65 + (sum % 26)) === compact.at(-1);
};

export const pesel = (digits: string): boolean =>
  (10 - (weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10 === Number(digits.at(-1)) &&
  isDay(digits.slice(4, 6), String(Number(digits.slice(2, 4)) % 20));

export const austrian = (digits: string): boolean =>
  weighted(digits, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 === Number(digits.charAt(3)) &&
  isDay(digits.slice(4, 6), digits.slice(6, 8));

/** The letter of a German insurance number counts as its two-digit place in the alphabet. */
export const germanPension = (compact: string): boolean => {
  const letter = String(compact.charCodeAt(8) - 64).padStart(2, "0");
  const digits = `${compact.slice(0, 8)}${letter}${compact.slice(9, 11)}`;
  const sum = Array.from(digits).reduce((all, one, at) => {
    const product = Number(one) * ([2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1][at] ?? 0);
    return all + (product % 10) + Math.floor(product / 10);
  }, 0);
  return sum % 10 === Number(compact.at(-1)) && isDay(compact.slice(2, 4), compact.slice(4, 6));
};

export const french = (compact: string): boolean => {
  const number = compact.slice(0, 13).replace("2A", "19").replace("2B", "18");
  return 97 - Number(BigInt(number) % 97n) === Number(compact.slice(13));
};

/** One digit occurs two or three times among the first ten of a German tax number, so that not all are different. */
export const germanTax = (digits: string): boolean => {
  const repeated = new Set(digits.slice(0, 10)).size;
  return !digits.startsWith("0") && repeated >= 8 && repeated <= 9 && isMod11And10(digits);
};

/** A letter counts as its two-digit place in the alphabet; digits of products are added. */
export const germanHealth = (compact: string): boolean => {
  const digits = `${String(compact.charCodeAt(0) - 64).padStart(2, "0")}${compact.slice(1, 9)}`;
  const sum = Array.from(digits).reduce((all, one, at) => {
    const product = Number(one) * ((at % 2) + 1);
    return all + (product % 10) + Math.floor(product / 10);
  }, 0);
  return sum % 10 === Number(compact.at(-1));
};

export const brazilian = (digits: string): boolean =>
  [9, 10].every((length) => {
    const sum = weighted(
      digits.slice(0, length),
      Array.from({ length }, (_, at) => length + 1 - at),
    );
    return ((sum * 10) % 11) % 10 === Number(digits.charAt(length));
  });

export const polishCard = (compact: string): boolean =>
  [7, 3, 1, 9, 7, 3, 1, 7, 3].reduce((sum, weight, at) => sum + weight * Number.parseInt(compact.charAt(at), 36), 0) %
    10 ===
  0;

/** Chile's RUT: weights 2 to 7 from the right; eleven is 0, ten is K. */
export const chilean = (compact: string): boolean => {
  const digits = compact.slice(0, -1).split("").toReversed();
  const rest = 11 - (digits.reduce((sum, one, at) => sum + Number(one) * ((at % 6) + 2), 0) % 11);
  return (rest === 11 ? "0" : rest === 10 ? "K" : String(rest)) === compact.at(-1);
};

/** Argentina's CUIT. */
export const argentine = (digits: string): boolean =>
  (11 - (weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === Number(digits.at(-1));

/** South Africa: a date of birth, a serial number, the status, and Luhn. */
export const southAfrican = (digits: string): boolean =>
  isLuhn(digits) && isDay(digits.slice(4, 6), digits.slice(2, 4)) && /^[01][89]/u.test(digits.slice(10));

/** Norway: a date of birth (of D-numbers from day 41), and two check digits. */
export const norwegian = (digits: string): boolean =>
  isDay(String(Number(digits.slice(0, 2)) % 40), digits.slice(2, 4)) &&
  weighted(digits, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1, 0]) % 11 === 0 &&
  weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;

/** Portugal's citizen card: Luhn over its digits and letters, which count from ten. */
export const portugueseCard = (compact: string): boolean =>
  Array.from(compact).reduce((sum, one, at) => {
    const value = Number.parseInt(one, 36) * (at % 2 === 0 ? 2 : 1);
    return sum + (at % 2 === 0 && value > 9 ? value - 9 : value);
  }, 0) %
    10 ===
  0;

/** China: ISO 7064 mod 11,2 behind a date of birth. */
export const chinese = (compact: string): boolean => {
  const sum = weighted(compact, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11;
  return "10X98765432".charAt(sum) === compact.at(-1) && isDay(compact.slice(12, 14), compact.slice(10, 12));
};

/** Singapore's NRIC and FIN. */
export const singaporean = (compact: string): boolean => {
  const first = compact.charAt(0);
  const sum = weighted(compact.slice(1, 8), [2, 7, 6, 5, 4, 3, 2]) + (first === "T" || first === "G" ? 4 : 0);
  return (first === "S" || first === "T" ? "JZIHGFEDCBA" : "XWUTRQPNMLK").charAt(sum % 11) === compact.at(-1);
};

/** Finland: the letter of a date and a serial number. */
export const finnish = (compact: string): boolean =>
  "0123456789ABCDEFHJKLMNPRSTUVWXY".charAt(Number(compact.slice(0, 6) + compact.slice(-4, -1)) % 31) ===
    compact.at(-1) && isDay(compact.slice(0, 2), compact.slice(2, 4));

/** Russia's SNILS. */
export const russianInsurance = (digits: string): boolean =>
  (weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101) % 100 === Number(digits.slice(9));

/** Czechia and Slovakia: a date of birth (women's months from 51, or 20 more), the whole divisible by 11. */
export const czech = (digits: string): boolean =>
  Number(digits) % 11 === 0 && isDay(digits.slice(4, 6), String((Number(digits.slice(2, 4)) % 50) % 20 || 20));
