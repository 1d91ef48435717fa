/** The four roles, filled by rules over a trained intent classifier: no model, no key, no network. */
import type { CrewContext } from "../../core/bot.ts";
import { createIntentReader, type IntentReader } from "./recognize-intent.ts";
import { withoutNames } from "../understanding/known-names.ts";
import { lessonOf, nameWordsIn } from "../understanding/lesson.ts";
import { FOREIGN, type Recognized } from "../understanding/recognize.ts";
import { openModel } from "../understanding/open-model.ts";
import type { Step } from "../dialogue/step.ts";
import { createDialogue, type ToolDialogue } from "../dialogue/next-step.ts";
import { withoutDeclined } from "../dialogue/declined.ts";
import { stepsDraft, withOpenQuestion } from "../dialogue/step-draft.ts";
import type { Dialogue } from "../../core/dialogue.ts";
import type { CrewState, Desk, Draft, Intention, Roles, Selection, WantedCall } from "../roles/contract.ts";
import { type Configured, createAnswers } from "./answers.ts";
import { analyzeEmbedded } from "./analyze.ts";
import { askedForNow } from "./asked-for-now.ts";
import { respondToParts, selectParts } from "./part-turn.ts";
import { earlierResults } from "./earlier-results.ts";
import { withParts } from "./parts.ts";
import type { Reading } from "./reading.ts";
import type { Route } from "./routes.ts";
import { respondEmbedded, withFileNotes } from "./respond.ts";
import { languageFor } from "./say.ts";
import { cutForReading, readTogether, readWords } from "../language/read-words.ts";
import { callOf, selectEmbedded } from "./select.ts";

/** Where the bot's people are, for what they say of dates and sums. */
export interface EmbeddedOptions {
  readonly timeZone: string;
  readonly locale: string;
  /** ISO 4217. @default "EUR" */
  readonly defaultCurrency?: string;
}

/** Creates the roles with the understanding of all that the bot can be asked. */
export async function createEmbeddedRoles(options: EmbeddedOptions, context: CrewContext): Promise<Roles> {
  const { dialogue, known, readerFor } = await learned(options, context);
  const sense = async (state: CrewState, desk: Desk): Promise<Intention> => {
    const readIntent = await readerFor(desk);
    const intention = configured(analyzeEmbedded(state, desk, readIntent), desk, { known, readIntent });
    const entities = { ...readingOf(desk, options), direction: "future" } as const;
    return askedForNow(intention, readWords(state.words.at(-1) ?? ""), { readIntent, entities });
  };
  const read = async (state: CrewState, desk: Desk): Promise<Intention> => {
    const intention = await sense(state, desk);
    const tool = dialogue.tools.get(intention.intent.replace(/^tool:/u, ""));
    const wanted = tool?.hasEffects === false ? withoutDeclined(cutForReading(state.words.at(-1) ?? "")) : undefined;
    // What only the declined words resemble is not asked for; the others are read by themselves.
    if (wanted !== undefined && wanted !== "") return await read({ ...state, words: [wanted] }, desk);
    const steps = await dialogue.nextSteps(intention, state, desk);
    return steps === undefined ? intention : asked(intention, steps);
  };
  const select = (state: CrewState, desk: Desk): Selection => selectEmbedded(withOwnWords(state), desk);
  const respond = (state: CrewState, desk: Desk, tools: AskedTools = dialogue.tools): Draft => {
    const { steps } = state.intention ?? {};
    if (steps === undefined) return respondEmbedded(withOwnWords(state), desk);
    return withFileNotes(stepsDraft(steps, state, desk, tools), desk);
  };
  return {
    model: "offline",
    analyze: async (state, desk) => {
      const whole = await read(state, desk);
      const text = readTogether(state.words);
      return await withParts(whole, text, desk, {
        read: async (words, stands) => await read({ ...state, words: [words] }, withDialogue(desk, stands)),
        sense: async (words) => await sense({ ...state, words: [words] }, desk),
        measuring: async (words) => {
          const one = { ...state, words: [words] };
          return await measuringCall(analyzeEmbedded(one, desk, await readerFor(desk)), one, { desk, dialogue });
        },
        entities: { ...readingOf(desk, options), direction: "future" },
      });
    },
    select: async (whole, desk) => {
      const state = sinceRead(whole);
      const { parts } = state.intention ?? {};
      return parts === undefined ? select(state, desk) : selectParts(state, parts, (one) => select(one, desk));
    },
    respond: async (whole, desk) => {
      const state = sinceRead(whole);
      const { parts, steps } = state.intention ?? {};
      // Only the last part takes up what was left open.
      const answer =
        parts === undefined
          ? withOpenQuestion(respond(state, desk), desk, steps === undefined ? dialogue.tools : NO_TOOLS)
          : respondToParts(state, desk, {
              parts,
              respond: (one, part) => respond(one, desk, part === parts.at(-1) ? dialogue.tools : NO_TOOLS),
            });
      const earlier = earlierResults(whole, desk);
      const draft = earlier === "" ? answer : { ...answer, text: `${earlier}\n\n${answer.text}` };
      desk.turn.emit({ type: "delta", text: draft.text });
      return draft;
    },
  };
}

/** What was taught, made ready. */
async function learned(options: EmbeddedOptions, context: CrewContext) {
  const requests = await context.requests();
  const model = await openModel(lessonOf({ ...context, requests }), context);
  const readIntent = createIntentReader(model, { requests, intents: context.intents });
  const names = nameWordsIn({ tools: context.tools, requests });
  const readerFor = async ({ turn }: Desk): Promise<IntentReader> => {
    const named = await turn.tools.entities();
    return (text) => readIntent(withoutNames(cutForReading(text), named, names));
  };
  const known = createAnswers(context.intents, requests);
  return { readerFor, known, dialogue: createDialogue(context.tools, names.common, options) };
}

/** With the calls that the newest reading led to. */
function sinceRead(state: CrewState): CrewState {
  return { ...state, made: state.made.slice(state.earlier) };
}

/** The call of the only tool whose results are one figure, for what a condition names of it. */
async function measuringCall(
  intention: Intention,
  state: CrewState,
  { desk, dialogue }: { readonly desk: Desk; readonly dialogue: ToolDialogue },
): Promise<WantedCall | undefined> {
  const { tools } = desk.turn.tools;
  const [tool, ...more] = tools.filter(({ measures, confirmation }) => measures && confirmation === "never");
  if (tool === undefined || more.length > 0) return undefined;
  const measured = { ...intention, intent: `tool:${tool.name}` };
  const [step] = (await dialogue.nextSteps(measured, state, withDialogue(desk, []))) ?? [];
  return step?.kind === "call" ? callOf(step.frame) : undefined;
}

type AskedTools = ReturnType<typeof createDialogue>["tools"];
const NO_TOOLS: AskedTools = new Map();

function withDialogue(desk: Desk, dialogue: Dialogue): Desk {
  return { ...desk, input: { ...desk.input, dialogue } };
}

function readingOf({ input }: Desk, { timeZone, defaultCurrency: currency = "EUR" }: EmbeddedOptions) {
  return { now: new Date(input.now), timeZone, locale: input.locale, currency };
}

/** Requests for tools that were asked for in words are this person's alone. */
function asked(intention: Intention, steps: readonly Step[]): Intention {
  const [first] = steps;
  const intent = first?.kind === "call" ? first.frame.tool : "request";
  const confidence = Math.max(intention.confidence, 0.9);
  return { ...intention, intent, route: "tool", confidence, personal: true, remember: [], steps };
}

interface Knowing {
  readonly known: ReturnType<typeof createAnswers>;
  readonly readIntent: IntentReader;
}

/** The request with what is known of it beforehand: by the bot's configuration, or its tool packs. */
function configured(intention: Intention, { input }: Desk, { known, readIntent }: Knowing): Intention {
  const { reading, request } = intention;
  if (reading === undefined) return intention;
  const own = reading.understood.recognized;
  const { recognized } = reading.earlier === undefined ? reading.understood : readIntent(request);
  const language = intention.language ?? languageFor(input);
  const carried = knownOf(recognized, language, known);
  // What is answered beforehand must be said itself: "and a new one costs how much?" is no second alarm.
  const found = carried?.answer === undefined ? carried : knownOf(own, language, known);
  const topics = [...topicsOf(recognized, language, known), ...stillAbout(reading)];
  const personal = intention.personal || reading.cited.length > 0;
  // What others said is looked up, with the topics that the person's own words are about.
  if (found === undefined || reading.about !== undefined) return { ...intention, topics, personal };
  return { ...intention, topics, personal, route: routeBy(found) ?? intention.route, configured: found };
}

/** A reading that is less likely says nothing of the topic. */
const LEAST_LIKELY_TOPIC = 0.2;
const MOST_TOPICS = 3;

/** What was just spoken of is likely still meant, where nothing surer is said. */
const LIKELY_STILL = 0.7;

function stillAbout({ cited }: Reading): NonNullable<Intention["topics"]> {
  return cited.slice(0, MOST_TOPICS).map((words) => ({ words, confidence: LIKELY_STILL }));
}

/** What the message is likely about, in words of documents: of each likely reading that has some. */
function topicsOf(
  recognized: Recognized,
  language: string,
  known: ReturnType<typeof createAnswers>,
): NonNullable<Intention["topics"]> {
  return [recognized, ...recognized.alternatives]
    .filter(({ label, confidence }) => label !== FOREIGN && confidence >= LEAST_LIKELY_TOPIC)
    .map(({ label, confidence }) => ({ confidence, inLanguages: known(label, language)?.search ?? [] }))
    .filter(({ inLanguages }) => inLanguages.length > 0)
    .slice(0, MOST_TOPICS)
    .flatMap(({ confidence, inLanguages }) => inLanguages.map((words) => ({ words, confidence })));
}

/** How it is answered, where that is known beforehand; an answer may have figures of documents beside it. */
function routeBy({ answer, documents, tool }: Configured): Route | undefined {
  if (answer !== undefined) return "answer";
  return tool === undefined ? documents && "documents" : "tool";
}

const LIKELY_TOPIC = 0.25;
/** What is answered beforehand must be likelier than what is only looked up. */
const LIKELY_ANSWER = 0.5;

/** Where a message seems foreign, what it would otherwise be is still its likeliest topic. */
function knownOf(
  { label, alternatives }: Recognized,
  language: string,
  known: ReturnType<typeof createAnswers>,
): Configured | undefined {
  const [likeliest] = alternatives;
  if (label !== FOREIGN || likeliest === undefined) return known(label, language);
  const found = known(likeliest.label, language);
  const isLikely = likeliest.confidence >= (found?.answer === undefined ? LIKELY_TOPIC : LIKELY_ANSWER);
  return isLikely && found?.tool === undefined ? found : undefined;
}

/** What is quoted or pasted was read by the analyzer; from there on the person's own words count. */
function withOwnWords(state: CrewState): CrewState {
  return { ...state, words: state.words.map(readWords) };
}
