/** Precision and recall of the detectors by kind. */
import { personalDataKinds, type PersonalData, type PersonalDataKind } from "../../core/privacy/finding.ts";
import { findPersonalData } from "../../core/privacy/personal-data.ts";
import type { PrivacyCase } from "./cases.ts";

/** Of these kinds 95 of 100 must be found, and 95 of 100 findings must be right: they have a form of their own. */
export const structuredKinds: ReadonlySet<PersonalDataKind> = new Set([
  "card",
  "iban",
  "account",
  "national-id",
  "email",
  "phone",
  "crypto",
  "secret",
]);
export const GOAL = 0.95;

export interface Miss {
  readonly id: string;
  readonly what: "missed" | "wrong";
  readonly kind: PersonalDataKind;
  readonly value: string;
}

export interface Score {
  readonly kind: PersonalDataKind;
  readonly labelled: number;
  readonly found: number;
  readonly recall: number;
  readonly precision: number;
}

interface Verdict {
  readonly hits: readonly PersonalDataKind[];
  readonly misses: readonly Miss[];
  readonly right: readonly PersonalDataKind[];
}

/** What is labelled counts as found where findings cover nearly all of it: what stays readable tells nobody who it is. */
const COVERED = 0.8;

function judge({ id, text, finds }: PrivacyCase): Verdict {
  const found = findPersonalData(text);
  const labels = placesOf(text, finds);
  const overlaps = (left: PersonalData, right: PersonalData): number =>
    Math.max(0, Math.min(left.end, right.end) - Math.max(left.start, right.start));
  const isHit = (label: PersonalData): boolean => {
    const covering = found.filter(({ kind }) => kind === label.kind);
    const covered = covering.reduce((sum, one) => sum + overlaps(one, label), 0);
    return covered >= COVERED * (label.end - label.start);
  };
  // Right is what stands in a label of its kind by at least half: an address may go on into the words behind it.
  const isRight = (one: PersonalData): boolean =>
    labels.some((label) => label.kind === one.kind && overlaps(one, label) * 2 >= one.end - one.start);
  const miss = (what: Miss["what"], { kind, start, end }: PersonalData): Miss => ({
    id,
    what,
    kind,
    value: text.slice(start, end),
  });
  return {
    hits: labels.filter(isHit).map(({ kind }) => kind),
    right: found.filter(isRight).map(({ kind }) => kind),
    misses: [
      ...labels.filter((label) => !isHit(label)).map((label) => miss("missed", label)),
      ...found.filter((one) => !isRight(one)).map((one) => miss("wrong", one)),
    ],
  };
}

/** Where the values stand; one that stands there several times is labelled several times, in order. */
function placesOf(text: string, finds: PrivacyCase["finds"]): readonly PersonalData[] {
  const next = new Map<string, number>();
  return finds.map(({ kind, value }) => {
    const start = text.indexOf(value, next.get(value) ?? 0);
    if (start === -1) throw new Error("A case labels what does not stand in its text.");
    next.set(value, start + value.length);
    return { kind, start, end: start + value.length };
  });
}

export function scoreCases(cases: readonly PrivacyCase[]): { scores: readonly Score[]; misses: readonly Miss[] } {
  const verdicts = cases.map(judge);
  const misses = verdicts.flatMap((one) => one.misses);
  const count = (kinds: readonly PersonalDataKind[], kind: PersonalDataKind): number =>
    kinds.filter((one) => one === kind).length;
  const scores = personalDataKinds.map((kind) => {
    const hits = count(verdicts.flatMap((one) => one.hits), kind); // prettier-ignore
    const right = count(
      verdicts.flatMap((one) => one.right),
      kind,
    );
    const missed = misses.filter((one) => one.kind === kind && one.what === "missed").length;
    const wrong = misses.filter((one) => one.kind === kind && one.what === "wrong").length;
    return {
      kind,
      labelled: hits + missed,
      found: right + wrong,
      recall: hits / Math.max(1, hits + missed),
      precision: right / Math.max(1, right + wrong),
    };
  });
  return { scores, misses };
}
