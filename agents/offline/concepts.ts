import { conceptWords } from "./concept-words.ts";

const SHORTEST_PREFIX = 3;

interface Lexicon {
  readonly exact: ReadonlyMap<string, readonly string[]>;
  readonly prefixes: ReadonlyMap<string, readonly string[]>;
}

function add(into: Map<string, readonly string[]>, word: string, concept: string): void {
  into.set(word, [...(into.get(word) ?? []), concept]);
}

function buildLexicon(): Lexicon {
  const exact = new Map<string, readonly string[]>();
  const prefixes = new Map<string, readonly string[]>();
  for (const [concept, words] of Object.entries(conceptWords)) {
    for (const word of new Set(words.split(" "))) {
      if (word.endsWith("*")) add(prefixes, word.slice(0, -1), concept);
      else add(exact, word, concept);
    }
  }
  return { exact, prefixes };
}

const lexicon = buildLexicon();

/** The concepts that a lower-case word stands for: by the word itself, else by its longest known beginning. */
export function conceptsOf(word: string): readonly string[] {
  const known = lexicon.exact.get(word);
  if (known !== undefined) return known;
  for (let length = Math.min(word.length, 20); length >= SHORTEST_PREFIX; length -= 1) {
    const concepts = lexicon.prefixes.get(word.slice(0, length));
    if (concepts !== undefined) return concepts;
  }
  return [];
}
