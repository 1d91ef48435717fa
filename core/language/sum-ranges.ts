/** "Between 10 and 50 euros": where a range of sums begins. Pure. */
const LEAST =
  /(?<!\p{L})(?:between|from|zwischen|von)\s+(\d{1,9})(?:[.,](\d{2}))?\s*(?:€|euros?|eur)?\s*(?:and|to|und|bis|[-–])\s*$/iu;

/** The smaller end that stands before a sum, in minor units, with where the range begins; undefined where none does. */
export function leastBefore(
  text: string,
  start: number,
): { readonly start: number; readonly minor: number } | undefined {
  const found = LEAST.exec(text.slice(0, start));
  return found === null ? undefined : { start: found.index, minor: Number(found[1]) * 100 + Number(found[2] ?? 0) };
}
