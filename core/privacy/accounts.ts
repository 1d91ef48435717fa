import type { Detector } from "./finding.ts";
import { matchesOf } from "./finding.ts";

const KINDS_OF_KONTO = "giro|spar|kunden|tages?geld|gehalts|gemeinschafts|mitglieds|verrechnungs|haupt|unter|depot";
/** Says by itself that a number follows. */
const SURE = [
  // English
  "(?:account|acct?s?|accnt|acc|a/c)[ _.-]{0,2}(?:numbers?|num|no|nr|id|#)",
  "(?:customer|client|cust|member(?:ship)?|policy(?:[ -]?holder)?|insurance|contract|loyalty|subscriber|patient|user|meter|subscription)[ _.-]{0,2}(?:numbers?|num|no|nr|id|#)",
  "sort[ -]?code|(?:aba )?routing|IFSC|BSB|CLABE",
  // German
  `(?:(?:${KINDS_OF_KONTO})?konto|depot|kunden|kd|mitglieds?|versicherungs?|vertrags|policen)[ -]?(?:nummer|nr)`,
  "(?:kto|kd|vers|mitgl|vertr|vs)[. -]{0,3}(?:nummer|nr)|postkonto|pc-konto|versicherungsschein|bankleitzahl|blz|sparbuch",
  // French, Spanish, Italian: "numéro de client", "codice cliente"
  "(?:n[uúùu]m[eé]ro|n[úu]m|num|numero|codice|code|n[°ºo.])\\.?(?: d[ei]l?)? ?(?:compte|clients?|usager|membre|fidélité|police|contrat|adhérent|sociétaire|abonné|banque|guichet|cuenta|cliente|socio|contrato|póliza|abonado|conto|contratto|polizza|utente|tessera)",
  // Dutch, Polish, Swedish
  "číslo účtu|(?:réf(?:érence)?|ref\\.?) client|matricule|NRB|(?:rekening|klant|polis|lid|contract|relatie|debiteuren?)[ -]?(?:nummer|nr|id)",
  "(?:nr|numer)\\.? (?:konta|rachunku|klienta|polisy|umowy)",
  "bankgiro|plusgiro",
].join("|");
/** Stands in many a sentence without a number of its own: only little may stand between. */
const PERHAPS = [
  "account|acct?|acc|a/c|customer|client|transit|institution",
  `(?:${KINDS_OF_KONTO})?konto|kto|depot|kunde`,
  "compte|rib|banque|guichet",
  "cuenta|cliente|socio|CCC|conto(?: corrente)?|c/c|CAB|ABI",
  "rekening|klant|rachun(?:ek|ku)|konta|klienta?",
].join("|");
const FILLER =
  "is|was|ist|war|die|der|das|the|lautet|lautete|hat|has|est|es|è|jest|to|numbers?|nummer|n[uú]m[eé]ro|numero|numer|nr|no|n°|nº|n|id|code|mit|with|my|meine|antiguo|ancien|old|new|neu";
const BEFORE_VALUE = "[ \\t\"'(*_`]{0,4}";
/** "Which account number? It's 6011…", `"kundennummer": "33…"`. */
const MARK = "[\"']?[ \\t]*[:=#.)?]";
const VALUE =
  "(?<value>(?:[A-Z]{1,4}[ -]?)?\\d(?:[ ./-]?[\\dXx]){3,30}(?:-[A-Z]{1,2})?|[A-Z0-9]{1,8}(?:-[A-Z0-9]{1,8}){1,4})(?![\\p{L}\\p{N}]|[.,]\\d| ?(?:€|\\$|£|%|eur\\b|usd\\b|euro))";
const patternOf = (labels: string, word: string): RegExp =>
  new RegExp(
    `(?<!\\p{L})(?:${labels})(?!\\p{L})(?:[ \\t]+(?:${word})(?![\\p{L}\\p{N}])|${MARK}){0,4}${BEFORE_VALUE}${VALUE}`,
    "giu",
  );
const LABELLED: readonly RegExp[] = [patternOf(SURE, "\\p{L}{1,14}(?:['’]\\p{L}{1,3})?"), patternOf(PERHAPS, FILLER)];
/** "88120473 – das ist meine Kundennummer", "60118243 (customer no)". */
const LABELLED_AFTER = new RegExp(
  `(?<![\\p{L}\\p{N}.,-])${VALUE}[ \\t"']{0,2}[,(–-]?[ \\t]{0,2}(?:\\p{L}{1,10}['’]?[ \\t]){0,4}(?:${SURE})(?!\\p{L})`,
  "giu",
);
/** "Customer: 404/555/0122" is somebody's answer in a chat that was copied. */
const SPOKEN_BY = /^(?:customer|client|kunde|cliente|klant|klient):/iu;
const FEWEST_DIGITS = 5;

/** Numbers of accounts and customers in forms of one country: they have no shape, so a word has to say what they are. */
export const findAccounts: Detector = function* findAccounts(text) {
  for (const pattern of LABELLED)
    yield* matchesOf(
      "account",
      text,
      pattern,
      ({ groups, 0: whole }) => !SPOKEN_BY.test(whole) && isNumber(groups?.["value"] ?? ""),
    );
  yield* matchesOf("account", text, LABELLED_AFTER, ({ groups }) => isNumber(groups?.["value"] ?? ""));
};

function isNumber(value: string): boolean {
  const isDate = /^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}$/u.test(value) || /^\d{4}-\d\d-\d\d$/u.test(value);
  const isSortCode = /^\d\d-\d\d-\d\d$/u.test(value);
  return (isSortCode || !isDate) && value.replaceAll(/\D/gu, "").length >= FEWEST_DIGITS;
}
