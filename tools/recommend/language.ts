import { type PackLanguage, readPackLanguage } from "../../core/read-pack-language.ts";

/** How people ask for products, and what they say to a recommendation. */
export async function productLanguage(): Promise<PackLanguage> {
  return await readPackLanguage(new URL("language/", import.meta.url));
}
