import { electronicFormatIBAN, friendlyFormatIBAN, getCountrySpecifications, isValidIBAN } from "ibantools";
import type { Span } from "./span.ts";

/** An account number in IBAN form. Only `valid` ones may be used; the others are typing errors worth telling. */
export interface IbanMention extends Span {
  readonly kind: "iban";
  /** In capitals, without blanks. */
  readonly iban: string;
  /** Whether the country's format, its length and the check digits (ISO 13616, mod 97) are right. */
  readonly valid: boolean;
}

const lengthOfCountry = new Map(
  Object.entries(getCountrySpecifications()).flatMap(([country, { chars }]) =>
    typeof chars === "number" ? [[country, chars] as const] : [],
  ),
);

const FEWEST_DIGITS = 8;

/** Without spaces and hyphens, and in capitals. */
export function compactIban(text: string): string {
  return electronicFormatIBAN(text) ?? "";
}

/** Whether a compact IBAN in capitals has its country's format and length, and right check digits. */
export function isValidIban(iban: string): boolean {
  return isValidIBAN(iban);
}

/** Whether a text wants to be an IBAN, right or wrong. */
export function looksLikeIban(text: string): boolean {
  return /^[A-Z]{2}\d{2}[A-Z0-9]{8,30}$/u.test(compactIban(text));
}

/** In groups of four, as people compare it. */
export function formatIban(iban: string): string {
  return friendlyFormatIBAN(iban) ?? iban;
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
  const iban = compactIban(literal.replaceAll(/[\u00A0\u202F]/gu, " "));
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
