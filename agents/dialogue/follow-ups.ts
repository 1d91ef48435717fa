/** What carries a question on: "the other way round", "the second one", "ha! and at Rewe?". */
import type { FilledSlot, Frame } from "../../core/dialogue.ts";
import type { Json } from "../../core/json.ts";
import type { NamedEntity } from "../../core/teaching.ts";
import { findNamed } from "../understanding/slots/named.ts";
import { wordsOf } from "../understanding/slots/words.ts";
import { type Cues, holdsCue, leadingCue } from "./cues.ts";
import { contentOf } from "./leading-words.ts";
import type { AskedTool, Hearing } from "./step.ts";

/** "and the other way round?": of a choice between two opposites the other one. */
function turnedRound(slots: Frame["slots"], tool: AskedTool): Frame["slots"] | undefined {
  for (const [field, { opposites }] of Object.entries(tool.slots)) {
    const [one, other] = opposites;
    const value = slots[field]?.value;
    if (one === undefined || other === undefined || (value !== one && value !== other)) continue;
    return { ...slots, [field]: { value: value === one ? other : one, literal: "", source: "own" } };
  }
  return undefined;
}

/** The field that takes several of what is known, as far as the request names some of them. */
function manyField(slots: Frame["slots"], tool: AskedTool): string | undefined {
  return Object.keys(slots).find((field) => tool.slots[field]?.many === true && Array.isArray(slots[field]?.value));
}

/** "And the other one?": what is known of the same kind and was not named. */
function othersOf(slots: Frame["slots"], tool: AskedTool, named: readonly NamedEntity[]): Frame["slots"] | undefined {
  const field = manyField(slots, tool);
  const taken = JSON.stringify(slots[field ?? ""]?.value);
  const kind = tool.slots[field ?? ""]?.entity;
  const known = [...new Set(named.flatMap((one) => (one.kind === kind ? [one.value] : [])))];
  const value = known.filter((one) => !taken.includes(JSON.stringify(one)));
  return field === undefined || value.length === 0
    ? undefined
    : { ...slots, [field]: { value, literal: "", source: "known" } };
}

/** "In total?": all of what some were named of. */
function allOf(slots: Frame["slots"], tool: AskedTool): Frame["slots"] | undefined {
  const field = manyField(slots, tool);
  if (field === undefined) return undefined;
  return Object.fromEntries(Object.entries(slots).filter(([name]) => name !== field));
}

interface Turning {
  readonly focus: Frame;
  readonly tool: AskedTool;
  readonly hearing: Hearing;
}

/** What words that name no value of their own make of the newest request: "the other way round", "the other one", "in total". */
export function turnedTo(
  text: string,
  { focus, tool, hearing: { cues, options } }: Turning,
): Frame["slots"] | undefined {
  if (holdsCue(text, cues.swaps)) return turnedRound(focus.slots, tool);
  if (tool.hasEffects || contentOf(text, cues).length > MOST_WORDS_OF_REST) return undefined;
  if (holdsCue(text, cues.others)) return othersOf(focus.slots, tool, options.named ?? []);
  return holdsCue(text, cues.all) ? allOf(focus.slots, tool) : undefined;
}

/** "In total", "the other account": so many words may stand in it. */
const MOST_WORDS_OF_REST = 3;

/** Fields that new values take the place of: "and for food?" after a question about a shop. */
export function withoutReplaced(
  slots: Frame["slots"],
  filled: Readonly<Record<string, FilledSlot>>,
  tool: AskedTool,
): Frame["slots"] {
  const replaced = new Set(Object.keys(filled).flatMap((field) => tool.slots[field]?.replaces ?? []));
  return Object.fromEntries(Object.entries(slots).filter(([field]) => !replaced.has(field) || field in filled));
}

/** The last sentence, where it carries on by itself: "Nearly the same. And in May?" */
export function lastSentence(text: string, { additions, corrections }: Cues): string | undefined {
  // "Between 10.11. and 15.11." is one sentence.
  const last = text.split(/(?<=[!?]|(?<!\d)\.)\s+/u).at(-1);
  if (last === undefined || last === text.trim()) return undefined;
  return leadingCue(last, [...additions, ...corrections]) === undefined ? undefined : last;
}

const MOST_POINTED_AT = 3;

/** Values that the last answer named and that the words point at: "the second one", "that one", "both". */
export function pointedAt(
  text: string,
  answer: string,
  { values, cues }: { readonly values: readonly NamedEntity[]; readonly cues: Cues },
): readonly Json[] {
  const named = [...new Set(findNamed(wordsOf(answer), values).map(({ value }) => value))];
  const place = Object.entries(cues.ordinals).find(([phrase]) => holdsCue(text, [phrase]))?.[1];
  if (place !== undefined) return named.slice(place).slice(0, 1);
  return holdsCue(text, cues.pointers) ? named.slice(0, MOST_POINTED_AT) : [];
}
