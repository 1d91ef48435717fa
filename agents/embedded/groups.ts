/** Which clauses of a message are one request. */
import { withoutAsked } from "../../core/language/asked-facts.ts";
import { readOrder } from "../../core/language/index.ts";
import { type Clause, clausesOf, joined, phrasePattern, smallClausesOf } from "../dialogue/clauses.ts";
import { allCues, leadingCue } from "../dialogue/cues.ts";
import { contentOf } from "../dialogue/leading-words.ts";
import type { Dialogue, Frame } from "../../core/dialogue.ts";
import type { Step } from "../dialogue/step.ts";
import { isQuestion, wantsToKnow } from "../dialogue/wants-to-know.ts";
import type { Condition, Desk, Intention } from "../roles/contract.ts";
import { type EntityOptions, findEntities } from "../understanding/slots/entities.ts";

/** How words are read by themselves. */
export interface PartReader {
  readonly read: (text: string, dialogue: Dialogue) => Promise<Intention>;
  /** The same, without what is to be done. */
  readonly sense: (text: string) => Promise<Intention>;
  /** The call that tells what a condition measures; undefined where no tool does. */
  readonly measuring: (text: string) => Promise<Condition["call"] | undefined>;
  readonly entities: EntityOptions;
}

const SURE_TALK = 0.7;
const SURE = 0.8;
/** So many words may be nothing but a name. */
const MOST_WORDS_OF_NAME = 2;
const otherwiseFirst = new RegExp(String.raw`^(?:${phrasePattern("otherwise")})(?!\p{L})`, "iu");

/** What counts as a request of its own beside what the whole message is understood as. */
export function keysBeside({ steps = [] }: Intention, { turn }: Desk): typeof keyOf {
  const isOrder = (name: string | undefined): boolean =>
    turn.tools.tools.find((tool) => tool.name === name)?.confirmation === "always";
  const called = steps.flatMap((step) => (step.kind === "call" && isOrder(step.frame.tool) ? [step.frame] : []));
  if (called.length > 0 && called.length === steps.length) return besideOrders(called);
  return steps.some((step) => isOrder(toolIn(step))) ? besideOpenOrder : keyOf;
}

const toolIn = (step: Step): string | undefined => (step.kind === "call" ? step.frame : step.dialogue[0])?.tool;

/** Beside an order that something is asked about, a piece that is hardly understood tells of it: "no e between t and r". */
function besideOpenOrder(intention: Intention, text: string): string | undefined {
  const { confidence = 1 } = intention.reading?.understood.recognized ?? {};
  const isLong = text.trim().split(/\s+/u).length > MOST_WORDS_OF_NAME;
  const isClear = toolOf(intention) !== undefined || (isLong && confidence >= SURE) || /\?\s*$/u.test(text);
  return isClear ? keyOf(intention, text) : undefined;
}

/** Beside an order that lacks nothing only what surely asks for another tool is a second request: "and 22 for the tickets". */
function besideOrders(orders: readonly Frame[]): typeof keyOf {
  const [first] = orders;
  return (intention, text) => {
    const tool = toolOf(intention);
    if (orders.some((one) => isOf(text, one))) return first?.tool;
    if (tool === undefined) return asks(text) && intention.route === "documents" ? "documents" : undefined;
    return orders.some((one) => one.tool === tool) ? tool : surelyAskedOf(intention);
  };
}

/** Asks to see something, without a question. */
const looking =
  /^\s*(?:please |bitte )?(?:show|list|find|tell|give me|zeig\p{L}*|liste|such\p{L}*|nenn\p{L}*|sag)(?!\p{L})/iu;

/** "22 for Maja?", "Maja gave me her camera.": a piece with several values of an order, or one that is told of. */
function isOf(text: string, { slots }: Frame): boolean {
  const held = Object.values(slots).filter(({ literal }) => literal !== "" && text.includes(literal));
  return held.length > 1 || (held.length === 1 && !/\d/u.test(text) && !asks(text) && !looking.test(text));
}

/** The tool that is asked for in words which hardly ask for anything else. */
function surelyAskedOf(intention: Intention): string | undefined {
  const { label, confidence } = intention.reading?.understood.recognized ?? {};
  const tool = toolOf(intention);
  return label === `tool:${tool}` && confidence !== undefined && confidence >= SURE ? tool : undefined;
}

interface Group {
  readonly clause: Clause;
  readonly key: string | undefined;
}

/** The clauses by what they ask for; parted at commas and colons only where each side surely asks for something else. */
export async function groupsOf(text: string, reader: PartReader, keyFor: typeof keyOf): Promise<readonly Group[]> {
  const clauses = withWholeValues(text, clausesOf(text), reader.entities);
  const groups = await grouped(text, clauses, { reader, keyFor });
  // "Oops, a 1 is missing, the rent is 1180": an order that is put right is no list of requests.
  if (keyFor !== keyOf && allCues().some(({ replacements }) => leadingCue(text, replacements) !== undefined))
    return groups;
  const small = groups.length > 1 ? [] : withWholeValues(text, smallClausesOf(text), reader.entities);
  if (small.length <= clauses.length || !small.every((clause) => isHarmless(clause, reader.entities))) return groups;
  const parted = await grouped(text, small, { reader, keyFor: surelyAskedOf });
  const isTold = parted.length > 1 || (parted[0]?.key !== undefined && parted[0].clause.start > 0);
  return isTold ? parted : groups;
}

interface GroupingBy {
  readonly reader: PartReader;
  readonly keyFor: typeof keyOf;
}

/** Clauses that ask for the same stay together: a list of transfers is read as one. What asks for nothing goes with its neighbour. */
async function grouped(
  text: string,
  clauses: readonly Clause[],
  { reader: { read, entities }, keyFor }: GroupingBy,
): Promise<readonly Group[]> {
  const [only, ...more] = clauses;
  if (only !== undefined && more.length === 0) return [{ clause: only, key: undefined }];
  const groups: Group[] = [];
  let skipped: Clause | undefined;
  for (const next of clauses) {
    const clause = skipped === undefined ? next : behind(text, skipped, next);
    const intention = await read(clause.text, []);
    const isFirst = groups.length === 0 && next !== clauses.at(-1);
    skipped = isFirst && isTalkBefore(intention, clause, entities) ? next : undefined;
    if (skipped !== undefined) continue;
    const key = keyFor(intention, clause.text);
    const last = groups.at(-1);
    if (last !== undefined && belongsTo(last, clause, key)) {
      groups.splice(-1, 1, { clause: joined(text, [last.clause, clause]), key: last.key ?? key });
    } else groups.push({ clause, key });
  }
  return groups;
}

const isTalkBefore = (intention: Intention, clause: Clause, entities: EntityOptions): boolean =>
  saysNothing(intention) && isHarmless(clause, entities);

/** The clause with the word that leads it: "Thanks. And in May?" carries on. */
function behind(text: string, { end: from }: Clause, { end }: Clause): Clause {
  const start = from + (/^[\s,;:.!–-]+/u.exec(text.slice(from, end))?.[0].length ?? 0);
  return { text: text.slice(start, end).trim(), start, end };
}

/** A greeting in front says nothing of what follows it, and neither does "don't put me through". */
function saysNothing(intention: Intention): boolean {
  return isTalk(intention) || (isAround(intention) && intention.route === "tool");
}

const HARMLESS: ReadonlySet<string> = new Set(["question", "past", "reported"]);

/** "approx. 60 euros", "never mind the balance": what is said first may limit what follows. */
function isHarmless({ text }: Clause, entities: EntityOptions): boolean {
  return readOrder(text, entities).doubts.every(({ kind }) => HARMLESS.has(kind));
}

/** The day before a further one may be of that one's month: "on the 3rd and the 17th of September". */
const openDay = /\d(?:\.|st|nd|rd|th)$/u;

const furtherDay = /^\P{L}*(?:(?:the|den|dem|der|am|on|vom|und|and)\s+)*\d/iu;

/** "Five hundred and twenty" is one value. */
function withWholeValues(text: string, clauses: readonly Clause[], entities: EntityOptions): readonly Clause[] {
  const values = clauses.length < 2 ? [] : findEntities(text, entities);
  return clauses.reduce<readonly Clause[]>((before, clause) => {
    const last = before.at(-1);
    const isCut = ({ start, end }: Clause): boolean =>
      (openDay.test(text.slice(start, end)) && furtherDay.test(clause.text)) ||
      !/\p{L}{2}|\p{N}/u.test(clause.text) ||
      values.some((one) => one.start < end && one.end > clause.start);
    return last !== undefined && isCut(last)
      ? [...before.slice(0, -1), joined(text, [last, clause])]
      : [...before, clause];
  }, []);
}

/** "What did I spend on food and how much did I send to Emre?": each asks for itself, where each has a value of its own. */
function areTwoQuestions({ clause: { text: first }, key: before }: Group, { text }: Clause, key: string | undefined) {
  if (key === undefined || before !== key) return false;
  return [first, text].every(
    (one) => allCues().some((cues) => wantsToKnow(one, cues)) && /\p{L}+\P{L}+\p{L}+\P{L}+\p{L}+/u.test(one),
  );
}

function belongsTo(last: Group, clause: Clause, key: string | undefined): boolean {
  if (areTwoQuestions(last, clause, key)) return false;
  return key === undefined || last.key === undefined || last.key === key || otherwiseFirst.test(clause.text);
}

const isTalk = ({ route, confidence, steps }: Intention): boolean =>
  steps === undefined && (route === "talk" || route === "hand-over") && confidence >= SURE_TALK;

/** What a clause asks for by itself; undefined where it asks for nothing. */
export function keyOf(intention: Intention, text: string): string | undefined {
  const { intent, configured } = intention;
  if (isAround(intention)) return undefined;
  const tool = toolOf(intention);
  if (tool !== undefined || intention.steps !== undefined) return tool;
  if (configured?.documents !== undefined) return /\?\s*$/u.test(text) ? "documents" : undefined;
  // A piece of a question, or what is told around it, is no question of its own.
  if (isLookedUp(intention)) return intention.confidence >= SURE && hasSubject(text) ? intent : undefined;
  return configured === undefined ? talkedOf(intention, text) : intent;
}

/** Whether it is answered from documents alone. */
const isLookedUp = ({ route, configured, steps }: Intention): boolean =>
  steps === undefined && route === "documents" && configured?.answer === undefined;

const SURE_QUESTION = 0.5;

/**
 * Whether a message of several sentences is one question to documents: as a whole it surely reads as one, and none of its
 * clauses surely asks for anything else. "The gym took money, and I had left. How long can I return that, is there a charge?"
 */
export async function isOneQuestion(whole: Intention, text: string, reader: PartReader): Promise<boolean> {
  if (!isLookedUp(whole) || whole.confidence < SURE_QUESTION) return false;
  for (const clause of clausesOf(text)) {
    const intention = await reader.read(clause.text, []);
    if (asksForItself(intention, clause.text, { whole, entities: reader.entities })) return false;
  }
  return true;
}

/** Whether a clause asks for something else than the whole message does. */
function asksForItself(
  intention: Intention,
  text: string,
  { whole, entities }: { readonly whole: Intention; readonly entities: EntityOptions },
): boolean {
  const key = keyOf(intention, text);
  if (key === undefined || key === whole.intent) return false;
  if (isLookedUp(intention)) return asks(text);
  if (intention.steps === undefined) return true;
  return surelyAskedOf(intention) !== undefined && !isAround(intention) && hasSubject(text) && !isPast(text, entities);
}

/** What is said around a request, and is no whole order itself. */
function isAround({ steps = [], reading }: Intention): boolean {
  return reading?.understood.recognized.isAround === true && steps.every(({ kind }) => kind !== "call");
}

/** Whether a clause is a question by its form. */
const asks = (text: string): boolean => allCues().some((cues) => isQuestion(text, cues));

const isPast = (text: string, entities: EntityOptions): boolean =>
  readOrder(text, entities).doubts.some(({ kind }) => kind === "past");

/** "Is there a charge", "when is it over": what it is about was said before. */
function hasSubject(text: string): boolean {
  const rest = withoutAsked(text);
  return allCues().every((cues) => contentOf(rest, cues).length > 0);
}

/** A piece of a sentence may resemble anything: without a value of the tool's own it must be surely meant. */
function toolOf({ steps = [], reading }: Intention): string | undefined {
  const [first] = steps;
  if (first === undefined) return undefined;
  const frame = first.kind === "call" ? first.frame : first.dialogue[0];
  const { confidence = 1 } = reading?.understood.recognized ?? {};
  const isMeant = Object.keys(frame?.slots ?? {}).length > 0 || confidence >= SURE;
  return isMeant ? frame?.tool : undefined;
}

function talkedOf({ route, confidence, intent }: Intention, text: string): string | undefined {
  if (confidence < SURE) return undefined;
  if (route === "memory" || route === "hand-over") return intent;
  return route === "documents" && /\?\s*$/u.test(text) ? route : undefined;
}
