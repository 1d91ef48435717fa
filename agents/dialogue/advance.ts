/**
 * Carries a person's requests on, message by message: a new request, the answer to a question, a correction, "and
 * tomorrow?", an earlier request taken up again. Pure: the same words in the same dialogue give the same step.
 */
import type { Dialogue, FilledSlot, Frame } from "../../core/dialogue.ts";
import { dayAt } from "../../core/language/civil-date.ts";
import { isOnlyMentioned } from "../../core/language/mentions.ts";
import { asksPolitely, isHearsay } from "../../core/language/plain-requests.ts";
import { fillSlots, type Filling } from "../understanding/slots/fill-slots.ts";
import { formOf, isSpoken, wordsOf } from "../understanding/slots/words.ts";
import { apart } from "./apart.ts";
import { bareValue, isSmall, ledValue, LONGEST_VALUE_WORDS } from "./bare-value.ts";
import { type Cues, cuesOf, formsOf, leadingCue } from "./cues.ts";
import { isNotAsked } from "./declined.ts";
import { timeFrom } from "./shift.ts";
import { contentOf, shiftIn, withoutCues } from "./leading-words.ts";
import { goesOn, keptOf } from "./kept.ts";
import { lastSentence, pointedAt, turnedTo, withoutReplaced } from "./follow-ups.ts";
import { answerOrder, beginOrder, changeOrder } from "./orders/order-steps.ts";
import { ask, type AskedTool, type DialogueOptions, type Heard, type Hearing, repeated, type Step } from "./step.ts";
import { isOwnQuestion } from "./own-question.ts";
import { stepFor, stepsFor } from "./step-for.ts";
import { toolOfCode } from "./tool-of-code.ts";
import { isQuestion, wantsToKnow } from "./wants-to-know.ts";
import { messageIn, toldFrame } from "./whole-message.ts";
import { withoutWording } from "./wording.ts";

/** An unfinished request is forgotten after a while. */
const LIFETIME_MS = 30 * 60_000;

/** The requests that are not forgotten yet. */
export function stillGoing(dialogue: Dialogue, now: Date): Dialogue {
  return dialogue.filter(({ at }) => now.getTime() - Date.parse(at) < LIFETIME_MS);
}

/** The next steps, in the order in which they were said; undefined where the words belong to no request for a tool. */
export function advance(dialogue: Dialogue, heard: Heard, options: DialogueOptions): readonly Step[] | undefined {
  const { now } = options.entities;
  const frames = stillGoing(dialogue, now).filter(({ tool }) => options.tools.has(tool));
  const hearing = { heard, cues: cuesOf(heard.language), options, frames };
  return (
    alone(dropped(hearing)) ??
    alone(returned(hearing)) ??
    answerOrder(hearing) ??
    alone(told(hearing)) ??
    alone(answered(hearing)) ??
    changeOrder(hearing) ??
    listed(hearing) ??
    alone(shifted(hearing)) ??
    followed(hearing) ??
    beginOrder(hearing) ??
    alone(declined(hearing)) ??
    begun(hearing)
  );
}

const alone = (step: Step | undefined): readonly Step[] | undefined => (step === undefined ? undefined : [step]);

/** Several requests for one tool, where the words do not read as orders: "Jana 20, Emre 5". */
function listed(hearing: Hearing): readonly Step[] | undefined {
  const several = apart(hearing);
  return several !== undefined && beginOrder(hearing) === undefined ? several : undefined;
}

/** "never mind": the request that was asked about is left. */
function dropped({ heard, cues, frames }: Hearing): Step | undefined {
  const [focus, ...others] = frames;
  if (focus?.asked === undefined) return undefined;
  const said = withoutCues(heard.text, cues.corrections, cues).rest;
  const refusal = leadingCue(heard.text, cues.refusals) ?? leadingCue(said, cues.refusals);
  const rest = refusal && (leadingCue(refusal.rest, cues.refusals)?.rest ?? refusal.rest);
  if (rest === undefined || contentOf(rest, cues).length > 0) return undefined;
  return { kind: "dropped", text: cues.dropped, dialogue: others };
}

/** The answer to a question for a whole message, whatever the message seems to ask for. */
function told(hearing: Hearing): Step | undefined {
  const frame = toldFrame(hearing);
  return frame === undefined ? undefined : stepFor(frame, hearing.frames.slice(1), { hearing });
}

/** The newest request and its tool, unless the words ask for another one. */
function focusOf({ heard, frames, options }: Hearing) {
  const [focus, ...others] = frames;
  const tool = focus && options.tools.get(focus.tool);
  if (focus === undefined || tool === undefined || tool.isOrder) return undefined;
  // A code is used once: nothing carries it on.
  const hasCode = Object.values(tool.slots).some(({ entity }) => entity === "code");
  if (hasCode && focus.asked === undefined) return undefined;
  if (heard.tool !== undefined && heard.tool !== focus.tool) return undefined;
  return { focus, tool, others };
}

/** The answer to what was asked. */
function answered(hearing: Hearing): Step | undefined {
  const { heard, cues } = hearing;
  const found = focusOf(hearing);
  const asked = found?.focus.asked;
  if (found === undefined || asked === undefined) return undefined;
  const { focus, tool, others } = found;
  const text = withoutCues(heard.text, cues.corrections, cues).rest;
  const filling = fill(text, tool, hearing);
  const isFree = tool.slots[asked]?.entity === "text" && !isLed(filling.slots[asked], text, cues);
  const bare = isFree && isUnknown(heard) ? bareValue(text, hearing) : undefined;
  const slots = { ...focus.slots, ...filling.slots, ...(bare && { [asked]: bare }) };
  if (asked in slots || filling.unfit.length > 0) return stepFor({ ...focus, slots }, others, { hearing, filling });
  if (!seemsAnAnswer(text, hearing)) return undefined;
  return ask(focus, others, { hearing, sentence: cues.notUnderstood, said: { literal: repeated(text) } });
}

/** Neither a request nor surely anything else. */
const isUnknown = ({ isOther, tool }: Heard): boolean => !isOther && tool === undefined;

/** "in Bergen": a preposition shows the value better than its place in the answer; not that of "Isle of Skye". */
function isLed(slot: FilledSlot | undefined, text: string, cues: Cues): boolean {
  const words = slot === undefined ? [] : wordsOf(text.slice(0, text.indexOf(slot.literal)));
  const [before, first] = [words.at(-2), words.at(-1)];
  const isPreposition = first !== undefined && cues.prepositions.map(formOf).includes(first.form);
  return isPreposition && (before === undefined || isSmall(before.form, cues) || !isSpoken(before));
}

/** Short words that are nothing else and no question. */
function seemsAnAnswer(text: string, { heard, cues }: Hearing): boolean {
  const { length } = contentOf(text, cues);
  const isPlain = isUnknown(heard) && !/\?\s*$/u.test(text);
  return isPlain && length > 0 && length <= LONGEST_VALUE_WORDS;
}

/** So many words name the request that somebody goes back to. */
const MOST_WORDS_OF_RETURN = 2;

/** "where were we", "back to …": the request that waits for an answer, else the question before this one. */
function returned(hearing: Hearing): Step | undefined {
  const { heard, cues, frames, options } = hearing;
  const { rest, isCued } = withoutCues(heard.text, cues.returns, cues);
  if (!isCued || contentOf(rest, cues).length > MOST_WORDS_OF_RETURN) return undefined;
  const isQuestionBefore = ({ tool }: Frame): boolean => {
    const { hasEffects = true, slots = {} } = options.tools.get(tool) ?? {};
    return !hasEffects && Object.values(slots).every(({ entity }) => entity !== "code");
  };
  const [focus, ...before] = frames;
  const meant = frames.find(({ asked }) => asked !== undefined) ?? before.find(isQuestionBefore);
  // What waits to be confirmed is told by code.
  if (meant === undefined || (meant.asked === undefined && focus?.proposal !== undefined)) return undefined;
  const others = frames.filter((frame) => frame !== meant);
  return meant.asked === undefined ? stepFor(meant, others, { hearing }) : ask(meant, others, { hearing });
}

/** "no, Friday", "and in Bergen?", "make that 80": the newest request with other values. */
function followed(hearing: Hearing): readonly Step[] | undefined {
  const { heard } = hearing;
  if (focusOf(hearing) !== undefined) return followedBy(hearing);
  // "and my savings", "and mint?": what is nothing but a value of the newest request resembles others for want of words.
  const isDoubtful = heard.isSure === false || /\?\s*$/u.test(heard.text);
  const isAddition = isDoubtful && !isWholeRequest(hearing) && isBareAddition(hearing);
  return isAddition || isBareRange(hearing) ? followedBy(withoutTool(hearing)) : undefined;
}

/** "Between 10 and 50 euros" beside a list: no order has a range. */
function isBareRange(hearing: Hearing): boolean {
  const found = focusOf(withoutTool(hearing));
  if (found === undefined || found.tool.hasEffects) return false;
  const { slots, rest } = fill(hearing.heard.text, found.tool, hearing);
  const isRange = Object.keys(slots).some((field) => found.tool.slots[field]?.entity === "sums");
  return (
    isRange &&
    /^\s*(?:between|from|zwischen|von)\s/iu.test(hearing.heard.text) &&
    rest.every(({ form }) => isSmall(form, hearing.cues))
  );
}

/** Whether all is there that an order needs. */
function isWholeRequest(hearing: Hearing): boolean {
  const tool = hearing.options.tools.get(hearing.heard.tool ?? "");
  if (tool?.isOrder !== true) return false;
  const { slots } = fill(hearing.heard.text, tool, hearing);
  return Object.keys(tool.slots).every((field) => tool.slots[field]?.required !== true || field in slots);
}

const withoutTool = (hearing: Hearing): Hearing => ({ ...hearing, heard: { ...hearing.heard, tool: undefined } });

/** "and the other way round", "and my savings": small words that carry on, and nothing else besides a value. */
function isBareAddition(hearing: Hearing): boolean {
  const { heard, cues } = hearing;
  const found = focusOf(withoutTool(hearing));
  const leading = [...cues.additions, ...cues.corrections, ...cues.narrowings];
  const { rest, isCued } = withoutCues(heard.text, leading, cues);
  if (found === undefined || found.tool.hasEffects) return false;
  if (turnedTo(rest, { ...found, hearing }) !== undefined) return true;
  if (!isCued) return false;
  const filling = fill(rest, found.tool, hearing);
  const further = filling.rest.filter(({ form }) => !isSmall(form, cues));
  if (further.length === 0) return true;
  // "And for all of this year, what does it come to?": a value of it, in words that it is asked for with.
  const asking = formsOf(cues.questions);
  const isOwn = (form: string): boolean => asking.has(form) || found.tool.reader.tails?.has(form) === true;
  return Object.keys(filling.slots).length > 0 && further.every(({ form }) => isOwn(form));
}

function followedBy(hearing: Hearing): readonly Step[] | undefined {
  const { heard, cues } = hearing;
  const found = focusOf(hearing);
  if (found === undefined) return undefined;
  const { focus, tool, others } = found;
  const text = tool.hasEffects ? heard.text : (lastSentence(heard.text, cues) ?? heard.text);
  const spoken = withoutCues(text, [cues.corrections, cues.additions, cues.narrowings, cues.returns].flat(), cues);
  const { isCued } = spoken;
  const rest = withoutRejected(spoken.rest, cues);
  const turned = turnedTo(rest, { focus, tool, hearing });
  if (turned !== undefined) return [stepFor({ ...focus, slots: turned }, others, { hearing })];
  const filling = fill(rest, tool, hearing);
  const slots = { ...keptBeside(filling, text, { focus, tool, cues }), ...filling.slots };
  const isChange = Object.keys(filling.slots).length + filling.unfit.length > 0;
  if (isChange && carriesOn(filling, isCued, hearing, tool)) {
    return stepsFor({ ...focus, slots }, others, { hearing, filling });
  }
  if (!isCued || !isUnknown(heard)) return undefined;
  const free = ledValue(rest, tool) ?? freeValue(rest, tool, hearing);
  return free && [stepFor({ ...focus, slots: { ...slots, ...free } }, others, { hearing })];
}

/** "only the red ones" leaves all that was said before. */
function keptBeside(
  { slots }: Filling,
  text: string,
  { focus, tool, cues }: { readonly focus: Frame; readonly tool: AskedTool; readonly cues: Cues },
): Frame["slots"] {
  const isNarrower = leadingCue(text, cues.narrowings) !== undefined;
  return isNarrower ? focus.slots : withoutReplaced(focus.slots, slots, tool);
}

/** So many further words may stand in what carries a question on; a question does no harm. */
const MOST_FURTHER_WORDS = { cued: 6, bare: 2 };

/** Whether words with new values are the newest request again, and not one of their own. */
function carriesOn(filling: Filling, isCued: boolean, hearing: Hearing, { hasEffects, slots }: AskedTool): boolean {
  const { heard, cues } = hearing;
  const { rest } = filling;
  if (!isCued && isOwnQuestion(filling, slots, hearing)) return false;
  const further = rest.filter(({ form }) => !isSmall(form, cues)).length;
  if (further === 0) return isCued || !heard.isOther || !hasEffects;
  if (hasEffects || Object.values(slots).some(({ entity }) => entity === "text")) return false;
  return further <= (isCued ? MOST_FURTHER_WORDS.cued : heard.isOther ? 0 : MOST_FURTHER_WORDS.bare);
}

/** "Thursday, not Tuesday": what was wrong is no value. */
function withoutRejected(text: string, { rejections }: Cues): string {
  const words = wordsOf(text);
  const at = words.findIndex(
    ({ start }, index) => index > 0 && leadingCue(text.slice(start), rejections) !== undefined,
  );
  return at < 0 ? text : text.slice(0, words[at]?.start).replace(/[\s,;–-]+$/u, "");
}

/** "and the day after that?", "the month before": the newest request, counted from its time. */
function shifted(hearing: Hearing): Step | undefined {
  const { heard, cues, options } = hearing;
  // Nothing but a time is said: what it resembles for want of words does not count.
  const found = focusOf(heard.isSure === false ? withoutTool(hearing) : hearing);
  if (found === undefined) return undefined;
  const { focus, tool, others } = found;
  const { rest } = withoutCues(heard.text, [...cues.corrections, ...cues.additions], cues);
  const phrase = shiftIn(rest, cues);
  const shift = cues.shifts[phrase ?? ""];
  const field = timeFieldOf(tool);
  if (phrase === undefined || shift === undefined || field === undefined) return undefined;
  const value = timeFrom(focus.slots[field]?.value, shift, {
    isPeriod: tool.slots[field]?.entity === "period",
    today: dayAt(options.entities.now, options.entities.timeZone),
  });
  if (value === undefined) return undefined;
  const slots = { ...focus.slots, [field]: { value, literal: phrase, source: "own" as const } };
  return stepFor({ ...focus, slots }, others, { hearing });
}

function timeFieldOf({ slots }: AskedTool): string | undefined {
  return Object.keys(slots).find((name) => /^(?:date|period)$/u.test(slots[name]?.entity ?? ""));
}

/** The words are the value of the only field of free text. */
function freeValue(text: string, { slots }: AskedTool, hearing: Hearing): Frame["slots"] | undefined {
  const [field, ...more] = Object.keys(slots).filter((name) => slots[name]?.entity === "text");
  const bare = bareValue(text, hearing);
  return field === undefined || more.length > 0 || bare === undefined ? undefined : { [field]: bare };
}

/** "No human please", "never unlink this chat": what is done without a value must be asked for. */
function declined(hearing: Hearing): Step | undefined {
  const { heard, cues, options, frames } = hearing;
  const tool = options.tools.get(heard.tool ?? "");
  if (tool === undefined || tool.isOrder) return undefined;
  // "Emre says I should unlink this chat" asks for nothing that would have to be confirmed.
  if (!isNotAsked(heard.text, tool.firsts) && !(tool.hasEffects && isHearsay(heard.text))) return undefined;
  const namesNothing = Object.keys(fill(heard.text, tool, hearing).slots).length === 0;
  return namesNothing ? { kind: "dropped", text: cues.dropped, dialogue: frames } : undefined;
}

/** A request of its own. What it leaves open and the last request for the same named is taken from there. */
function begun(hearing: Hearing): readonly Step[] | undefined {
  const { heard, frames, options } = hearing;
  const tool = toolOfCode(hearing) ?? options.tools.get(heard.tool ?? "");
  if (tool === undefined || tool.isOrder) return undefined;
  const filling = withPointed(withoutFreeWords(fill(heard.text, tool, hearing), tool, hearing), tool, hearing);
  const last = frames[0]?.tool === tool.name ? frames[0] : undefined;
  if (isMisheard(tool, filling, last, hearing)) return undefined;
  const isBare = tool.hasEffects && namesNothing(filling);
  const kept = isBare ? {} : keptOf(last, tool, { filling, hearing });
  const slots = { ...heard.given, ...kept, ...messageIn(hearing, tool), ...withoutWording(filling.slots, heard) };
  const others = frames.filter((frame) => frame !== last);
  return stepsFor({ tool: tool.name, slots, at: "" }, others, { hearing, filling });
}

const namesNothing = ({ slots, unfit }: Filling): boolean => Object.keys(slots).length + unfit.length === 0;

/** Whether the words resemble a request for the tool and are none: what it cannot do without is named nowhere. */
function isMisheard(tool: AskedTool, filling: Filling, last: Frame | undefined, hearing: Hearing): boolean {
  const { text, isAround, given = {} } = hearing.heard;
  const isGivenAny = Object.keys(given).length > 0;
  if (!isGivenAny && isOnlyMentioned(text, tool.mentioning)) return true;
  const isGiven = (field: string): boolean =>
    field in filling.slots || (goesOn(hearing) && last?.slots[field] !== undefined);
  if (Object.keys(tool.slots).some((field) => tool.slots[field]?.essential === true && !isGiven(field))) return true;
  if (!namesNothing(filling)) return false;
  // What has effects is not asked for by a question that names nothing of it: "what does that warning mean?"
  const isToKnow = isQuestion(text, hearing.cues) && !asksPolitely(text);
  return (isAround === true && !isGivenAny) || (tool.hasEffects && isToKnow);
}

/** "What does an open gate mean?" names no gate: free words of such a question are no values of what has effects. */
function withoutFreeWords(filling: Filling, { hasEffects, slots: fields }: AskedTool, hearing: Hearing): Filling {
  if (!hasEffects || !wantsToKnow(hearing.heard.text, hearing.cues)) return filling;
  const typed = Object.entries(filling.slots).filter(([field]) => fields[field]?.entity !== "text");
  return { ...filling, slots: Object.fromEntries(typed) };
}

/** With what the last answer named, where the tool needs it and the words only point at it. */
function withPointed(filling: Filling, tool: AskedTool, { heard, cues, options }: Hearing): Filling {
  const pointed = Object.entries(tool.slots).flatMap(([field, { essential, entity, many }]) => {
    if (!essential || field in filling.slots) return [];
    const values = options.named?.filter(({ kind }) => kind === entity) ?? [];
    const [first, ...more] = pointedAt(heard.text, heard.answer ?? "", { values, cues });
    if (first === undefined) return [];
    const slot: FilledSlot = { value: many ? [first, ...more] : first, literal: "", source: "known" };
    return [[field, slot] as const];
  });
  return { ...filling, slots: { ...filling.slots, ...Object.fromEntries(pointed) } };
}

function fill(text: string, tool: AskedTool, { options }: Hearing): Filling {
  return fillSlots(text, tool.reader, { ...options.entities, ...(options.named && { named: options.named }) });
}
