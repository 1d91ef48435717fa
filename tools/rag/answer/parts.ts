/** What could be said of a passage: its sentences, list items and rows, each with what speaks for it. */
import type { Language } from "../../../core/language/index.ts";
import { holdsFact } from "../../../core/language/asked-facts.ts";
import type { StoredChunk } from "../document-index.ts";
import { countWords } from "../document.ts";
import { isHeld, totalWeight } from "../evidence.ts";
import { formsOf, queryTerms } from "../query-terms.ts";
import { type Candidate, factShare, type Question, quoteCandidates } from "../quote.ts";
import type { Stemmer } from "../stems.ts";
import { cellsOf } from "./cells.ts";
import { figuresIn } from "./figures.ts";
import type { Features } from "./likelihood.ts";

/** A cell with the title of its column; the first one names its row. */
export interface Cell {
  readonly title: string;
  readonly text: string;
  /** The question names its column, or says what stands in it. */
  readonly isAsked: boolean;
}

export interface Part extends Candidate {
  readonly passage: Answering;
  /** Among all that could be said of its passage. */
  readonly place: number;
  /** Words of the question that it holds. */
  readonly own: ReadonlySet<string>;
  readonly features: Features;
  /** Of a table's row, and the row of titles above it. */
  readonly cells: readonly Cell[];
  readonly header: string | undefined;
  /** The values in a row's name. */
  readonly figures: ReadonlySet<number>;
}

/** What is asked, in a language whose endings are known. */
export interface AskedIn extends Question {
  /** In its own words. */
  readonly text: string;
  readonly language: Language | undefined;
  /** The values that it names. */
  readonly figures: ReadonlySet<number>;
}

/** A passage that may answer. */
export type Answering = StoredChunk & { readonly score: number };

/** Answers which words of a question a text holds, in these or in other words. */
type Held = (text: string) => ReadonlySet<string>;

/** Fewer words say too little by themselves to be measured by how much of the question is in them. */
const FEW_WORDS = 4;

/** All that could be said of a passage, that so many others are better than. */
export function partsOf(
  { passage, rank }: { readonly passage: Answering; readonly rank: number },
  { question, stemmer }: { readonly question: AskedIn; readonly stemmer: Stemmer },
): readonly Part[] {
  const { chunk, document, score } = passage;
  const candidates = quoteCandidates(chunk.blocks);
  const held: Held = (text) => heldIn(text, question, stemmer);
  const [title, section] = [held(document.title), held(chunk.section)];
  const share = shareOf(question);
  return candidates.flatMap((candidate, place): readonly Part[] => {
    const { kind, text } = candidate;
    if (kind === "header") return [];
    const header = kind === "row" ? headerOf(candidates, place) : undefined;
    const own = held(text);
    const cells = kind === "row" ? namedCells(text, header, held) : [];
    const features = {
      own: share(own),
      before: share(held(header ?? candidates[place - 1]?.text ?? ""), own),
      section: share(section, own),
      title: share(title, new Set([...own, ...section])),
      ownInSection: share(own) * share(section),
      evidence: score,
      rank: 1 / (rank + 1),
      ...formOf(candidate, question, own),
      named: namedShare(cells[0]?.text ?? "", question, stemmer),
      place: 1 / (place + 1),
    };
    return [{ ...candidate, passage, place, own, features, cells, header, figures: figuresIn(cells[0]?.text ?? "") }];
  });
}

/** What its words tell without those around them. */
function formOf({ kind, text }: Candidate, { facts }: Question, own: ReadonlySet<string>) {
  const words = countWords(text);
  return {
    facts: factShare(facts, text),
    figures: facts.some((fact) => holdsFact(fact, text)) && /\d/u.test(text) ? 1 : 0,
    item: kind === "item" ? 1 : 0,
    asks: text.endsWith("?") ? 1 : 0,
    length: Math.log(Math.max(1, words)),
    density: own.size / Math.max(FEW_WORDS, words),
  };
}

/** The weight of words of a question, in shares of all of it, without those that are counted already. */
function shareOf({ weights }: Question) {
  const total = totalWeight(weights) || 1;
  return (held: ReadonlySet<string>, counted: ReadonlySet<string> = new Set()): number =>
    [...held].reduce((sum, stem) => sum + (counted.has(stem) ? 0 : (weights.get(stem) ?? 0)), 0) / total;
}

function headerOf(candidates: readonly Candidate[], place: number): string | undefined {
  return candidates.findLast((candidate, before) => before < place && candidate.kind === "header")?.text;
}

function namedCells(row: string, header: string | undefined, held: Held): readonly Cell[] {
  const titles = header === undefined ? [] : cellsOf(header);
  return cellsOf(row).map((text, index) => {
    const title = titles[index] ?? "";
    return { title, text, isAsked: index > 0 && held(`${title} ${text}`).size > 0 };
  });
}

function heldIn(text: string, question: AskedIn, stemmer: Stemmer): ReadonlySet<string> {
  const stems = new Set(formsOf(stemmer.stems([text])[0] ?? [], question.language));
  return new Set([...question.weights.keys()].filter((stem) => isHeld(stem, question, stems)));
}

/** Of the words of a row's name, the share that the question says: others speak for another row. */
function namedShare(name: string, question: AskedIn, stemmer: Stemmer): number {
  const words = formsOf(stemmer.stems([queryTerms(name).join(" ")])[0] ?? [], question.language);
  const stems = [...question.weights.keys()];
  const isSaid = (word: string): boolean => stems.some((stem) => isHeld(stem, question, new Set([word])));
  return words.length === 0 ? 0 : words.filter(isSaid).length / words.length;
}
