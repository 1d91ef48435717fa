/** A word of a text, and how it is compared: without case, accents, possessive s and trailing points. */
export interface NameWord {
  readonly text: string;
  readonly folded: string;
  readonly start: number;
  readonly end: number;
  /** Whether only blanks stand between this word and the one before. */
  readonly follows: boolean;
}

const LONGEST_WORD = 60;
const abbreviation = /^(?:\p{L}|dr|mr|ms|mrs|prof|st)\.$/iu;

function fold(word: string): string {
  return word
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/['’]s?$/u, "")
    .replaceAll(/[.’']/gu, "");
}

/** Cuts a text into words. Digits end a word, so "IBAN" and numbers never become part of a name. */
export function nameWords(text: string): readonly NameWord[] {
  let end = 0;
  return Array.from(text.matchAll(/\p{L}[\p{L}\p{M}'’.&-]*/gu), (match) => {
    const word = match[0].replace(/(?:['’]s)?[.&'’-]*$/u, "");
    const follows = match.index - end < LONGEST_WORD && text.slice(end, match.index).trim() === "";
    const wordEnd = match.index + word.length;
    // The point of "Dr." or "J." does not end a name; that of a sentence does.
    end = abbreviation.test(match[0]) ? match.index + match[0].length : wordEnd;
    return { text: word, folded: fold(word.slice(0, LONGEST_WORD)), start: match.index, end: wordEnd, follows };
  });
}

/** The words of a stored name, folded. */
export function foldName(name: string): readonly string[] {
  return nameWords(name).map((word) => word.folded);
}

/** Whether the words from `at` on are exactly these. */
export function hasWordsAt(words: readonly NameWord[], at: number, wanted: readonly string[]): boolean {
  return (
    wanted.length > 0 &&
    wanted.every(
      (folded, index) => words[at + index]?.folded === folded && (index === 0 || words[at + index]?.follows === true),
    )
  );
}

/** Whether a word is written like a name. */
export function isCapitalized(word: NameWord | undefined): boolean {
  return word !== undefined && /^\p{Lu}/u.test(word.text);
}
