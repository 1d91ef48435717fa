/** Picks the words of a passage that answer the question: literally, so that they can be found in the document. */
import type { Block } from "./document.ts";
import { overlap, totalWeight, type Weighed } from "./evidence.ts";
import { type FactKind, holdsFact } from "../../core/language/asked-facts.ts";
import { splitSentences } from "../../core/text/sentences.ts";
import { cutText } from "../../core/text/cut.ts";

/** A sentence, list item or table row of a passage, in order. */
export interface Candidate {
  readonly text: string;
  /** Index of its block in the passage. */
  readonly block: number;
  readonly kind: Block["kind"];
}

export interface Question extends Weighed {
  readonly facts: readonly FactKind[];
}

const FACT_BONUS = 0.2;
/** What stands just before, or in the table's header, is context of the words themselves. */
const CONTEXT_SHARE = 0.3;
const LONGEST_QUOTE = 400;
const LONGEST_PAIR = 280;

/** All that could be quoted from a passage. */
export function quoteCandidates(blocks: readonly Block[]): readonly Candidate[] {
  return blocks.flatMap(({ kind, text }, block) =>
    (kind === "text" || kind === "item" ? splitSentences(text) : [text]).map((part) => ({ text: part, block, kind })),
  );
}

/**
 * The best candidate, or undefined when there is none. `stems` are those of the candidates, in the same order. A
 * sentence takes the next one of its block along while both are short: answers often stand just behind.
 */
export function pickQuote(
  question: Question,
  candidates: readonly Candidate[],
  stems: readonly (readonly string[])[],
): string | undefined {
  const total = totalWeight(question.weights) || 1;
  const covered = stems.map((one) => overlap(question, new Set(one)) / total);
  let best: { readonly index: number; readonly score: number } | undefined;
  for (const [index, candidate] of candidates.entries()) {
    if (candidate.kind === "header") continue;
    const score =
      (covered[index] ?? 0) +
      CONTEXT_SHARE * (covered[contextOf(candidates, index)] ?? 0) +
      FACT_BONUS * factShare(question.facts, candidate.text) -
      (candidate.text.endsWith("?") ? FACT_BONUS : 0);
    if (best === undefined || score > best.score) best = { index, score };
  }
  return best === undefined ? undefined : withContinuation(candidates, best.index);
}

function contextOf(candidates: readonly Candidate[], index: number): number {
  if (candidates[index]?.kind !== "row") return index - 1;
  return candidates.findLastIndex((candidate, before) => before < index && candidate.kind === "header");
}

/** The share of the facts that a question asks for which a text may tell; none where it asks for none. */
export function factShare(facts: readonly FactKind[], text: string): number {
  return facts.length === 0 ? 0 : facts.filter((fact) => holdsFact(fact, text)).length / facts.length;
}

function withContinuation(candidates: readonly Candidate[], index: number): string {
  const chosen = candidates[index];
  const next = candidates[index + 1];
  const text = chosen?.text ?? "";
  const both = `${text} ${next?.text}`;
  if (next !== undefined && next.block === chosen?.block && both.length <= LONGEST_PAIR) return both;
  if (text.length <= LONGEST_QUOTE) return text;
  // Cut between words, and without a mark: what is shown stays literal.
  return cutText(text, LONGEST_QUOTE).replace(/\s+\S*$/, "");
}
