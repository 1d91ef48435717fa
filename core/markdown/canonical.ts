/** One normal form for trees: no references, footnotes, raw HTML, empty blocks or unbounded nesting. */
import type {
  BlockContent,
  Blockquote,
  Code,
  Definition,
  DefinitionContent,
  FootnoteDefinition,
  List,
  ListItem,
  Nodes,
  PhrasingContent,
  Root,
  Table,
  TableRow,
  ThematicBreak,
} from "mdast";

import { canonicalInline, type InlineContext } from "./canonical-inline.ts";

/** Deepest nesting of quotes and lists that is kept; what lies deeper moves up to this level. */
const MAX_BLOCK_DEPTH = 12;

/** A table with more columns or cells is shown as lines: padding its short rows could grow without bound. */
const MAX_COLUMNS = 50;
const MAX_CELLS = 20_000;

/** Characters of link targets that references may copy into one tree: short names must not inflate a text. */
const MAX_EXPANSION = 200_000;

type Block = BlockContent | DefinitionContent;
const BLOCKS = new Set(
  "paragraph heading html blockquote list code table footnoteDefinition thematicBreak definition".split(" "),
);
const isBlock = (node: Root["children"][number]): node is Block => BLOCKS.has(node.type);
type Definitions = InlineContext["definition"];

function collectDefinitions(root: Root): Definitions {
  const known = new Map<string, Definition>();
  const visit = (node: Nodes): void => {
    if (node.type === "definition" && !known.has(node.identifier)) known.set(node.identifier, node);
    if ("children" in node) node.children.forEach(visit);
  };
  visit(root);
  let expanded = 0;
  return (identifier) => {
    const found = known.get(identifier);
    expanded += (found?.url.length ?? 0) + (found?.title?.length ?? 0);
    return expanded > MAX_EXPANSION ? undefined : found;
  };
}

const context = (definition: Definitions, where: Partial<InlineContext> = {}): InlineContext => ({
  singleLine: false,
  inTable: false,
  within: [],
  definition,
  ...where,
});

/** Rows of a table as lines of text, cells parted by ` | `. */
export function tableAsLines(table: Table): BlockContent[] {
  return table.children.map((row) => ({
    type: "paragraph",
    children: row.children.flatMap((cell, index): PhrasingContent[] =>
      index === 0 ? cell.children : [{ type: "text", value: " | " }, ...cell.children],
    ),
  }));
}

function canonicalTable(table: Table, definition: Definitions): BlockContent[] {
  const inline = context(definition, { singleLine: true, inTable: true });
  const rows = table.children.map((row) => row.children.map((cell) => canonicalInline(cell.children, inline)));
  const columns = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const wide = columns > MAX_COLUMNS || columns * rows.length > MAX_CELLS;
  const children = rows.map((row) => ({
    type: "tableRow" as const,
    children: Array.from({ length: wide ? row.length : columns }, (_, column) => ({
      type: "tableCell" as const,
      children: row[column] ?? [],
    })),
  }));
  const align = Array.from({ length: columns }, (_, column) => table.align?.[column] ?? null);
  const whole = tableOf({ align }, children);
  return wide ? tableAsLines(whole).flatMap((line) => canonicalBlock(line, definition, 0)) : [whole];
}

function canonicalFootnote(node: FootnoteDefinition, definition: Definitions, depth: number): BlockContent[] {
  const mark: PhrasingContent = { type: "text", value: `[${node.label ?? node.identifier}] ` };
  const [first, ...rest] = node.children;
  const children: Block[] =
    first?.type === "paragraph"
      ? [{ type: "paragraph", children: [mark, ...first.children] }, ...rest]
      : [{ type: "paragraph", children: [mark] }, ...node.children];
  return canonicalBlocks(children, definition, depth);
}

/** A list item whose blank lines follow from its content: only where Markdown needs them. */
export function listItem(checked: boolean | null, children: BlockContent[]): ListItem {
  const [first, second] = children;
  const compact =
    children.length < 2 || (children.length === 2 && first?.type === "paragraph" && second?.type === "list");
  return { type: "listItem", checked: first?.type === "paragraph" ? checked : null, spread: !compact, children };
}

/** A list like `model` with these items. */
export function listOf(model: Pick<List, "ordered" | "start">, children: ListItem[]): List {
  const ordered = model.ordered ?? false;
  const spread = children.some((item) => item.spread);
  return { type: "list", ordered, start: ordered ? (model.start ?? 1) : null, spread, children };
}

/** A table like `model` with these rows. */
export function tableOf(model: Pick<Table, "align">, children: TableRow[]): Table {
  return { type: "table", align: model.align ?? [], children };
}

function canonicalList(list: List, definition: Definitions, depth: number): BlockContent[] {
  if (depth >= MAX_BLOCK_DEPTH) {
    return list.children.flatMap((item) => canonicalBlocks(item.children, definition, depth));
  }
  const items = list.children.map((item) =>
    listItem(item.checked ?? null, canonicalBlocks(item.children, definition, depth + 1)),
  );
  return items.length === 0 ? [] : [listOf(list, items)];
}

function canonicalText(
  node: Extract<Block, { type: "paragraph" | "heading" | "html" }>,
  definition: Definitions,
): BlockContent[] {
  const singleLine = node.type === "heading";
  const content: PhrasingContent[] = node.type === "html" ? [{ type: "text", value: node.value }] : node.children;
  const children = canonicalInline(content, context(definition, { singleLine }));
  if (children.length === 0) return [];
  return [node.type === "heading" ? { type: "heading", depth: node.depth, children } : { type: "paragraph", children }];
}

function canonicalQuote(quote: Blockquote, definition: Definitions, depth: number): BlockContent[] {
  const flat = depth >= MAX_BLOCK_DEPTH;
  const children = canonicalBlocks(quote.children, definition, flat ? depth : depth + 1);
  return flat || children.length === 0 ? children : [{ type: "blockquote", children }];
}

function canonicalBlock(node: Block, definition: Definitions, depth: number): BlockContent[] {
  switch (node.type) {
    case "paragraph":
    case "heading":
    case "html":
      return canonicalText(node, definition);
    case "blockquote":
      return canonicalQuote(node, definition, depth);
    case "list":
      return canonicalList(node, definition, depth);
    case "code":
    case "thematicBreak":
      return [withoutPosition(node)];
    case "table":
      return canonicalTable(node, definition);
    case "footnoteDefinition":
      return canonicalFootnote(node, definition, depth);
    case "definition":
      return [];
  }
}

function withoutPosition(node: Code | ThematicBreak): BlockContent {
  if (node.type === "thematicBreak") return { type: "thematicBreak" };
  const value = node.value.replace(/\r\n?/g, "\n");
  const lang = node.lang ?? null;
  const meta = lang === null ? "" : (node.meta ?? "").trim();
  return { type: "code", lang, meta: meta === "" ? null : meta, value };
}

function canonicalBlocks(nodes: readonly Block[], definition: Definitions, depth: number): BlockContent[] {
  return nodes.flatMap((node) => canonicalBlock(node, definition, depth));
}

/**
 * The normal form: references are resolved, footnotes become `[1] …` paragraphs, raw HTML becomes literal text,
 * neighbours of one kind are merged, list spacing follows from content, positions are dropped. Idempotent.
 */
export function canonicalTree(root: Root): Root {
  return { type: "root", children: canonicalBlocks(root.children.filter(isBlock), collectDefinitions(root), 0) };
}
