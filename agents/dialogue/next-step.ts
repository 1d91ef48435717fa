/** The step that a turn's words take, for the tools that can be asked for in words. */
import type { Dialogue, Frame } from "../../core/dialogue.ts";
import { HAND_OVER_TOOL } from "../../core/hand-over/index.ts";
import type { JsonObject } from "../../core/json.ts";
import { languageOfLocale } from "../../core/language/index.ts";
import type { DescribedTool } from "../../core/tool.ts";
import { readTogether } from "../language/read-words.ts";
import type { CrewState, Desk, Intention } from "../roles/contract.ts";
import { FOREIGN, type Guess, type Recognized } from "../understanding/recognize.ts";
import { advance } from "./advance.ts";
import { isUrgent } from "../embedded/urgent.ts";
import { smallClausesOf } from "./clauses.ts";
import { allCues, leadingCue } from "./cues.ts";
import { saysMore } from "./leading-words.ts";
import { fillSlots } from "../understanding/slots/fill-slots.ts";
import { topicWordsIn, topicWordsOf } from "../understanding/topic-words.ts";
import { askedTools } from "./asked-tools.ts";
import type { AskedTool, DialogueOptions, Heard, Step } from "./step.ts";

/** From here on a reading is surely right, and no answer to something else. */
const SURE = 0.85;
const TOOL = "tool:";
const REQUEST = "request:";
/** Never guessed: whoever wants a person says so. */
const CALLS_A_PERSON = `${TOOL}${HAND_OVER_TOOL}`;
/** So likely a tool is meant where nothing known else is. */
const LIKELY = 0.35;
/** So likely it is meant where all that it needs is named, and more than one value of it: a payee with a sum. */
const LIKELY_NAMED = 0.2;
/** So likely the tool that was called last is meant again, where the words tell nothing else. */
const LIKELY_TALKED = 0.3;
const MOST_TALKED_WORDS = 4;
/** Below, values that a tool takes say more than the words around them. */
const OUTWEIGHED = 0.75;
/** So likely it is asked about rather than for. */
const LIKELY_LOOKED_UP = 0.5;
/** Below, another reading is nearly as good. */
const DOUBTFUL = 0.6;
/** What is foreign to most bots, or chat about the weather. */
const YIELDING: ReadonlySet<string> = new Set([FOREIGN, "small_talk"]);
/** Readings of a yes or no, which may come before a request or an answer. */
const ANSWERS: ReadonlySet<string> = new Set(["confirm", "cancel", "greet", "how_are_you"]);

/** How values in words are read. */
export interface ReadingOptions {
  readonly timeZone: string;
  readonly locale?: string | undefined;
  readonly defaultCurrency?: string;
}

/** The tools of a bot that can be asked for in words. */
export interface ToolDialogue {
  readonly tools: ReadonlyMap<string, AskedTool>;
  readonly nextSteps: (intention: Intention, state: CrewState, desk: Desk) => Promise<readonly Step[] | undefined>;
}

/**
 * Prepares the tools once; `common` are words that are no names. There are no steps where the words ask
 * for none of the tools, and in groups for what is not public: there several people speak.
 */
export function createDialogue(
  tools: readonly DescribedTool[],
  common: ReadonlySet<string>,
  { timeZone, locale = "en-GB", defaultCurrency: currency = "EUR" }: ReadingOptions,
): ToolDialogue {
  const known = askedTools(tools, common);
  const topics = topicWordsOf(tools);
  const nextSteps: ToolDialogue["nextSteps"] = async (intention, { words }, { input, turn }) => {
    const { dialogue, now } = input;
    // What somebody else said is looked up, never carried out.
    if (intention.reading?.about !== undefined) return undefined;
    const { tool: asked, given } = toolAsked(intention, words, dialogue, known);
    // The configuration may name a tool without a language: it is called as it says.
    if (asked !== undefined && !known.has(asked))
      return [{ kind: "call", frame: { tool: asked, slots: given, at: now }, dialogue }];
    const text = readTogether(words);
    const entities = { now: new Date(now), timeZone, locale, currency, direction: "future" } as const;
    const usable = new Set(turn.tools.tools.map(({ name }) => name));
    const offered: ReadonlyMap<string, AskedTool> = new Map([...known].filter(([name]) => usable.has(name)));
    const reading = { tools: offered, entities, named: await turn.tools.entities() };
    const meant = asked ?? toolNamed(intention, text, reading) ?? toolOfTopic(intention, text, { reading, topics });
    const heard = heardIn(text, meant, { intention, input, given });
    // What names another value for a waiting request is read as that first, whatever else it resembles: "make that 80".
    const isChange = input.changesWaiting === true && known.get(meant ?? "")?.isOrder !== true;
    const meantForWaiting = { ...heard, tool: undefined, isOther: false, changesWaiting: true } as const;
    const changed = isChange ? advance(dialogue, meantForWaiting, reading) : undefined;
    return changed ?? advance(dialogue, heard, reading);
  };
  return { tools: known, nextSteps };
}

interface Hearsay {
  readonly intention: Intention;
  readonly input: Desk["input"];
  readonly given: Frame["slots"];
}

function heardIn(text: string, tool: string | undefined, { intention, input, given }: Hearsay): Heard {
  const { chatType, history, locale } = input;
  const language = languageOfLocale(locale);
  const isSure = intention.confidence >= SURE;
  // "no, Bergen" is more than a no.
  const isMore = ANSWERS.has(intention.intent) && saysMore(text, language);
  return {
    text,
    tool,
    isSure,
    isAround: intention.reading?.understood.recognized.isAround === true,
    given,
    examples: intention.configured?.examples,
    answer: chatType === "group" ? undefined : history.findLast(({ role }) => role === "assistant")?.text,
    language,
    isOther: tool === undefined && (isUrgent(intention) || (intention.route !== "foreign" && isSure && !isMore)),
  };
}

/** The tool that was called last, where it only looks at something. */
function talkedOf(
  [last]: Dialogue,
  words: readonly string[],
  known: ReadonlyMap<string, AskedTool>,
): string | undefined {
  if (words.join(" ").trim().split(/\s+/u).length > MOST_TALKED_WORDS) return undefined;
  return last?.asked === undefined && known.get(last?.tool ?? "")?.hasEffects === false ? last?.tool : undefined;
}

/** "You turned my complaint down, whom can I turn to?": a question about what a message is taken for leaves none. */
function asksAbout({ reading }: Intention, text: string, tool: AskedTool | undefined): boolean {
  const takesMessage = Object.values(tool?.slots ?? {}).some(({ entity }) => entity === "message");
  const isLookedUp = ({ label, confidence }: Guess): boolean =>
    label.startsWith(REQUEST) && confidence >= LIKELY_LOOKED_UP;
  return (
    takesMessage &&
    reading?.understood.recognized.alternatives.some(isLookedUp) === true &&
    smallClausesOf(text).some((clause) =>
      allCues().some(({ questions }) => leadingCue(clause.text, questions) !== undefined),
    )
  );
}

/** The tool that the words ask for, by its own language or by the configuration. */
function toolAsked(
  intention: Intention,
  words: readonly string[],
  dialogue: Dialogue,
  known: ReadonlyMap<string, AskedTool>,
) {
  const { configured } = intention;
  const tool = configured?.tool ?? toolIn(intention, talkedOf(dialogue, words, known));
  const isAskedAbout = asksAbout(intention, words.join("\n"), known.get(tool ?? ""));
  return { tool: isAskedAbout ? undefined : tool, given: slotsOf(configured?.input) };
}

/**
 * The tool that the words ask for; where that is doubtful, the likeliest one, if nothing else is much likelier: what was
 * taken for a greeting or for nothing known may hold a request.
 */
function toolIn(intention: Intention, talked: string | undefined): string | undefined {
  if (intention.intent.startsWith(TOOL)) return intention.intent.slice(TOOL.length);
  if (intention.configured?.answer !== undefined || intention.configured?.documents !== undefined) return undefined;
  const recognized = intention.reading?.understood.recognized;
  return recognized && guessedIn(recognized, talked);
}

/** A vague message belongs to what is talked about ("and together?"), else to the likeliest tool. */
function guessedIn(recognized: Recognized, talked: string | undefined): string | undefined {
  const { label: read, alternatives } = recognized;
  const guesses = alternatives.filter(({ label }) => label.startsWith(TOOL) && label !== CALLS_A_PERSON);
  const isTalked = ({ label, confidence }: Guess): boolean =>
    label === `${TOOL}${talked}` && confidence >= LIKELY_TALKED;
  if (read === FOREIGN && guesses.some(isTalked)) return talked;
  const [likeliest] = guesses;
  if (likeliest === undefined || likeliest.confidence < LIKELY) return undefined;
  if (read === FOREIGN && isLikelierLookedUp(recognized, likeliest.confidence)) return undefined;
  return isLikelier(recognized, likeliest) ? likeliest.label.slice(TOOL.length) : undefined;
}

/** Where nothing is surely meant: the likeliest tool for which the words hold all that it needs. */
function toolNamed(
  { reading: read, configured }: Intention,
  text: string,
  reading: DialogueOptions,
): string | undefined {
  const recognized = read?.understood.recognized;
  if (recognized === undefined || configured?.answer !== undefined) return undefined;
  if (recognized.label !== FOREIGN && recognized.confidence >= OUTWEIGHED) return undefined;
  return recognized.alternatives
    .filter(({ label, confidence }) => label.startsWith(TOOL) && label !== CALLS_A_PERSON && confidence >= LIKELY_NAMED)
    .map(({ label, confidence }) => ({ name: label.slice(TOOL.length), confidence }))
    .filter(
      ({ name, confidence }) =>
        reading.tools.get(name)?.hasEffects !== false || !isLikelierLookedUp(recognized, confidence),
    )
    .find(({ name }) => holdsAll(reading.tools.get(name), text, reading))?.name;
}

const AS_LIKELY = 0.05;

/** Whether the words are at least as likely a question that documents answer. */
function isLikelierLookedUp({ alternatives }: Recognized, confidence: number): boolean {
  return alternatives.some((other) => other.label.startsWith(REQUEST) && other.confidence >= confidence - AS_LIKELY);
}

interface TopicReading {
  readonly reading: DialogueOptions;
  readonly topics: ReturnType<typeof topicWordsOf>;
}

/**
 * Where nothing known is surely meant, what is off topic elsewhere ("will it rain on Monday?") included: the tool whose own
 * words stand there beside a value of it. Only what changes nothing is called for so little.
 */
function toolOfTopic(
  { reading: read, configured }: Intention,
  text: string,
  { reading, topics }: TopicReading,
): string | undefined {
  if (read === undefined || configured !== undefined || read.earlier !== undefined) return undefined;
  const { recognized, route } = read.understood;
  const isOpen = YIELDING.has(recognized.label) || (route === "talk" && recognized.confidence < OUTWEIGHED);
  if (!isOpen) return undefined;
  const [best] = [...reading.tools.values()]
    .filter((tool) => !tool.hasEffects && holdsValue(tool, text, reading))
    .map(({ name }) => ({ name, count: topicWordsIn(text, topics.get(name) ?? new Set()) }))
    .filter(({ count }) => count > 0)
    .toSorted((one, other) => other.count - one.count);
  return best?.name;
}

function holdsValue(tool: AskedTool, text: string, { entities, named }: DialogueOptions): boolean {
  const { slots } = fillSlots(text, tool.reader, { ...entities, named });
  // Free words may be anything where they are not written as a name.
  const isValue = ([field, { literal }]: [string, Frame["slots"][string]]): boolean =>
    tool.slots[field]?.entity !== "text" || /^\p{Lu}/u.test(literal);
  return Object.entries(slots).some(isValue);
}

function holdsAll(tool: AskedTool | undefined, text: string, { entities, named }: DialogueOptions): boolean {
  if (tool === undefined) return false;
  const { slots } = fillSlots(text, tool.reader, { ...entities, named });
  const needed = Object.keys(tool.slots).filter((field) => tool.slots[field]?.required);
  const isTold = Object.keys(slots).length > 1 || Object.values(slots).some(({ source }) => source === "known");
  return isTold && needed.every((field) => field in slots);
}

function isLikelier({ label, confidence }: Recognized, likeliest: Guess): boolean {
  if (label === FOREIGN) return true;
  return confidence < DOUBTFUL && confidence - likeliest.confidence < 0.1;
}

/** Values that the configuration fills in: no words of anybody. */
function slotsOf(input: JsonObject = {}): Frame["slots"] {
  return Object.fromEntries(
    Object.entries(input).map(([field, value]) => [field, { value, literal: "", source: "known" as const }]),
  );
}
