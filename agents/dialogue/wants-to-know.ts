/** Whether words ask. Pure. */
import { type Cues, leadingCue } from "./cues.ts";

/** Words that begin with a question word, also behind a small word: "wait, to whom does it go". */
export function wantsToKnow(text: string, { questions, openers, corrections, additions, prepositions }: Cues): boolean {
  const behind = leadingCue(text, [...openers, ...corrections, ...additions])?.rest ?? text;
  const pointed = leadingCue(behind, prepositions)?.rest;
  return [text, behind, pointed ?? ""].some((one) => leadingCue(one, questions) !== undefined);
}

/** A question by its mark, or by the word that it begins with. */
export function isQuestion(text: string, cues: Cues): boolean {
  return /\?\s*$/u.test(text) || wantsToKnow(text, cues);
}
