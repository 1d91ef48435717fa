/** Makes a tree splittable at a limit: takes apart the few things whose markup alone would not leave room for content. */
import type { BlockContent, Code, List, PhrasingContent, Root, Table } from "mdast";

import { canonicalTree, listItem, listOf, tableAsLines } from "./canonical.ts";
import { isPlainBlock } from "./cut-block.ts";
import { namesHost } from "./link-hosts.ts";
import { sizeOf, type SplitOptions } from "./room.ts";

const text = (value: string): PhrasingContent => ({ type: "text", value });
const rootOf = (...children: BlockContent[]): Root => ({ type: "root", children });
const paragraphOf = (node: PhrasingContent): Root => rootOf({ type: "paragraph", children: [node] });

/** A link or image as text: `label (url)`, or the bare address where the label is the address. */
function spelledOut(node: Extract<PhrasingContent, { type: "link" | "image" }>): PhrasingContent[] {
  const label = node.type === "image" ? [text(node.alt ?? "")] : node.children;
  const [only] = label;
  if (label.length === 1 && only?.type === "text" && (only.value === "" || node.url.endsWith(only.value))) {
    return [text(node.url)];
  }
  const title = node.title === null || node.title === undefined ? "" : ` "${node.title}"`;
  return [...label, text(` (${node.url}${title})`)];
}

function loosenRun(run: readonly PhrasingContent[], options: SplitOptions): PhrasingContent[] {
  return run.flatMap((node): PhrasingContent[] => {
    if (node.type === "link" || node.type === "image") {
      const shortest = node.type === "link" ? { ...node, children: [text("x")] } : node;
      const whole = sizeOf(paragraphOf(shortest), options) <= options.limit * 0.4;
      const cuttable =
        node.type === "link" && namesHost(node) && sizeOf(paragraphOf(node), options) > options.limit * 0.4;
      if (!whole || cuttable) return loosenRun(spelledOut(node), options);
    }
    if (!("children" in node)) return [node];
    return [{ ...node, children: loosenRun(node.children, options) }];
  });
}

function loosenCode(code: Code, options: SplitOptions): BlockContent[] {
  const info = [code.lang, code.meta].filter((part) => part !== null && part !== undefined).join(" ");
  if (sizeOf(rootOf({ ...code, value: "" }), options) <= options.limit * 0.3) return [code];
  return [
    { type: "paragraph", children: [text(info)] },
    { ...code, lang: null, meta: null },
  ];
}

/** `used` is what the open containers put before every line. */
function loosenTable(table: Table, options: SplitOptions, used: number): BlockContent[] {
  const [header, ...rows] = table.children;
  const whole: Table = {
    ...table,
    children: table.children.map((row) => ({
      ...row,
      children: row.children.map((cell) => ({ ...cell, children: loosenRun(cell.children, options) })),
    })),
  };
  const room = options.limit - 3 * used;
  const tooLong = (row: (typeof rows)[number]): boolean =>
    header !== undefined && sizeOf(rootOf({ ...table, children: [header, row] }), options) > room;
  const fits = rows.length === 0 ? sizeOf(rootOf(table), options) <= room : !rows.some(tooLong);
  if (fits) return [whole];
  return tableAsLines(whole);
}

function loosenList(list: List, options: SplitOptions, used: number): BlockContent[] {
  const marker = list.ordered === true ? String((list.start ?? 1) + list.children.length).length + 2 : 2;
  const deeper = used + marker;
  const kept = deeper <= options.limit / 4;
  const items = list.children.map((item) =>
    loosenBlocks(item.children.filter(isPlainBlock), options, kept ? deeper : used),
  );
  if (!kept) return items.flat();
  return [
    listOf(
      list,
      items.map((children, index) => listItem(list.children[index]?.checked ?? null, children)),
    ),
  ];
}

function loosenBlock(node: BlockContent, options: SplitOptions, used: number): BlockContent[] {
  switch (node.type) {
    case "paragraph":
    case "heading":
      return [{ ...node, children: loosenRun(node.children, options) }];
    case "code":
      return loosenCode(node, options);
    case "table":
      return loosenTable(node, options, used);
    case "list":
      return loosenList(node, options, used);
    case "blockquote": {
      const kept = used + 2 <= options.limit / 4;
      const children = loosenBlocks(node.children.filter(isPlainBlock), options, kept ? used + 2 : used);
      return kept ? [{ type: "blockquote", children }] : children;
    }
    case "thematicBreak":
    case "html":
      return [node];
  }
}

function loosenBlocks(nodes: readonly BlockContent[], options: SplitOptions, used: number): BlockContent[] {
  return nodes.flatMap((node) => loosenBlock(node, options, used));
}

/**
 * The same content with nothing left that cannot be split at the limit.
 *
 * Links and images whose address does not fit become `label (url)`, and so do long links that name a host; tables whose row does not fit beside their header
 * become lines, quotes and lists that nest too deep for the limit move up, info strings that are too long become a
 * line above their code. At the limits of real platforms this changes next to nothing.
 */
export function loosen(root: Root, options: SplitOptions): Root {
  return canonicalTree({ type: "root", children: loosenBlocks(root.children.filter(isPlainBlock), options, 0) });
}
