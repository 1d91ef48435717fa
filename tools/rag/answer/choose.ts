/** Which parts of the passages make an answer. */
import { countWords } from "../document.ts";
import { likelihoodOf } from "./likelihood.ts";
import type { AskedIn, Part } from "./parts.ts";

/** Of a whole answer: what is longer is not read. Rows of one table are read at a glance. */
const MOST_WORDS = 58;
const MOST_ROWS = 5;
/** Words of the question that were answered already count so much less. */
const SAID_SHARE = 0.4;
/** Further parts are told where they are at least this likely beside the first. */
const LEAST_BESIDE = 0.25;

/** The likeliest part, then ever the one that adds most, while there is room. */
export function choose(question: AskedIn, all: readonly Part[]): readonly Part[] {
  const parts = withoutOtherRows(all, question);
  const likely = new Map(parts.map((part) => [part, likelihoodOf(part.features)]));
  const likelihood = (part: Part): number => likely.get(part) ?? 0;
  const chosen: Part[] = [];
  const said = new Set<string>();
  let left = parts;
  while (left.length > 0) {
    const [value, best] = bestOf(left, (part) => likelihood(part) * (1 - SAID_SHARE * saidShare(part, said, question)));
    if (chosen[0] !== undefined && value < LEAST_BESIDE * likelihood(chosen[0])) break;
    left = left.filter((part) => part !== best);
    if (chosen.length > 0 && !hasRoom([...chosen, best])) continue;
    chosen.push(best);
    for (const stem of best.own) said.add(stem);
  }
  return chosen;
}

/** The first of those with the highest value. */
function bestOf(parts: readonly Part[], valueOf: (part: Part) => number): readonly [number, Part] {
  const valued = parts.map((part) => [valueOf(part), part] as const);
  return valued.reduce((before, one) => (one[0] > before[0] ? one : before));
}

/** The weight of the words of a part that were said before, in shares of all that it holds. */
function saidShare({ own }: Part, said: ReadonlySet<string>, { weights }: AskedIn): number {
  const weight = (stems: readonly string[]): number => stems.reduce((sum, stem) => sum + (weights.get(stem) ?? 0), 0);
  const all = weight([...own]);
  return all === 0 ? 1 : weight([...own].filter((stem) => said.has(stem))) / all;
}

function hasRoom(parts: readonly Part[]): boolean {
  const rows = parts.filter(({ kind }) => kind === "row");
  const inTable = (part: Part): boolean => rows.some((row) => row !== part && isSameTable(row, part));
  const words = parts.reduce((sum, part) => sum + (part.kind === "row" && inTable(part) ? 0 : wordsOf(part)), 0);
  return words <= MOST_WORDS && rows.length <= MOST_ROWS;
}

/** Told alone, a row's cells take the titles of their columns along. */
const wordsOf = ({ text, header = "" }: Part): number => countWords(text) + countWords(header);

const isSameTable = (one: Part, other: Part): boolean => one.passage === other.passage && one.header === other.header;

/**
 * Without rows of which nothing is asked, where something is of others of their table: those that hold no word of the
 * question, and those named by another figure than the one asked for (20 years are not 15).
 */
function withoutOtherRows(parts: readonly Part[], { figures }: AskedIn): readonly Part[] {
  const isNamed = (part: Part): boolean => [...part.figures].some((figure) => figures.has(figure));
  const rows = parts.filter(({ kind }) => kind === "row");
  const inTable = (row: Part, isAsked: (other: Part) => boolean): boolean =>
    rows.some((other) => isSameTable(other, row) && isAsked(other));
  const isOther = (row: Part): boolean =>
    (row.own.size === 0 && inTable(row, ({ own }) => own.size > 0)) ||
    (row.figures.size > 0 && !isNamed(row) && inTable(row, isNamed));
  return parts.filter((part) => part.kind !== "row" || !isOther(part));
}
