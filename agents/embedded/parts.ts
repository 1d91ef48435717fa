/** Takes a message that asks for several things apart, each to be understood by itself. */
import type { Dialogue, Frame } from "../../core/dialogue.ts";
import { clausesOf, phrasePattern } from "../dialogue/clauses.ts";
import { type Conditioned, conditionIn, type Measure, measureIn } from "../dialogue/conditions.ts";
import { HAND_OVER_TOOL } from "../../core/hand-over/index.ts";
import { isTakenBack } from "../../core/language/plain-requests.ts";
import type { Condition, Desk, Intention, Part } from "../roles/contract.ts";
import { groupsOf, isOneQuestion, keyOf, keysBeside, type PartReader } from "./groups.ts";
import { isUrgent } from "./urgent.ts";

const pronoun = new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${phrasePattern("pronouns")})(?![\p{L}\p{N}])`, "iu");

/** The message with its parts; as it is where it asks for one thing, or where it is wholly understood as one request. */
export async function withParts(whole: Intention, text: string, desk: Desk, reader: PartReader): Promise<Intention> {
  if (whole.reading?.about !== undefined) return whole;
  const urgent = await urgentIn(whole, text, reader);
  if (urgent !== undefined) return urgent;
  if (takenBack.test(text) && isTakenBack(text)) return whole;
  if (await isOneQuestion(whole, text, reader)) return whole;
  return (await toldIn(text, desk, reader)) ?? (await inParts(whole, text, desk, reader));
}

async function inParts(whole: Intention, text: string, desk: Desk, reader: PartReader): Promise<Intention> {
  const parts: Part[] = [];
  let { dialogue } = desk.input;
  for (const { clause } of await withoutTold(await groupsOf(text, reader, keysBeside(whole, desk)), desk, reader)) {
    for (const part of await partsOf(clause.text, dialogue, reader)) {
      parts.push(part);
      dialogue = part.intention.steps?.at(-1)?.dialogue ?? dialogue;
    }
  }
  return several(whole, text, inOrder(withoutChanged(parts, desk), desk));
}

/** "A complaint? Never": nothing but a no behind it. */
const takenBack = /\?\s+\S+(?:\s+\S+){0,2}\s*$/u;

/** "This is ridiculous, get me a human": whoever calls a person tells them what it is about. */
async function withoutTold<Group extends { readonly clause: { readonly text: string } }>(
  groups: readonly Group[],
  { turn }: Desk,
  { sense }: PartReader,
): Promise<readonly Group[]> {
  if (groups.length < 2) return groups;
  const intents = await Promise.all(groups.map(async ({ clause }) => (await sense(clause.text)).intent));
  if (!intents.includes(`tool:${HAND_OVER_TOOL}`)) return groups;
  const takers = turn.tools.tools.filter(({ slots }) =>
    Object.values(slots).some(({ entity }) => entity === "message"),
  );
  return groups.filter((_, at) => !takers.some(({ name }) => intents[at] === `tool:${name}`));
}

/** "The machine was broken again. Please take that as a complaint.": what is told in other sentences is what it is about. */
async function toldIn(text: string, { input, turn }: Desk, reader: PartReader): Promise<Intention | undefined> {
  const clauses = clausesOf(text);
  if (clauses.length < 2 || /\?/u.test(text)) return undefined;
  const intents = await Promise.all(clauses.map(async (clause) => (await reader.sense(clause.text)).intent));
  const taker = turn.tools.tools.find(
    ({ name, slots }) =>
      intents.includes(`tool:${name}`) && Object.values(slots).some(({ entity }) => entity === "message"),
  );
  const isOther = (intent: string): boolean =>
    turn.tools.tools.some(({ name, confirmation }) => intent === `tool:${name}` && confirmation !== "never") ||
    intent === `tool:${HAND_OVER_TOOL}`;
  if (taker === undefined || intents.some(isOther)) return undefined;
  const asking = clauses[intents.indexOf(`tool:${taker.name}`)];
  const asked = await reader.read(asking?.text ?? "", input.dialogue);
  const last = asked.steps?.at(-1);
  // It asks what happened: the whole message says so.
  return last?.kind === "ask" && last.dialogue[0]?.tool === taker.name
    ? await reader.read(text, last.dialogue)
    : undefined;
}

/** "It's gone" may be said of anything. */
const FEWEST_WORDS = 4;

/** What is urgent is heard wherever it stands: the message as a whole may sound like a question. */
async function urgentIn(whole: Intention, text: string, reader: PartReader): Promise<Intention | undefined> {
  if (isUrgent(whole)) return whole;
  const clauses = clausesOf(text);
  const told = clauses.length < 2 ? [] : clauses.filter((one) => one.text.split(/\s+/u).length >= FEWEST_WORDS);
  const read = await Promise.all(told.map(async (one) => await reader.sense(one.text)));
  const urgent = read.find((intention) => isUrgent(intention));
  return urgent && { ...urgent, request: text };
}

function several(whole: Intention, text: string, parts: readonly Part[]): Intention {
  const [first, ...others] = parts;
  if (first === undefined || (first.text === text.trim() && others.length === 0)) return whole;
  // "Thanks, and a nice weekend": nothing but talk is answered as what it is as a whole.
  if ([whole, ...parts.map(({ intention }) => intention)].every(isOnlyTalk)) return whole;
  return {
    ...first.intention,
    request: text,
    personal: parts.some(({ intention }) => intention.personal),
    remember: parts.flatMap(({ intention }) => intention.remember),
    parts,
  };
}

const isOnlyTalk = ({ route, steps }: Intention): boolean => route === "talk" && steps === undefined;

async function partsOf(text: string, dialogue: Dialogue, reader: PartReader): Promise<readonly Part[]> {
  const found = await conditioned(text, reader);
  if (found === undefined) return [{ text, intention: await reader.read(text, dialogue) }];
  const { condition, request, otherwise, measure, call } = found;
  const part = { text: request, intention: await reader.read(request, dialogue) };
  const when = { text: condition, call, comparison: measure.comparison, than: measure.than };
  const other = otherwise === undefined ? undefined : await reader.read(otherwise, dialogue);
  const isRequest = other !== undefined && keyOf(other, otherwise ?? "") !== undefined;
  return [
    { ...part, when: { ...when, isOtherwise: false } },
    ...(isRequest ? [{ text: otherwise ?? "", intention: other, when: { ...when, isOtherwise: true } }] : []),
  ];
}

interface Measured extends Conditioned {
  readonly measure: Measure;
  readonly call: Condition["call"];
}

/** A condition that a tool can measure; any other one stays in the words, and is asked about. */
async function conditioned(text: string, { measuring, entities }: PartReader): Promise<Measured | undefined> {
  const found = conditionIn(text);
  const measure = found && measureIn(found.condition, entities);
  if (found === undefined || measure === undefined) return undefined;
  const call = await measuring(measure.of);
  return call === undefined ? undefined : { ...found, measure, call };
}

/** "Jana 60 please. Off savings, not my own account": an order that the next words go on with is not put forward as well. */
function withoutChanged(parts: readonly Part[], desk: Desk): readonly Part[] {
  const isChanged = (part: Part, next: Part | undefined): boolean => {
    const [frame, more] = [callIn(part), next && callIn(next)];
    if (next === undefined || frame === undefined || more?.tool !== frame.tool || !changes(frame, desk)) return false;
    const slots = Object.entries(frame.slots);
    const isKept = slots.every(
      ([field, { value }]) => JSON.stringify(more.slots[field]?.value) === JSON.stringify(value),
    );
    return isKept && slots.every(({ 1: { literal } }) => !next.text.includes(literal));
  };
  return parts.filter((part, at) => !isChanged(part, parts[at + 1]));
}

/** The only call that a part comes to. */
function callIn({ intention: { steps = [] } }: Part): Frame | undefined {
  const [first, ...others] = steps;
  return first?.kind === "call" && others.length === 0 ? first.frame : undefined;
}

/** An order that points at what the order before it makes ("…and send him 10") waits until that is confirmed. */
function inOrder(parts: readonly Part[], desk: Desk): readonly Part[] {
  const placed: Part[] = [];
  for (const part of parts) {
    const before = placed.at(-1);
    const frame = before && frameOf(before);
    const isMade = part.intention.steps?.every(({ kind }) => kind === "call") ?? false;
    const mustWait =
      frame !== undefined &&
      !isMade &&
      changes(frame, desk) &&
      isOrder(part, desk) &&
      (pronoun.test(part.text) || isNamedIn(frame, part.text));
    if (mustWait)
      placed.splice(
        -1,
        1,
        followedBy(
          before,
          frame,
          part.text.replace(pronoun, (word) => nameIn(frame) ?? word),
        ),
      );
    else placed.push(part);
  }
  return placed;
}

function frameOf({ intention: { steps = [] } }: Part): Frame | undefined {
  const last = steps.at(-1);
  return last?.kind === "call" ? last.frame : last?.kind === "ask" ? last.dialogue[0] : undefined;
}

/** What is only looked up waits for nothing: "send Jana 12, and what does it cost to have a new card sent". */
function isOrder(part: Part, desk: Desk): boolean {
  const frame = frameOf(part);
  return frame !== undefined && changes(frame, desk);
}

function changes({ tool }: Frame, { turn }: Desk): boolean {
  return turn.tools.tools.find(({ name }) => name === tool)?.confirmation === "always";
}

/** The first value that is nothing but a name. */
function nameIn({ slots }: Frame): string | undefined {
  return Object.values(slots).find(
    ({ value, literal }) => typeof value === "string" && /^\p{L}/u.test(literal) && !/\d{4}/u.test(literal),
  )?.literal;
}

function isNamedIn(frame: Frame, text: string): boolean {
  const name = nameIn(frame);
  return name !== undefined && name.length > 2 && text.toLowerCase().includes(name.toLowerCase());
}

function followedBy(part: Part | undefined, frame: Frame, then: string): Part {
  const { text = "", intention } = part ?? {};
  if (intention === undefined) throw new Error("A request that follows another one has none before it.");
  const waiting = { ...frame, followUp: [frame.followUp, then].filter((one) => one !== undefined).join("\n") };
  const swap = (one: Frame): Frame => (one === frame ? waiting : one);
  const steps = (intention.steps ?? []).map((step) => ({
    ...step,
    ...("frame" in step && { frame: swap(step.frame) }),
    dialogue: step.dialogue.map(swap),
  }));
  return { ...(part?.when && { when: part.when }), text, intention: { ...intention, steps } };
}
