/** Whether words belong to an order that was asked about or put forward: questions and remarks name values, too. Pure. */
import type { Frame } from "../../../core/dialogue.ts";
import type { Json } from "../../../core/json.ts";
import { type DoubtKind, worstDoubt } from "../../../core/language/index.ts";
import { isSpoken, wordsOf } from "../../understanding/slots/words.ts";
import { holdsCue, leadingCue } from "../cues.ts";
import type { AskedTool, Hearing } from "../step.ts";
import { isQuestion, wantsToKnow } from "../wants-to-know.ts";
import type { Order, Orders } from "./order.ts";

/** These say that nothing is ordered, whatever else is said. */
const NO_ORDER: ReadonlySet<DoubtKind> = new Set(["question", "past", "reported"]);
const LONGEST_CHANGE_WORDS = 14;

/** Whether the words only tell or ask: "I sent 20", "how do I send money?", "change 300 euros into dollars". */
export function ordersNothing(read: Orders, { slots: fields }: AskedTool, text: string): boolean {
  const worst = worstDoubt(read.doubts)?.kind;
  if (read.isTold === true || (worst !== undefined && NO_ORDER.has(worst))) return true;
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

/** Whether values that stand in the words answer what was asked: "it costs 25" may, "who is Mira?" does not. */
export function answers(hearing: Hearing, { order, read, focus }: Answering): boolean {
  const { heard, cues } = hearing;
  if (wantsToKnow(heard.text, cues)) return false;
  if (read.leftOver.length === 0 || leadingCue(heard.text, cues.corrections) !== undefined) return true;
  return !isSaidOfElse(hearing, read, focus) && fillsOnlyAsked(order, focus);
}

const MOST_WORDS_OF_GUESS = 4;

function isSaidOfElse({ heard }: Hearing, { doubts }: Orders, { tool }: Frame): boolean {
  const worst = worstDoubt(doubts)?.kind;
  const isElsewhere = heard.isOther || (heard.tool ?? tool) !== tool;
  // "Oh dunno, 30?" is an answer in doubt.
  const asksBack = /\?\s*$/u.test(heard.text) && wordsOf(heard.text).filter(isSpoken).length > MOST_WORDS_OF_GUESS;
  return isElsewhere || asksBack || (worst !== undefined && NO_ORDER.has(worst));
}

/** Whether the words name what was asked for, and change nothing that is known. */
function fillsOnlyAsked({ slots, unclear }: Order, { asked = "", slots: known }: Frame): boolean {
  const named = [...Object.keys(slots), ...(unclear === undefined ? [] : [unclear.field])];
  const isKept = (field: string): boolean =>
    !(field in known) || isSame(slots[field]?.value ?? null, known[field]?.value ?? null);
  return named.includes(asked) && named.every((field) => field === asked || isKept(field));
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
  if (asksAboutIt(hearing) || (!isCued && (hearing.heard.isOther || asks(hearing, read, isMore)))) return false;
  if (isWhole) return isCued || (isMore && isNamedBefore);
  if (isCued || isMore) return true;
  return isShortChange(hearing, read);
}

/** "Wait, to whom does it go, and does the account end in 585?": "wait" alone makes no change of a question. */
function asksAboutIt({ heard: { text }, cues }: Hearing): boolean {
  const said = leadingCue(text, cues.corrections)?.rest ?? text;
  const proposes = leadingCue(said, cues.additions) !== undefined || holdsCue(said, cues.instead);
  return !proposes && /\?\s*$/u.test(said) && wantsToKnow(said, cues);
}

/** "60" after "send 50 to Emre"; "Emre 60" is an order of its own. */
function isShortChange({ heard }: Hearing, { doubts, leftOver }: Orders): boolean {
  const worst = worstDoubt(doubts)?.kind;
  if (heard.tool !== undefined || (worst !== undefined && NO_ORDER.has(worst))) return false;
  const isShort = wordsOf(heard.text).filter(isSpoken).length <= LONGEST_CHANGE_WORDS;
  return isShort && (leftOver.length === 0 || heard.changesWaiting === true);
}

/** Whether the words want to know something. */
function asks({ heard: { text }, cues }: Hearing, { doubts }: Orders, isMore: boolean): boolean {
  return (isQuestion(text, cues) && !isMore) || worstDoubt(doubts)?.kind === "question";
}
