/** Cuts blocks: between blocks where that wastes little, else inside the one that does not fit. */
import type { BlockContent, Blockquote, Code, List, ListItem, PhrasingContent, Root, Table } from "mdast";
import { firstGrapheme } from "../text/graphemes.ts";
import { breakAnywhere, findBreak } from "./breaks.ts";
import { listItem, listOf, tableOf } from "./canonical.ts";
import { cutChildrenOf } from "./cut-inline.ts";
import { fits, inside, largestFit, intoNode, type Cut, type Room } from "./room.ts";

type Glue = readonly PhrasingContent[];
type BlockCut<T> = Cut<T, Glue> | undefined;

const text = (value: string): Glue => (value === "" ? [] : [{ type: "text", value }]);

/** The longest piece of a line of code that fits: up to a blank, else up to a grapheme, all of it kept. */
function cutLine(value: string, fitting: number, room: Room<string>): number {
  const force = room.alone(firstGrapheme(value)) > room.limit;
  for (let most = fitting; most > 0; most -= 1) {
    const place = findBreak(value, most, 0) ?? breakAnywhere(value, most, force);
    const next = place?.next ?? 0;
    const at = next <= most || force ? next : (place?.end ?? 0);
    if (at > 0 && at < value.length && fits(room, value.slice(0, at))) return at;
  }
  return 0;
}

/** Fences are closed in the head and opened again, with the same info string, in the tail. */
function cutCode(code: Code, room: Room<BlockContent>): BlockCut<BlockContent> {
  const { value } = code;
  const make = (part: string): Code => ({ ...code, value: part });
  const within = intoNode(room, make);
  const most = largestFit(value.length, (count) => fits(within, value.slice(0, count)));
  const line = value.lastIndexOf("\n", most);
  if (line > 0 && fits(within, value.slice(0, line))) {
    return { head: make(value.slice(0, line)), tail: make(value.slice(line + 1)), depth: 1, glue: text("\n") };
  }
  const at = cutLine(value, most, within);
  return at === 0 ? undefined : { head: make(value.slice(0, at)), tail: make(value.slice(at)), depth: 1, glue: [] };
}

/** Rows stay whole, and the tail repeats the header. */
function cutTable(table: Table, room: Room<BlockContent>): BlockCut<BlockContent> {
  const [header, ...rows] = table.children;
  if (header === undefined) return undefined;
  const make = (part: typeof rows): Table => tableOf(table, [header, ...part]);
  const count = Math.min(
    largestFit(rows.length, (length) => fits(room, make(rows.slice(0, length)))),
    rows.length - 1,
  );
  if (count < 1) return undefined;
  return { head: make(rows.slice(0, count)), tail: make(rows.slice(count)), depth: 1, glue: [] };
}

/** Whether a part that ends before `next` is full enough, so that `next` moves on whole. */
function endsWell<T>(room: Room<readonly T[]>, head: readonly T[], next: T): boolean {
  const size = room.size(head);
  return size >= room.limit / 2 || (size >= room.limit / 5 && room.alone([next]) <= room.limit);
}

/** A heading, or two, belongs to what follows it; a longer run of headings is content of its own. */
function withoutLastHeading(nodes: readonly { readonly type: string }[], count: number): number {
  const kept = [count, count - 1, count - 2].find((length) => length > 0 && nodes[length - 1]?.type !== "heading");
  return kept ?? count;
}

/** Cuts a sequence of blocks or list items between two of them or, through `cutOne`, inside one. */
function cutSequence<T extends { readonly type: string }>(
  nodes: readonly T[],
  room: Room<readonly T[]>,
  cutOne: (node: T, room: Room<T>) => BlockCut<T>,
): BlockCut<readonly T[]> {
  const most = largestFit(nodes.length, (length) => fits(room, nodes.slice(0, length)));
  const count = Math.min(most, nodes.length - 1);
  const next = nodes[count];
  if (next === undefined) return undefined;
  const kept = withoutLastHeading(nodes, count);
  const between = { head: nodes.slice(0, kept), tail: nodes.slice(kept), depth: 0, glue: [] };
  if (count > 0 && endsWell(room, between.head, next)) return between;
  const before = nodes.slice(0, count);
  const cut = cutOne(
    next,
    inside(room, (content: T[]): readonly T[] => content, before),
  );
  if (cut !== undefined) {
    return { ...cut, head: [...before, cut.head], tail: [cut.tail, ...nodes.slice(count + 1)] };
  }
  return count > 0 ? between : undefined;
}

/** Cuts the blocks of a node; `make` gives the node of either half. */
function cutBlocksOf<T>(
  node: ListItem | Blockquote,
  make: (children: readonly BlockContent[]) => T,
  room: Room<T>,
): BlockCut<T> {
  const cut = cutBlocks(node.children.filter(isPlainBlock), intoNode(room, make));
  return cut && { ...cut, head: make(cut.head), tail: make(cut.tail), depth: cut.depth + 1 };
}

function cutItem(item: ListItem, room: Room<ListItem>): BlockCut<ListItem> {
  return cutBlocksOf(item, (children) => listItem(item.checked ?? null, [...children]), room);
}

/** Items keep their numbers: the tail starts where the head ended, an item that goes on repeats its own. */
function cutList(list: List, room: Room<BlockContent>): BlockCut<BlockContent> {
  const make = (items: readonly ListItem[]): List => listOf(list, [...items]);
  const cut = cutSequence(list.children, intoNode(room, make), cutItem);
  if (cut === undefined) return undefined;
  const done = cut.depth > 0 ? cut.head.length - 1 : cut.head.length;
  const tail = listOf({ ordered: list.ordered ?? false, start: (list.start ?? 1) + done }, [...cut.tail]);
  return { ...cut, head: make(cut.head), tail, depth: cut.depth + 1 };
}

function cutBlock(node: BlockContent, room: Room<BlockContent>): BlockCut<BlockContent> {
  switch (node.type) {
    case "paragraph":
      return cutChildrenOf(node, (children) => ({ type: "paragraph", children }), room);
    case "heading":
      return cutChildrenOf(node, (children) => ({ ...node, children }), room);
    case "code":
      return cutCode(node, room);
    case "table":
      return cutTable(node, room);
    case "list":
      return cutList(node, room);
    case "blockquote":
      return cutBlocksOf(node, (children) => ({ type: "blockquote", children: [...children] }), room);
    case "thematicBreak":
    case "html":
      return undefined;
  }
}

/** Canonical trees hold no other blocks than these. */
export const isPlainBlock = (node: Root["children"][number]): node is BlockContent =>
  ["paragraph", "heading", "blockquote", "list", "code", "table", "thematicBreak"].includes(node.type);

/**
 * Cuts blocks so that the head fits, or returns `undefined` when nothing of them fits behind what is there.
 * `depth` 0 means that the cut lies between two blocks.
 */
export function cutBlocks(
  nodes: readonly BlockContent[],
  room: Room<readonly BlockContent[]>,
): BlockCut<readonly BlockContent[]> {
  return cutSequence(nodes, room, cutBlock);
}
