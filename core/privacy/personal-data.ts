/**
 * Finds what tells who somebody is, or lets somebody act as them: numbers of cards and accounts, national ids, e-mail, telephone,
 * postal and crypto addresses, secrets. It never sees everything: names and free text are not its task.
 */
import { findAccounts } from "./accounts.ts";
import { findCards } from "./cards.ts";
import { findCryptoAddresses } from "./crypto-addresses.ts";
import { findEmails } from "./emails.ts";
import type { Detector, PersonalData } from "./finding.ts";
import { foldText } from "../text/fold-text.ts";
import { findIbans } from "./ibans.ts";
import { findNearLabels } from "./nearest-label.ts";
import { findNationalIds } from "./national-ids.ts";
import { findPhones } from "./phones.ts";
import { findPostalAddresses } from "./postal-addresses.ts";
import { findSecrets } from "./secrets.ts";

/** The surer kinds come first: what one of them has, no later one may have. */
const DETECTORS: readonly Detector[] = [
  findSecrets,
  findIbans,
  findCryptoAddresses,
  findCards,
  findEmails,
  findAccounts,
  findNationalIds,
  findNearLabels,
  findPhones,
  findPostalAddresses,
];

/**
 * All personal data of a text, in its order and without overlaps.
 *
 * @example
 * ```ts
 * findPersonalData("Call +49 151 23456789"); // [{ kind: "phone", start: 5, end: 21 }]
 * ```
 */
export function findPersonalData(text: string): readonly PersonalData[] {
  const folded = foldText(text);
  const found: PersonalData[] = [];
  // A secret that holds a hidden sign is masked with it; one that is taken is blanked, so that no other kind reads it.
  let rest = withoutPictures(folded.text);
  const machineIds = machineIdsOf(rest);
  for (const detector of DETECTORS) {
    const all = [...detector(rest)].filter((one) => detector === findSecrets || !machineIds.some(isPartly(one)));
    const ones = withoutOverlaps(all);
    if (ones.length === 0) continue;
    found.push(...ones);
    rest = blanked(rest, ones);
  }
  return withoutOverlaps(found).map(({ kind, ...span }) => ({ kind, ...folded.original(span) }));
}

/** Signs that are part of no value, such as emoji, in the form of one that is: patterns read texts of plain signs much faster. */
const PICTURES = /[^\s\u0020-\u024F\p{L}\p{N}☎📞📱№„“”…]/gu;

function withoutPictures(text: string): string {
  const plain = text.replaceAll(PICTURES, (sign) => "§".repeat(sign.length));
  // The same text, kept as one byte a sign where it can be.
  return /^[\t\n\r\u0020-\u00FF]*$/u.test(plain) ? Buffer.from(plain, "latin1").toString("latin1") : plain;
}

/**
 * UUIDs, and the hexadecimal ids of traces and hashes (which have both digits and letters, unlike any account's number):
 * what a machine made by chance has stretches that pass for somebody's number.
 */
const MACHINE_IDS =
  /(?<![\p{L}\p{N}_-])(?:[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|(?=\d{0,63}[a-f])(?:[\da-f]{64}|[\da-f]{40}|[\da-f]{32}))(?![\p{L}\p{N}_-])/giu;

type Span = Pick<PersonalData, "start" | "end">;

function machineIdsOf(text: string): readonly Span[] {
  return [...text.matchAll(MACHINE_IDS)].map(({ 0: id, index }) => ({ start: index, end: index + id.length }));
}

/** Some of an id, which says nothing: the whole of it may be the address of a wallet. */
const isPartly =
  (found: Span) =>
  (id: Span): boolean =>
    found.start < id.end && found.end > id.start && found.end - found.start < id.end - id.start;

function withoutOverlaps(found: readonly PersonalData[]): readonly PersonalData[] {
  const kept: PersonalData[] = [];
  for (const one of found.toSorted((left, right) => left.start - right.start || right.end - left.end)) {
    const last = kept.at(-1);
    if (last === undefined || one.start >= last.end) kept.push(one);
    // Two readings of one value: all of it is masked.
    else if (one.kind === last.kind && one.end > last.end) kept[kept.length - 1] = { ...last, end: one.end };
  }
  return kept;
}

/** The same length, with a sign in the place of what was found that no detector reads. */
function blanked(text: string, found: readonly PersonalData[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end } of found) {
    parts.push(text.slice(at, start), "\u0000".repeat(end - start));
    at = end;
  }
  return [...parts, text.slice(at)].join("");
}
