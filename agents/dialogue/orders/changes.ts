/** Words that change an order: which of their values are put in its place, and which only tell why. */
import type { FilledSlot } from "../../../core/dialogue.ts";
import type { Json } from "../../../core/json.ts";
import type { Span } from "../../../core/language/index.ts";
import type { NamedEntity, Slot } from "../../../core/teaching.ts";
import { fittingValue } from "../../understanding/slots/fitting-value.ts";
import { wordsOf } from "../../understanding/slots/words.ts";
import { type Cues, leadingCue } from "../cues.ts";
import type { AskedTool } from "../step.ts";
import { fittingFields, type Grouping, isCorrected, ledFields, standsBehind, valueFor } from "./grouping.ts";
import type { Mention } from "./mentions.ts";

/** What a change is read with. */
interface Changing {
  readonly tool: AskedTool;
  readonly cues: Cues;
  readonly named: readonly NamedEntity[];
  /** The order as it was. */
  readonly current?: Readonly<Record<string, FilledSlot>>;
}

/**
 * Values that change nothing: of two sums the one that stands there already ("leave it at 70, 80 is too much"), and those
 * that only tell why ("no, 12 it is, the 30 were for lunch").
 */
export function besideChange(
  mentions: readonly Mention[],
  { tool, cues, current }: Changing,
  grouping: Grouping,
): readonly Mention[] {
  const { text } = grouping;
  const reason = reasonIn(text, cues);
  const putting = [...cues.corrections, ...cues.instead].filter((one) => !cues.rejections.includes(one));
  return Object.keys(tool.slots).flatMap((field) => {
    const slot = tool.slots[field];
    const value = current?.[field]?.value;
    if (slot === undefined || current === undefined) return [];
    const fitting = mentions.filter(
      (one) => valueFor(one, slot) !== undefined && !isLedElsewhere(one, field, grouping),
    );
    // "80, no, 70" puts the other one right to what stood there.
    const same = fitting.filter(
      (one, at) =>
        JSON.stringify(fittingValue(valueFor(one, slot) ?? null, slot)) === JSON.stringify(value) &&
        !fitting.slice(0, at).some((earlier) => isCorrected(earlier, one, grouping)),
    );
    if (same.length > 0) return same.length < fitting.length ? same : [];
    const before = fitting.filter(({ start }) => start < reason);
    if (before.length < fitting.length && reason < text.length) return fitting.filter((one) => !before.includes(one));
    const [put, ...more] = fitting.filter(({ start }) => standsBehind(start, putting, { text, cues }));
    if (put === undefined || more.length > 0) return [];
    // "25, I mean 35" is put right within the message, whatever stood there.
    return fitting.filter((one) => one !== put && !isCorrected(one, put, grouping));
  });
}

/** "From everyday to savings" names each for its own field, whatever the other one had. */
function isLedElsewhere(mention: Mention, field: string, grouping: Grouping): boolean {
  const fitting = fittingFields(mention, grouping);
  const led = ledFields(mention, grouping).led.filter((one) => fitting.includes(one));
  return led.length > 0 && !led.includes(field);
}

/** Whether a field has a value of such a kind now; one without a value, whether it takes them first. */
export function alikeIn(
  current: NonNullable<Changing["current"]>,
  { tool, named }: Changing,
): NonNullable<Grouping["alike"]> {
  return (field, kinds) => {
    const value = current[field]?.value;
    if (value === undefined) return kinds.some((kind) => kind === tool.slots[field]?.entity);
    return named.some((one) => kinds.includes(one.kind) && one.value === value);
  };
}

/** "Not Deniz, his sister": a value of the order that is changed was wrong, and nothing known is put in its place. */
export function deniedIn(
  mentions: readonly Mention[],
  taken: readonly Pick<Span, "end">[],
  { tool, current = {} }: Changing,
): { readonly field: string; readonly literal: string } | undefined {
  const wrong = mentions.filter((one) => taken.some((place) => place.end === one.end));
  for (const [field, { value }] of Object.entries(current)) {
    const mention = wrong.find((one) => isOf(one, tool.slots[field], value));
    if (mention !== undefined) return { field, literal: mention.literal };
  }
  return undefined;
}

/** A reason is no choice between two: "or my tax adviser will kill me". */
const FEWEST_WORDS_OF_REASON = 4;

/** Where a change goes over to why; the text's end where it does not. */
function reasonIn(text: string, { reasons }: Cues): number {
  const starts = [...text.matchAll(/(?<=[\s,;.])\p{L}/gu)].map(({ index }) => index);
  const isReason = (at: number): boolean => {
    const rest = leadingCue(text.slice(at), reasons)?.rest;
    return rest !== undefined && wordsOf(rest.replace(/[.,;!?].*$/su, "")).length >= FEWEST_WORDS_OF_REASON;
  };
  return starts.find(isReason) ?? text.length;
}

function isOf(mention: Mention, slot: Slot | undefined, value: Json): boolean {
  const own = slot && valueFor(mention, slot);
  return slot !== undefined && own !== undefined && JSON.stringify(fittingValue(own, slot)) === JSON.stringify(value);
}
