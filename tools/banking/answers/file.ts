/** A file of bookings in the hearer's words. */
import { literal } from "../../../core/markdown/index.ts";
import type { Hearer } from "../../../core/teaching.ts";
import type { WrittenFilter } from "../written-filter.ts";
import { filterWords } from "./filter-words.ts";
import { bookingsIn, phrasesFor, told } from "./phrases.ts";

/** How many bookings are in which file; no file where there are none. */
export type BookingsFile = { readonly rows: number; readonly filter: WrittenFilter; readonly name?: string };

/** The answer in Markdown. */
export function sayFile({ rows, filter, name }: BookingsFile, hearer: Hearer): string {
  const phrases = phrasesFor(hearer);
  const over = filterWords(filter, hearer);
  if (name === undefined) return told(phrases.none, { over });
  return told(phrases.file, { bookings: bookingsIn(phrases, rows, hearer), over, name: literal(name) });
}
