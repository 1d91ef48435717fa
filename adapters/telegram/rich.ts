/**
 * Markdown trees as Telegram's rich messages: blocks for headings, lists, tables, which a text with entities has not.
 * Limits: https://core.telegram.org/bots/api#rich-message-limits.
 */
import type { InputRichBlock, InputRichBlockListItem, RichBlockTableCell, RichText } from "grammy/types";
import type { Image, List, ListItem, Nodes, Root, Table } from "mdast";
import { toString } from "mdast-util-to-string";
import { toPlainText } from "../../adapter.ts";
import { webAddress } from "./web-address.ts";

type Rest = Exclude<Nodes, Root>;
/** Changes the words outside code, before they are sent. */
type Finish = (text: string) => string;

const MAX_BLOCKS = 500;
const MAX_DEPTH = 16;
const MAX_COLUMNS = 20;
/** What entities cannot show. */
const STRUCTURE = new Set<string>(["heading", "list", "table", "thematicBreak"]);
const INLINE = new Set(
  "text strong emphasis delete inlineCode link image break html footnoteReference imageReference linkReference".split(
    " ",
  ),
);

/** The blocks of a tree; undefined where plain paragraphs say the same, or where Telegram's limits are exceeded. */
export function toRichBlocks(tree: Root, finish: Finish): InputRichBlock[] | undefined {
  const size: Size = { blocks: 0, depth: 0, columns: 0, hasStructure: false };
  for (const node of tree.children) measure(node, 1, size);
  const fits = size.blocks <= MAX_BLOCKS && size.depth <= MAX_DEPTH && size.columns <= MAX_COLUMNS;
  // A message needs words.
  return size.hasStructure && fits && toString(tree).trim() !== "" ? blocksOf(tree.children, finish) : undefined;
}

interface Size {
  blocks: number;
  /** Levels of blocks and formatting, one in another. */
  depth: number;
  columns: number;
  hasStructure: boolean;
}

/** Adds a node on this level, and what is in it, to the size. */
function measure(node: Rest, level: number, size: Size): void {
  if (!INLINE.has(node.type)) size.blocks += 1;
  if (node.type !== "text") size.depth = Math.max(size.depth, level);
  if (node.type === "tableRow") size.columns = Math.max(size.columns, node.children.length);
  if (STRUCTURE.has(node.type)) size.hasStructure = true;
  if ("children" in node) for (const child of node.children) measure(child, level + 1, size);
}

function blocksOf(nodes: readonly Rest[], finish: Finish): InputRichBlock[] {
  return nodes.map((node) => blockOf(node, finish));
}

function blockOf(node: Rest, finish: Finish): InputRichBlock {
  if (node.type === "heading") return { type: "heading", text: inlinesOf(node.children, finish), size: node.depth };
  if (node.type === "paragraph") return { type: "paragraph", text: inlinesOf(node.children, finish) };
  if (node.type === "blockquote") return { type: "blockquote", blocks: blocksOf(node.children, finish) };
  if (node.type === "table") return { type: "table", cells: cellsOf(node, finish), is_bordered: true };
  if (node.type === "thematicBreak") return { type: "divider" };
  if (node.type === "list") {
    return { type: "list", items: node.children.map((item, index) => itemOf(item, index, node, finish)) };
  }
  if (node.type === "code") {
    const { lang, value } = node;
    return { type: "pre", text: value, ...(lang === null || lang === undefined ? {} : { language: lang }) };
  }
  return { type: "paragraph", text: finish(toPlainText({ type: "root", children: [node] })) };
}

function itemOf(item: ListItem, index: number, { ordered, start }: List, finish: Finish): InputRichBlockListItem {
  const { checked, children } = item;
  return {
    blocks: blocksOf(children, finish),
    ...(typeof checked === "boolean" ? { has_checkbox: true } : {}),
    ...(checked === true ? { is_checked: true } : {}),
    ...(ordered === true ? { value: (start ?? 1) + index, type: "1" } : {}),
  };
}

function cellsOf({ children, align }: Table, finish: Finish): RichBlockTableCell[][] {
  return children.map((row, index) =>
    row.children.map((cell, column) => ({
      text: inlinesOf(cell.children, finish),
      ...(index === 0 ? { is_header: true } : {}),
      align: align?.[column] ?? "left",
      valign: "middle",
    })),
  );
}

function inlinesOf(nodes: readonly Rest[], finish: Finish, isLinked = false): RichText {
  const parts = nodes.flatMap((node) => inlineOf(node, finish, isLinked));
  const [only] = parts;
  if (only === undefined) return "";
  return parts.length === 1 ? only : parts;
}

const STYLES = { strong: "bold", emphasis: "italic", delete: "strikethrough" } as const;

function inlineOf(node: Rest, finish: Finish, isLinked: boolean): RichText[] {
  if (node.type === "strong" || node.type === "emphasis" || node.type === "delete") {
    return [{ type: STYLES[node.type], text: inlinesOf(node.children, finish, isLinked) }];
  }
  if (node.type === "inlineCode") return [{ type: "code", text: node.value }];
  if (node.type === "break") return ["\n"];
  if (node.type === "link") return linkOf(node.url, node.children, { finish, isLinked });
  if (node.type === "image") return linkOf(node.url, [{ type: "text", value: altOf(node) }], { finish, isLinked });
  return "value" in node ? [finish(node.value)] : [];
}

const altOf = ({ alt, url }: Image): string => (alt === null || alt === undefined || alt === "" ? url : alt);

/** Only addresses of the web are links; others stand behind their label. */
function linkOf(
  url: string,
  label: readonly Rest[],
  { finish, isLinked }: { readonly finish: Finish; readonly isLinked: boolean },
): RichText[] {
  const href = webAddress(url);
  if (href !== undefined && !isLinked) return [{ type: "url", text: inlinesOf(label, finish, true), url: href }];
  const words = inlinesOf(label, finish, isLinked);
  const address = url.replace(/^(?:mailto|tel):/iu, "");
  const isSaid = href !== undefined || [url, address].includes(toString(label));
  return isSaid ? [words] : [words, finish(` (${address})`)];
}
