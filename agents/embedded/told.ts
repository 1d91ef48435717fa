/** Literal words of documents in the form that suits them: sentences, a list, a row in words, several rows as a table. */
import { z } from "zod";
import { Source } from "../../core/reply.ts";
import { literal, literalTable } from "../../core/markdown/index.ts";

const Cell = z.object({ title: z.string(), text: z.string() });

/** A sentence, list item or row of a document with its place; of a row what is to be said of it, its name first. */
export const Told = Source.extend({
  kind: z.enum(["text", "item", "row"]),
  cells: z.array(Cell),
  /** What was calculated with figures of it. */
  calculation: z.string().exactOptional(),
});
export type Told = z.infer<typeof Told>;

export const countWords = (text: string): number =>
  text.split(/\s+/u).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;

/** The form of a quote; columns are titled by the row of the passage that comes first. */
export function formOf(quote: string, passage = ""): Pick<Told, "kind" | "cells"> {
  const texts = cellsOf(quote);
  if (texts.length === 1) return { kind: "text", cells: [] };
  const titles = passage
    .split("\n")
    .map(cellsOf)
    .find((cells) => cells.length === texts.length);
  return { kind: "row", cells: texts.map((text, index) => ({ title: titles?.[index] ?? "", text })) };
}

const cellsOf = (row: string): readonly string[] => (row.includes(" | ") ? row.split(/ ?\| ?/u) : [row]);

/** As much as there is room for, at least the first; each part with the number of its source. */
export function tellInWords(
  told: readonly Told[],
  most: number,
): { readonly text: string; readonly sources: Source[] } {
  let left = most;
  const blocks: string[] = [];
  const shown: Told[] = [];
  for (const group of grouped(told)) {
    const sums = group.flatMap(({ calculation }) => (calculation === undefined ? [] : [literal(calculation)]));
    const text = [...sums, isTable(group) ? tableOf(group, shown.length) : partsOf(group, shown.length)].join("\n\n");
    const words = isTable(group) ? 0 : countWords(text);
    if (shown.length > 0 && words > left) continue;
    left -= words;
    blocks.push(text);
    shown.push(...group);
  }
  return {
    text: blocks.join("\n\n"),
    sources: shown.map((one) => Source.parse(one)),
  };
}

/** Rows with the same columns below each other stand together. */
function grouped(told: readonly Told[]): readonly (readonly Told[])[] {
  return told.reduce<readonly (readonly Told[])[]>((groups, one) => {
    const last = groups.at(-1);
    return last?.[0] !== undefined && isOneTable(last[0], one)
      ? [...groups.slice(0, -1), [...last, one]]
      : [...groups, [one]];
  }, []);
}

function isOneTable(one: Told, other: Told): boolean {
  const hasSame = one.title === other.title && one.location === other.location;
  return hasSame && one.kind === "row" && other.kind === "row";
}

const isTable = (group: readonly Told[]): boolean => group.length > 1;

const partsOf = (group: readonly Told[], before: number): string =>
  group.map((one, index) => `${one.kind === "item" ? "- " : ""}${inWords(one)} [${before + index + 1}]`).join("\n");

/** All columns that are to be said of any row. */
function tableOf(rows: readonly Told[], before: number): string {
  const titles = [...new Set(rows.flatMap(({ cells }) => cells.slice(1).map(({ title }) => title)))];
  const header = [rows[0]?.cells[0]?.title ?? "", ...titles];
  const lines = rows.map(({ cells }, index) => {
    const texts = titles.map((title) => cells.slice(1).find((cell) => cell.title === title)?.text ?? "");
    return [`${cells[0]?.text ?? ""} [${before + index + 1}]`, ...texts];
  });
  return literalTable(header, lines).replaceAll(/\\\[(\d+)\\?\]/gu, "[$1]");
}

/** Cells become a sentence, with the titles of their columns where there are several; figures stay as they are. */
export function inWords({ quote, cells }: Pick<Told, "quote" | "cells">): string {
  const [name, ...others] = cells;
  if (name === undefined) return literal(quote);
  const isTitled = others.length > 1 || cells.length < quote.split("|").length;
  const named = (all: typeof cells): string =>
    all.map(({ title, text }) => (isTitled && title !== "" ? `${title} ${text}` : text)).join(", ");
  // Where the first column is titled by a figure (a year), its cell is one of the values and no name.
  if (isTitled && /^\p{N}/u.test(name.title)) return literal(named(cells));
  return literal(others.length === 0 ? name.text : `${name.text}: ${named(others)}`);
}
