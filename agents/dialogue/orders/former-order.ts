/** What becomes of an order before by words that change it, or go on from it. Pure. */
import type { Dialogue, Frame } from "../../../core/dialogue.ts";
import { wordsOfText } from "../../../core/language/phrases.ts";
import { byPlace } from "../../../core/language/place-in-row.ts";
import type { AskedTool } from "../step.ts";
import { isSame } from "./belonging.ts";
import type { Order, Orders } from "./order.ts";

interface Aiming {
  readonly tool: AskedTool;
  readonly text: string;
}

/** The order that the words are about: the one whose place they tell ("the other one"), or one whose value they name. */
export function targetOf({ slots }: Order, frames: Dialogue, { tool, text }: Aiming): Frame | undefined {
  const waiting = frames.filter((frame) => frame.tool === tool.name && frame.proposal !== undefined);
  const [placed, ...further] = waiting.length > 1 ? byPlace(wordsOfText(text), waiting) : [];
  if (placed !== undefined && further.length === 0) return placed;
  const values = Object.entries(slots);
  if (values.length < 2) return undefined;
  return frames.find(
    (frame) =>
      frame.tool === tool.name &&
      values.some(
        ([field, { value, source }]) => source === "known" && isSame(frame.slots[field]?.value ?? null, value),
      ),
  );
}

/** The order with its two values that can change places changed, and what is said besides: "the other way round, and 250". */
export function swappedBy(
  { orders: [first, ...more] }: Orders,
  tool: AskedTool,
  focus: Frame,
): Frame["slots"] | undefined {
  const swapped = swappedSlots(tool, focus);
  const said = more.length > 0 || first?.unclear !== undefined ? {} : first?.slots;
  return swapped && { ...focus.slots, ...said, ...swapped };
}

function swappedSlots({ slots: fields }: AskedTool, { slots }: Frame): Frame["slots"] | undefined {
  for (const [one, { entity, or }] of Object.entries(fields)) {
    for (const [other, more] of Object.entries(fields)) {
      const isAlike = one < other && [entity, ...or].some((kind) => more.entity === kind || more.or.includes(kind));
      const [left, right] = [slots[one], slots[other]];
      if (isAlike && left !== undefined && right !== undefined) return { [one]: right, [other]: left };
    }
  }
  return undefined;
}

const SOME = /(?<!\p{L})(?:money|something|some|geld|etwas|was)(?!\p{L})/iu;

/** "Send Emre some money as well": how much is not said by what was sent before. */
export function withoutSum(slots: Frame["slots"], { slots: said }: Order, { slots: fields }: AskedTool, text: string) {
  if (!SOME.test(text)) return slots;
  return Object.fromEntries(
    Object.entries(slots).filter(([field]) => field in said || fields[field]?.entity !== "money"),
  );
}
