/** What was found in a text that tells who somebody is, or lets somebody act as them. */

export const personalDataKinds = [
  "card",
  "iban",
  "account",
  "national-id",
  "email",
  "phone",
  "postal",
  "crypto",
  "secret",
] as const;

export type PersonalDataKind = (typeof personalDataKinds)[number];

/** One finding, as UTF-16 offsets of the text that was searched: `text.slice(start, end)`. */
export interface PersonalData {
  readonly kind: PersonalDataKind;
  readonly start: number;
  readonly end: number;
}

/** Finds one kind in a text that was folded. Takes time that grows with the text's length alone. */
export type Detector = (text: string) => Iterable<PersonalData>;

/** The matches of a pattern that pass a check. */
export function* matchesOf(
  kind: PersonalDataKind,
  text: string,
  pattern: RegExp,
  isOne: (match: RegExpExecArray) => boolean = () => true,
): Generator<PersonalData> {
  for (const match of text.matchAll(pattern)) {
    if (!isOne(match)) continue;
    const value = match.groups?.["value"];
    const [whole] = match;
    const at = value === undefined ? 0 : whole.lastIndexOf(value);
    yield { kind, start: match.index + at, end: match.index + at + (value ?? whole).length };
  }
}
