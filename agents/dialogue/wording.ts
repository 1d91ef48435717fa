/** The words with which a request of the configuration is asked for. */
import type { Frame } from "../../core/dialogue.ts";
import { wordsOf } from "../understanding/slots/words.ts";
import type { Heard } from "./step.ts";

/** Words of the configured examples say what is asked for: where the configuration gives the value, they are none. */
export function withoutWording(slots: Frame["slots"], { given = {}, examples = [] }: Heard): Frame["slots"] {
  const wording = new Set(examples.flatMap((example) => wordsOf(example).map(({ form }) => form)));
  return Object.fromEntries(
    Object.entries(slots).filter(
      ([field, { literal }]) => !(field in given) || wordsOf(literal).some(({ form }) => !wording.has(form)),
    ),
  );
}
