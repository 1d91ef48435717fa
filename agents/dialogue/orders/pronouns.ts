/** "Send him 20": whom an earlier request named. Pure. */
import type { Frame } from "../../../core/dialogue.ts";
import type { Json } from "../../../core/json.ts";
import { findNamed } from "../../understanding/slots/named.ts";
import { formOf, wordsOf } from "../../understanding/slots/words.ts";
import { holdsCue } from "../cues.ts";
import type { AskedTool, Hearing } from "../step.ts";
import type { Order } from "./order.ts";

/** With what is known besides its words: "I pay him, it makes 20" names nobody else. */
export function meaning(known: Frame["slots"], { slots, unclear }: Order): Order {
  const filled = { ...known, ...slots };
  // "To Zacharias, he is nice": that is somebody else.
  const isNamed = unclear !== undefined && (!(unclear.field in known) || /^\p{Lu}/u.test(unclear.literal));
  return isNamed ? { slots: filled, unclear } : { slots: filled };
}

/** "Send him 20": whom the text itself names elsewhere, or an earlier request named. */
export function pronounIn({ slots }: AskedTool, { heard, cues, options, frames }: Hearing): Frame["slots"] {
  if (!holdsCue(heard.text, cues.pronouns)) return {};
  const named = options.named ?? [];
  const field = Object.keys(slots).find(
    (name) =>
      slots[name]?.required === true && slots[name].isText && named.some(({ kind }) => kind === slots[name]?.entity),
  );
  if (field === undefined) return {};
  const ofKind = named.filter(({ kind }) => kind === slots[field]?.entity);
  const [told, ...others] = findNamed(wordsOf(heard.text), ofKind).filter(({ isNear }) => !isNear);
  if (told !== undefined && others.length + told.rivals.length === 0)
    return { [field]: { value: told.value, literal: "", source: "known" } };
  const said = frames.flatMap((frame) => Object.values(frame.slots)).map(({ value }) => written(value));
  const known = said.map((one) => ofKind.find(({ value }) => written(value) === one)).find((one) => one !== undefined);
  return known === undefined ? {} : { [field]: { value: known.value, literal: "", source: "known" } };
}

const written = (value: Json): string => formOf(JSON.stringify(value));
