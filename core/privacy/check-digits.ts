/** Check digits of cards and national numbers. Each takes digits (or capitals) without separators. */

/** Luhn, ISO/IEC 7812-1 annex B. */
export function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits.charAt(digits.length - 1 - at));
    const doubled = at % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** The sum of digits times weights. */
export function weighted(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, at) => sum + weight * Number(digits.charAt(at)), 0);
}

/** ISO 7064 mod 11,10, as the German tax number has it (§ 139b AO). */
export function isMod11And10(digits: string): boolean {
  let product = 10;
  for (const digit of digits.slice(0, -1)) {
    const sum = (Number(digit) + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return (11 - product) % 10 === Number(digits.at(-1));
}

/** Identity cards and passports, ICAO 9303: letters count from ten, weights 7, 3, 1. */
export function isIcao(characters: string): boolean {
  const sum = Array.from(characters.slice(0, -1), (one, at) => Number.parseInt(one, 36) * ([7, 3, 1][at % 3] ?? 0));
  return sum.reduce((all, one) => all + one, 0) % 10 === Number(characters.at(-1));
}
