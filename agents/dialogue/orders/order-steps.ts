/**
 * Carries on requests for tools that change something: what is not clear is asked about, what is corrected makes a new
 * request of the old one, and several orders of one message are several steps.
 */
import type { Dialogue, Frame } from "../../../core/dialogue.ts";
import {
  type Doubt,
  explainDoubt,
  type DoubtKind,
  languageOfLocale,
  worstDoubt,
} from "../../../core/language/index.ts";
import { isSpoken, wordsOf } from "../../understanding/slots/words.ts";
import { bareValue, LONGEST_VALUE_WORDS } from "../bare-value.ts";
import { holdsCue, leadingCue, smallWords } from "../cues.ts";
import { shownValue } from "../shown-value.ts";
import { wantsToKnow } from "../wants-to-know.ts";
import { ask, type AskedTool, dialogueWith, type Heard, type Hearing, repeated, type Step, touched } from "../step.ts";
import { answers, isChange, ordersNothing } from "./belonging.ts";
import { swappedBy, targetOf, withoutSum } from "./former-order.ts";
import { meaning, pronounIn } from "./pronouns.ts";
import { chosen, offeredIn } from "./offered.ts";
import { raisedSum } from "./raised.ts";
import type { Order, Orders, Unclear } from "./order.ts";
import { readFor } from "./read-for.ts";

/** Asked for in place of a field: whether the request is meant as it was understood. */
export const CONFIRMATION = "confirmation";

/** What another sum is said with; all other doubts are about the request as it was, which is known. */
const ABOUT_SUM: ReadonlySet<DoubtKind> = new Set([
  "percent",
  "multiple",
  "cap",
  "currency",
  "number",
  "unreadable",
  "repeat",
  "schedule",
]);

/** What bookings are looked for with, too: "over 50". */
const SEARCHED: ReadonlySet<DoubtKind> = new Set(["cap", "range", "approximate"]);

/** A message that is an order by itself. */
export function beginOrder(hearing: Hearing): readonly Step[] | undefined {
  const { heard, options, frames } = hearing;
  const named = options.tools.get(heard.tool ?? "");
  const found = named?.isOrder === true ? readAs(named, hearing) : shownIn(hearing);
  if (found === undefined || ordersNothing(found.read, found.tool, heard.text)) return undefined;
  const { tool, read } = found;
  const worst = worstDoubt(read.doubts);
  if (worst?.kind === "negated") return [{ kind: "dropped", text: hearing.cues.notDone, dialogue: frames }];
  const meantBefore = pronounIn(tool, hearing);
  const orders = read.orders.map((order) => meaning({ ...heard.given, ...meantBefore }, order));
  return stepsFor({ ...read, orders }, { tool, hearing, others: frames });
}

const readAs = (tool: AskedTool, hearing: Hearing): Shown => ({
  tool,
  read: readFor(tool, hearing.heard.text, hearing),
});

interface Shown {
  readonly tool: AskedTool;
  readonly read: Orders;
}

/** The tool whose values all stand there, whatever the words were taken for: "15 to Jana", "Jana 20, Emre 5". */
function shownIn(hearing: Hearing): Shown | undefined {
  const { heard, options, cues } = hearing;
  const isQuestion = heard.isOther && /\?\s*$/u.test(heard.text);
  if (isQuestion || wantsToKnow(heard.text, cues)) return undefined;
  const orders = [...options.tools.values()].filter(({ isOrder }) => isOrder);
  return orders.map((tool) => readAs(tool, hearing)).find((one) => isShown(one, heard));
}

function isShown({ tool, read }: Shown, heard: Heard): boolean {
  const isWhole = ({ slots, unclear }: Order): boolean =>
    unclear === undefined &&
    missingIn(tool, slots) === undefined &&
    Object.values(slots).some(({ source }) => source === "known");
  if (!read.orders.every(isWhole) || read.doubts.some(({ kind }) => SEARCHED.has(kind))) return false;
  // What surely is something else has words for it; a few names and sums resemble anything.
  const isElsewhere = heard.isOther || (heard.tool !== undefined && heard.isSure === true);
  return !isElsewhere || (read.leftOver.length + read.doubts.length === 0 && isTerse(heard.text, read));
}

const MOST_WORDS_BESIDE = 5;

/** "Emre 18, Jana 26.50. ta": hardly a word besides the values. */
function isTerse(text: string, { orders }: Orders): boolean {
  const literals = orders.flatMap(({ slots }) => Object.values(slots).map(({ literal }) => literal));
  const rest = literals.reduce((left, literal) => left.replace(literal, " "), text);
  return wordsOf(rest).filter(isSpoken).length <= MOST_WORDS_BESIDE;
}

/** The answer to a question about an order. */
export function answerOrder(hearing: Hearing): readonly Step[] | undefined {
  const { heard } = hearing;
  const found = focusOf(hearing);
  const asked = found?.focus.asked;
  if (found === undefined || asked === undefined) return undefined;
  const { focus, tool, others } = found;
  if (asked === CONFIRMATION) return confirmed(hearing, found) ?? changed(hearing, found);
  const offered = offeredIn(heard.text, hearing, focus);
  if (offered !== undefined) return [next({ slots: chosen(focus, offered) }, { tool, hearing, others }, focus)];
  return answeredBy(hearing, found, asked);
}

function answeredBy(hearing: Hearing, found: Focus, asked: string): readonly Step[] | undefined {
  const { heard } = hearing;
  const { focus, tool } = found;
  const { [asked]: _asked, ...known } = focus.slots;
  const read = readFor(tool, heard.text, hearing, { current: { ...focus, slots: known } });
  const [first, ...more] = read.orders;
  if (first === undefined || more.length > 0) return undefined;
  if (heard.tool === tool.name && missingIn(tool, first.slots) === undefined) return undefined;
  const namesNothing = read.values === 0 && (first.unclear === undefined || heard.isOther);
  if (namesNothing) return withoutValue(read, hearing, found, asked);
  return answeredWith(first, read, hearing, found);
}

function answeredWith(first: Order, read: Orders, hearing: Hearing, { focus, tool, others }: Focus) {
  if (!answers(hearing, { order: first, read, focus })) return undefined;
  const order = { ...first, slots: { ...focus.slots, ...first.slots } };
  // What waits besides was asked for before: this is another one.
  const base: Frame = focus.proposal === undefined ? { ...focus, isBeside: true } : focus;
  return [settled(order, read, { tool, hearing, others }, base)];
}

/** The order's next step, or the question about what is doubtful of its sum. */
function settled(order: Order, { doubts }: Orders, around: Parameters<typeof next>[1], base?: Frame): Step {
  const doubt = worstDoubt(doubts.filter(({ kind }) => ABOUT_SUM.has(kind)));
  return doubt === undefined ? next(order, around, base) : doubted(order, doubt, around, base);
}

/** "All of it" says what another sum is worked out from; else the words may be the value themselves. */
function withoutValue(read: Orders, hearing: Hearing, found: Focus, asked: string): readonly Step[] | undefined {
  const isSum = read.leftOver.length === 0 && found.tool.slots[asked]?.entity === "money";
  const worked = isSum ? workedOut(read, hearing, found) : undefined;
  return worked ?? (hearing.heard.isOther ? undefined : unanswered(hearing, found, asked));
}

/** Words that are nothing else: the answer where any text is one, and else none. */
function unanswered(hearing: Hearing, { focus, tool, others }: Focus, asked: string): readonly Step[] | undefined {
  const { heard, cues } = hearing;
  const small = smallWords(cues);
  const words = wordsOf(heard.text).filter((word) => isSpoken(word) && !small.has(word.form));
  const isPlain = heard.tool === undefined && !heard.isOther && !/\?\s*$/u.test(heard.text);
  if (!isPlain || words.length === 0 || words.length > LONGEST_VALUE_WORDS) return undefined;
  const bare = tool.slots[asked]?.entity === "text" ? bareValue(heard.text, hearing) : undefined;
  if (bare !== undefined) return [next({ slots: { ...focus.slots, [asked]: bare } }, { tool, hearing, others }, focus)];
  const said = { literal: repeated(heard.text) };
  return [ask(focus, others, { hearing, sentence: cues.notUnderstood, said, isUnknown: true })];
}

/** A yes to "do you mean just this?". */
function confirmed(hearing: Hearing, { focus, tool, others }: Focus): readonly Step[] | undefined {
  const { heard, cues } = hearing;
  const yes = leadingCue(heard.text, cues.yes);
  if (yes === undefined) return undefined;
  const read = readFor(tool, yes.rest, hearing, { current: focus });
  if (read.orders.length > 1 || read.orders.some(({ unclear }) => unclear !== undefined)) return undefined;
  if (read.values > 0 && read.leftOver.length + read.doubts.length > 0) return undefined;
  return [next({ slots: { ...focus.slots, ...read.orders[0]?.slots } }, { tool, hearing, others }, focus)];
}

/** Other words for an order that was put forward or carried out: "no, 60", "to Emre instead", "to Jana too". */
export function changeOrder(hearing: Hearing): readonly Step[] | undefined {
  const found = focusOf(hearing);
  return found === undefined ? undefined : changed(hearing, found);
}

function changed(hearing: Hearing, found: Focus): readonly Step[] | undefined {
  const { focus, tool, others } = found;
  const { heard, cues } = hearing;
  const read = readFor(tool, heard.text, hearing, { current: focus });
  const swapped = holdsCue(heard.text, cues.swaps) && !heard.isOther ? swappedBy(read, tool, focus) : undefined;
  if (swapped !== undefined) return [next({ slots: swapped }, { tool, hearing, others }, focus)];
  const [first, ...more] = read.orders;
  const hasNothing = first === undefined || (read.values === 0 && first.unclear === undefined);
  if (hasNothing && heard.changesWaiting === true) return workedOut(read, hearing, found);
  return hasNothing || more.length > 0 ? undefined : changedBy(first, read, hearing, found);
}

/** "Double that": another sum, which is asked for. */
function workedOut({ doubts }: Orders, hearing: Hearing, { focus, tool, others }: Focus): readonly Step[] | undefined {
  const doubt = worstDoubt(doubts.filter(({ kind }) => ABOUT_SUM.has(kind) || kind === "relative"));
  return doubt && [doubted({ slots: focus.slots }, doubt, { tool, hearing, others }, focus)];
}

function changedBy(first: Order, read: Orders, hearing: Hearing, found: Focus): readonly Step[] | undefined {
  const { focus, tool, others } = found;
  const { heard, cues } = hearing;
  const isWhole = missingIn(tool, first.slots) === undefined;
  // What a whole order puts right within itself is not the order before.
  const isInstead = holdsCue(isWhole ? read.kept : heard.text, cues.instead);
  const isCued = isInstead || leadingCue(heard.text, cues.corrections) !== undefined;
  const isMore = !isCued && (leadingCue(heard.text, cues.additions) !== undefined || holdsCue(heard.text, cues.more));
  const target = targetOf(first, [focus, ...others], { tool, text: heard.text });
  if (!isChange(hearing, { read, isWhole, isCued, isMore, isNamedBefore: target !== undefined })) return undefined;
  const base = target ?? focus;
  const slots = { ...base.slots, ...first.slots };
  const sum = raisedSum(first, { base, tool, text: heard.text });
  const isFurther = isMore && target === undefined && sum === undefined;
  const rest = [focus, ...others].filter((frame) => isFurther || frame !== base);
  const order = { ...first, slots: { ...(isFurther ? withoutSum(slots, first, tool, heard.text) : slots), ...sum } };
  return [settled(order, read, { tool, hearing, others: rest }, isFurther ? FURTHER : base)];
}

/** "To Jana too". */
const FURTHER: Frame = { tool: "", slots: {}, at: "", isBeside: true };

interface Focus {
  readonly focus: Frame;
  readonly tool: AskedTool;
  readonly others: Dialogue;
}

/** The newest request, where it is an order and the words ask for no other tool. */
function focusOf({ heard, frames, options }: Hearing): Focus | undefined {
  const [focus, ...others] = frames;
  const tool = focus && options.tools.get(focus.tool);
  if (focus === undefined || tool?.isOrder !== true) return undefined;
  const isElsewhere = heard.tool !== undefined && heard.tool !== focus.tool && heard.isSure !== false;
  return isElsewhere ? undefined : { focus, tool, others };
}

interface Placing {
  readonly tool: AskedTool;
  readonly hearing: Hearing;
  /** The requests besides. */
  readonly others: Dialogue;
}

/** One step for each order; only a question where any word of them is in doubt. */
function stepsFor(read: Orders, { tool, hearing, others }: Placing): readonly Step[] {
  const [first] = read.orders;
  const doubt = worstDoubt(read.doubts);
  if (first === undefined) return [];
  if (doubt !== undefined) return [doubted(first, doubt, { tool, hearing, others })];
  const steps: Step[] = [];
  for (const order of read.orders) {
    steps.push(next(order, { tool, hearing, others: steps.at(-1)?.dialogue ?? others }));
  }
  return steps;
}

/** The call where all is there, else the question for what is not. */
function next(order: Order, { tool, hearing, others }: Placing, former?: Frame): Step {
  const { asked: _asked, offered: _offered, unknown, ...kept } = former ?? {};
  const frame: Frame = { ...kept, tool: tool.name, slots: order.slots, at: "" };
  if (order.unclear !== undefined) {
    const before = unknown === undefined ? frame : { ...frame, unknown };
    return unclearStep(before, order.unclear, { tool, hearing, others });
  }
  const missing = missingIn(tool, frame.slots);
  if (missing !== undefined) return ask({ ...frame, asked: missing }, others, { hearing });
  const called = touched(frame, hearing);
  return { kind: "call", frame: called, dialogue: dialogueWith(called, others) };
}

function missingIn({ slots }: AskedTool, filled: Frame["slots"]): string | undefined {
  return Object.keys(slots).find((field) => slots[field]?.required === true && !(field in filled));
}

/** Says what the words may mean, and asks. */
function unclearStep(
  frame: Frame,
  { field, literal, candidates, isSeveral, isWrong }: Unclear,
  { hearing, others }: Placing,
): Step {
  const { cues, heard } = hearing;
  const { [field]: _wrong, ...slots } = frame.slots;
  const names = new Intl.ListFormat(heard.language, { type: "disjunction" }).format(
    candidates.map((one) => shownValue(one, heard.language)),
  );
  const sentence = isSeveral
    ? cues.several
    : candidates.length > 1
      ? cues.which
      : candidates.length === 1
        ? cues.near
        : isWrong === true
          ? cues.wrongIban
          : cues.unknown;
  const offered = candidates.length > 0 ? { offered: [...candidates] } : {};
  return ask({ ...frame, slots, asked: field, ...offered }, others, {
    hearing,
    sentence,
    said: { literal: repeated(literal), names },
    isUnknown: candidates.length === 0,
  });
}

/** Says what stood in the way of an order, and asks. */
function doubted(
  { slots, unclear }: Order,
  { kind, literal }: Doubt,
  { tool, hearing, others }: Placing,
  { proposal, isBeside }: Partial<Frame> = {},
): Step {
  const { heard, cues } = hearing;
  const said = {
    reason: explainDoubt({ kind }, languageOfLocale(heard.language)),
    literal: repeated(literal),
    order: told(tool, slots, heard.language),
  };
  const isOnce =
    (kind === "repeat" || kind === "schedule") && unclear === undefined && missingIn(tool, slots) === undefined;
  const frame = { tool: tool.name, at: "", ...(proposal !== undefined && { proposal }), ...(isBeside && { isBeside }) };
  if (isOnce) return ask({ ...frame, slots, asked: CONFIRMATION }, others, { hearing, sentence: cues.onceNow, said });
  const sum = Object.keys(tool.slots).find((field) => tool.slots[field]?.entity === "money");
  const asked = sum ?? missingIn(tool, slots) ?? CONFIRMATION;
  const { [asked]: _doubtful, ...kept } = slots;
  return ask({ ...frame, slots: kept, asked }, others, { hearing, sentence: cues.doubtful, said });
}

/** The order in a few words: what it does, and with which values. */
export function told({ title, slots: fields }: AskedTool, slots: Frame["slots"], language: string): string {
  const values = Object.keys(fields).flatMap((field) =>
    slots[field] ? [shownValue(slots[field].value, language)] : [],
  );
  return `${title(language)} (${values.join(", ")})`;
}
