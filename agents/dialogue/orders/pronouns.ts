/** "Send him 20": whom an earlier request named. Pure. */
import type { Frame } from "../../../core/dialogue.ts";
import { formOf } from "../../understanding/slots/words.ts";
import { holdsCue } from "../cues.ts";
import type { AskedTool, Hearing } from "../step.ts";
import type { Order } from "./order.ts";

/** With what is known besides its words: "I pay him, it makes 20" names nobody else. */
export function meaning(known: Frame["slots"], { slots, unclear }: Order): Order {
  const filled = { ...known, ...slots };
  return unclear === undefined || unclear.field in known ? { slots: filled } : { slots: filled, unclear };
}

/** "Send him 20": whom an earlier request named. */
export function pronounIn({ slots }: AskedTool, { heard, cues, options, frames }: Hearing): Frame["slots"] {
  if (!holdsCue(heard.text, cues.pronouns)) return {};
  const field = Object.keys(slots).find(
    (name) =>
      slots[name]?.required === true &&
      slots[name].isText &&
      options.named?.some(({ kind }) => kind === slots[name]?.entity),
  );
  const said = frames.flatMap((frame) => Object.values(frame.slots)).map(({ value }) => value);
  const known = said
    .map((value) =>
      options.named?.find(
        (one) =>
          one.kind === slots[field ?? ""]?.entity &&
          formOf(JSON.stringify(one.value)) === formOf(JSON.stringify(value)),
      ),
    )
    .find((one) => one !== undefined);
  return field === undefined || known === undefined
    ? {}
    : { [field]: { value: known.value, literal: "", source: "known" } };
}
