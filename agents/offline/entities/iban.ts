import type { Span } from "./span.ts";

/** An account number in IBAN form. Only `valid` ones may be used; the others are typing errors worth telling. */
export interface IbanMention extends Span {
  readonly kind: "iban";
  /** In capitals, without blanks. */
  readonly iban: string;
  /** Whether the length of its country and the check digits (ISO 13616, mod 97) are right. */
  readonly valid: boolean;
}

const lengths =
  "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30";

const lengthOfCountry = new Map(
  lengths.split(" ").map((entry) => [entry.slice(0, 2), Number(entry.slice(2))] as const),
);

const FEWEST_DIGITS = 8;

function hasValidCheckDigits(iban: string): boolean {
  let remainder = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}

/** Whether a compact IBAN in capitals has the length of its country and right check digits. */
export function isValidIban(iban: string): boolean {
  return (
    /^[A-Z]{2}\d{2}[A-Z0-9]+$/u.test(iban) &&
    lengthOfCountry.get(iban.slice(0, 2)) === iban.length &&
    hasValidCheckDigits(iban)
  );
}

/** Where the characters of an IBAN end, when it has exactly `length` of them with at most one separator between. */
function endOf(text: string, start: number, length: number): number {
  let end = start;
  for (let taken = 0; taken < length; taken += 1) {
    const separated = taken > 0 && /[ \u00A0\u202F-]/u.test(text.charAt(end)) ? end + 1 : end;
    if (!/[A-Za-z0-9]/u.test(text.charAt(separated))) return end;
    end = separated + 1;
  }
  return end;
}

function mentionAt(text: string, start: number): IbanMention | undefined {
  const length = lengthOfCountry.get(text.slice(start, start + 2).toUpperCase());
  if (length === undefined) return undefined;
  const end = endOf(text, start, length);
  const literal = text.slice(start, end);
  const iban = literal.replaceAll(/[^A-Za-z0-9]/gu, "").toUpperCase();
  const runsOn = /^[\p{L}\p{N}]/u.test(text.slice(end, end + 2));
  if (!runsOn && isValidIban(iban)) return { kind: "iban", start, end, literal, iban, valid: true };
  if (iban.replaceAll(/\D/gu, "").length < FEWEST_DIGITS) return undefined;
  // A number that is too short has swallowed the words behind it: give them back.
  const own = literal.replace(/(?:[ \u00A0\u202F-][A-Za-z]+)+$/u, "");
  const compact = own.replaceAll(/[^A-Za-z0-9]/gu, "").toUpperCase();
  return { kind: "iban", start, end: start + own.length, literal: own, iban: compact, valid: false };
}

/** Finds IBANs, also in lower case and in groups. The length of the country decides where one ends. */
export function findIbans(text: string): readonly IbanMention[] {
  const mentions: IbanMention[] = [];
  for (const match of text.matchAll(/(?<![\p{L}\p{N}])[A-Za-z]{2}\d{2}/gu)) {
    if (match.index < (mentions.at(-1)?.end ?? 0)) continue;
    const mention = mentionAt(text, match.index);
    if (mention !== undefined) mentions.push(mention);
  }
  return mentions;
}
