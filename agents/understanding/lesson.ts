/** Everything that a bot can be asked, as sentences to learn from. */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { CrewContext } from "../../core/bot.ts";
import { CORE_ENTITIES, type LanguageWords, type Slot, type TaughtRequest } from "../../core/teaching.ts";
import type { DescribedTool } from "../../core/tool.ts";
import { NAME, type NameWords } from "./known-names.ts";
import { type Fillers, fillersOf, generalRequests } from "./language.ts";
import { commonWords } from "./slots/tagger.ts";
import { formOf } from "./slots/words.ts";

/** What a bot brings besides the general requests. */
export interface Taught extends Pick<CrewContext, "tools" | "intents"> {
  readonly requests: readonly TaughtRequest[];
}

/** How many times a sentence with values in it is learned, each time with other ones, where there are few sentences. */
const VARIANTS = 3;
/** So many sentences need neither variants nor shortened forms. */
export const MANY = 40;

/** What is learned. */
export const Lesson = z.object({
  examples: z.array(z.object({ text: z.string(), label: z.string() })).readonly(),
  /** Labels that are answered alike: all questions that documents answer. */
  alike: z.array(z.array(z.string()).readonly()).readonly(),
});
export type Lesson = z.infer<typeof Lesson>;

/** The words that many of the sentences hold which a bot is taught, and the kinds of values that are names. */
export function nameWordsIn({ tools, requests }: Pick<Taught, "tools" | "requests">): NameWords {
  const sentences = [
    ...generalRequests().flatMap((request) => request.sentences),
    ...requests.flatMap(({ examples }) => Object.values(examples).flat()),
    ...tools.flatMap(({ language }) => Object.values(language).flatMap(({ asks }) => asks)),
  ];
  const slots = tools.flatMap((tool) => Object.values(tool.slots));
  const common = commonWords(sentences.map((sentence) => sentence.replaceAll(/\{[^{}]*\}/gu, " ")));
  const names = properExamples(tools);
  return {
    common: new Set([...common].filter((word) => !names.has(word))),
    kinds: new Set(slots.flatMap(({ entity, proper }) => (proper ? [entity] : []))),
  };
}

/** Words of the names that a tool gives as examples: however many sentences tell of such a shop, it stays a name. */
function properExamples(tools: Taught["tools"]): ReadonlySet<string> {
  const examples = tools.flatMap(({ slots, language }) =>
    Object.values(language).flatMap((words) =>
      Object.keys(slots).flatMap((field) => (slots[field]?.proper ? (words.slots?.[field]?.examples ?? []) : [])),
    ),
  );
  const isCapital = (word: string): boolean => /^\p{Lu}/u.test(word);
  return new Set(examples.flatMap((one) => one.split(/\s+/u).filter(isCapital).map(formOf)));
}

/** Everything that a bot can be asked, in the same order whatever the order of its tools. */
export function lessonOf({ tools, intents, requests }: Taught): Lesson {
  const general = generalRequests();
  const names = new Set(general.map(({ name }) => name));
  const marked = markerOf({ tools, requests });
  const examples = [
    ...general.map(({ name, sentences, fillers }) => ({
      label: labelOf(name, tools),
      sentences,
      fillers,
      variants: 1,
    })),
    ...requests.flatMap(({ name, examples: byLanguage, values = {} }) =>
      Object.entries(byLanguage).map(([tag, sentences]) => ({
        // A pack may know more ways to say what is said to every bot.
        label: names.has(name) ? labelOf(name, tools) : `request:${name}`,
        sentences,
        fillers: { ...fillersOf(tag), ...marked(values[tag] ?? {}, kindOf) },
        variants: 1,
      })),
    ),
    ...tools.flatMap((tool) =>
      Object.entries(tool.language).map(([tag, words]) => ({
        label: `tool:${tool.name}`,
        fillers: marked(fillersForTool(tool, words, tag), (field) => tool.slots[field]?.entity ?? ""),
        ...(words.asks.length < MANY
          ? { sentences: [...words.asks, ...words.asks.flatMap(shorter)], variants: VARIANTS }
          : { sentences: words.asks, variants: 1 }),
      })),
    ),
    ...Object.entries(intents).map(([name, { examples: sentences }]) => ({
      label: `intent:${name}`,
      sentences,
      fillers: {},
      variants: 1,
    })),
  ].flatMap(({ label, sentences, fillers, variants }) =>
    sentences.flatMap((sentence) => filled(sentence, fillers, variants).map((text) => ({ label, text }))),
  );
  return {
    // Not by a locale, and stable: what stands together stays together.
    examples: examples.toSorted((left, right) => (left.label < right.label ? -1 : left.label > right.label ? 1 : 0)),
    alike: alikeIn(requests),
  };
}

/** A request's values are called by their kind. */
const kindOf = (field: string): string => field;

/** Puts one word for all names in their places. What is a value of another kind, as an account is, stays what it is called. */
function markerOf(taught: Pick<Taught, "tools" | "requests">) {
  const { kinds } = nameWordsIn(taught);
  const others = new Set(
    taught.tools.flatMap(({ slots, language }) =>
      Object.keys(slots).flatMap((field) => {
        const { entity = "" } = slots[field] ?? {};
        const isOther = !kinds.has(entity) && !CORE_ENTITIES.some((kind) => kind === entity);
        return isOther ? Object.values(language).flatMap((words) => words.slots?.[field]?.examples ?? []) : [];
      }),
    ),
  );
  const isName = (value: string): boolean => !/\d/u.test(value) && ![...others].some((other) => value.includes(other));
  return (fillers: Fillers, kindFor: (field: string) => string): Fillers =>
    Object.fromEntries(
      Object.entries(fillers).map(([field, values]) => [
        field,
        kinds.has(kindFor(field)) ? values.map((value) => (isName(value) ? NAME : value)) : values,
      ]),
    );
}

/** A tool with the name of a general request serves it: what people say to every bot asks for the tool then. */
function labelOf(request: string, tools: Taught["tools"]): string {
  return tools.some(({ name }) => name === request) ? `tool:${request}` : request;
}

/** Changes when the same sentences are learned in another way. */
const WAY = 4;

/** The same for the same lesson. */
export function hashOfLesson({ examples, alike }: Lesson): string {
  return createHash("sha256")
    .update(JSON.stringify([WAY, alike, examples.map(({ label, text }) => [label, text])]))
    .digest("hex");
}

/** The rows of each label. */
export function rowsByLabel(examples: Lesson["examples"]): ReadonlyMap<string, readonly number[]> {
  const rows = new Map<string, number[]>();
  for (const [row, { label }] of examples.entries()) {
    const own = rows.get(label);
    if (own === undefined) rows.set(label, [row]);
    else own.push(row);
  }
  return rows;
}

/** By label: the same for the same sentences. */
export function hashesOf({ examples }: Pick<Lesson, "examples">): Readonly<Record<string, string>> {
  const hashOf = (rows: readonly number[]): string =>
    createHash("sha256")
      .update(JSON.stringify([WAY, rows.map((row) => examples[row]?.text)]))
      .digest("hex");
  return Object.fromEntries([...rowsByLabel(examples)].map(([label, rows]) => [label, hashOf(rows)]));
}

/** The same without one of its values and the small word before it: people leave out what they are asked for then. */
function shorter(ask: string): readonly string[] {
  const fields = [...ask.matchAll(/\s*(?<![\p{L}])(?:\p{L}{1,3}\s+)?\{\w+\}/gu)];
  return fields
    .map(({ 0: { length }, index }) =>
      `${ask.slice(0, index)} ${ask.slice(index + length)}`.replaceAll(/\s+/gu, " ").trim(),
    )
    .filter((sentence) => sentence.split(" ").length > 1);
}

function alikeIn(requests: Taught["requests"]): readonly (readonly string[])[] {
  const topics = requests.filter(({ documents }) => documents).map(({ name }) => `request:${name}`);
  return topics.length === 0 ? [] : [topics.toSorted()];
}

function fillersForTool({ slots }: DescribedTool, words: LanguageWords, tag: string): Fillers {
  const general = fillersOf(tag);
  return Object.fromEntries(
    Object.entries(slots).map(([field, slot]) => [
      field,
      namesOf(field, slot, words) ?? words.slots?.[field]?.examples ?? general[slot.entity] ?? general["text"] ?? [],
    ]),
  );
}

/** What the values of a choice are called; the values themselves where nothing else is said. */
function namesOf(field: string, { choices }: Slot, { slots }: LanguageWords): readonly string[] | undefined {
  if (choices.length === 0) return undefined;
  const names = slots?.[field]?.names ?? {};
  return choices.flatMap((choice) => names[choice] ?? [choice.replaceAll("_", " ")]);
}

/** A sentence with made-up values in its braces: always the same ones, so that the same set is learned everywhere. */
function filled(sentence: string, fillers: Fillers, variants: number): readonly string[] {
  if (!sentence.includes("{")) return [sentence];
  const seed = Array.from({ length: sentence.length }, (_, at) => sentence.charCodeAt(at)).reduce(
    (sum, unit) => sum + unit,
    0,
  );
  return Array.from({ length: variants }, (_, variant) => {
    let place = seed + variant;
    return sentence.replaceAll(/\{([^{}]*)\}/gu, (_brace, name: string) => {
      const values = fillers[name] ?? [];
      place += 1;
      return values[place % values.length] ?? name;
    });
  });
}
