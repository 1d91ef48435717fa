import type { List, Nodes, Root } from "mdast";
import pc from "picocolors";
import { toPlainText } from "../../adapter.ts";

type Rest = Exclude<Nodes, Root>;

const colors = pc.createColors(true);

/** A terminal is seldom narrower than 80 columns; wider tables become lines. */
export const TABLE_WIDTH = 79;

/** A Markdown tree as terminal text with ANSI styles. Tables and code keep their plain layout. */
export function toAnsi(tree: Root): string {
  return blocks(tree.children, "\n\n");
}

function blocks(nodes: readonly Rest[], between: string): string {
  return nodes.map(block).join(between);
}

function block(node: Rest): string {
  if (node.type === "paragraph") return inlines(node);
  if (node.type === "heading") return colors.bold(colors.cyan(inlines(node)));
  if (node.type === "blockquote") return indent(blocks(node.children, "\n"), colors.dim("│ "), colors.dim("│ "));
  if (node.type === "code") return indent(colors.yellow(node.value), "  ", "  ");
  if (node.type === "list") return list(node);
  if (node.type === "thematicBreak") return colors.dim("─".repeat(40));
  return toPlainText({ type: "root", children: [node] }, { tableWidth: TABLE_WIDTH });
}

function list({ ordered, start, children }: List): string {
  const items = children.map((item, index) => {
    const mark = ordered === true ? `${(start ?? 1) + index}. ` : "• ";
    return indent(blocks(item.children, "\n"), colors.cyan(mark), " ".repeat(mark.length));
  });
  return items.join("\n");
}

function inlines(node: { readonly children: readonly Rest[] }): string {
  return node.children.map(inline).join("");
}

function inline(node: Rest): string {
  if (node.type === "text") return node.value;
  if (node.type === "strong") return colors.bold(inlines(node));
  if (node.type === "emphasis") return colors.italic(inlines(node));
  if (node.type === "delete") return colors.strikethrough(inlines(node));
  if (node.type === "inlineCode") return colors.yellow(node.value);
  if (node.type === "break") return "\n";
  if (node.type === "link") {
    const label = inlines(node);
    return label === node.url ? colors.underline(label) : `${colors.underline(label)} ${colors.dim(`(${node.url})`)}`;
  }
  return toPlainText({ type: "root", children: [node] });
}

function indent(text: string, first: string, rest: string): string {
  return text
    .split("\n")
    .map((line, index) => (index === 0 ? first : rest) + line)
    .join("\n");
}
