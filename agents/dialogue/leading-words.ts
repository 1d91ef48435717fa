/** Small words that a message begins with, and what is left without them. */
import { isSpoken, wordsOf } from "../understanding/slots/words.ts";
import { isSmall } from "./bare-value.ts";
import { type Cues, cuesOf, leadingCue } from "./cues.ts";

const MOST_CUES = 3;

/** The text behind small words that lead it, and whether any of them carries on: openers alone do not. */
export function withoutCues(
  text: string,
  leading: readonly string[],
  { openers }: Cues,
): { readonly rest: string; readonly isCued: boolean } {
  let [rest, isCued] = [text, false];
  for (let count = 0; count < MOST_CUES; count += 1) {
    const cue = leadingCue(rest, leading);
    const found = cue ?? leadingCue(rest, openers);
    if (found === undefined) break;
    [rest, isCued] = [found.rest, isCued || cue !== undefined];
  }
  return { rest, isCued };
}

/** Whether words say more than those that carry a conversation on. */
export function saysMore(text: string, language: string): boolean {
  const cues = cuesOf(language);
  return contentOf(withoutCues(text, cues.corrections, cues).rest, cues).length > 0;
}

/** The words with a meaning of their own. */
export function contentOf(text: string, cues: Cues): readonly string[] {
  return wordsOf(text)
    .filter(isSpoken)
    .map(({ form }) => form)
    .filter((form) => !isSmall(form, cues));
}

/** The longest phrase that counts from another time and is all that is said. */
export function shiftIn(text: string, cues: Cues): string | undefined {
  return Object.keys(cues.shifts)
    .toSorted((one, other) => other.length - one.length)
    .find((one) => {
      const behind = leadingCue(text, [one]);
      return behind !== undefined && contentOf(behind.rest, cues).length === 0;
    });
}
