/** Names that a bot knows, as its classifier sees them: one word for all of them, as no name says what is asked for. */
import type { NamedEntity } from "../../core/teaching.ts";
import { findNamed } from "./slots/named.ts";
import { isSpoken, wordsOf } from "./slots/words.ts";

/** Stands for a name. */
export const NAME = "xname";

/** What tells names from words that say something by themselves, as "savings" does. */
export interface NameWords {
  /** The kinds whose values are names: payees and shops, not accounts and categories. */
  readonly kinds: ReadonlySet<string>;
  /** Words that everybody uses. */
  readonly common: ReadonlySet<string>;
}

/** Whether one of the words at least is none that everybody uses. */
function isProper(name: string, common: ReadonlySet<string>): boolean {
  return wordsOf(name).some((word) => isSpoken(word) && !common.has(word.form));
}

/** The text with one word in the place of each name that is known. */
export function withoutNames(text: string, named: readonly NamedEntity[], { kinds, common }: NameWords): string {
  const words = wordsOf(text);
  const names = named.filter(({ kind }) => kinds.has(kind));
  let [done, at] = ["", 0];
  for (const { from, next, isNear } of findNamed(words, names)) {
    const [start, end] = [words[from]?.start ?? 0, words[next - 1]?.end ?? 0];
    // "market" is no slip of "Marek".
    if (isNear && !isProper(text.slice(start, end), common)) continue;
    done += text.slice(at, start) + NAME;
    at = end;
  }
  return done + text.slice(at);
}
