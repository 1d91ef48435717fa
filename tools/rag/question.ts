/** A question as it is searched for: its words with their weights, what else they may be called, and what it is about. */
import { factsAsked } from "../../core/language/asked-facts.ts";
import { type Language, languageOf } from "../../core/language/index.ts";
import { figuresIn } from "./answer/figures.ts";
import type { AskedIn } from "./answer/parts.ts";
import type { DocumentIndex, Hit } from "./document-index.ts";
import { type Weights, weighTerms } from "./evidence.ts";
import { knownTerms, withCompounds } from "./known-terms.ts";
import { matchAny, namesIn, queryTerms, withoutGermanEnding } from "./query-terms.ts";
import type { Stemmer } from "./stems.ts";
import { type synonymsBy, withPlainWords } from "./synonyms.ts";

/** So many chunks about a topic are looked at. */
const CANDIDATES = 50;
/** Documents about a topic this likely are looked in, whatever words they have. */
const SURE_TOPIC = 0.6;

/** What a question is likely about, in the words of documents. */
export interface Topic {
  readonly words: string;
  /** 0..1. */
  readonly confidence: number;
}

/** What texts are read with. */
export interface Reader {
  readonly stemmer: Stemmer;
  readonly synonymsIn: ReturnType<typeof synonymsBy>;
}

/** What is asked. */
export interface Asked extends AskedIn {
  readonly terms: readonly string[];
  /** By document: how likely it is about the same. */
  readonly about: ReadonlyMap<string, number>;
  /** Chunks of documents that surely are about the same. */
  readonly beside: readonly Hit[];
}

/** Undefined where no word of the question tells anything. */
export function questionOf(
  text: string,
  topics: readonly Topic[],
  index: DocumentIndex,
  { stemmer, synonymsIn }: Reader,
): Asked | undefined {
  const language = languageOf(text);
  const stands = index.stems();
  const stemOf = (term: string): string => stemmer.stems([term])[0]?.[0] ?? term;
  const vocabulary = { stems: stands, synonyms: synonymsIn(undefined), stemOf };
  const terms = knownTerms(queryTerms(withPlainWords(text)), vocabulary);
  if (terms.length === 0) return undefined;
  const synonyms = language === "de" ? withCompounds(synonymsIn(language), stands) : synonymsIn(language);
  // German writes every noun as English writes names.
  const called = language === "de" ? [] : namesIn(text);
  const [stems = [], names = []] = stemmer.stems([terms.join(" "), called.join(" ")]);
  const chunksWith = (stem: string): number =>
    Math.max(...formsIn(stands, stem, language).map((form) => index.chunksWith(form)));
  const corpus = { chunks: index.counts().chunks, chunksWith, synonyms: synonymsIn(undefined) };
  const weights = weightsIn(weighTerms(stems, corpus, new Set(names)), language);
  const figures = figuresIn(text);
  return {
    text,
    facts: factsAsked(text),
    terms,
    language,
    synonyms,
    weights,
    figures,
    ...documentsAbout(topics, index),
  };
}

/** A German stem in every form in which documents have it: the index keeps the endings of case and number. */
function formsIn(stands: ReadonlySet<string>, stem: string, language: Language | undefined): readonly string[] {
  if (language !== "de") return [stem];
  const plain = withoutGermanEnding(stem);
  return [stem, ...[...stands].filter((one) => withoutGermanEnding(one) === plain)];
}

/** German endings are not among those that the index knows. */
function weightsIn(weights: Weights, language: Language | undefined): Weights {
  return language === "de"
    ? new Map([...weights].map(([stem, weight]) => [withoutGermanEnding(stem), weight]))
    : weights;
}

/** How likely each document is about what a question is: that of its likeliest topic, by how well it fits that. */
function documentsAbout(topics: readonly Topic[], index: DocumentIndex): Pick<Asked, "about" | "beside"> {
  const about = new Map<string, number>();
  const chunks = new Map<number, Hit>();
  for (const { words, confidence } of topics) {
    const terms = queryTerms(words);
    const hits = terms.length === 0 ? [] : index.search(matchAny(terms), CANDIDATES);
    const best = hits[0]?.score ?? 1;
    for (const hit of hits) {
      chunks.set(hit.chunk, hit);
      about.set(hit.document, Math.max(about.get(hit.document) ?? 0, (confidence * hit.score) / best));
    }
  }
  return { about, beside: [...chunks.values()].filter(({ document }) => (about.get(document) ?? 0) >= SURE_TOPIC) };
}
