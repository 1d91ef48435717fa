/** Words of servers that nobody vouches for, made harmless to read: for models, logs and people. */
import { cutText } from "./cut.ts";

/** Control characters except line breaks and tabs; marks that turn text around or are not seen, tag characters among them. */
const HIDDEN = /[^\P{Cc}\n\t]|\p{Cf}|[\u2028\u2029]/gu;

/** A text without hidden characters, of at most so many UTF-16 units. */
export function cleanText(text: string, most: number): string {
  // Cut first: what is removed is bounded too.
  return cutText(text.slice(0, most * 2).replaceAll(HIDDEN, ""), most, "…");
}

/** The same with every mark of Markdown escaped, to be shown as it is. */
export function plainText(text: string, most: number): string {
  return cleanText(text, most).replaceAll(/[\\`*_[\]<>!#|~]/gu, "\\$&");
}
