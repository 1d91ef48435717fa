import { ownWords } from "../../core/language/segments.ts";
import { cutText } from "../../core/text/cut.ts";

/** Nobody asks for something in more characters than this; what is read of more is the start and the end. */
const HEAD = 1_600;
/** Both together are over what an order may be long (`LONGEST_READ_TEXT`): of a cut text nothing is carried out. */
const TAIL = 500;

/** What the person said themselves, no longer than it can be read while others wait. */
export function readWords(text: string): string {
  return cutForReading(ownWords(text));
}

/** Several messages of a turn, as one. */
export function readTogether(words: readonly string[]): string {
  return cutForReading(words.map(readWords).join("\n"));
}

/** The beginning and the end of a text that is longer than it can be read while others wait. */
export function cutForReading(text: string): string {
  if (text.length <= HEAD + TAIL) return text;
  return `${cutText(text, HEAD)} … ${text.slice(-TAIL).replace(/^[\uDC00-\uDFFF]/u, "")}`;
}
