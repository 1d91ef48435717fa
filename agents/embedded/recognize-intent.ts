import { HAND_OVER_TOOL } from "../../core/hand-over/index.ts";
import type { Intents } from "../../core/intents.ts";
import type { TaughtRequest } from "../../core/teaching.ts";
import type { Model } from "../understanding/model.ts";
import { NAME } from "../understanding/known-names.ts";
import { generalRequestsIn } from "../understanding/language.ts";
import { normalizeForClassification, wordsOf } from "../understanding/normalize.ts";
import { foreignLanguage, holdsKnownWord } from "../understanding/spoken-language.ts";
import { FOREIGN, recognize, type Recognized } from "../understanding/recognize.ts";
import { type Route, routeOf } from "./routes.ts";

/** What a message asks for. */
export interface Understood {
  /** The request as it was taught: a general one, a tool's, one of the configuration. */
  readonly recognized: Recognized;
  /** That of the request; `foreign` where it is too vague to be answered as such. */
  readonly route: Route;
  /** Whether the bot was taught what its documents answer. */
  readonly knowsTopics: boolean;
  /** By label and language: how somebody asks for a request of a tool pack. */
  readonly samples: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** The language of the message where the brain does not speak it. */
  readonly foreign?: string;
}

const OTHER_LANGUAGE = "other_language";
const SURE_ENOUGH = 0.75;
/** Comfort for somebody who is in no distress, and a person called for nobody, are worse than a question what they meant. */
const SURE: Readonly<Record<string, number>> = {
  distress: 0.8,
  [`tool:${HAND_OVER_TOOL}`]: 0.6,
  // English and German sentences are in no other language.
  [OTHER_LANGUAGE]: 0.8,
};

/** Reads what a message asks for. */
export type IntentReader = (text: string) => Understood;

/** What a bot was taught besides the general requests. */
interface Known {
  readonly requests: readonly TaughtRequest[];
  /** Those of its configuration: who says an example of one word by word means it. */
  readonly intents?: Intents;
}

/** Makes the reader of a trained model for a bot of these requests. */
export function createIntentReader(model: Model, { requests, intents = {} }: Known): IntentReader {
  const knowsTopics = requests.some(({ documents }) => documents);
  const samples = new Map(requests.map((request) => [`request:${request.name}`, samplesOf(request)] as const));
  const examples = examplesOf(intents);
  return (text) => {
    const example = examples.get(folded(text));
    if (example !== undefined) {
      const recognized = { label: example, confidence: 1, alternatives: [], isAround: false };
      return { recognized, route: routeOf(example), knowsTopics, samples };
    }
    const foreign = foreignLanguage(text.replaceAll(NAME, " "));
    const read = withoutNameAsTalk(withThanks(withoutVague(recognize(model, text))), text);
    const recognized = foreign === undefined ? read : knownIn(foreign, read, requests);
    const route = routeOf(recognized.label);
    // What only general requests were taught for is likelier a question to documents than a vague one of those.
    const isSure = knowsTopics || route === "tool" || recognized.confidence >= SURE_ENOUGH;
    return {
      recognized,
      route: isSure ? route : "foreign",
      knowsTopics,
      samples,
      ...(foreign !== undefined && { foreign }),
    };
  };
}

/** The label of each example of the configuration. */
function examplesOf(intents: Intents): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(intents).flatMap(([name, { examples }]) =>
      examples.map((example): [string, string] => [folded(example), `intent:${name}`]),
    ),
  );
}

const folded = (text: string): string =>
  wordsOf(normalizeForClassification(text))
    .filter((word) => !/[?!]/u.test(word))
    .join(" ");

function withoutVague(read: Recognized): Recognized {
  const { label, confidence, alternatives } = read;
  if (confidence >= (SURE[label] ?? 0)) return read;
  return {
    ...read,
    label: FOREIGN,
    confidence: 1 - confidence,
    alternatives: [...alternatives, { label, confidence }],
  };
}

const LIKELY_THANKS = 0.5;

/** Whoever thanks and says goodbye is thanked for it. */
function withThanks(read: Recognized): Recognized {
  const { label, confidence, alternatives } = read;
  const thanks = label === "goodbye" ? alternatives.find((other) => other.label === "thanks") : undefined;
  if (thanks === undefined || thanks.confidence < LIKELY_THANKS) return read;
  const others = alternatives.filter((other) => other !== thanks);
  return { ...read, ...thanks, alternatives: [{ label, confidence }, ...others] };
}

const SHORTEST_NAME = 3;
/** A word alone may be a name that other sentences hold: "Nadia". */
const SURE_WORD = 0.75;

/** "Okan" is no "okay": of words that nobody says to a bot, none is a greeting, a yes or a farewell. */
function withoutNameAsTalk(read: Recognized, text: string): Recognized {
  const isTalk = routeOf(read.label) === "talk" && text.trim().length >= SHORTEST_NAME;
  const isDoubtful = /^\s*\p{L}+\s*$/u.test(text) && read.confidence < SURE_WORD;
  if (!isTalk || !/\p{L}/u.test(text) || (holdsKnownWord(text) && !isDoubtful)) return read;
  return { ...read, label: FOREIGN, confidence: 1 - read.confidence };
}

const LIKELY_IN_FOREIGN = 0.3;

/** Of what a message in another language may mean, only that counts for which sentences of that language were learned. */
function knownIn(language: string, read: Recognized, requests: readonly TaughtRequest[]): Recognized {
  const general = generalRequestsIn(language);
  const isTaught = (label: string): boolean =>
    general.has(label.replace(/^tool:/u, "")) ||
    requests.some(({ name, examples }) => `request:${name}` === label && language in examples);
  const guesses = [read, ...read.alternatives].filter(({ label, confidence }) => {
    return isTaught(label) && confidence >= LIKELY_IN_FOREIGN;
  });
  const [best, ...alternatives] = guesses;
  if (best === undefined) return { label: OTHER_LANGUAGE, confidence: 0.5, alternatives: [], isAround: false };
  return { label: best.label, confidence: best.confidence, alternatives, isAround: false };
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
