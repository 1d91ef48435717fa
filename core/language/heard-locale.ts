import { languageOf, languageOfLocale } from "./message-language.ts";

/** A message of fewer words does not change the language of a conversation: people mix in short phrases of another one. */
const FEW_WORDS = 5;

/**
 * How to speak to a person: in the language of their newest words that tell one (a "yes" tells none), as people write it
 * where the bot is at home. Nothing told: the bot's locale.
 */
export function heardLocale(texts: readonly string[], botLocale: string): string {
  let language: string | undefined;
  let before: string | undefined;
  for (const text of texts) {
    const told = languageOf(text);
    const isLong = text.trim().split(/\s+/u).length > FEW_WORDS;
    if (told !== undefined && (language === undefined || isLong || told === before)) language = told;
    before = told ?? before;
  }
  return language === undefined || language === languageOfLocale(botLocale) ? botLocale : language;
}
