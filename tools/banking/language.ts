/** The bank's words, from the language files. */
import { type PackLanguage, readPackLanguage } from "../../core/read-pack-language.ts";

/** How people ask for their own money, and about the bank. */
export async function bankLanguage(): Promise<PackLanguage> {
  return await readPackLanguage(new URL("language/", import.meta.url));
}

/** The words of one tool, by language tag. */
export type ToolLanguage = PackLanguage["tools"][string];
