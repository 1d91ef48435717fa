import type { TaughtRequest } from "../../core/teaching.ts";
import type { Model } from "../understanding/model.ts";
import { generalRequestsIn } from "../understanding/language.ts";
import { foreignLanguage } from "../understanding/spoken-language.ts";
import { FOREIGN, type Guess, recognize, type Recognized } from "../understanding/recognize.ts";
import { type Intent, isIntent, routeOfIntent, type Route } from "./intents.ts";

/** One reading of a message. */
export interface IntentGuess {
  readonly intent: Intent;
  readonly route: Route;
  /** How likely this reading is right, from 0 to 1, as measured on sentences the classifier had not seen. */
  readonly confidence: number;
}

/** The best reading of a message and the runners-up. */
export interface RecognizedIntent extends IntentGuess {
  /** The next readings, best first; when the message is out of scope, what it would otherwise have been. */
  readonly alternatives: readonly IntentGuess[];
  /** The request as it was taught: a general one, a tool's, one of the configuration. */
  readonly recognized: Recognized;
  /** Whether the bot was taught what its documents answer. */
  readonly knowsTopics: boolean;
  /** By label and language: how somebody asks for a request of a tool pack. */
  readonly samples: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** The language of the message where the brain does not speak it. */
  readonly foreign?: string;
}

/** The rules that serve the general requests. What is not named here is foreign to them. */
const intentOfGeneral: Readonly<Record<string, Intent>> = {
  greet: "greet",
  how_are_you: "greet",
  goodbye: "goodbye",
  thanks: "thanks",
  praise: "thanks",
  help: "help",
  repeat: "help",
  change_language: "help",
  identity: "identity",
  small_talk: "smallTalk",
  insult: "smallTalk",
  go_back: "smallTalk",
  distress: "distress",
  hand_over: "humanHandover",
  record_complaint: "complaint",
  remember_fact: "rememberFact",
  recall_facts: "recallFact",
  forget_fact: "forgetFact",
  forget_everything: "forgetFact",
  reset_conversation: "resetConversation",
  confirm: "confirm",
  cancel: "cancel",
};

const ALTERNATIVES = 3;
const SURE_ENOUGH = 0.75;
/** Comfort for somebody who is in no distress is worse than a question what they meant. */
const SURE_DISTRESS = 0.8;

/** Reads messages by the rules' intents. */
export type IntentReader = (text: string) => RecognizedIntent;

/** Makes the reader of a trained model for a bot of these requests. */
export function createIntentReader(model: Model, requests: readonly TaughtRequest[]): IntentReader {
  const taught = new Map(requests.map(({ name, handledAs = "" }) => [`request:${name}`, handledAs]));
  const intentOf = (label: string): Intent => {
    const name = intentOfGeneral[label] ?? taught.get(label) ?? "outOfScope";
    return isIntent(name) ? name : "outOfScope";
  };
  const knowsTopics = requests.some(({ documents }) => documents);
  const samples = new Map(requests.map((request) => [`request:${request.name}`, samplesOf(request)] as const));
  return (text) => {
    const foreign = foreignLanguage(text);
    const read = withoutVagueDistress(recognize(model, text));
    const recognized = foreign === undefined ? read : knownIn(foreign, read, requests);
    const [best, ...others] = guessesOf([recognized, ...recognized.alternatives], intentOf);
    // What only general requests were taught for is likelier a question to documents than a vague one of those.
    const isSure = knowsTopics || recognized.confidence >= SURE_ENOUGH;
    if (best !== undefined && isSure && recognized.label !== FOREIGN && best.intent === intentOf(recognized.label))
      return {
        ...best,
        alternatives: others.slice(0, ALTERNATIVES),
        recognized,
        knowsTopics,
        samples,
        ...(foreign !== undefined && { foreign }),
      };
    const alternatives = (best === undefined ? [] : [best, ...others]).slice(0, ALTERNATIVES);
    return {
      intent: "outOfScope",
      route: "outOfScope",
      confidence: recognized.confidence,
      alternatives,
      recognized,
      knowsTopics,
      samples,
      ...(foreign !== undefined && { foreign }),
    };
  };
}

function withoutVagueDistress(read: Recognized): Recognized {
  if (read.label !== "distress" || read.confidence >= SURE_DISTRESS) return read;
  return { label: FOREIGN, confidence: 1 - read.confidence, alternatives: read.alternatives };
}

const OTHER_LANGUAGE = "other_language";
const LIKELY_IN_FOREIGN = 0.3;

/** Of what a message in another language may mean, only that counts for which sentences of that language were learned. */
function knownIn(language: string, read: Recognized, requests: readonly TaughtRequest[]): Recognized {
  const general = generalRequestsIn(language);
  const isTaught = (label: string): boolean =>
    general.has(label) || requests.some(({ name, examples }) => `request:${name}` === label && language in examples);
  const guesses = [read, ...read.alternatives].filter(({ label, confidence }) => {
    return isTaught(label) && confidence >= LIKELY_IN_FOREIGN;
  });
  const [best, ...alternatives] = guesses;
  if (best === undefined) return { label: OTHER_LANGUAGE, confidence: 0.5, alternatives: [] };
  return { label: best.label, confidence: best.confidence, alternatives };
}

/** The first sentence of each language that has no made-up value in it. */
function samplesOf({ examples }: TaughtRequest): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(examples).flatMap(([language, sentences]) => {
      const sample = sentences.find((sentence) => !sentence.includes("{"));
      return sample === undefined ? [] : [[language, sample]];
    }),
  );
}

/** The readings by their rules, each once, best first. */
function guessesOf(guesses: readonly Guess[], intentOf: (label: string) => Intent): readonly IntentGuess[] {
  const found = new Map<Intent, IntentGuess>();
  for (const { label, confidence } of guesses) {
    const intent = intentOf(label);
    if (intent !== "outOfScope" && !found.has(intent))
      found.set(intent, { intent, route: routeOfIntent[intent], confidence });
  }
  return [...found.values()];
}
