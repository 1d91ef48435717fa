/** A text as a check reads it: what hides letters and digits is taken away, and where each character stood is kept. */

export interface FoldedText {
  readonly text: string;
  /** The offset in the original text of a span in the folded one. */
  readonly original: (span: { readonly start: number; readonly end: number }) => { start: number; end: number };
}

/** Marks that are not seen, and variation and enclosing marks ("1️⃣"). */
const UNSEEN = /[\p{Cf}\p{Me}\u{FE00}-\u{FE0F}]/u;
const PLAIN = /^[\t\n\r\u0020-\u007E\u00A1-\u00AC\u00AE-\u024F]*$/u;
const SPACES = /[\p{Zs}]/u;
const DASHES = /[\u2010-\u2015\u2212\uFE58\uFE63\uFF0D]/u;
/** Letters of other alphabets that look like Latin ones; only beside Latin letters or digits are they read as these. */
const ALIKE = new Map(
  Array.from("АВЕКМНОРСТУХІЈЅаеорсухіјѕΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", (letter, at) => [
    letter,
    "ABEKMHOPCTYXIJSaeopcyxijsABEZHIKMNOPTYXo".charAt(at),
  ]),
);
/** Asked of each character of a text: much faster than a pattern. */
const isLatin = (character: string | undefined): boolean =>
  character !== undefined &&
  ((character >= "a" && character <= "z") ||
    (character >= "A" && character <= "Z") ||
    (character >= "0" && character <= "9"));

/** Folds a text: compatibility forms, digits of every script, dashes and blanks become plain ones; what is not seen goes. */
export function foldText(text: string): FoldedText {
  if (PLAIN.test(text)) return { text, original: ({ start, end }) => ({ start, end }) };
  const characters: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  let at = 0;
  // A text has few different characters, and looking at one costs much more than finding it again.
  const forms = new Map<string, readonly string[]>();
  for (const character of text) {
    const next = at + character.length;
    const form = forms.get(character) ?? plainForm(character);
    forms.set(character, form);
    for (const unit of form) {
      characters.push(unit);
      starts.push(at);
      ends.push(next);
    }
    at = next;
  }
  const hasAlike = [...forms.keys()].some((character) => ALIKE.has(character));
  const latin = hasAlike
    ? characters.map((character, index) => latinAmongLatin(characters, character, index))
    : characters;
  const folded = latin.join("");
  return {
    text: folded,
    original: ({ start, end }) => ({ start: starts[start] ?? text.length, end: ends[end - 1] ?? text.length }),
  };
}

/** One UTF-16 unit each, so that offsets of the folded text are its array's. */
function plainForm(character: string): readonly string[] {
  if (PLAIN.test(character)) return [character];
  if (UNSEEN.test(character)) return [];
  if (SPACES.test(character)) return [" "];
  if (DASHES.test(character)) return ["-"];
  const digit = digitOf(character);
  if (digit !== undefined) return [digit];
  return character.normalize("NFKC").split("");
}

/** The decimal digits of a script stand in a row of ten, in Unicode from zero up. */
function digitOf(character: string): string | undefined {
  if (!/^\p{Nd}$/u.test(character)) return undefined;
  const code = character.codePointAt(0) ?? 0;
  let zero = code;
  while (code - zero < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String(code - zero);
}

function latinAmongLatin(characters: readonly string[], character: string, index: number): string {
  const latin = ALIKE.get(character);
  if (latin === undefined) return character;
  const isBesideLatin = isLatin(characters[index - 1]) || isLatin(characters[index + 1]);
  return isBesideLatin ? latin : character;
}
