/** Everyday words that mean the same: people say things otherwise than documents do, also in another language. */
import { z } from "zod";
import type { Language } from "../../core/language/index.ts";
import groupsFile from "./synonyms.json" with { type: "json" };
import { formsOf } from "./query-terms.ts";
import type { Stemmer } from "./stems.ts";

/** Each with commas between its words and phrases. */
const groups = z.array(z.string().transform((group) => group.split(", "))).parse(groupsFile);

/** Another word, or several that stand together. */
export interface Alternative {
  readonly text: string;
  readonly stems: readonly string[];
}

/** By stem: other ways to say it. */
export type Synonyms = (stem: string) => readonly Alternative[];

const pattern = groups
  .flat()
  .filter((one) => one.includes(" "))
  .toSorted((one, other) => other.length - one.length)
  .join("|");
const said = new RegExp(String.raw`(?<!\p{L})(?:${pattern})(?!\p{L})`, "giu");
const firstWord = new Map(
  groups.flatMap((group) =>
    group.map((one): [string, string] => [one, group.find((word) => !word.includes(" ")) ?? one]),
  ),
);

/** A question with each phrase that is known as one of several ways to say a thing as one word. */
export function withPlainWords(question: string): string {
  return question.replaceAll(said, (phrase) => firstWord.get(phrase.toLowerCase()) ?? phrase);
}

/** The synonyms by the stems of a stemmer, as words of a language are compared. */
export function synonymsBy(stemmer: Stemmer): (language: Language | undefined) => Synonyms {
  const made = new Map<Language | undefined, ReadonlyMap<string, readonly Alternative[]>>();
  return (language) => {
    const known = made.get(language) ?? synonymMap(stemmer, language);
    made.set(language, known);
    return (stem) => known.get(stem) ?? [];
  };
}

function synonymMap(stemmer: Stemmer, language: Language | undefined): ReadonlyMap<string, readonly Alternative[]> {
  const found = new Map<string, Alternative[]>();
  for (const group of groups) {
    const stems = stemmer.stems(group).map((one) => formsOf(one, language));
    const all = group.map((text, index): Alternative => ({ text, stems: stems[index] ?? [] }));
    for (const {
      stems: [stem = "", ...more],
    } of all)
      if (more.length === 0)
        found.set(stem, [...(found.get(stem) ?? []), ...all.filter((one) => one.stems[0] !== stem)]);
  }
  return found;
}
