/** "The first one", "die andere": which of several is meant by its place. Pure. */

const places: readonly (readonly [RegExp, (count: number) => number | undefined])[] = [
  [/^(?:first|1st|earlier|older|erste[nrs]?|fruhere[nrs]?|altere[nrs]?)$/u, () => 0],
  [/^(?:second|2nd|zweite[nrs]?)$/u, () => 1],
  [/^(?:third|3rd|dritte[nrs]?)$/u, () => 2],
  [/^(?:last|latest|newest|letzte[nrs]?|neueste[nrs]?)$/u, (count) => count - 1],
  [/^(?:other|andere[nrs]?)$/u, (count) => (count === 2 ? 0 : undefined)],
];
/** "The other account", "last week": the place of something else. */
const otherThing =
  /^(?:accounts?|\p{L}*konto|persons?|names?|times?|mal|days?|weeks?|months?|years?|tage?|wochen?|monate?n?|jahre?|way|thing|things|second|seconds)$/u;

/**
 * Those whose place the words tell (lower case, accents folded, as `wordsOfText` gives them). `newestFirst`: the one in
 * front was talked about last, so that of two the other one is the older.
 */
export function byPlace<One>(words: readonly string[], newestFirst: readonly One[]): readonly One[] {
  const row = newestFirst.toReversed();
  const found = words.flatMap((word, at) => {
    const place = places.find(([shape]) => shape.test(word))?.[1](row.length);
    const one = place === undefined || otherThing.test(words[at + 1] ?? "") ? undefined : row[place];
    return one === undefined ? [] : [one];
  });
  return [...new Set(found)];
}
