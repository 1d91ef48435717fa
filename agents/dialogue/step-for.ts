/** What a request comes to with the values that were read for it: its call, or the question for one of them. */
import type { Dialogue, Frame } from "../../core/dialogue.ts";
import type { Filling, Unfit } from "../understanding/slots/fill-slots.ts";
import { ask, dialogueWith, type Hearing, repeated, type Step, touched } from "./step.ts";

interface Stepping {
  readonly hearing: Hearing;
  readonly filling?: Filling;
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
function askAgain(frame: Frame, { field, literal, isSeveral, bound }: Unfit, { others, hearing }: Again): Step {
  const { [field]: _wrong, ...slots } = frame.slots;
  const { cues } = hearing;
  const unfit = { ...frame, slots, asked: field };
  if (bound === undefined) {
    const sentence = isSeveral === true ? cues.several : cues.unfit;
    return ask(unfit, others, { hearing, sentence, said: { literal: repeated(literal) } });
  }
  const [sentence, value] = "most" in bound ? [cues.atMost, bound.most] : [cues.atLeast, bound.least];
  const said = { literal: repeated(literal), bound: String(value) };
  return ask({ ...unfit, isOutOfBounds: true }, others, { hearing, sentence, said });
}
