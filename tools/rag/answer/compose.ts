/** An answer in the passages' own words: their sentences, list items and rows that together say what is asked. */
import { countWords } from "../document.ts";
import type { StoredChunk } from "../document-index.ts";
import type { Stemmer } from "../stems.ts";
import { calculate } from "./calculate.ts";
import { choose } from "./choose.ts";
import { type Answering, type AskedIn, type Cell, type Part, partsOf } from "./parts.ts";

/** Literal words of a passage. */
export interface Told {
  readonly passage: StoredChunk;
  readonly kind: "text" | "item" | "row";
  readonly quote: string;
  /** Of a row: its name, and what is asked of it, or all. */
  readonly cells: readonly Cell[];
  /** What was calculated with figures of it: "12 × €8.90 = €106.80". */
  readonly calculation?: string | undefined;
}

/** A row that is no longer is told whole. */
const SHORT_ROW = 25;

/** What is told, passage by passage, in the order in which it stands there; the passage of the best part first. */
export function composeAnswer(question: AskedIn, passages: readonly Answering[], stemmer: Stemmer): readonly Told[] {
  const parts = passages.flatMap((passage, rank) => partsOf({ passage, rank }, { question, stemmer }));
  const chosen = choose(question, parts);
  const calculated = calculate(question, chosen);
  if (calculated === undefined) return inOrder(chosen).map(toldOf);
  // Whoever asks for a sum wants that, and what it is made of.
  return calculated.parts.map((part, place) => ({
    ...toldOf(part),
    ...(place === 0 && { calculation: calculated.text }),
  }));
}

const toldOf = ({ passage, kind, text, cells }: Part): Told => ({
  passage,
  kind: kind === "header" ? "row" : kind,
  quote: text,
  cells: askedOf(cells),
});

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
