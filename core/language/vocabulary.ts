import { english } from "./english.ts";
import { german } from "./german.ts";
import type { Language } from "./message-language.ts";
import type { Vocabulary } from "./word.ts";

/** The data of a language. */
export function vocabularyOf(language: Language): Vocabulary {
  return language === "de" ? german : english;
}
