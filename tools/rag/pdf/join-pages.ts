/** Puts together what the end of a column or page cut: paragraphs, words, tables. */
import { joinLines, type Words } from "./join-lines.ts";
import type { Paragraph } from "./paragraphs.ts";
import { isFigure } from "./segments.ts";
import type { Table } from "./tables.ts";

export type PagePart = Table | Paragraph;

/** Of each page its columns, of each column its parts; gives each page's parts in reading order. */
export function joinPages(
  pages: readonly (readonly (readonly PagePart[])[])[],
  words: Words,
): readonly (readonly PagePart[])[] {
  const joined = pages.map((columns) =>
    columns.reduce<readonly PagePart[]>((parts, column) => joinColumns(parts, column, words), []),
  );
  for (const [index, parts] of joined.entries()) {
    const [first, ...others] = parts;
    const before = joined[index - 1];
    const last = before?.at(-1);
    if (before === undefined || last === undefined || first === undefined) continue;
    const [ended, begun] = across(last, first, words);
    joined[index - 1] = [...before.slice(0, -1), ended];
    joined[index] = [...begun, ...others];
  }
  return joined;
}

function joinColumns(parts: readonly PagePart[], column: readonly PagePart[], words: Words): readonly PagePart[] {
  const [first, ...others] = column;
  const last = parts.at(-1);
  if (first === undefined || last === undefined) return [...parts, ...column];
  if (first.kind === "table" || !goesOn(last, first)) return [...parts, ...column];
  return [...parts.slice(0, -1), { ...last, text: joinLines([last.text, first.text], words) }, ...others];
}

/** A paragraph ends in the middle of a sentence, and the next one begins there. */
function goesOn(last: PagePart, first: PagePart): last is Paragraph & { readonly kind: "text" | "item" } {
  if (last.kind === "table" || last.kind === "heading" || first.kind !== "text") return false;
  return !/[.:;!?]$/u.test(last.text) && /^\p{Ll}/u.test(first.text) && Math.abs(last.size - first.size) < 0.5;
}

/** What stands last on a page, and first on the next one. */
function across(last: PagePart, first: PagePart, words: Words): readonly [PagePart, readonly PagePart[]] {
  if (last.kind === "table" && first.kind === "table") return acrossTable(last, first, words);
  if (last.kind === "table" || first.kind === "table") return [last, [first]];
  if (!goesOn(last, first) || !/\p{L}[-\u{2010}\u{AD}]$/u.test(last.text)) return [last, [first]];
  // A paragraph is quoted by its page: only the word that was cut comes along.
  const [, rest = "", text = ""] = /^(\S+)\s*(.*)$/su.exec(first.text) ?? [];
  return [{ ...last, text: joinLines([last.text, rest], words) }, text === "" ? [] : [{ ...first, text }]];
}

/** A table that goes on has the header of its beginning, and so has a row. */
function acrossTable(last: Table, first: Table, words: Words): readonly [PagePart, readonly PagePart[]] {
  const alike =
    last.edges.length === first.edges.length && last.edges.every((edge, index) => isAligned(edge, first.edges[index]));
  const isSame = first.header.names.join("|") === last.header.names.join("|");
  if (!alike || (first.header.isMarked && !isSame)) return [last, [first]];
  const isNamed = first.header.count === 0 || isSame;
  const rows = isNamed ? first.rows : [first.header.names, ...first.rows];
  const [top, ...others] = rows;
  const end = last.rows.at(-1);
  if (top === undefined || end === undefined || !isRest(top, end))
    return [last, [{ ...first, header: last.header, rows }]];
  const whole = end.map((cell, index) =>
    joinLines(
      [cell, top[index] ?? ""].filter((text) => text !== ""),
      words,
    ),
  );
  const ended = { ...last, rows: [...last.rows.slice(0, -1), whole] };
  return [ended, others.length === 0 ? [] : [{ ...first, header: last.header, rows: others }]];
}

/** Columns are set to the left, to the right or around their middle. */
function isAligned([left, right]: readonly [number, number], other: readonly [number, number] | undefined): boolean {
  const [otherLeft, otherRight] = other ?? [Number.NaN, Number.NaN];
  const distances = [left - otherLeft, right - otherRight, (left + right - otherLeft - otherRight) / 2];
  return distances.some((distance) => Math.abs(distance) < 3);
}

/** Text without a label and without figures of its own is the rest of the row before the page's end. */
function isRest(top: readonly string[], end: readonly string[]): boolean {
  const filled = top.flatMap((cell, column) => (cell === "" ? [] : [column]));
  return top[0] === "" && filled.every((column) => end[column] !== "" && !isFigure(top[column] ?? ""));
}
