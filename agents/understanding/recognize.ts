import { allCues, leadingCue } from "../dialogue/cues.ts";
import { probabilityOf } from "./calibration.ts";
import { classify } from "./linear-classifier.ts";
import type { Model } from "./model.ts";

/** The label of what none of the bot's requests is. */
export const FOREIGN = "out_of_scope";

/** The label of what is said around a request ("I'm in a hurry", "my sister's birthday is on Friday") and asks for nothing. */
const AROUND = "context";

/** One reading of a message. */
export interface Guess {
  /** A general request by its name (`greet`), `tool:<name>`, `intent:<name>` of the configuration, `request:<name>` of a tool pack. */
  readonly label: string;
  /** How likely this reading is right, from 0 to 1, as measured on sentences that training had not seen. */
  readonly confidence: number;
}

/** The best reading of a message and the runners-up. */
export interface Recognized extends Guess {
  /** The next readings, best first; where the message is foreign, what it would otherwise have been. */
  readonly alternatives: readonly Guess[];
  /** Whether it sounds like something around a request rather than like one. */
  readonly isAround: boolean;
}

/**
 * Reads what a message asks for. It is foreign (`FOREIGN`) when its best score is below the calibrated threshold (unknown
 * territory) or when the foreign examples resemble it most (known foreign territory). About a tenth of a millisecond.
 */
export function recognize(model: Model, text: string): Recognized {
  const whole = recognizeWhole(model, text);
  if (whole.label !== "greet") return whole;
  // "Hi, will it rain?" says hello and asks for something: what is asked for counts.
  const behind = allCues()
    .map(({ openers }) => leadingCue(text, openers))
    .find((cue) => cue !== undefined);
  const rest = behind === undefined ? undefined : recognizeWhole(model, behind.rest);
  return rest !== undefined && rest.label.includes(":") ? rest : whole;
}

const SURE = 0.8;

/** So sure of what the bot was taught, no resemblance to what is foreign to most bots counts. */
const isSurelyTaught = ({ label, confidence }: Guess): boolean => label.includes(":") && confidence >= SURE;

function recognizeWhole({ classifier, calibration }: Model, text: string): Recognized {
  const all = classify(classifier, text);
  const scores = all.filter(({ label }) => label !== AROUND);
  const isAround = all[0]?.label === AROUND;
  const known = scores.filter(({ label }) => label !== FOREIGN);
  const guesses = known.map(({ label, score }) => ({ label, confidence: probabilityOf(score, calibration) }));
  const [best, ...others] = guesses;
  const seemsForeign = scores[0]?.label === FOREIGN || (known[0]?.score ?? 0) < calibration.threshold;
  if (best !== undefined && (!seemsForeign || isSurelyTaught(best))) return { ...best, alternatives: others, isAround };
  return { label: FOREIGN, confidence: 1 - (best?.confidence ?? 0), alternatives: guesses, isAround };
}
