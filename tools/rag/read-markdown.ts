import type { BlockContent, DefinitionContent, List, Root, Table, TableCell } from "mdast";
import { toString } from "mdast-util-to-string";
import { parseMarkdown } from "../../core/markdown/index.ts";
import { oneLine } from "../../core/text/cut.ts";
import { createAnchors } from "./anchors.ts";
import { titleFromPath, type Block, type ReadDocument, type Section } from "./document.ts";
import { splitFrontMatter } from "./front-matter.ts";

/** Reads a Markdown document. Its title is that of the front matter, else its first heading, else its file name. */
export function readMarkdown(source: string, path: string): ReadDocument {
  const { matter, body } = splitFrontMatter(source);
  const tree = parseMarkdown(body);
  const { firstHeading, sections } = readSections(tree);
  return { ...matter, title: matter.title ?? firstHeading ?? titleFromPath(path), sections };
}

function readSections(tree: Root) {
  const anchorOf = createAnchors();
  const sections: Section[] = [];
  let firstHeading: string | undefined;
  // The one first-level heading at the top names the document and not a section.
  let open: readonly { readonly depth: number; readonly text: string; readonly isTitle: boolean }[] = [];
  let anchor = "";
  let blocks: Block[] = [];
  const close = (): void => {
    const headings = open.filter((heading) => !heading.isTitle).map((heading) => heading.text);
    if (blocks.length > 0) sections.push({ headings, anchor, blocks });
    blocks = [];
  };
  for (const [position, node] of tree.children.entries()) {
    if (node.type === "heading") {
      close();
      const text = oneLine(toString(node));
      const isTitle = firstHeading === undefined && node.depth === 1 && position === 0;
      firstHeading ??= text;
      const { depth } = node;
      open = [...open.filter((heading) => heading.depth < depth), { depth, text, isTitle }];
      anchor = anchorOf(text);
    } else {
      blocks.push(...readBlock(node));
    }
  }
  close();
  return { firstHeading, sections };
}

function readBlock(node: Root["children"][number] | BlockContent | DefinitionContent): readonly Block[] {
  if (node.type === "table") return readTable(node);
  if (node.type === "list") return readList(node);
  if (node.type === "blockquote") return node.children.flatMap(readBlock);
  return textBlock(node.type === "code" ? node.value : toString(node));
}

function textBlock(text: string, kind: Block["kind"] = "text"): readonly Block[] {
  const line = oneLine(text);
  return line === "" ? [] : [{ kind, text: line }];
}

function readList(list: List): readonly Block[] {
  return list.children.flatMap((item) =>
    item.children.flatMap((child) =>
      child.type === "paragraph" ? textBlock(toString(child), "item") : readBlock(child),
    ),
  );
}

function readTable(table: Table): readonly Block[] {
  return table.children.flatMap((row, index) => {
    const cells = index === 0 ? row.children : withoutTrailingLinks(row.children);
    return textBlock(cells.map((cell) => oneLine(toString(cell))).join(" | "), index === 0 ? "header" : "row");
  });
}

/** Last columns such as "Details: see …" send the reader elsewhere; they say nothing that could be quoted. */
function withoutTrailingLinks(cells: readonly TableCell[]): readonly TableCell[] {
  const last = cells.findLastIndex((cell) => cell.children.some((child) => child.type !== "link"));
  return last < 1 ? cells : cells.slice(0, last + 1);
}
