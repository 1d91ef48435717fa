/** Account and telephone numbers: one wrong digit leads to somebody else, so they come from the evidence or not at all. */
import { findIbans, findPhones } from "../../core/language/index.ts";
import type { Evidence } from "./evidence.ts";

/** Whether a sentence names an account or telephone number that stands nowhere in the evidence. */
export function hasUnknownNumber(sentence: string, { said, answered, values }: Evidence): boolean {
  const named = [
    ...findIbans(sentence).map(({ iban }) => iban),
    ...findPhones(sentence, { language: "en" }).map(({ phone }) => phone.slice(-SHORTEST)),
  ];
  if (named.length === 0) return false;
  const known = [...said, ...answered, JSON.stringify(values)]
    .join("\n")
    .replaceAll(/[^\p{L}\p{N}\n]/gu, "")
    .toUpperCase();
  return named.some((number) => !known.includes(number));
}

/** Without the code of its country, which may be written in several ways. */
const SHORTEST = 7;
