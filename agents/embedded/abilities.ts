/** What a bot can do, told from the tools that it really has. */
import type { Choice } from "../../core/reply.ts";
import type { DescribedTool } from "../../core/tool.ts";
import { cutText } from "../../core/text/cut.ts";
import type { Desk } from "../roles/contract.ts";
import { languageFor, say } from "./say.ts";
import { isSearch } from "./tool-input.ts";

export interface Ability {
  /** Behind "I can …". */
  readonly ability: string;
  /** A message that uses it; undefined where the tool's author gave none. */
  readonly sample?: string;
}

const MOST_CHOICES = 4;
/** More are not read in a greeting. */
const MOST_NAMED = 3;

/** What the bot's tools add up to: what it is for first, and of that documents. In groups, only what can be done there. */
export function abilities(desk: Desk): readonly Ability[] {
  const { input } = desk;
  const usable = usableTools(desk);
  const told = usable.filter(({ language }) => Object.keys(language).length > 0);
  const others = (told.length > 0 ? told : usable).filter((tool) => !isSearch(tool));
  const documents = usable.filter(isSearch).map((tool) => ({
    ...abilityOf(tool, languageFor(input)),
    ability: say("documents", input),
  }));
  const ordered = [...others.filter(isMain), ...others.filter((tool) => !isMain(tool))];
  return [...documents.slice(0, 1), ...ordered.map((tool) => abilityOf(tool, languageFor(input)))];
}

function usableTools({ input, turn }: Desk): readonly DescribedTool[] {
  return turn.tools.tools.filter(({ depends }) => input.chatType === "direct" || depends === "public");
}

const isMain = ({ samples }: DescribedTool): boolean => Object.keys(samples).length > 0;

/** The first of them in a sentence. */
export function mainAbilities(desk: Desk): string {
  const named = abilities(desk)
    .slice(0, MOST_NAMED)
    .map(({ ability }) => ability);
  const can = named.length > 0 ? named : [say("talk", desk.input)];
  return new Intl.ListFormat(languageFor(desk.input)).format(can);
}

/** Requests to press: of what the bot is for, where its tools say so. */
export function sampleChoices(desk: Desk): readonly Choice[] {
  const usable = usableTools(desk);
  const main = usable.filter(isMain);
  const ranked = [...main.filter(isSearch), ...main.filter((tool) => !isSearch(tool))];
  return (main.length > 0 ? ranked : usable)
    .flatMap((tool) => abilityOf(tool, languageFor(desk.input)).sample ?? [])
    .slice(0, MOST_CHOICES)
    .map((sample, index) => ({ id: `sample-${index + 1}`, label: sample, value: sample }));
}

/** A tool as its author describes it: in the language, else in English, else by the first sentence for models. */
export function abilityOf({ description, language: words, samples }: DescribedTool, language: string): Ability {
  const { title = firstSentence(description), asks = [] } = words[language] ?? words["en"] ?? {};
  const ask = asks.find(isPlain);
  const sample = samples[language] ?? samples["default"] ?? samples["en"] ?? (ask && upperFirst(ask));
  return { ability: title, ...(sample !== undefined && { sample }) };
}

const FEWEST_WORDS = 3;

/** A whole request without anybody's figures: neither "Q3 please" nor "was there a debit of 20 euros on 3 April". */
function isPlain(ask: string): boolean {
  return !/[{\p{N}]/u.test(ask) && ask.split(" ").length >= FEWEST_WORDS;
}

/** With a capital at the start. */
export function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function firstSentence(description: string): string {
  const sentence = cutText(/^[^.!?\n]+/u.exec(description)?.[0] ?? description, 120);
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
