import type { Span } from "../../../core/language/index.ts";

/** A word, a mark, or a value in the place of the words that name it. */
export interface Word extends Span {
  /** In lower case, without accents; the kind in angle brackets for a value. */
  readonly form: string;
  readonly isCapital: boolean;
}

const shape = /[\p{L}\p{M}\p{N}]+(?:['’.&-][\p{L}\p{M}\p{N}]+)*|[^\s\p{L}\p{M}\p{N}]/gu;

/** How words are compared. */
export function formOf(word: string): string {
  return word.toLowerCase().normalize("NFKD").replaceAll(/\p{M}/gu, "").replaceAll("ß", "ss").replaceAll("’", "'");
}

/** The words of a text, with one word for each of the values that were found in it. */
export function wordsOf(text: string, values: readonly (Span & { readonly kind: string })[] = []): readonly Word[] {
  const words: Word[] = values.map(({ kind, start, end, literal }) => {
    return { start, end, literal, form: `<${kind}>`, isCapital: false };
  });
  const ordered = values.toSorted((one, other) => one.start - other.start);
  let next = 0;
  for (const { 0: literal, index } of text.matchAll(shape)) {
    const end = index + literal.length;
    while ((ordered[next]?.end ?? Number.POSITIVE_INFINITY) <= index) next += 1;
    if ((ordered[next]?.start ?? Number.POSITIVE_INFINITY) < end) continue;
    words.push({ start: index, end, literal, form: formOf(literal), isCapital: /^\p{Lu}/u.test(literal) });
  }
  return words.toSorted((left, right) => left.start - right.start);
}

/** Whether it is a word and no mark. */
export function isSpoken({ form }: Word): boolean {
  return /[\p{L}\p{N}]/u.test(form);
}
