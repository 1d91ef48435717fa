import { getCountrySpecifications } from "ibantools";
import type { Detector } from "./finding.ts";

const lengthOfCountry = new Map(
  Object.entries(getCountrySpecifications()).flatMap(([country, { chars }]) =>
    typeof chars === "number" ? [[country, chars] as const] : [],
  ),
);
const BEGINNING = /(?:(?<![\p{L}\p{N}])|(?<=iban))[A-Za-z][ .\-_]?[A-Za-z][ .\-_]?\d[ .\-_]?\d/gu;
/** So many letters and digits from here on, with at most three separators between two of them. */
const takenOf = new Map(
  [...new Set(lengthOfCountry.values())].map((length) => [
    length,
    new RegExp(`(?:[ .\\-_/\\n\\r\\t]{0,3}[A-Za-z0-9]){${length}}(?!\\d)`, "y"),
  ]),
);

/** IBANs with right check digits, however they are grouped; a country's own check digits inside are not looked at. */
export const findIbans: Detector = function* findIbans(text) {
  for (const { index, 0: beginning } of text.matchAll(BEGINNING)) {
    const length = lengthOfCountry.get(beginning.replaceAll(/[^A-Za-z]/gu, "").toUpperCase());
    const taken = length === undefined ? undefined : takenOf.get(length);
    if (taken === undefined) continue;
    taken.lastIndex = index;
    const literal = taken.exec(text)?.[0];
    if (literal !== undefined && isMod97(literal.replaceAll(/[^A-Za-z0-9]/gu, "")))
      yield { kind: "iban", start: index, end: index + literal.length };
  }
};

/** ISO 7064 mod 97,10, as ISO 13616 has it. */
function isMod97(compact: string): boolean {
  let rest = 0;
  for (let at = 0; at < compact.length; at += 1) {
    const value = Number.parseInt(compact.charAt((at + 4) % compact.length), 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}
