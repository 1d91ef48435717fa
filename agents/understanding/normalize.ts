/** Longer texts are read up to here: an intent shows itself early, and work per message stays bounded. */
const LONGEST_CLASSIFIED_TEXT = 2_000;

const ibanShape = /(?<![\p{L}\p{N}])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![\p{L}\p{N}])/giu;
const linkCodeShape =
  /(?<![\p{L}\p{N}-])(?:[A-Z]{4}-[A-Z0-9]{4}|(?=[A-Z-]*\d)[A-Z0-9]{4}-[A-Z0-9]{4})(?![\p{L}\p{N}-])/gu;
const number = String.raw`\d{1,15}(?:[.,']\d{1,15}){0,5}k?`;
const currency = String.raw`(?:[€$£¥]|eur(?:os?)?|usd|gbp|chf|dollars?|pounds?|quid|bucks|cents?|cts?)`;
const moneyShape = new RegExp(
  String.raw`${currency} ?${number}(?![\p{L}\p{N}])|(?<![\p{L}\p{N}])${number} ?${currency}(?!\p{L})`,
  "giu",
);
const numberShape = new RegExp(String.raw`(?<![\p{L}\p{N}])${number}(?![\p{L}\p{N}])`, "giu");

/**
 * The text as the classifier sees it: lower case, one kind of apostrophe, and literal values (IBANs, link codes,
 * money, numbers) replaced by one placeholder word each, so that "send €50" and "send 1.200 EUR" look alike.
 */
export function normalizeForClassification(text: string): string {
  return text
    .slice(0, LONGEST_CLASSIFIED_TEXT)
    .normalize("NFKC")
    .slice(0, LONGEST_CLASSIFIED_TEXT)
    .replace(linkCodeShape, " xcode ")
    .replace(ibanShape, " xiban ")
    .replace(moneyShape, " xmoney ")
    .replace(numberShape, " xnumber ")
    .replace(/[’‘`´]/gu, "'")
    .toLowerCase();
}

/** Words, question marks, exclamation marks and emoji of a normalised text, in order. */
export function wordsOf(normalized: string): readonly string[] {
  return normalized.match(/[\p{L}\p{N}]+(?:'\p{L}+)?|[?!]|\p{Extended_Pictographic}/gu) ?? [];
}
