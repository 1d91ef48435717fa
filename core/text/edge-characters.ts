/** The characters at a text's ends, whole: a letter outside the basic plane takes two units, and half of one is no letter. */

/** The first character, `undefined` of an empty text. */
export function firstCharacter(text: string): string | undefined {
  return Array.from(text.slice(0, 2)).at(0);
}

/** The last character, `undefined` of an empty text. */
export function lastCharacter(text: string): string | undefined {
  return Array.from(text.slice(-2)).at(-1);
}
