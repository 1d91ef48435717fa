import type { DocumentIndex, Hit, StoredChunk } from "./document-index.ts";
import { evidenceOf, LEAST_EVIDENCE, weighTerms } from "./evidence.ts";
import { matchAny, namesIn, queryTerms } from "./query-terms.ts";
import { pickQuote, type Question, quoteCandidates } from "./quote.ts";
import type { Stemmer } from "./stems.ts";

/** A found piece of a document with the words that answer best. */
export interface Passage extends StoredChunk {
  /** Literally in the document. */
  readonly quote: string;
  /** Evidence that it answers, 0..1. */
  readonly score: number;
}

export interface SearchResult {
  /** Best first; empty when the evidence is too weak. */
  readonly passages: readonly Passage[];
  /** Of the best passage, 0..1, also when it was too weak. */
  readonly evidence: number;
}

const CANDIDATES = 50;
/** Evidence is looked for in this many of the best passages. */
const JUDGED = 3;
/** Other good chunks of the same document speak for a chunk: share of their scores, and how many count. */
const COMPANION_SHARE = 0.15;
const COMPANIONS = 2;

/** Finds the passages that answer a question, or none when none does. Never throws for a strange question. */
export function searchDocuments(
  { text, limit }: { readonly text: string; readonly limit: number },
  index: DocumentIndex,
  stemmer: Stemmer,
): SearchResult {
  const terms = queryTerms(text);
  if (terms.length === 0) return { passages: [], evidence: 0 };
  const hits = rankWithCompanions(index.search(matchAny(terms), CANDIDATES));
  const stems = stemmer.stems([terms.join(" "), namesIn(text).join(" ")]);
  const corpus = { chunks: index.counts().chunks, chunksWith: index.chunksWith };
  const weights = weighTerms(stems[0] ?? [], corpus, new Set(stems[1]));
  const judged = hits.slice(0, Math.max(limit, JUDGED)).flatMap((hit) => judge(hit, { text, weights }, index, stemmer));
  const evidence = Math.max(0, ...judged.slice(0, JUDGED).map((passage) => passage.score));
  return { passages: evidence < LEAST_EVIDENCE ? [] : judged.slice(0, limit), evidence };
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

function judge(hit: Hit, question: Question, index: DocumentIndex, stemmer: Stemmer): readonly Passage[] {
  const stored = index.load(hit.chunk);
  if (stored === undefined) return [];
  const { document, chunk } = stored;
  const candidates = quoteCandidates(chunk.blocks);
  const [header = [], ...stems] = stemmer.stems([
    `${document.title} ${chunk.section}`,
    ...candidates.map((candidate) => candidate.text),
  ]);
  const quote = pickQuote(question, candidates, stems);
  if (quote === undefined) return [];
  const score = evidenceOf(question.weights, new Set([...header, ...stems.flat()]), hit.score);
  return [{ document, chunk, quote, score }];
}
