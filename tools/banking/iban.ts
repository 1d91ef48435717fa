/** Account numbers after ISO 13616. */

/** Length by country, for those that take part in SEPA; others are checked by their digits alone. */
const lengths = new Map(
  "AD24 AT20 BE16 BG22 CH21 CY28 CZ24 DE22 DK18 EE20 ES24 FI18 FR27 GB22 GI23 GR27 HR21 HU28 IE22 IS26 IT27 LI21 LT20 LU20 LV21 MC27 MT31 NL18 NO15 PL28 PT25 RO24 SE24 SI19 SK24 SM27 VA22"
    .split(" ")
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** Without spaces and in capitals. */
export function compactIban(text: string): string {
  return text.replaceAll(/[\s-]/g, "").toUpperCase();
}

/** Whether a text wants to be an IBAN, right or wrong. */
export function looksLikeIban(text: string): boolean {
  return /^[A-Z]{2}\d{2}[A-Z0-9]{8,30}$/.test(compactIban(text));
}

/** Whether length and check digits are right (ISO 7064, mod 97 = 1). Takes the compact form. */
export function isIban(iban: string): boolean {
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(iban)) return false;
  const length = lengths.get(iban.slice(0, 2));
  if (length !== undefined && iban.length !== length) return false;
  const rearranged = iban.slice(4) + iban.slice(0, 4);
  const digits = rearranged.replaceAll(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  return BigInt(digits) % 97n === 1n;
}

/** In groups of four, as people compare it. */
export function formatIban(iban: string): string {
  return iban.replaceAll(/.{4}(?=.)/g, "$& ");
}

/** Enough to recognise one's own account, too little to pay to it. */
export function maskIban(iban: string): string {
  return `${iban.slice(0, 2)}•• •••• ${iban.slice(-4)}`;
}
