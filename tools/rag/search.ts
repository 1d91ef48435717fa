import type { DocumentIndex, Hit, StoredChunk } from "./document-index.ts";
import { type Language, languageOf } from "../../core/language/index.ts";
import { evidenceOf, LEAST_EVIDENCE, onTopic, overlap, totalWeight, type Weights, weighTerms } from "./evidence.ts";
import { matchAny, namesIn, queryTerms, withoutGermanEnding } from "./query-terms.ts";
import { pickQuote, type Question, quoteCandidates } from "./quote.ts";
import type { Stemmer } from "./stems.ts";

/** A found piece of a document with the words that answer best. */
export interface Passage extends StoredChunk {
  /** Literally in the document. */
  readonly quote: string;
  /** Evidence that it answers, 0..1. */
  readonly score: number;
  /** Of the passage, where its words tell one. */
  readonly language: Language | undefined;
}

export interface SearchResult {
  /** Best first; empty when the evidence is too weak. */
  readonly passages: readonly Passage[];
  /** Of the best passage, 0..1, also when it was too weak. */
  readonly evidence: number;
}

const CANDIDATES = 50;
/** So many of them are read: documents may stand in several languages. */
const LOOKED_AT = 20;
/** Evidence, and how much of the question one passage holds, is looked for in this many of the best. */
const JUDGED = 3;
/** Other good chunks of the same document speak for a chunk: share of their scores, and how many count. */
const COMPANION_SHARE = 0.15;
const COMPANIONS = 2;
/** What a surely known topic counts for its best document, in shares of a question that no passage holds a word of. */
const TOPIC_SHARE = 0.5;

/** What a question is likely about, in the words of documents. */
export interface Topic {
  readonly words: string;
  /** 0..1. */
  readonly confidence: number;
}

/** What is searched for. */
export interface Query {
  readonly text: string;
  /** Documents about these are looked in with preference, and less of the question must stand in them. */
  readonly topics?: readonly Topic[] | undefined;
  readonly limit: number;
}

/**
 * Finds the passages that answer a question, or none when none does: those in the language of the question, if they do.
 * Its own words and its likely topics count together. Never throws for a strange question.
 */
export function searchDocuments(
  { text, topics = [], limit }: Query,
  index: DocumentIndex,
  stemmer: Stemmer,
): SearchResult {
  const language = languageOf(text);
  const terms = queryTerms(text);
  if (terms.length === 0) return { passages: [], evidence: 0 };
  const about = documentsAbout(topics, index);
  const stems = stemmer.stems([terms.join(" "), namesIn(text).join(" ")]);
  const corpus = { chunks: index.counts().chunks, chunksWith: index.chunksWith };
  const weights = weighTerms(stems[0] ?? [], corpus, new Set(stems[1]));
  const question = { text, language, weights: formsOf(weights, language), about };
  const own = index.search(matchAny(terms, language), CANDIDATES);
  // The clearer the question is by its own words, the less its topic has to be guessed.
  const clear = Math.max(0, ...own.slice(0, JUDGED).map(({ chunk }) => heldBy(chunk, question, index, stemmer)));
  const lift = TOPIC_SHARE * totalWeight(weights) * (1 - clear);
  const hits = ranked(own, (one) => lift * (about.get(one) ?? 0));
  const judged = hits.slice(0, LOOKED_AT).flatMap((hit) => judge(hit, question, index, stemmer));
  const wanted = language ?? judged[0]?.language;
  const readable = judged.filter((passage) => passage.language === undefined || passage.language === wanted);
  const found = [readable, judged].map((passages) => {
    const evidence = Math.max(0, ...passages.slice(0, JUDGED).map(({ score }) => score));
    return { passages: evidence < LEAST_EVIDENCE ? [] : passages.slice(0, limit), evidence };
  });
  const answering = found.find(({ passages }) => passages.length > 0);
  return answering ?? { passages: [], evidence: Math.max(0, ...found.map(({ evidence }) => evidence)) };
}

/** How likely each document is about what a question is: that of its likeliest topic, by how well it fits that. */
function documentsAbout(topics: readonly Topic[], index: DocumentIndex): ReadonlyMap<string, number> {
  const likely = new Map<string, number>();
  for (const { words, confidence } of topics) {
    const terms = queryTerms(words);
    const hits = terms.length === 0 ? [] : index.search(matchAny(terms), CANDIDATES);
    const best = hits[0]?.score ?? 1;
    for (const { document, score } of hits)
      likely.set(document, Math.max(likely.get(document) ?? 0, (confidence * score) / best));
  }
  return likely;
}

/** Lifts chunks of documents that match in several places, and of those about the topic: they are about the question, not beside it. */
function ranked(hits: readonly Hit[], liftOf: (document: string) => number): readonly Hit[] {
  const byDocument = new Map<string, number[]>();
  for (const { document, score } of hits) byDocument.set(document, [...(byDocument.get(document) ?? []), score]);
  const lifted = hits.map((hit) => {
    const scores = byDocument.get(hit.document) ?? [];
    const own = scores.indexOf(hit.score);
    const companions = scores.filter((_, position) => position !== own).slice(0, COMPANIONS);
    const companionship = COMPANION_SHARE * companions.reduce((sum, score) => sum + score, 0);
    return { hit, rank: hit.score + companionship + liftOf(hit.document) };
  });
  return lifted.toSorted((left, right) => right.rank - left.rank).map(({ hit }) => hit);
}

/** German endings are not among those that the index knows. */
function formsOf(weights: Weights, language: Language | undefined): Weights {
  return language === "de"
    ? new Map([...weights].map(([stem, weight]) => [withoutGermanEnding(stem), weight]))
    : weights;
}

interface Asked extends Question {
  readonly language: Language | undefined;
  /** By document: how likely it is about the same. */
  readonly about: ReadonlyMap<string, number>;
}

/** The share of a question, by the weight of its words, that one chunk holds. */
function heldBy(chunkId: number, { weights, language }: Asked, index: DocumentIndex, stemmer: Stemmer): number {
  const stored = index.load(chunkId);
  const total = totalWeight(weights);
  if (stored === undefined || total === 0) return 0;
  const { document, chunk } = stored;
  const text = [document.title, chunk.section, ...chunk.blocks.map((block) => block.text)].join(" ");
  const stems = stemmer.stems([text])[0] ?? [];
  return overlap(weights, new Set(language === "de" ? stems.map(withoutGermanEnding) : stems)) / total;
}

function judge(hit: Hit, question: Asked, index: DocumentIndex, stemmer: Stemmer): readonly Passage[] {
  const stored = index.load(hit.chunk);
  if (stored === undefined) return [];
  const { document, chunk } = stored;
  const candidates = quoteCandidates(chunk.blocks);
  const texts = candidates.map((candidate) => candidate.text);
  const found = stemmer.stems([`${document.title} ${chunk.section}`, ...texts]);
  const isGerman = question.language === "de";
  const [header = [], ...stems] = isGerman ? found.map((one) => one.map(withoutGermanEnding)) : found;
  const quote = pickQuote(question, candidates, stems);
  if (quote === undefined) return [];
  const evidence = evidenceOf(question.weights, new Set([...header, ...stems.flat()]), hit.score);
  const score = onTopic(evidence, question.about.get(hit.document) ?? 0);
  return [{ document, chunk, quote, score, language: languageOf(texts.join(" ")) }];
}
