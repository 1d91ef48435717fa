import { getCountrySpecifications, isValidIBAN } from "ibantools";
import type { Detector } from "./finding.ts";
import { matchesOf } from "./finding.ts";

const lengthOfCountry = new Map(
  Object.entries(getCountrySpecifications()).flatMap(([country, { chars }]) =>
    typeof chars === "number" ? [[country, chars] as const] : [],
  ),
);
const BEGINNING = /(?<![\p{L}\p{N}])[A-Za-z]{2}[ .\-_]?\d[ ]?\d/gu;
const SEPARATOR = /[ .\-_/\n\r\t]/u;

/** IBANs with right check digits, however they are grouped. */
export const findIbans: Detector = function* findIbans(text) {
  for (const { index } of text.matchAll(BEGINNING)) {
    const length = lengthOfCountry.get(text.slice(index, index + 2).toUpperCase());
    if (length === undefined) continue;
    const { compact, end } = taken(text, index, length);
    if (isValidIBAN(compact) && !/[A-Za-z0-9]/u.test(text.charAt(end))) yield { kind: "iban", start: index, end };
  }
};

/** So many letters and digits from here on, with at most three separators between two of them. */
function taken(text: string, start: number, length: number): { readonly compact: string; readonly end: number } {
  let compact = "";
  let end = start;
  for (let at = start, gap = 0; compact.length < length && at < text.length && gap < 4; at += 1) {
    const character = text.charAt(at);
    gap = SEPARATOR.test(character) ? gap + 1 : 0;
    if (gap > 0) continue;
    if (!/[A-Za-z0-9]/u.test(character)) break;
    compact += character.toUpperCase();
    end = at + 1;
  }
  return { compact, end };
}

const LABELS = [
  // English
  "(?:bank |savings |checking |current )?(?:account|acct?)(?:[ .]{0,2}(?:number|num|no|nr|#|id))",
  "(?:acct?|a/c)",
  "account",
  "sort[ -]?code",
  "(?:aba |bank )?routing(?: (?:transit )?(?:number|num|no))?",
  "(?:customer|client|member|membership|policy|insurance|contract)(?: ?-?(?:number|num|no|nr|id))",
  "IFSC",
  "BSB",
  "CLABE",
  // German
  "(?:konto|depot|kunden|mitglieds?|versicherten|versicherungs|vertrags|policen)(?:-?(?:nummer|nr|id))",
  "kto(?:[. -]{0,2}(?:nummer|nr))?",
  "konto",
  "bankleitzahl|blz",
  // Others
  "(?:numéro|num|n°|no)(?: de)? compte|compte n°?|code (?:banque|guichet)",
  "n[úu]mero de cuenta|n[ºo°]? ?(?:de )?cuenta|cuenta",
  "numero (?:di )?conto|n\\. ?conto|conto(?: corrente)?(?: n\\.)?|CAB|ABI",
  "rekeningnummer|rekening|klantnummer",
  "(?:nr|numer) (?:konta|rachunku|klienta)|rachunek",
].join("|");
/** Says to whom a number belongs: "is", "lautet", ":". */
const BETWEEN =
  "(?:[ \\t]*(?:[:=#.)]|is|was|ist|war|lautet|lautete|est|es|è|to|number|no|nr|mit der nummer|with|ending|my|meine)){0,3}[ \\t\"'(*_`]{0,4}";
const LABELLED = new RegExp(
  `(?<![\\p{L}])(?:${LABELS})${BETWEEN}(?<value>(?:[A-Z]{0,4}[ -]?)?\\d(?:[ ./-]?[\\dXx]){3,20})(?![\\p{L}\\p{N}])`,
  "giu",
);

/** Numbers of accounts and customers in forms of one country: they have no shape, so a word has to say what they are. */
export const findAccounts: Detector = function* findAccounts(text) {
  yield* matchesOf("account", text, LABELLED, (match) => !isDate(match.groups?.["value"] ?? ""));
};

function isDate(value: string): boolean {
  return /^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}$/u.test(value) || /^\d{4}-\d\d-\d\d$/u.test(value);
}
