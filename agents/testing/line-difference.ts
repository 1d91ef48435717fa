/** How two texts differ, line by line: `-` was there before, `+` is there now. */

const LONGEST_LINE = 160;
const MOST_LINES = 40;

/** Only the lines that differ; of long ones the part around what differs. Empty where nothing does. */
export function lineDifference(before: readonly string[], after: readonly string[]): readonly string[] {
  const common = commonLengths(before, after);
  const lengthAt = (at: number, other: number): number => common[at]?.[other] ?? 0;
  const lines: string[] = [];
  let [at, other] = [0, 0];
  for (;;) {
    const [gone, come] = [before[at], after[other]];
    if (gone === undefined && come === undefined) break;
    const isGone = come === undefined || lengthAt(at + 1, other) >= lengthAt(at, other + 1);
    if (gone === come) [at, other] = [at + 1, other + 1];
    else if (gone !== undefined && isGone) {
      lines.push(`- ${around(gone, come)}`);
      at += 1;
    } else {
      lines.push(`+ ${around(come, before[at - 1])}`);
      other += 1;
    }
  }
  const more = lines.length - MOST_LINES;
  return more > 0 ? [...lines.slice(0, MOST_LINES), `… and ${more} more lines`] : lines;
}

/** For each pair of places, how many lines from there on both have, in the same order. */
function commonLengths(before: readonly string[], after: readonly string[]): readonly (readonly number[])[] {
  const table = Array.from({ length: before.length + 1 }, () => Array.from({ length: after.length + 1 }, () => 0));
  for (let at = before.length - 1; at >= 0; at -= 1) {
    const [row, next] = [table[at] ?? [], table[at + 1] ?? []];
    for (let other = after.length - 1; other >= 0; other -= 1)
      row[other] =
        before[at] === after[other] ? (next[other + 1] ?? 0) + 1 : Math.max(next[other] ?? 0, row[other + 1] ?? 0);
  }
  return table;
}

function around(line = "", other = ""): string {
  if (line.length <= LONGEST_LINE) return line;
  let same = 0;
  while (same < line.length && line[same] === other[same]) same += 1;
  const from = Math.max(0, Math.min(same, line.length - 1) - LONGEST_LINE / 4);
  const part = line.slice(from, from + LONGEST_LINE);
  return `${from > 0 ? "…" : ""}${part}${from + LONGEST_LINE < line.length ? "…" : ""}`;
}
