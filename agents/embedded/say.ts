/** What the brain says itself: texts of the language files, chosen and filled for the person. */
import type { CrewInput } from "../../core/crew.ts";
import { type Language, languageOfLocale } from "../../core/language/index.ts";
import { answersOf } from "../understanding/language.ts";
import { wishesIn } from "./wishes.ts";

/** What can be said. */
export type Saying = string;

/** For whom it is said. */
export type Listener = Pick<CrewInput, "locale" | "memory" | "text"> & {
  /** Where they write in another language than the brain's own ones. */
  readonly foreign?: string | undefined;
};

/**
 * One of the ways to say something: always the same one for the same words, the shortest one for whoever wants short
 * answers. `{name}` stands for a value, `{you|You}` for what depends on the form of address.
 */
export function say(what: Saying, listener: Listener, values: Readonly<Record<string, string>> = {}): string {
  const ways = waysToSay(what, listener);
  const { memory, text } = listener;
  const { answers, formOfAddress } = wishesIn(memory);
  const way = answers === "short" ? shortest(ways) : ways[sumOf(text) % ways.length];
  return (way ?? "")
    .replaceAll(/\{([^{}|]*)\|([^{}|]*)\}/gu, formOfAddress === "formal" ? "$2" : "$1")
    .replaceAll(/\{(\w+)\}/gu, (_, name: string) => values[name] ?? "");
}

/** The language in which the brain speaks to somebody: the one that they asked for, else that of their words. */
export function languageFor({ locale, memory }: Pick<CrewInput, "locale" | "memory">): Language {
  return wishesIn(memory).language ?? languageOfLocale(locale);
}

function waysToSay(what: Saying, listener: Listener): readonly string[] {
  const { foreign } = listener;
  const theirs = foreign === undefined ? undefined : answersOf(foreign, what);
  return theirs ?? answersOf(languageFor(listener), what) ?? answersOf("en", what) ?? [];
}

function shortest(ways: readonly string[]): string | undefined {
  return ways.toSorted((left, right) => left.length - right.length)[0];
}

function sumOf(text: string): number {
  let sum = 0;
  for (const character of text.slice(0, 200)) sum += character.codePointAt(0) ?? 0;
  return sum;
}
