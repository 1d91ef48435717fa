/** An answer in the passages' own words: their sentences, list items and rows that together say what is asked. */
import { countWords } from "../document.ts";
import type { StoredChunk } from "../document-index.ts";
import type { Stemmer } from "../stems.ts";
import { choose } from "./choose.ts";
import { type Answering, type AskedIn, type Cell, type Part, partsOf } from "./parts.ts";

/** Literal words of a passage. */
export interface Told {
  readonly passage: StoredChunk;
  readonly kind: "text" | "item" | "row";
  readonly quote: string;
  /** Of a row: its name, and what is asked of it, or all. */
  readonly cells: readonly Cell[];
}

/** A row that is no longer is told whole. */
const SHORT_ROW = 25;

/** What is told, passage by passage, in the order in which it stands there; the passage of the best part first. */
export function composeAnswer(question: AskedIn, passages: readonly Answering[], stemmer: Stemmer): readonly Told[] {
  const parts = passages.flatMap((passage, rank) => partsOf({ passage, rank }, { question, stemmer }));
  return inOrder(choose(question, parts)).map(({ passage, kind, text, cells }) => ({
    passage,
    kind: kind === "header" ? "row" : kind,
    quote: text,
    cells: askedOf(cells),
  }));
}

function inOrder(chosen: readonly Part[]): readonly Part[] {
  const passages = [...new Set(chosen.map(({ passage }) => passage))];
  return chosen.toSorted(
    (one, other) => passages.indexOf(one.passage) - passages.indexOf(other.passage) || one.place - other.place,
  );
}

function askedOf(cells: readonly Cell[]): readonly Cell[] {
  const [name, ...others] = cells;
  const asked = others.filter(({ isAsked }) => isAsked);
  const words = cells.reduce((sum, { title, text }) => sum + countWords(title) + countWords(text), 0);
  return name === undefined || asked.length === 0 || words <= SHORT_ROW ? cells : [name, ...asked];
}
