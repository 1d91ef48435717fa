/** Finds the passages of documents that answer a question. */
import { type Language, languageOf } from "../../core/language/index.ts";
import { composeAnswer, type Told } from "./answer/compose.ts";
import type { DocumentIndex, Hit, StoredChunk } from "./document-index.ts";
import { evidenceOf, onTopic, overlap, totalWeight } from "./evidence.ts";
import { formsOf, matchAny, queryTerms } from "./query-terms.ts";
import { type Asked, questionOf, type Reader, type Topic } from "./question.ts";
import { factShare, pickQuote, quoteCandidates } from "./quote.ts";
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
  /** Best first, however weak the evidence is. */
  readonly passages: readonly Passage[];
  /** What they say to the question, in few words. */
  readonly answer: readonly Told[];
  /** That the best passages answer, 0..1. Whether it is enough is for whoever answers to say. */
  readonly evidence: number;
}

const CANDIDATES = 50;
/** So many of them are read: documents may stand in several languages. */
const LOOKED_AT = 20;
/** Passages in the language of the question are shown where their evidence is at least this share of the best in any. */
const AS_GOOD = 0.85;
/** Evidence, and how much of the question one passage holds, is looked for in this many of the best. */
const JUDGED = 3;
/** The answer is made of this many of the best. */
export const COMPOSED_OF = 8;
/** Other good chunks of the same document speak for a chunk: share of their scores, and how many count. */
const COMPANION_SHARE = 0.15;
const COMPANIONS = 2;
/** What a surely known topic counts for its best document, in shares of a question that no passage holds a word of. */
const TOPIC_SHARE = 0.5;

/** What the kind of fact that is asked for counts for a passage that holds one, in shares of the question. */
const FACT_SHARE = 0.15;
/** What a word that a passage holds in whatever form counts beside its place in the index. */
const HELD_SHARE = 0.7;
/** What is searched for. */
export interface Query {
  readonly text: string;
  /** Documents about these are looked in with preference, and less of the question must stand in them. */
  readonly topics?: readonly Topic[] | undefined;
  readonly limit: number;
}

/**
 * Finds the passages that answer a question best: those in the language of the question, where they answer nearly as well.
 * Its own words, other words for them, its likely topics and the kind of fact that it asks for count together. Never
 * throws for a strange question.
 */
export function searchDocuments(query: Query, index: DocumentIndex, read: Reader): SearchResult {
  const question = questionOf(query.text, query.topics ?? [], index, read);
  if (question === undefined) return { passages: [], answer: [], evidence: 0 };
  const { passages, evidence } = passagesFor(question, index, read);
  const answer = composeAnswer(question, passages.slice(0, COMPOSED_OF), read.stemmer);
  return { passages: passages.slice(0, query.limit), answer, evidence };
}

/** The passages that answer best, the best first. */
export function passagesFor(question: Asked, index: DocumentIndex, { stemmer }: Reader): Omit<SearchResult, "answer"> {
  const found = ranked(candidatesFor(question, index), question, index, stemmer);
  const looked = found.slice(0, LOOKED_AT).flatMap((one, place) => judge(one, place, question, stemmer));
  const judged = looked.toSorted((left, right) => right.fit - left.fit).map(({ passage }) => passage);
  const wanted = question.language ?? judged[0]?.language;
  const readable = judged.filter((passage) => passage.language === undefined || passage.language === wanted);
  const [own, all] = [evidenceIn(readable), evidenceIn(judged)];
  return { passages: own >= all * AS_GOOD ? readable : judged, evidence: Math.max(own, all) };
}

const evidenceIn = (passages: readonly Passage[]): number =>
  Math.max(0, ...passages.slice(0, JUDGED).map(({ score }) => score));

/** Chunks that hold a word of the question, another word for one, or that are about its topic. */
function candidatesFor({ terms, language, synonyms, weights, beside }: Asked, index: DocumentIndex): readonly Hit[] {
  const own = index.search(matchAny(terms, language), CANDIDATES);
  const others = [...weights.keys()].flatMap((stem) => synonyms(stem).map((other) => other.text));
  const alike = others.length === 0 ? [] : index.search(matchAny(others), CANDIDATES);
  const further = [...alike, ...beside].map((hit) => ({ ...hit, score: 0 }));
  return [...new Map([...further, ...own].map((hit) => [hit.chunk, hit])).values()];
}

/** A chunk with what it holds of the question. */
interface Candidate extends StoredChunk {
  /** The weight of the question's words that it holds. */
  readonly held: number;
  readonly score: number;
}

/** Lifts chunks of documents that match in several places, of those about the topic, and those with the kind of fact that is asked for. */
function ranked(hits: readonly Hit[], question: Asked, index: DocumentIndex, stemmer: Stemmer): readonly Candidate[] {
  const total = totalWeight(question.weights);
  const found = hits.flatMap((hit): readonly Candidate[] => {
    const stored = index.load(hit.chunk);
    if (stored === undefined) return [];
    const held = heldBy(stored, question, stemmer);
    if (held === 0) return [];
    return [{ ...stored, held, score: Math.max(hit.score, held * HELD_SHARE) }];
  });
  // The clearer the question is by its own words, the less its topic has to be guessed.
  const clear = Math.max(0, ...found.map(({ held }) => held / total));
  const lifted = found.map((one) => {
    const companions = found
      .filter((other) => other !== one && other.document.id === one.document.id)
      .map(({ score }) => score)
      .toSorted((left, right) => right - left)
      .slice(0, COMPANIONS);
    const topic = TOPIC_SHARE * (1 - clear) * (question.about.get(one.document.id) ?? 0);
    const facts = FACT_SHARE * factShare(question.facts, textOf(one));
    const rank = one.score + COMPANION_SHARE * sum(companions) + total * (topic + facts);
    return { one, rank };
  });
  return lifted.toSorted((left, right) => right.rank - left.rank).map(({ one }) => one);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

const textOf = ({ chunk }: StoredChunk): string => chunk.blocks.map((block) => block.text).join(" ");

/** The weight of the words of a question that one chunk holds. */
function heldBy(stored: StoredChunk, question: Asked, stemmer: Stemmer): number {
  const text = [stored.document.title, stored.chunk.section, textOf(stored)].join(" ");
  return overlap(question, new Set(formsOf(stemmer.stems([text])[0] ?? [], question.language)));
}

/** A passage, and how well it and its quote fit the question beside others. */
interface Judged {
  readonly passage: Passage;
  readonly fit: number;
}

/** What speaks for a passage beside others: its best words, all of it, its heading, facts of the kind, being found first. */
const QUOTE_FIT = 0.6;
const PASSAGE_FIT = 0.4;
const HEADING_FIT = 0.2;
const FACT_FIT = { quote: 0.25, passage: 0.15 };
const PLACE_FIT = 0.5;
const TOPIC_FIT = 0.2;

function judge(one: Candidate, place: number, question: Asked, stemmer: Stemmer): readonly Judged[] {
  const { document, chunk, held, score: found } = one;
  const candidates = quoteCandidates(chunk.blocks);
  const texts = candidates.map((candidate) => candidate.text);
  const stems = stemmer.stems(texts).map((words) => formsOf(words, question.language));
  const quote = pickQuote(question, candidates, stems);
  if (quote === undefined) return [];
  const score = onTopic(evidenceOf(question, held, found), question.about.get(document.id) ?? 0);
  const [said = []] = stemmer.stems([`${chunk.section} ${quote}`]);
  const total = totalWeight(question.weights);
  const share = overlap(question, new Set(formsOf(said, question.language))) / total;
  const facts =
    FACT_FIT.quote * factShare(question.facts, quote) + FACT_FIT.passage * factShare(question.facts, textOf(one));
  const words =
    QUOTE_FIT * share + (PASSAGE_FIT * held) / total + HEADING_FIT * headingShare(chunk.section, question, stemmer);
  const fit = score + words + facts + TOPIC_FIT * (question.about.get(document.id) ?? 0) + PLACE_FIT / (place + 1);
  return [{ passage: { document, chunk, quote, score, language: languageOf(texts.join(" ")) }, fit }];
}

/** How much of the heading of a passage a question says. */
function headingShare(section: string, { weights, synonyms, language }: Asked, stemmer: Stemmer): number {
  const [stems = []] = stemmer.stems([queryTerms(section).join(" ")]);
  const words = formsOf(stems, language);
  const isSaid = (word: string): boolean =>
    weights.has(word) || synonyms(word).some(({ stems: [one = "", ...more] }) => more.length === 0 && weights.has(one));
  return words.length === 0 ? 0 : words.filter(isSaid).length / words.length;
}
