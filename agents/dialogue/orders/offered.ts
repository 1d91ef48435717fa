/** Values that a question offers: "Emre Aydin or Emre Demir?" */
import type { Frame } from "../../../core/dialogue.ts";
import type { Json } from "../../../core/json.ts";
import { holdsCue, leadingCue } from "../cues.ts";
import type { Hearing } from "../step.ts";

/** Which of the offered values is meant: "the second one", or a yes to the only one. */
export function offeredIn(text: string, { cues }: Hearing, { offered = [] }: Frame): Json | undefined {
  const [only, ...more] = offered;
  if (only === undefined) return undefined;
  if (more.length === 0) return leadingCue(text, cues.yes) === undefined ? undefined : only;
  // "1.000,00 €" is a value itself, and not the first of them.
  if (/\d[.,]?\d/u.test(text)) return undefined;
  const phrase = Object.keys(cues.ordinals)
    .toSorted((one, other) => other.length - one.length)
    .find((one) => leadingCue(text, [one]) !== undefined || holdsCue(text, [one]));
  return phrase === undefined ? undefined : offered.at(cues.ordinals[phrase] ?? 0);
}

/** The request with the chosen value for what was asked. */
export function chosen({ asked = "", slots }: Frame, value: Json): Frame["slots"] {
  return { ...slots, [asked]: { value, literal: typeof value === "string" ? value : "", source: "known" } };
}
