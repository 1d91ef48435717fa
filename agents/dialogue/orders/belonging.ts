/** Whether words belong to an order that was asked about or put forward: questions and remarks name values, too. Pure. */
import type { Frame } from "../../../core/dialogue.ts";
import type { Json } from "../../../core/json.ts";
import { type DoubtKind, type Span, worstDoubt } from "../../../core/language/index.ts";
import { isSpoken, wordsOf } from "../../understanding/slots/words.ts";
import { type Cues, leadingCue } from "../cues.ts";
import type { AskedTool, Hearing } from "../step.ts";
import type { Order, Orders } from "./read-orders.ts";

/** These say that nothing is ordered, whatever else is said. */
const NO_ORDER: ReadonlySet<DoubtKind> = new Set(["question", "past", "reported"]);
const LONGEST_CHANGE_WORDS = 14;

/** Whether the words only tell or ask: "I sent 20", "how do I send money?", "change 300 euros into dollars". */
export function ordersNothing(read: Orders, { slots: fields }: AskedTool, text: string): boolean {
  const worst = worstDoubt(read.doubts)?.kind;
  if (worst !== undefined && NO_ORDER.has(worst)) return true;
  if (read.values === 0 && read.orders.every(({ unclear }) => unclear === undefined) && /\?\s*$/u.test(text))
    return true;
  const isSum = (field: string): boolean => fields[field]?.entity === "money";
  const isSumAlone = ({ slots }: Order): boolean =>
    Object.keys(slots).some(isSum) &&
    Object.keys(slots).every((field) => isSum(field) || fields[field]?.required !== true);
  return worst === "currency" && read.values > 0 && read.orders.every(isSumAlone);
}

/** Both written the same. */
export const isSame = (one: Json, other: Json): boolean => JSON.stringify(one) === JSON.stringify(other);

interface Answering {
  readonly order: Order;
  readonly read: Orders;
  readonly focus: Frame;
}

/**
 * Whether values that stand in the words answer what was asked, where words beside them were not understood: "it costs 25"
 * may, "who is Mira?" and "Mira owes me 20" do not.
 */
export function answerIn(hearing: Hearing, { order, read, focus }: Answering): "plain" | "doubtful" | "none" {
  const { heard, cues } = hearing;
  if (wantsToKnow(heard.text, cues)) return "none";
  if (read.leftOver.length === 0 || leadingCue(heard.text, cues.corrections) !== undefined) return "plain";
  if (read.leftOver.every((run) => isToldOf(run, heard.text, { order, cues }))) return "plain";
  return isSaidOfElse(hearing, read, focus) || !fillsOnlyAsked(order, focus) ? "none" : "doubtful";
}

/** Fewer words behind "who" or "die" may be another name: "Jana die Schwester". */
const FEWEST_WORDS_TOLD = 3;

/** "To Mira, who passes it on": what is told of somebody right behind their name changes nothing. */
function isToldOf(
  { start }: Span,
  text: string,
  { order: { slots }, cues }: { readonly order: Order; readonly cues: Cues },
): boolean {
  return Object.values(slots).some(({ literal, source }) => {
    const end = text.indexOf(literal) + literal.length;
    if (source !== "known" || literal === "" || end > start || /[.!?;\n]/u.test(text.slice(end, start))) return false;
    const told = leadingCue(text.slice(end), cues.relatives)?.rest;
    return (
      told !== undefined && wordsOf(told.replace(/[.!?;\n].*$/su, "")).filter(isSpoken).length >= FEWEST_WORDS_TOLD
    );
  });
}

function isSaidOfElse({ heard }: Hearing, { doubts }: Orders, { tool }: Frame): boolean {
  const worst = worstDoubt(doubts)?.kind;
  const isElsewhere = heard.isOther || (heard.tool ?? tool) !== tool;
  return isElsewhere || /\?\s*$/u.test(heard.text) || (worst !== undefined && NO_ORDER.has(worst));
}

/** Whether the words name what was asked for, and change nothing that is known. */
function fillsOnlyAsked({ slots, unclear }: Order, { asked = "", slots: known }: Frame): boolean {
  const named = [...Object.keys(slots), ...(unclear === undefined ? [] : [unclear.field])];
  const isKept = (field: string): boolean =>
    !(field in known) || isSame(slots[field]?.value ?? null, known[field]?.value ?? null);
  return named.includes(asked) && named.every((field) => field === asked || isKept(field));
}

/** Words that begin with a question word. */
function wantsToKnow(text: string, { questions, openers, corrections, additions }: Cues): boolean {
  const behind = leadingCue(text, [...openers, ...corrections, ...additions])?.rest ?? text;
  return [text, behind].some((one) => leadingCue(one, questions) !== undefined);
}

interface Changing {
  readonly read: Orders;
  readonly isWhole: boolean;
  readonly isCued: boolean;
  readonly isMore: boolean;
  /** Whether the words name a value of a request before. */
  readonly isNamedBefore: boolean;
}

/** Whether the words change the order before rather than being another one, or something else. */
export function isChange(hearing: Hearing, { read, isWhole, isCued, isMore, isNamedBefore }: Changing): boolean {
  const { heard } = hearing;
  if (!isCued && (heard.isOther || asks(hearing, read, isMore))) return false;
  if (isWhole) return isCued || (isMore && isNamedBefore);
  if (isCued || isMore) return true;
  // "Emre 60" is an order of its own; "60" after "send 50 to Emre" is none.
  const isShort = wordsOf(heard.text).filter(isSpoken).length <= LONGEST_CHANGE_WORDS;
  return heard.tool === undefined && isShort && read.leftOver.length === 0;
}

/** Whether the words want to know something. */
function asks({ heard: { text }, cues }: Hearing, { doubts }: Orders, isMore: boolean): boolean {
  const isQuestion = /\?\s*$/u.test(text) || wantsToKnow(text, cues);
  return (isQuestion && !isMore) || worstDoubt(doubts)?.kind === "question";
}
