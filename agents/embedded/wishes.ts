/** How somebody wants to be spoken to, as what is remembered of them says it. */
import type { MemoryFact } from "../../core/crew.ts";
import type { Language } from "../../core/language/index.ts";
import { phrasesOf, wordsOfText } from "../../core/language/phrases.ts";
import { COMPLETE, memoryWords } from "../understanding/language.ts";

export interface Wishes {
  readonly language?: Language;
  readonly formOfAddress?: "formal" | "informal";
  readonly answers?: "short";
}

/** Every wish, and the words for it in any language: "answer in German" asks for German too. */
const known = [...memoryWords].flatMap(
  ([
    tag,
    {
      wishes: { short, formal, informal, language },
    },
  ]) => {
    const spoken = COMPLETE.find((one) => one === tag);
    const all: readonly (readonly [Wishes, readonly string[]])[] = [
      [{ answers: "short" }, short],
      [{ formOfAddress: "formal" }, formal],
      [{ formOfAddress: "informal" }, informal],
      [spoken === undefined ? {} : { language: spoken }, language],
    ];
    return all.map(([wish, phrases]) => ({ wish, phrases: phrasesOf(phrases) }));
  },
);

/** The wishes in what is remembered; of two that do not go together, the newer one. */
export function wishesIn(memory: readonly MemoryFact[]): Wishes {
  return memory
    .toSorted((left, right) => left.at.localeCompare(right.at))
    .map(({ value }) => wishesOf(value))
    .reduce<Wishes>((before, wishes) => ({ ...before, ...wishes }), {});
}

function wishesOf(text: string): Wishes {
  const words = wordsOfText(text);
  return known
    .filter(({ phrases }) => words.some((_, place) => phrases.at(words, place) > 0))
    .reduce<Wishes>((before, { wish }) => ({ ...before, ...wish }), {});
}
