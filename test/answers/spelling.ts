/** Whether a text says a thing, however figures, sums and shares are written in English and German. */
import { alike } from "../../cli/testing/facts.ts";

/** Letters up to which a word must stand by itself, and up to which it must at least begin there ("no", "kein"). */
const ALONE = 3;
const BEGINNING = 4;

/** True where one of the spellings stands in the text. */
export function says(text: string, spellings: readonly string[]): boolean {
  const canonical = canonicalOf(text);
  return spellings.some((spelling) => patternOf(canonicalOf(spelling)).test(canonical));
}

/** One spelling of blanks, figures ("1.000,50" and "1,000.50"), shares ("4 percent") and sums ("4 Euro", "4.00 €"). */
export function canonicalOf(text: string): string {
  return alike(text)
    .toLowerCase()
    .replaceAll(/[*_`]/gu, "")
    .replaceAll(/\s+/gu, " ")
    .replaceAll(/(?<![\d.,])([1-9]\d{0,2})((?:[.,]\d{3})+)(?!\d)/gu, (_all, first: string, rest: string) => {
      return `${first}${rest.replaceAll(/[.,]/gu, "")}`;
    })
    .replaceAll(/(?<=\d),(?=\d{1,2}(?!\d))/gu, ".")
    .replaceAll(/(?<=\d) ?(?:%|per cent|percent|prozent)/gu, "%")
    .replaceAll(/(?:€|\b(?:eur|euros?)\b) ?(\d+(?:\.\d+)?)/gu, "$1€")
    .replaceAll(/(?<=\d) ?(?:€|(?:eur|euros?)\b)/gu, "€")
    .trim();
}

/** A figure never stands within a longer one, and a short word never within another. ".00" may be left out of a sum or a share. */
function patternOf(spelling: string): RegExp {
  const escaped = spelling
    .replaceAll(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`)
    .replaceAll(/(?<=\d)\\\.00(?!\d)/gu, String.raw`(?:\.00|(?=[€%]))`)
    .replaceAll(/(?<=\d)(?=[€%])/gu, String.raw`(?:\.00)?`);
  const letters = /^\p{L}+$/u.test(spelling) ? spelling.length : Number.POSITIVE_INFINITY;
  return new RegExp(`${beforeOf(spelling, letters)}${escaped}${afterOf(spelling, letters)}`, "u");
}

function beforeOf(spelling: string, letters: number): string {
  if (/^\d/u.test(spelling)) return String.raw`(?<!\d|\d[.,])`;
  return letters <= BEGINNING ? String.raw`(?<![\p{L}\d])` : "";
}

function afterOf(spelling: string, letters: number): string {
  if (/\d$/u.test(spelling)) return String.raw`(?!\d|[.,](?!00(?!\d))\d)`;
  return letters <= ALONE ? String.raw`(?![\p{L}\d])` : "";
}
