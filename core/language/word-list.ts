import type { DateWord } from "./word.ts";

type Entry = readonly [names: readonly string[], word: DateWord];

/** Several words, parted by blanks, that work the same way. */
export function words(names: string, word: DateWord): Entry {
  return [names.split(" "), word];
}

/** A look-up of words; a word that stands in several entries works in all of these ways. */
export function dateWordsOf(entries: readonly Entry[]): ReadonlyMap<string, DateWord> {
  const found = new Map<string, DateWord>();
  for (const [names, word] of entries) {
    for (const name of names) {
      const known = found.get(name);
      const role = [...(known?.role ?? []), ...(word.role ?? [])];
      found.set(name, { ...known, ...word, ...(role.length > 0 && { role }) });
    }
  }
  return found;
}
