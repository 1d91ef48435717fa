/** Puts the parts of a split text together again. */
import type { BlockContent, ListItem, PhrasingContent, Root } from "mdast";

import { joinNeighbours } from "../../core/markdown/canonical-inline.ts";
import { canonicalTree } from "../../core/markdown/canonical.ts";
import { isPlainBlock } from "../../core/markdown/cut-block.ts";
import { parseMarkdown } from "../../core/markdown/parse.ts";
import type { Seam } from "../../core/markdown/split.ts";

function joinRuns(left: readonly PhrasingContent[], right: readonly PhrasingContent[], seam: Seam): PhrasingContent[] {
  const last = left.at(-1);
  const [first, ...rest] = right;
  if (seam.depth === 0 || last === undefined || first === undefined) return [...left, ...seam.glue, ...right];
  if (!("children" in last && "children" in first)) return [...left, ...seam.glue, ...right];
  const children = joinRuns(last.children, first.children, { ...seam, depth: seam.depth - 1 });
  return [...left.slice(0, -1), { ...last, children: joinNeighbours(children, false) }, ...rest];
}

function joinItems(left: readonly ListItem[], right: readonly ListItem[], seam: Seam): ListItem[] {
  const last = left.at(-1);
  const [first, ...rest] = right;
  if (seam.depth === 0 || last === undefined || first === undefined) return [...left, ...right];
  const children = joinBlocks(last.children.filter(isPlainBlock), first.children.filter(isPlainBlock), {
    ...seam,
    depth: seam.depth - 1,
  });
  return [...left.slice(0, -1), { ...last, children }, ...rest];
}

type Container = Extract<BlockContent, { type: "list" | "blockquote" | "table" }>;

const isContainer = (node: BlockContent): node is Container =>
  node.type === "list" || node.type === "blockquote" || node.type === "table";

function joinContainers(left: Container, right: BlockContent, seam: Seam): BlockContent[] {
  if (left.type === "table" && right.type === "table") {
    return [{ ...left, children: [...left.children, ...right.children.slice(1)] }];
  }
  if (left.type === "list" && right.type === "list") {
    return [{ ...left, children: joinItems(left.children, right.children, seam) }];
  }
  if (left.type === "blockquote" && right.type === "blockquote") {
    const children = joinBlocks(left.children.filter(isPlainBlock), right.children.filter(isPlainBlock), seam);
    return [{ ...left, children }];
  }
  return [left, right];
}

/** One node from its two halves; two nodes when they are no halves of one. */
function joinPair(left: BlockContent, right: BlockContent, seam: Seam): BlockContent[] {
  if (isContainer(left)) return joinContainers(left, right, seam);
  if (left.type === "code" && right.type === "code") {
    const glue = seam.glue.map((node) => (node.type === "text" ? node.value : "")).join("");
    return [{ ...left, value: left.value + glue + right.value }];
  }
  if ("children" in left && left.type === right.type && "children" in right) {
    return [{ ...left, children: joinNeighbours(joinRuns(left.children, right.children, seam), false) }];
  }
  return [left, right];
}

function joinBlocks(left: readonly BlockContent[], right: readonly BlockContent[], seam: Seam): BlockContent[] {
  const last = left.at(-1);
  const [first, ...rest] = right;
  if (seam.depth === 0 || last === undefined || first === undefined) return [...left, ...right];
  return [...left.slice(0, -1), ...joinPair(last, first, { ...seam, depth: seam.depth - 1 }), ...rest];
}

/**
 * The inverse of splitting, from the texts that were sent and how each goes on from the one before.
 *
 * Undoes the declared repairs (reopened fences, styles, quotes and list items, repeated table headers) and puts the
 * white space at the cuts back. The result equals the tree that was split, node for node: that is what "nothing
 * was lost" means here.
 */
export function joinParts(parts: readonly { readonly text: string; readonly seam: Seam }[]): Root {
  const trees = parts.map((part) => ({
    seam: part.seam,
    blocks: parseMarkdown(part.text).children.filter(isPlainBlock),
  }));
  const children = trees.reduce<BlockContent[]>((joined, part) => joinBlocks(joined, part.blocks, part.seam), []);
  return canonicalTree({ type: "root", children });
}
