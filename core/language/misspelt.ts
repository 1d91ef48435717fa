/** Names of months and days with a slip of the keyboard: they must not pass for words without meaning. */
const names =
  "january february october november december september august monday tuesday wednesday thursday friday saturday sunday yesterday tomorrow januar februar oktober dezember montag dienstag mittwoch donnerstag freitag samstag sonntag gestern weekend wochenende before vorgestern letzten letzte monatsanfang jahresanfang".split(
    " ",
  );

/** Whether two words differ by at most this many letters, swaps of neighbours counted once. */
export function isNear(one: string, other: string, most: number): boolean {
  if (Math.abs(one.length - other.length) > most) return false;
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let left = 1; left <= one.length; left += 1) {
    const next = nextRow({ one, other, left }, row, before);
    before = row;
    row = next;
  }
  return (row.at(-1) ?? most + 1) <= most;
}

/** The cost of making the first letters of one word from those of the other, one letter further on. */
function nextRow(
  { one, other, left }: { readonly one: string; readonly other: string; readonly left: number },
  row: readonly number[],
  before: readonly number[],
): readonly number[] {
  const next = [left];
  for (let right = 1; right <= other.length; right += 1) {
    const change = one[left - 1] === other[right - 1] ? 0 : 1;
    const cost = Math.min((row[right] ?? 0) + 1, (next[right - 1] ?? 0) + 1, (row[right - 1] ?? 0) + change);
    const isSwap = one[left - 1] === other[right - 2] && one[left - 2] === other[right - 1];
    next.push(isSwap ? Math.min(cost, (before[right - 2] ?? 0) + 1) : cost);
  }
  return next;
}

const monthsInFull =
  /^\p{L}(?:january|february|march|april|august|september|october|november|december|januar|februar|märz|oktober|dezember)$/u;

/** Whether a word is probably a misspelt month or day, also one with a letter too many in front ("smarch"). */
export function looksMisspelt(lower: string): boolean {
  return meantBy(lower) !== undefined || monthsInFull.test(lower);
}

/** The month or day that a misspelt word probably is. */
export function meantBy(lower: string): string | undefined {
  if (lower.length < 5 || lower.length > 12) return undefined;
  const most = lower.length >= 8 ? 2 : 1;
  // Of five letters only a whole month or day with one left out ("agust"): other words of that length are too many.
  const like = lower.length === 5 ? names.filter((name) => name.length === 6) : names;
  const near = like.filter((name) => name.startsWith(lower.slice(0, 1)) && name !== lower && isNear(lower, name, most));
  return near.find((name) => isNear(lower, name, 1)) ?? near[0];
}
