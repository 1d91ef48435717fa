import type { DocumentIndex, Hit, StoredChunk } from "./document-index.ts";
import { type Language, languageOf } from "../../core/language/index.ts";
import { evidenceOf, LEAST_EVIDENCE, LEAST_EVIDENCE_ON_TOPIC, type Weights, weighTerms } from "./evidence.ts";
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
/** Evidence is looked for in this many of the best passages. */
const JUDGED = 3;
/** Other good chunks of the same document speak for a chunk: share of their scores, and how many count. */
const COMPANION_SHARE = 0.15;
const COMPANIONS = 2;

/** What is searched for. */
export interface Query {
  readonly text: string;
  /**
   * Words of its topic, where that is guessed: where the question's own words find nothing, they find its documents, and
   * less of the question must stand in them.
   */
  readonly topic?: string | undefined;
  readonly limit: number;
}

/**
 * Finds the passages that answer a question, or none when none does: those in the language of the question, if they do.
 * Never throws for a strange question.
 */
export function searchDocuments(query: Query, index: DocumentIndex, stemmer: Stemmer): SearchResult {
  const { topic = "", ...own } = query;
  const found = search(own, index, stemmer);
  return found.passages.length > 0 || topic === "" ? found : search(query, index, stemmer);
}

function search({ text, topic = "", limit }: Query, index: DocumentIndex, stemmer: Stemmer): SearchResult {
  const language = languageOf(text);
  const terms = queryTerms(text);
  const topicTerms = queryTerms(topic);
  if (terms.length + topicTerms.length === 0) return { passages: [], evidence: 0 };
  const hits = rankWithCompanions(index.search(matchAny([...terms, ...topicTerms], language), CANDIDATES));
  const stems = stemmer.stems([terms.join(" "), namesIn(text).join(" ")]);
  const corpus = { chunks: index.counts().chunks, chunksWith: index.chunksWith };
  const weights = weighTerms(stems[0] ?? [], corpus, new Set(stems[1]));
  const question = { text, language, weights: formsOf(weights, language) };
  const judged = hits.slice(0, LOOKED_AT).flatMap((hit) => judge(hit, question, index, stemmer));
  const least = topicTerms.length > 0 ? LEAST_EVIDENCE_ON_TOPIC : LEAST_EVIDENCE;
  const wanted = language ?? judged[0]?.language;
  const readable = judged.filter((passage) => passage.language === undefined || passage.language === wanted);
  const found = [readable, judged].map((passages) => {
    const evidence = Math.max(0, ...passages.slice(0, JUDGED).map(({ score }) => score));
    return { passages: evidence < least ? [] : passages.slice(0, limit), evidence };
  });
  const answering = found.find(({ passages }) => passages.length > 0);
  return answering ?? { passages: [], evidence: Math.max(0, ...found.map(({ evidence }) => evidence)) };
}

/** Lifts chunks of documents that match in several places: those are about the question, not beside it. */
function rankWithCompanions(hits: readonly Hit[]): readonly Hit[] {
  const byDocument = new Map<string, number[]>();
  for (const { document, score } of hits) byDocument.set(document, [...(byDocument.get(document) ?? []), score]);
  const lifted = hits.map((hit) => {
    const scores = byDocument.get(hit.document) ?? [];
    const own = scores.indexOf(hit.score);
    const companions = scores.filter((_, position) => position !== own).slice(0, COMPANIONS);
    return { hit, rank: hit.score + COMPANION_SHARE * companions.reduce((sum, score) => sum + score, 0) };
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
  const score = evidenceOf(question.weights, new Set([...header, ...stems.flat()]), hit.score);
  return [{ document, chunk, quote, score, language: languageOf(texts.join(" ")) }];
}
