import { toMarkdown } from "./serialize.ts";

/** A text as one line of Markdown that shows it literally; only what would be markup is escaped. */
export function literal(text: string): string {
  const value = text.replaceAll(/\s+/gu, " ").trim();
  return toMarkdown({ type: "root", children: [{ type: "paragraph", children: [{ type: "text", value }] }] }).trim();
}

/** A table of literal texts. Columns titled in `right` hold amounts. */
export function literalTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly string[] = [],
): string {
  const cell = (value: string) => ({
    type: "tableCell" as const,
    children: [{ type: "text" as const, value: value.replaceAll(/\s+/gu, " ").trim() }],
  });
  const children = [header, ...rows].map((cells) => ({ type: "tableRow" as const, children: cells.map(cell) }));
  const align = header.map((title) => (right.includes(title) ? ("right" as const) : null));
  return toMarkdown({ type: "root", children: [{ type: "table", align, children }] }).trim();
}
