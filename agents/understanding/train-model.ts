import { calibrate, chooseHeldOut } from "./calibration.ts";
import { extendClassifier, trainClassifier } from "./linear-classifier.ts";
import type { Model } from "./model.ts";
import { FOREIGN } from "./recognize.ts";
import { hashesOf, hashOfLesson, type Lesson, rowsByLabel } from "./lesson.ts";

/** What is foreign to most bots, or chat about the weather, is this one's business where its tool or admin says so. */
const rules = {
  yields: (label: string): boolean => label === FOREIGN || label === "small_talk",
  claims: (label: string): boolean => /^(?:tool|intent):/u.test(label),
};

/**
 * Learns from sentences, and measures on a fifth of them what its scores are worth before it learns them too. `alike`
 * are labels that are answered alike: taking one for the other is no fault.
 */
export function trainModel(lesson: Lesson): Model {
  const { examples, alike } = lesson;
  const trained = trainClassifier(examples, {}, { holdsOut: chooseHeldOut(examples, FOREIGN), ...rules });
  const groups = new Map(alike.flatMap((labels, group) => labels.map((label) => [label, group] as const)));
  const agrees = (predicted: string, actual: string): boolean =>
    predicted === actual || (groups.has(predicted) && groups.get(predicted) === groups.get(actual));
  const calibration = calibrate(examples, trained, { refused: FOREIGN, agrees });
  return { ...learned(lesson, trained.leftOut), classifier: trained.classifier, calibration };
}

/** At least so much of what is to be learned must be known already. */
const MOSTLY = 0.5;

/**
 * The model of a lesson that another model knows the better part of, such as the shipped one the general requests and
 * the shipped tools: only what is new is learned, in a fraction of the time. Undefined where too little is known.
 */
export function extendModel(model: Model, lesson: Lesson): Model | undefined {
  const { examples } = lesson;
  const hashes = Object.entries(hashesOf(lesson));
  const known = new Set(hashes.flatMap(([label, hash]) => (model.hashes[label] === hash ? [label] : [])));
  const isNew = examples.filter(({ label }) => !known.has(label)).length;
  if (isNew > examples.length * MOSTLY) return undefined;
  const isClaiming = hashes.some(([label]) => !known.has(label) && rules.claims(label));
  const kept = new Set([...known].filter((label) => !isClaiming || !rules.yields(label)));
  const rowsOf = rowsByLabel(examples);
  const leftOut = new Set(
    [...rowsOf].flatMap(([label, rows]) =>
      known.has(label) ? (model.leftOut[label] ?? []).flatMap((place) => rows[place] ?? []) : [],
    ),
  );
  const extended = extendClassifier(model.classifier, examples, { kept, leftOut, rules });
  return { ...learned(lesson, extended.leftOut), classifier: extended.classifier, calibration: model.calibration };
}

function learned(lesson: Lesson, leftOut: ReadonlySet<number>): Pick<Model, "hash" | "hashes" | "leftOut"> {
  const left = [...rowsByLabel(lesson.examples)].map(
    ([label, rows]) => [label, rows.flatMap((row, place) => (leftOut.has(row) ? [place] : []))] as const,
  );
  return {
    hash: hashOfLesson(lesson),
    hashes: hashesOf(lesson),
    leftOut: Object.fromEntries(left.filter(([, places]) => places.length > 0)),
  };
}
