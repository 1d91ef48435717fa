/** The bank's sentences: data that a translator can edit, in the hearer's language. */
import { chosen, filledIn } from "../../../core/text/sentence.ts";
import type { Hearer } from "../../../core/teaching.ts";
import german from "./de.json" with { type: "json" };
import english from "./en.json" with { type: "json" };

export type Phrases = typeof english;

const byLanguage: Readonly<Record<string, Phrases>> = { en: english, de: german };

/** English where a language has none. */
export function phrasesFor({ language }: Pick<Hearer, "language">): Phrases {
  return byLanguage[language] ?? english;
}

/** One of several sentences with its values; another one for other values. */
export function told(sentences: readonly string[], values: Readonly<Record<string, string>>): string {
  const sentence = filledIn(chosen(sentences, JSON.stringify(values)) ?? "", values);
  return sentence.replace(/^(?:\*\*)?\p{Ll}/u, (first) => first.toUpperCase()).replaceAll(/ +([.,;:])/gu, "$1");
}

/** "17 bookings". */
export function bookingsIn({ bookings }: Phrases, count: number, { locale }: Pick<Hearer, "locale">): string {
  return count === 1 ? bookings.one : bookings.other.replace("{n}", count.toLocaleString(locale));
}
