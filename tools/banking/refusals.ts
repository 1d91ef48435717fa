/** The bank's refusals in the language of whom they are told. */
import { languageOfLocale } from "../../core/language/index.ts";
import type { PackLanguage } from "../../core/read-pack-language.ts";
import type { Tool } from "../../core/tool.ts";
import { BankRefusal } from "./errors.ts";

type Refusals = PackLanguage["refusals"];

/** The same tool; what it refuses is said in the requester's language, where that has words for it. */
export function refusingIn(tool: Tool, refusals: Refusals): Tool {
  return {
    ...tool,
    propose: async (input, context) => await told(tool.propose(input, context), context.locale, refusals),
    execute: async (input, context) => await told(tool.execute(input, context), context.locale, refusals),
  };
}

async function told<Result>(work: Promise<Result>, locale: string, refusals: Refusals): Promise<Result> {
  try {
    return await work;
  } catch (thrown) {
    if (!(thrown instanceof BankRefusal)) throw thrown;
    const { name, values } = thrown.words;
    const template = refusals[languageOfLocale(locale)]?.[name];
    if (template === undefined) throw thrown;
    const text = template.replaceAll(/\{(\w+)\}/gu, (_braces, value: string) => values[value] ?? "");
    throw new BankRefusal(thrown.code, text, thrown.words);
  }
}
