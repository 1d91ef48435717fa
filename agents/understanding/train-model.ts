import { calibrate, chooseHeldOut } from "./calibration.ts";
import { trainClassifier } from "./linear-classifier.ts";
import type { Model } from "./model.ts";
import { FOREIGN } from "./recognize.ts";
import { hashOfLesson, type Lesson } from "./lesson.ts";

/**
 * Learns from sentences, and measures on a fifth of them what its scores are worth before it learns them too. `alike`
 * are labels that are answered alike: taking one for the other is no fault.
 */
export function trainModel({ examples, alike }: Lesson): Model {
  const trained = trainClassifier(
    examples,
    {},
    {
      holdsOut: chooseHeldOut(examples, FOREIGN),
      // What is foreign to most bots, or chat about the weather, is this one's business where its tool or admin says so.
      yields: (label) => label === FOREIGN || label === "small_talk",
      claims: (label) => /^(?:tool|intent):/u.test(label),
    },
  );
  const groups = new Map(alike.flatMap((labels, group) => labels.map((label) => [label, group] as const)));
  const agrees = (predicted: string, actual: string): boolean =>
    predicted === actual || (groups.has(predicted) && groups.get(predicted) === groups.get(actual));
  const calibration = calibrate(examples, trained, { refused: FOREIGN, agrees });
  return { hash: hashOfLesson({ examples, alike }), classifier: trained.classifier, calibration };
}
