/** Words that join, order and condition requests, by language: data that a translator can edit. */
import { z } from "zod";
import german from "./clauses/de.json" with { type: "json" };
import english from "./clauses/en.json" with { type: "json" };

const Words = z.array(z.string().min(1)).min(1);

const ClauseWords = z.strictObject({
  /** Between two requests: "and also". */
  joins: Words,
  /** Before two things that a word joins, which are no two requests: "between savings and deposits". */
  pairs: Words,
  /** Before a request, telling its place: "secondly". */
  sequencers: Words,
  conditions: Words,
  /** Between a condition and what it is for: "then". */
  thens: Words,
  otherwise: Words,
  /** Point at what the request before is about: "him". */
  pronouns: Words,
  /** Talk goes on with these without a mark before them: "… to Yara she's been on at me". */
  asides: Words,
  /** Behind "so" these go on with what is wanted: "so kind". */
  soMuch: Words,
  above: Words,
  atLeast: Words,
  below: Words,
  atMost: Words,
  /** What is said of a condition: `{condition}`, `{figure}`, `{request}`. */
  holds: z.string(),
  fails: z.string(),
  unchecked: z.string(),
  /** What is said of a request that follows a confirmation. */
  later: z.string(),
  notLater: z.string(),
});
export type ClauseWords = z.infer<typeof ClauseWords>;

const byLanguage = { en: ClauseWords.parse(english), de: ClauseWords.parse(german) };

/** The words of all languages together: people mix them. */
export const allClauseWords: readonly ClauseWords[] = Object.values(byLanguage);

/** The sentences of a language; English where there are none. */
export function clauseWordsOf(language: string): ClauseWords {
  return language === "de" ? byLanguage.de : byLanguage.en;
}
