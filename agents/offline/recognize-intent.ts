import { probabilityOf, type Calibration } from "./calibration.ts";
import { routeOfIntent, type Intent, type Route } from "./intents.ts";
import { classify, type LinearClassifier } from "./linear-classifier.ts";

/** One reading of a message. */
export interface IntentGuess {
  readonly intent: Intent;
  readonly route: Route;
  /** How likely this reading is right, from 0 to 1, as measured on sentences the classifier had not seen. */
  readonly confidence: number;
}

/** The best reading of a message and the runners-up. */
export interface RecognizedIntent extends IntentGuess {
  /** The next readings, best first; when the message is out of scope, what it would otherwise have been. */
  readonly alternatives: readonly IntentGuess[];
}

/**
 * Result of `calibrateIntents()`, kept here because it takes three times as long as the training itself. A test
 * repeats it and fails with the new figures when the training set has moved them.
 */
export const intentCalibration: Calibration = { threshold: -0.48955, slope: 3.57666, offset: 1.70269 };

const ALTERNATIVES = 3;

/**
 * Reads the intent of a message. A message is out of scope when its best score is below the calibrated threshold
 * (unknown territory) or when the out-of-scope examples resemble it most (known foreign territory).
 */
export function recognizeIntent(classifier: LinearClassifier<Intent>, text: string): RecognizedIntent {
  const scores = classify(classifier, text);
  const guesses = scores
    .filter(({ label }) => label !== "outOfScope")
    .slice(0, ALTERNATIVES + 1)
    .map(({ label, score }) => ({
      intent: label,
      route: routeOfIntent[label],
      confidence: probabilityOf(score, intentCalibration),
    }));
  const [best, ...others] = guesses;
  const top = scores.find(({ label }) => label !== "outOfScope");
  const refused = scores[0]?.label === "outOfScope" || (top?.score ?? 0) < intentCalibration.threshold;
  if (best !== undefined && !refused) return { ...best, alternatives: others };
  return {
    intent: "outOfScope",
    route: "outOfScope",
    confidence: 1 - (best?.confidence ?? 0),
    alternatives: guesses.slice(0, ALTERNATIVES),
  };
}
