import { type PackLanguage, readPackLanguage } from "../../core/read-pack-language.ts";

/** The rules of the embedded brain that serve each request. */
const handledAs: Readonly<Record<string, string>> = {
  forbid_learning: "securityQuestion",
  allow_learning: "securityQuestion",
};

/** How people ask for products, and what they say to a recommendation. */
export async function productLanguage(): Promise<PackLanguage> {
  return await readPackLanguage(new URL("language/", import.meta.url), handledAs);
}
