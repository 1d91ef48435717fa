import { distance } from "fastest-levenshtein";

/** The name among those that exist which was probably meant; undefined where none is near, by letters changed. */
export function nearest(
  name: string,
  known: readonly string[],
  most = Math.max(1, Math.floor(plain(name).length / 3)),
): string | undefined {
  const wanted = plain(name);
  const rated = known
    .map((one) => ({ one, away: apart(wanted, plain(one)), changed: distance(wanted, plain(one)) }))
    .toSorted((a, b) => a.away - b.away || a.changed - b.changed);
  const [best] = rated;
  return best !== undefined && best.away <= most ? best.one : undefined;
}

/** Capitals, dashes and dots are no difference. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/**
 * A name that begins with the other one or holds it (`dir`, `rateLimit`, `maxText`) is near, however long it is, and so is
 * one with the same letters in another order (`wbe`).
 */
function apart(wanted: string, known: string): number {
  const letters = (name: string): string => Array.from(name).toSorted().join("");
  if (letters(wanted) === letters(known)) return wanted === known ? 0 : 1;
  const [short, long] = wanted.length < known.length ? [wanted, known] : [known, wanted];
  const isWithin = (short.length >= 3 && long.startsWith(short)) || (short.length >= 4 && long.includes(short));
  return isWithin ? 1 : distance(wanted, known);
}
