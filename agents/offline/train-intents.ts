import { calibrate, type Calibration } from "./calibration.ts";
import { routeOfIntent, type Intent } from "./intents.ts";
import { trainClassifier, type LinearClassifier, type TrainingOptions } from "./linear-classifier.ts";
import { trainingExamples } from "./training/examples.ts";

/** The settings the classifier was measured with. */
const intentTraining = { cost: 2, tolerance: 0.3, seed: 1 } as const satisfies TrainingOptions;

/** Cross-validates the training set: right means "leads to the right route". */
export function calibrateIntents(): Calibration {
  return calibrate(trainingExamples, {
    ...intentTraining,
    refused: "outOfScope",
    agrees: (predicted, actual) => routeOfIntent[predicted] === routeOfIntent[actual],
  });
}

/** Trains the classifier of the bank's assistant (about half a second of CPU). */
export function trainIntents(): LinearClassifier<Intent> {
  return trainClassifier(trainingExamples, intentTraining);
}
