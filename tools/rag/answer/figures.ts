/** Figures as they are compared: "three-year" and "36 months", "10k" and "€10,000". */
import { findNumbers } from "../../../core/language/index.ts";

const YEARS = /^[\s-]*(?:years?|yrs?|jahre?n?|jährig\p{L}*)(?!\p{L})/iu;
const MONTHS = /^[\s-]*(?:months?|mths?|monate?n?|monatig\p{L}*)(?!\p{L})/iu;
const A_YEAR = 12;
/** "A card" names no value. */
const ARTICLE = /^(?:an?|one|eine?[mnrs]?)$/iu;

/** The values that a text names; years also as months, and the other way. */
export function figuresIn(text: string): ReadonlySet<number> {
  return new Set(
    findNumbers(text).flatMap(({ readings, end, literal }) => {
      if (ARTICLE.test(literal)) return [];
      const after = text.slice(end);
      if (YEARS.test(after)) return [...readings, ...readings.map((years) => years * A_YEAR)];
      if (MONTHS.test(after)) return [...readings, ...readings.map((months) => months / A_YEAR)];
      return readings;
    }),
  );
}
