/** What a request comes to with the values that were read for it: its call, or the question for one of them. */
import type { Dialogue, FilledSlot, Frame } from "../../core/dialogue.ts";
import type { Filling, Unfit } from "../understanding/slots/fill-slots.ts";
import { holdsCue } from "./cues.ts";
import { ask, dialogueWith, type Hearing, repeated, type Step, touched } from "./step.ts";

interface Stepping {
  readonly hearing: Hearing;
  readonly filling?: Filling;
}

/** Who named more at once wants to choose. */
const MOST_CALLS = 4;

/**
 * One step; where a field of what only looks at something has several values, a call for each of them: "October compared
 * to September". Of values that were put right the last one counts.
 */
export function stepsFor(frame: Frame, others: Dialogue, { hearing, filling }: Stepping): readonly Step[] {
  const [unfit, ...more] = filling?.unfit ?? [];
  const several = more.length > 0 || unfit === undefined ? [] : eachOf(frame, unfit, hearing);
  const field = unfit?.field ?? "";
  if (several.length === 0) return [stepFor(frame, others, { hearing, ...(filling && { filling }) })];
  return several.map((slot) => stepFor({ ...frame, slots: { ...frame.slots, [field]: slot } }, others, { hearing }));
}

/** The values of the field, each to be looked at; none where it must be asked about. */
function eachOf(
  { tool, asked }: Frame,
  { field, literal, several = [] }: Unfit,
  { options, cues }: Hearing,
): readonly FilledSlot[] {
  const { hasEffects, slots = {} } = options.tools.get(tool) ?? {};
  // What cannot be done without a value is for the person to choose.
  const isFilter = hasEffects === false && slots[field]?.required !== true && asked === undefined;
  if (!isFilter || several.length > MOST_CALLS) return [];
  return holdsCue(literal, cues.replacements) ? several.slice(-1) : several;
}

/** The call where all is there, else the question for what is not. */
export function stepFor(frame: Frame, others: Dialogue, { hearing, filling }: Stepping): Step {
  const [unfit] = filling?.unfit ?? [];
  const { asked: _asked, isOutOfBounds: _passed, ...plain } = frame;
  if (unfit !== undefined) return askAgain(plain, unfit, { others, hearing });
  const tool = hearing.options.tools.get(frame.tool);
  const missing = Object.entries(tool?.slots ?? {}).find(
    ([field, { required }]) => required && !(field in frame.slots),
  );
  if (missing !== undefined) return ask({ ...plain, asked: missing[0] }, others, { hearing });
  const called = touched(plain, hearing);
  return { kind: "call", frame: called, dialogue: dialogueWith(called, others) };
}

interface Again {
  readonly others: Dialogue;
  readonly hearing: Hearing;
}

/** Says which words do not fit a field, and why, and asks for it. */
function askAgain(frame: Frame, { field, literal, several, bound }: Unfit, { others, hearing }: Again): Step {
  const { [field]: _wrong, ...slots } = frame.slots;
  const { cues } = hearing;
  const unfit = { ...frame, slots, asked: field };
  if (bound === undefined) {
    const sentence = several !== undefined ? cues.several : cues.unfit;
    return ask(unfit, others, { hearing, sentence, said: { literal: repeated(literal) } });
  }
  const [sentence, value] = "most" in bound ? [cues.atMost, bound.most] : [cues.atLeast, bound.least];
  const said = { literal: repeated(literal), bound: String(value) };
  return ask({ ...unfit, isOutOfBounds: true }, others, { hearing, sentence, said });
}
