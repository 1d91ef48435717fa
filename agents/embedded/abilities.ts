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

/** What the bot's tools add up to, documents first. In groups, only what can be done there. */
export function abilities(desk: Desk): readonly Ability[] {
  const { input, turn } = desk;
  const usable = turn.tools.tools.filter(({ depends }) => input.chatType === "direct" || depends === "public");
  const told = usable.filter(({ language }) => Object.keys(language).length > 0);
  const documents = usable.some(isSearch) ? [{ ability: say("documents", input) }] : [];
  const others = (told.length > 0 ? told : usable).filter((tool) => !isSearch(tool));
  return [...documents, ...others.map((tool) => abilityOf(tool, languageFor(input)))];
}

/** The first of them in a sentence. */
export function mainAbilities(desk: Desk): string {
  const named = abilities(desk)
    .slice(0, MOST_NAMED)
    .map(({ ability }) => ability);
  const can = named.length > 0 ? named : [say("talk", desk.input)];
  return new Intl.ListFormat(languageFor(desk.input)).format(can);
}

/** Sample requests to press. */
export function sampleChoices(desk: Desk): readonly Choice[] {
  return abilities(desk)
    .flatMap(({ sample }) => (sample === undefined ? [] : [sample]))
    .slice(0, MOST_CHOICES)
    .map((sample, index) => ({ id: `sample-${index + 1}`, label: sample, value: sample }));
}

/** A tool as its author describes it: in the language, else in English, else by the first sentence for models. */
export function abilityOf({ description, language: words }: DescribedTool, language: string): Ability {
  const { title = firstSentence(description), asks = [] } = words[language] ?? words["en"] ?? {};
  const sample = asks.find((ask) => !ask.includes("{"));
  return { ability: title, ...(sample !== undefined && { sample: upperFirst(sample) }) };
}

/** With a capital at the start. */
export function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function firstSentence(description: string): string {
  const sentence = cutText(/^[^.!?\n]+/u.exec(description)?.[0] ?? description, 120);
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
