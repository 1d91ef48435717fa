/** What a tool pack knows of language, as files that a translator can edit: one for each language. */
import { readdir, readFile } from "node:fs/promises";
import { z } from "zod";
import { LanguageWords, type TaughtRequest } from "./teaching.ts";

const Names = z.record(z.string(), z.array(z.string()).min(1));

const LanguageFile = z.strictObject({
  /** Made-up values for the braces of the sentences, by their name. */
  values: Names.default({}),
  /** By tool: how people ask for it. */
  tools: z.record(z.string(), LanguageWords).default({}),
  /** By name: how people ask for what no single tool does; looked for in documents where `answers` has nothing. */
  requests: z.record(z.string(), z.array(z.string())),
  /** By name: questions that documents answer. */
  topics: z.record(z.string(), z.array(z.string())).default({}),
  /** By kind of value and value: what people call it. */
  names: z.record(z.string(), Names).default({}),
  /** By name of a request or topic: what is said to it, whatever else is found. */
  answers: z.record(z.string(), z.string().min(1)).default({}),
  /** By name: why something was not done, with `{value}` for what code puts in. */
  refusals: z.record(z.string(), z.string().min(1)).default({}),
  /** By name of a request or topic: words with which documents are searched for it. */
  searches: z.record(z.string(), z.string().min(1)).default({}),
});

/** The words of a tool pack in all its languages. */
export interface PackLanguage {
  readonly requests: readonly TaughtRequest[];
  /** By tool and language tag. */
  readonly tools: Readonly<Record<string, Readonly<Record<string, LanguageWords>>>>;
  /** By kind of value and value. */
  readonly names: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** By language tag and name. */
  readonly refusals: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Reads `en.json`, `de.json` … of a folder. */
export async function readPackLanguage(folder: URL): Promise<PackLanguage> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".json")).toSorted();
  const files = await Promise.all(
    names.map(async (name) => {
      const text = await readFile(new URL(name, folder), "utf8");
      return { tag: name.slice(0, -".json".length), ...LanguageFile.parse(JSON.parse(text)) };
    }),
  );
  const values = Object.fromEntries(files.map((file) => [file.tag, file.values]));
  const byLanguage = <Of>(of: (file: (typeof files)[number]) => Of | undefined): Readonly<Record<string, Of>> =>
    Object.fromEntries(
      files.flatMap((file) => {
        const found = of(file);
        return found === undefined ? [] : [[file.tag, found]];
      }),
    );
  const collect = (part: "requests" | "topics"): readonly TaughtRequest[] =>
    [...new Set(files.flatMap((file) => Object.keys(file[part])))].map((name) => {
      const answer = byLanguage(({ answers }) => answers[name]);
      const search = byLanguage(({ searches }) => searches[name]);
      return {
        name,
        examples: byLanguage(({ [part]: of }) => of[name]),
        values,
        documents: part === "topics",
        ...(Object.keys(answer).length > 0 && { answer }),
        ...(Object.keys(search).length > 0 && { search }),
      };
    });
  const tools: Record<string, Record<string, LanguageWords>> = {};
  const called: Record<string, Record<string, readonly string[]>> = {};
  for (const file of files) {
    for (const [tool, words] of Object.entries(file.tools)) tools[tool] = { ...tools[tool], [file.tag]: words };
    for (const [kind, byValue] of Object.entries(file.names)) {
      const known = (called[kind] ??= {});
      for (const [value, more] of Object.entries(byValue)) known[value] = [...(known[value] ?? []), ...more];
    }
  }
  return {
    requests: [...collect("requests"), ...collect("topics")],
    tools,
    names: called,
    refusals: byLanguage(({ refusals }) => refusals),
  };
}
