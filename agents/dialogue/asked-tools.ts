/** The tools of a bot that can be asked for in words, with what reads their values. */
import type { DescribedTool } from "../../core/tool.ts";
import type { Frame } from "../../core/dialogue.ts";
import { CORE_ENTITIES, fieldsIn, type LanguageWords, type Slot } from "../../core/teaching.ts";
import { trainTagger } from "../understanding/slots/tagger.ts";
import type { NamedValue } from "../understanding/slots/named.ts";
import type { SlotReader } from "../understanding/slots/fill-slots.ts";
import { formOf, isSpoken, wordsOf } from "../understanding/slots/words.ts";
import { betweensOf } from "./between.ts";
import type { AskedTool } from "./step.ts";
import { allCues, formsOf } from "./cues.ts";
import { firstWords } from "./declined.ts";
import { shownValue } from "./shown-value.ts";

/**
 * Prepares those that bring a language (a few milliseconds each). `others` are sentences about anything else: their words
 * are no names.
 */
export function askedTools(
  tools: readonly DescribedTool[],
  common: ReadonlySet<string>,
): ReadonlyMap<string, AskedTool> {
  return new Map(
    tools
      .filter(({ language }) => Object.keys(language).length > 0)
      .map((tool) => [tool.name, askedTool(tool, common)] as const),
  );
}

function askedTool(
  { name, description, confirmation, slots, language }: DescribedTool,
  common: ReadonlySet<string>,
): AskedTool {
  const languages = Object.values(language);
  const cues = allCues();
  const kinds = Object.fromEntries(
    Object.entries(slots).map(([field, { entity, open }]) => [field, open ? "text" : entity]),
  );
  const isOrder = confirmation !== "never" && Object.values(slots).some(mustBeClear);
  // An order is read word by word.
  const tagger = isOrder
    ? undefined
    : trainTagger({
        asks: languages.flatMap(({ asks }) => asks),
        kinds,
        rare: new Set(Object.keys(slots).filter((field) => slots[field]?.open === true)),
        openers: cues.flatMap(({ openers }) => openers),
        closers: cues.flatMap(({ closers }) => closers),
        prepositions: cues.flatMap(({ prepositions }) => prepositions),
        common,
        others: cues.flatMap(({ corrections, additions, small }) => [...corrections, ...additions, ...small]),
      });
  const choices = Object.fromEntries(
    Object.entries(slots).flatMap(([field, { entity, choices: values }]) =>
      entity === "choice" ? [[field, values.map((value) => namesOf(value, field, languages))] as const] : [],
    ),
  );
  /** The words in this language, else in the first one. */
  const wordsIn = (tag: string) => language[tag] ?? language["en"] ?? languages[0];
  return {
    name,
    slots,
    hasEffects: confirmation !== "never",
    reader: {
      slots,
      choices,
      tagger,
      behind: behindIn(slots, languages),
      tails: new Set(languages.flatMap(({ asks }) => asks.flatMap(wordForms))),
    },
    isOrder,
    leads: { ...leadsOf(slots, languages), ...behindIn(slots, languages) },
    betweens: betweensOf(slots, languages),
    harmless: harmlessOf(languages),
    mentioning: {
      stems: languages.flatMap(({ mentions = [] }) => mentions),
      // Nobody hands a message in for somebody else.
      isForOthers: Object.values(slots).every(({ entity }) => entity !== "message"),
    },
    firsts: firstWords(languages.flatMap(({ asks }) => asks)),
    title: (tag) => wordsIn(tag)?.title ?? description,
    ask: (field, tag, known) => askFor(wordsIn(tag)?.slots?.[field]?.ask, tag, known) ?? `${field}?`,
  };
}

/** By field: the words that its values must stand behind, in every language. */
function behindIn(
  slots: DescribedTool["slots"],
  languages: readonly LanguageWords[],
): NonNullable<SlotReader["behind"]> {
  return Object.fromEntries(
    Object.keys(slots).flatMap((field) => {
      const words = languages.flatMap((one) => one.slots?.[field]?.behind ?? []).map(formOf);
      return words.length === 0 ? [] : [[field, new Set(words)]];
    }),
  );
}

/** The question with what is known of the other fields; the first of several that lacks none. */
function askFor(ask: string | readonly string[] | undefined, tag: string, known: Frame["slots"]): string | undefined {
  const whole = [ask ?? []].flat().find((one) => fieldsIn(one)?.every((name) => name in known) === true);
  return whole?.replaceAll(/\{(\w+)\}/gu, (_, name: string) => shownValue(known[name]?.value ?? null, tag));
}

/** What has effects with money, an account or something that only the tool pack knows is read word by word. */
function mustBeClear({ entity }: Slot): boolean {
  return entity === "money" || entity === "iban" || !CORE_ENTITIES.some((kind) => kind === entity);
}

/** So much more often a word stands before the values of this field than before those of another one. */
const MAJORITY = 1.5;

/** The words that stand before the values of each field in the sentences that ask, and of no other. */
function leadsOf(
  slots: DescribedTool["slots"],
  languages: readonly LanguageWords[],
): Readonly<Record<string, ReadonlySet<string>>> {
  const small = formsOf(allCues().flatMap((cues) => cues.small));
  const asks = languages.flatMap((words) => words.asks);
  const counts = Object.keys(slots).map((field) => ({
    field,
    leads: countsOf(asks.flatMap((ask) => leadsIn(ask, field, small))),
  }));
  return Object.fromEntries(
    counts.map(({ field, leads }) => {
      // Free words are looked for behind all of them, and only where no value stands.
      const others = slots[field]?.entity === "text" ? [] : counts.filter((one) => one.field !== field);
      const own = [...leads].filter(([lead, count]) =>
        others.every((one) => count >= MAJORITY * (one.leads.get(lead) ?? 0)),
      );
      return [field, new Set(own.map(([lead]) => lead))];
    }),
  );
}

function leadsIn(ask: string, field: string, small: ReadonlySet<string>): readonly string[] {
  const befores = ask.split(`{${field}}`).slice(0, -1);
  return befores.flatMap((before) => {
    const words = wordsOf(before.replace(/^.*\}/su, " <> "));
    const lead = words.findLast(({ form }) => !small.has(form));
    const [former, last] = words.slice(-2);
    const both = former && last && isSpoken(former) && isSpoken(last) ? [`${former.form} ${last.form}`] : [];
    return lead !== undefined && isSpoken(lead) ? [lead.form, ...both] : both;
  });
}

function countsOf(words: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** Words that change nothing beside a request for it. */
function harmlessOf(languages: readonly LanguageWords[]): ReadonlySet<string> {
  const general = allCues().flatMap((cues) => [
    cues.openers,
    cues.closers,
    cues.prepositions,
    cues.corrections,
    cues.additions,
    cues.small,
    cues.apiece,
    cues.collective,
    cues.replacements,
    cues.instead,
    cues.more,
    cues.yes,
    cues.pronouns,
  ]);
  const own = languages.flatMap(
    ({ harmless, asks }) => harmless ?? asks.map((ask) => ask.replaceAll(/\{\w+\}/gu, " ")),
  );
  return formsOf([...general.flat(), ...own]);
}

const LONG_ENOUGH = 4;

function wordForms(ask: string): readonly string[] {
  return wordsOf(ask.replaceAll(/\{\w+\}/gu, " ")).flatMap(({ form }) => (form.length < LONG_ENOUGH ? [] : [form]));
}

function namesOf(value: string, field: string, languages: readonly DescribedTool["language"][string][]): NamedValue {
  const names = languages.flatMap(({ slots }) => slots?.[field]?.names?.[value] ?? []);
  return { value, names: [value.replaceAll(/[_-]/gu, " "), ...names] };
}
