/** Writes trees as text that reads well where there is no markup. */
import type { BlockContent, List, PhrasingContent, Root, Table } from "mdast";
import { graphemeCount } from "../text/graphemes.ts";
import { canonicalTree } from "./canonical.ts";
import { isPlainBlock } from "./cut-block.ts";

/** How plain text is laid out. */
export interface PlainTextOptions {
  /** Whether link addresses are shown behind their labels. @default true */
  readonly urls?: boolean;
  /** Widest table that is aligned in columns, in characters; a wider one becomes lines. @default 60 */
  readonly tableWidth?: number;
}

type Settings = Required<PlainTextOptions>;

/** `label (url)`, or one of the two where the label says the address already. */
function withUrl(label: string, url: string, settings: Settings): string {
  if (label.trim() === "") return url;
  if (!settings.urls || url === label) return label;
  const bare = url.replace(/^(?:https?:\/\/|mailto:|tel:)/i, "").replace(/\/$/, "");
  return bare === label.replace(/^https?:\/\//i, "").replace(/\/$/, "") ? label : `${label} (${url})`;
}

function inline(nodes: readonly PhrasingContent[], settings: Settings): string {
  return nodes
    .map((node) => {
      if (node.type === "break") return "\n";
      if (node.type === "link") return withUrl(inline(node.children, settings), node.url, settings);
      if (node.type === "image") return withUrl(node.alt ?? "", node.url, settings);
      if ("children" in node) return inline(node.children, settings);
      return "value" in node ? node.value : "";
    })
    .join("");
}

function pad(text: string, to: number, align: string | null | undefined): string {
  const missing = Math.max(0, to - graphemeCount(text));
  if (align === "right") return " ".repeat(missing) + text;
  const left = align === "center" ? Math.floor(missing / 2) : 0;
  return " ".repeat(left) + text + " ".repeat(missing - left);
}

function table(node: Table, settings: Settings): string {
  const rows = node.children.map((row) => row.children.map((cell) => inline(cell.children, settings)));
  const columns = rows[0]?.map((_, column) => Math.max(...rows.map((row) => graphemeCount(row[column] ?? "")))) ?? [];
  const total = columns.reduce((sum, column) => sum + column + 2, -2);
  if (total > settings.tableWidth) return rows.map((row) => row.join(" | ")).join("\n");
  const lines = rows.map((row) =>
    row
      .map((cell, column) => pad(cell, columns[column] ?? 0, node.align?.[column]))
      .join("  ")
      .trimEnd(),
  );
  const rule = columns.map((column) => "-".repeat(column)).join("  ");
  return [lines[0] ?? "", rule, ...lines.slice(1)].join("\n");
}

const indent = (text: string, first: string, others: string): string =>
  text
    .split("\n")
    .map((line, index) => `${index === 0 ? first : others}${line}`.trimEnd())
    .join("\n");

function list(node: List, settings: Settings): string {
  const items = node.children.map((item, index) => {
    const bullet = node.ordered === true ? `${String((node.start ?? 1) + index)}. ` : "• ";
    const box = item.checked === true ? "[x] " : item.checked === false ? "[ ] " : "";
    const text = blocks(item.children.filter(isPlainBlock), settings, item.spread === true ? "\n\n" : "\n");
    return indent(text, bullet + box, " ".repeat(bullet.length));
  });
  return items.join(node.spread === true ? "\n\n" : "\n");
}

function block(node: BlockContent, settings: Settings): string {
  switch (node.type) {
    case "paragraph":
    case "heading":
      return inline(node.children, settings);
    case "blockquote":
      return indent(blocks(node.children.filter(isPlainBlock), settings), "> ", "> ");
    case "list":
      return list(node, settings);
    case "table":
      return table(node, settings);
    case "thematicBreak":
      return "———";
    case "code":
    case "html":
      return node.value;
  }
}

function blocks(nodes: readonly BlockContent[], settings: Settings, separator = "\n\n"): string {
  return nodes.map((node) => block(node, settings)).join(separator);
}

/**
 * Readable plain text of a tree: links as `label (url)`, lists with bullets and numbers, tables in columns, code as it
 * is. For platforms without markup and for sending again what a platform refused as markup.
 */
export function toPlainText(tree: Root, options: PlainTextOptions = {}): string {
  const settings = { urls: true, tableWidth: 60, ...options };
  return blocks(canonicalTree(tree).children.filter(isPlainBlock), settings);
}
