/** The brain's own languages: what people say to any bot, what it answers, and values to fill sentences with. */
import { readdirSync, readFileSync } from "node:fs";
import { z } from "zod";

/** Made-up values by kind. */
export type Fillers = Readonly<Record<string, readonly string[]>>;

const Sentences = z.array(z.string().min(1));

const LanguageFile = z.strictObject({
  /** By name: what people say to every bot. */
  requests: z.record(z.string(), Sentences),
  /** By kind of value. */
  values: z.record(z.string(), Sentences.min(1)).default({}),
  /** By name of a request: words with which documents are searched for it. */
  searches: z.record(z.string(), z.string().min(1)).default({}),
  /** By what is to be said: ways to say it. */
  answers: z.record(z.string(), Sentences.min(1)),
  memory: z
    .strictObject({
      /** What people say before and behind a fact that is to be remembered. */
      leads: Sentences,
      trails: Sentences,
      /** What stands before somebody's own name. */
      names: Sentences,
      /** What nobody should leave with a chat assistant. */
      secrets: Sentences,
      /** Asks for the person's own name. */
      self: Sentences,
      /** "forget that". */
      pointing: Sentences,
      /** Words that name no fact. */
      small: Sentences,
      /** Remembered words that say how somebody wants to be spoken to; `language`: in this one. */
      wishes: z.strictObject({ short: Sentences, formal: Sentences, informal: Sentences, language: Sentences }),
    })
    .exactOptional(),
});
type LanguageFile = z.infer<typeof LanguageFile>;

/** Whose files are complete; every other language has greetings, thanks, help in need, and an honest word. */
export const COMPLETE = ["en", "de"] as const;

const folder = new URL("../language/", import.meta.url);

const files: ReadonlyMap<string, LanguageFile> = new Map(
  [...COMPLETE, ...tagsIn(folder).filter((tag) => !COMPLETE.some((one) => one === tag))].map((tag) => [
    tag,
    LanguageFile.parse(JSON.parse(readFileSync(new URL(`${tag}.json`, folder), "utf8"))),
  ]),
);

function tagsIn(from: URL): readonly string[] {
  const names = readdirSync(from).filter((name) => name.endsWith(".json"));
  return names.map((name) => name.slice(0, -".json".length)).toSorted();
}

/** A general request in one language. */
export interface GeneralRequest {
  readonly name: string;
  readonly sentences: readonly string[];
  readonly fillers: Fillers;
}

/** What people say to every bot, in each language. */
export function generalRequests(): readonly GeneralRequest[] {
  return [...files.values()].flatMap(({ requests, values }) =>
    Object.entries(requests).map(([name, sentences]) => ({ name, sentences, fillers: values })),
  );
}

/** The names of the general requests that a language has sentences of. */
export function generalRequestsIn(tag: string): ReadonlySet<string> {
  return new Set(Object.keys(files.get(tag)?.requests ?? {}));
}

/** Sentences of each language. */
export function sentencesByLanguage(): ReadonlyMap<string, readonly string[]> {
  return new Map([...files].map(([tag, { requests }]) => [tag, Object.values(requests).flat()]));
}

/** The ways to say something in a language; undefined where its file has none. */
export function answersOf(tag: string, what: string): readonly string[] | undefined {
  return files.get(tag)?.answers[what];
}

/** The words with which documents are searched for a general request, in every language that has some. */
export function searchFor(request: string): string {
  return [...files.values()].flatMap(({ searches }) => searches[request] ?? []).join(" ");
}

export type MemoryWords = NonNullable<LanguageFile["memory"]>;

/** The words in which facts are told, by language. */
export const memoryWords: ReadonlyMap<string, MemoryWords> = new Map(
  [...files].flatMap(([tag, { memory }]) => (memory === undefined ? [] : [[tag, memory] as const])),
);

/** Values to fill sentences of a language with. One that has none is filled from the English ones. */
export function fillersOf(tag: string): Fillers {
  const language = tag.toLowerCase().split("-")[0] ?? "";
  const values = files.get(language)?.values ?? {};
  return Object.keys(values).length > 0 ? values : (files.get("en")?.values ?? {});
}
