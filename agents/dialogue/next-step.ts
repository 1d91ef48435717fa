/** The step that a turn's words take, for the tools that can be asked for in words. */
import type { Frame } from "../../core/dialogue.ts";
import type { JsonObject } from "../../core/json.ts";
import { languageOfLocale } from "../../core/language/index.ts";
import { ownWords } from "../../core/language/segments.ts";
import type { DescribedTool } from "../../core/tool.ts";
import type { CrewState, Desk, Intention } from "../roles/contract.ts";
import { FOREIGN, type Guess, type Recognized } from "../understanding/recognize.ts";
import { advance, saysMore } from "./advance.ts";
import { askedTools } from "./asked-tools.ts";
import type { AskedTool, Heard, Step } from "./step.ts";

/** From here on a reading is surely right, and no answer to something else. */
const SURE = 0.85;
const TOOL = "tool:";
/** So likely a tool is meant where nothing known else is. */
const LIKELY = 0.35;
/** Below, another reading is nearly as good. */
const DOUBTFUL = 0.6;
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
 * Prepares the tools once; `others` are sentences that ask for something else. There are no steps where the words ask
 * for none of the tools, and in groups for what is not public: there several people speak.
 */
export function createDialogue(
  tools: readonly DescribedTool[],
  others: readonly string[],
  { timeZone, locale = "en-GB", defaultCurrency: currency = "EUR" }: ReadingOptions,
): ToolDialogue {
  const known = askedTools(tools, others);
  const nextSteps: ToolDialogue["nextSteps"] = async (intention, { words }, { input, turn }) => {
    const { dialogue, now } = input;
    // What somebody else said is looked up, never carried out.
    if (intention.reading?.about !== undefined) return undefined;
    const { tool, given } = toolAsked(intention);
    // The configuration may name a tool without a language: it is called as it says.
    if (tool !== undefined && !known.has(tool))
      return [{ kind: "call", frame: { tool, slots: given, at: now }, dialogue }];
    const heard = heardIn(words.map(ownWords).join("\n"), intention, input);
    const entities = { now: new Date(now), timeZone, locale, currency, direction: "future" } as const;
    const usable = new Set(turn.tools.tools.map(({ name }) => name));
    const offered: ReadonlyMap<string, AskedTool> = new Map([...known].filter(([name]) => usable.has(name)));
    const reading = { tools: offered, entities, named: await turn.tools.entities() };
    // What names another value for a waiting request is read as that first, whatever else it resembles: "make that 80".
    const isChange = input.changesWaiting === true && known.get(tool ?? "")?.isOrder !== true;
    const changed = isChange ? advance(dialogue, { ...heard, tool: undefined, isOther: false }, reading) : undefined;
    return changed ?? advance(dialogue, heard, reading);
  };
  return { tools: known, nextSteps };
}

function heardIn(text: string, intention: Intention, { chatType, history, locale }: Desk["input"]): Heard {
  const { tool, given } = toolAsked(intention);
  const language = languageOfLocale(locale);
  const isSure = intention.confidence >= SURE;
  // "no, Bergen" is more than a no.
  const isMore = ANSWERS.has(intention.intent) && saysMore(text, language);
  return {
    text,
    tool,
    isSure,
    given,
    answer: chatType === "group" ? undefined : history.findLast(({ role }) => role === "assistant")?.text,
    language,
    isOther: tool === undefined && intention.route !== "foreign" && isSure && !isMore,
  };
}

/** The tool that the words ask for, by its own language or by the configuration. */
function toolAsked(intention: Intention) {
  const { configured } = intention;
  return { tool: configured?.tool ?? toolIn(intention), given: slotsOf(configured?.input) };
}

/**
 * The tool that the words ask for; where that is doubtful, the likeliest one, if nothing else is much likelier: what was
 * taken for a greeting or for nothing known may hold a request.
 */
function toolIn(intention: Intention): string | undefined {
  if (intention.intent.startsWith(TOOL)) return intention.intent.slice(TOOL.length);
  if (intention.configured?.answer !== undefined || intention.configured?.documents !== undefined) return undefined;
  const recognized = intention.reading?.understood.recognized;
  const likeliest = recognized?.alternatives.find(({ label }) => label.startsWith(TOOL));
  if (recognized === undefined || likeliest === undefined || likeliest.confidence < LIKELY) return undefined;
  return isLikelier(recognized, likeliest) ? likeliest.label.slice(TOOL.length) : undefined;
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
