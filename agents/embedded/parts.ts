/** Takes a message that asks for several things apart, each to be understood by itself. */
import type { Dialogue, Frame } from "../../core/dialogue.ts";
import { readOrder } from "../../core/language/index.ts";
import { phrasePattern, type Clause, clausesOf, joined } from "../dialogue/clauses.ts";
import { type Conditioned, conditionIn, type Measure, measureIn } from "../dialogue/conditions.ts";
import type { Condition, Desk, Intention, Part } from "../roles/contract.ts";
import { type EntityOptions, findEntities } from "../understanding/slots/entities.ts";

/** How words are read by themselves. */
export interface PartReader {
  readonly read: (text: string, dialogue: Dialogue) => Promise<Intention>;
  /** The call that tells what a condition measures; undefined where no tool does. */
  readonly measuring: (text: string) => Promise<Condition["call"] | undefined>;
  readonly entities: EntityOptions;
}

const SURE_TALK = 0.7;
const SURE = 0.8;
const otherwiseFirst = new RegExp(String.raw`^(?:${phrasePattern("otherwise")})(?!\p{L})`, "iu");
const pronoun = new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${phrasePattern("pronouns")})(?![\p{L}\p{N}])`, "iu");

/** The message with its parts; as it is where it asks for one thing, or where it is wholly understood as one request. */
export async function withParts(whole: Intention, text: string, desk: Desk, reader: PartReader): Promise<Intention> {
  if (whole.reading?.about !== undefined) return whole;
  const parts: Part[] = [];
  let { dialogue } = desk.input;
  for (const { clause } of await groupsOf(text, reader, isWhole(whole, desk) ? toolOf : keyOf)) {
    for (const part of await partsOf(clause.text, dialogue, reader)) {
      parts.push(part);
      dialogue = part.intention.steps?.at(-1)?.dialogue ?? dialogue;
    }
  }
  return several(whole, text, inOrder(parts, desk));
}

function several(whole: Intention, text: string, parts: readonly Part[]): Intention {
  const [first, ...others] = parts;
  if (first === undefined || (first.text === text.trim() && others.length === 0)) return whole;
  return {
    ...first.intention,
    request: text,
    personal: parts.some(({ intention }) => intention.personal),
    remember: parts.flatMap(({ intention }) => intention.remember),
    parts,
  };
}

/** An order that lacks nothing: beside it only what asks for a tool of its own counts as a second request. */
function isWhole({ steps = [] }: Intention, { turn }: Desk): boolean {
  const { tools } = turn.tools;
  const isOrder = (tool: string): boolean => tools.find(({ name }) => name === tool)?.confirmation === "always";
  return steps.length > 0 && steps.every((step) => step.kind === "call" && isOrder(step.frame.tool));
}

interface Group {
  readonly clause: Clause;
  readonly key: string | undefined;
}

/** Clauses that ask for the same stay together: a list of transfers is read as one. What asks for nothing goes with its neighbour. */
async function groupsOf(text: string, { read, entities }: PartReader, keyFor: typeof keyOf): Promise<readonly Group[]> {
  const clauses = withWholeValues(text, clausesOf(text), entities);
  const [only, ...more] = clauses;
  if (only !== undefined && more.length === 0) return [{ clause: only, key: undefined }];
  const groups: Group[] = [];
  for (const clause of clauses) {
    const intention = await read(clause.text, []);
    // A greeting in front says nothing of what follows it.
    if (groups.length === 0 && isTalk(intention) && isHarmless(clause, entities) && clause !== clauses.at(-1)) continue;
    const key = keyFor(intention, clause.text);
    const last = groups.at(-1);
    if (last !== undefined && belongsTo(last, clause, key)) {
      groups.splice(-1, 1, { clause: joined(text, [last.clause, clause]), key: last.key ?? key });
    } else groups.push({ clause, key });
  }
  return groups;
}

const HARMLESS: ReadonlySet<string> = new Set(["question", "past", "reported"]);

/** "approx. 60 euros", "never mind the balance": what is said first may limit what follows. */
function isHarmless({ text }: Clause, entities: EntityOptions): boolean {
  return readOrder(text, entities).doubts.every(({ kind }) => HARMLESS.has(kind));
}

/** The day before a further one may be of that one's month: "on the 3rd and the 17th of September". */
const openDay = /\d(?:\.|st|nd|rd|th)$/u;

/** "Five hundred and twenty" is one value. */
function withWholeValues(text: string, clauses: readonly Clause[], entities: EntityOptions): readonly Clause[] {
  const values = clauses.length < 2 ? [] : findEntities(text, entities);
  return clauses.reduce<readonly Clause[]>((before, clause) => {
    const last = before.at(-1);
    const isCut = ({ start, end }: Clause): boolean =>
      openDay.test(text.slice(start, end)) || values.some((one) => one.start < end && one.end > clause.start);
    return last !== undefined && isCut(last)
      ? [...before.slice(0, -1), joined(text, [last, clause])]
      : [...before, clause];
  }, []);
}

function belongsTo(last: Group, { text }: Clause, key: string | undefined): boolean {
  return key === undefined || last.key === undefined || last.key === key || otherwiseFirst.test(text);
}

const isTalk = ({ route, confidence, steps }: Intention): boolean =>
  steps === undefined && (route === "talk" || route === "hand-over") && confidence >= SURE_TALK;

/** What a clause asks for by itself; undefined where it asks for nothing. */
function keyOf(intention: Intention, text: string): string | undefined {
  const { intent, configured } = intention;
  if (isAround(intention)) return undefined;
  const tool = toolOf(intention);
  if (tool !== undefined || intention.steps !== undefined) return tool;
  if (configured?.documents !== undefined) return /\?\s*$/u.test(text) ? "documents" : undefined;
  return configured === undefined ? talkedOf(intention, text) : intent;
}

/** What is said around a request, and is no whole order itself. */
function isAround({ steps = [], reading }: Intention): boolean {
  return reading?.understood.recognized.isAround === true && steps.every(({ kind }) => kind !== "call");
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

/** A part that points at what the order before it makes ("…and send him 10") waits until that is confirmed. */
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
