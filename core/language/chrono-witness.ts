import * as de from "chrono-node/de";
import * as en from "chrono-node/en";
import { languageOf } from "./message-language.ts";
import { blanked, overlaps, type Span } from "./span.ts";

/** Beyond this the witness is not asked: it tries many readings at each place. */
const LONGEST_WITNESSED = 200;
const mayHoldDate = /\p{L}{3}.*\d|\d.*\p{L}{3}|(?:day|week|month|year|tag|woche|monat|jahr|ago|later|früh)/iu;
const noWitness =
  /^(?:now|jetzt|sat|sun|mon|wed|mar|may|jan|dec|sep|do|so|mo|mi|di|fr|sa|second|a? ?sec(?:ond)?|min|h|.*night|.*(?:morning|evening|afternoon|noon|abend|morgen|nachmittag))$/iu;

/**
 * chrono reads more ways of writing dates than we do, but half-reads many: it drops what it does not know. So it is a
 * witness only: whatever words it takes for a date, and we read nothing in, are reported as not understood.
 */
export function witnessedDates(
  text: string,
  known: readonly Pick<Span, "start" | "end">[],
  now: Date,
): readonly (Span & { readonly why: "not-understood" })[] {
  const head = text.slice(0, LONGEST_WITNESSED);
  // Most messages say nothing about time: without a figure or a word that chrono begins with there is nothing to ask.
  if (text.length > LONGEST_WITNESSED || !mayHoldDate.test(blanked(head, known))) return [];
  const results = (languageOf(text) === "de" ? de : en.GB).parse(head, now);
  const found: (Span & { readonly why: "not-understood" })[] = [];
  for (const { index, text: literal, start } of results) {
    const span = { start: index, end: index + literal.length, literal };
    const isDate = start.isCertain("month") || start.isCertain("weekday") || start.isCertain("year");
    // Figures alone are as often sums, times and references.
    if (!isDate || !/\p{L}{3}/u.test(literal) || noWitness.test(literal)) continue;
    if (known.some((other) => overlaps(other, span)) || found.some((other) => overlaps(other, span))) continue;
    found.push({ ...span, why: "not-understood" });
  }
  return found;
}
