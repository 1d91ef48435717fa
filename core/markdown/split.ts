/** Splits Markdown at a platform's limit without losing anything. */
import type { BlockContent, PhrasingContent, Root } from "mdast";

import { cutBlocks, isPlainBlock } from "./cut-block.ts";
import { loosen } from "./loosen.ts";
import { parseMarkdown } from "./parse.ts";
import { checkLimit, sizeOf, type SplitOptions, unsplittable } from "./room.ts";
import { writeCanonical } from "./serialize.ts";

/** How a part goes on from the part before it. */
export interface Seam {
  /** How many nested nodes were open at the cut: 0 between two blocks, 1 inside a paragraph or code block, … */
  readonly depth: number;
  /** The white space or line break that stood at the cut and is shown in neither part. */
  readonly glue: readonly PhrasingContent[];
}

/** One part of a split text: complete Markdown of its own, with every fence and style closed. */
export interface MarkdownPart {
  readonly text: string;
  /** The same as a tree, for adapters that render. */
  readonly tree: Root;
  /** How the part goes on from the one before; of the first part always `{ depth: 0, glue: [] }`. */
  readonly seam: Seam;
}

const NO_SEAM: Seam = { depth: 0, glue: [] };
const rootOf = (children: readonly BlockContent[]): Root => ({ type: "root", children: [...children] });
const partOf = (children: readonly BlockContent[], seam: Seam): MarkdownPart => {
  const tree = rootOf(children);
  return { text: writeCanonical(tree), tree, seam };
};

/** Splits a canonical tree. Throws `InvalidInputError` for a limit below 100 or a measure nothing fits. */
export function splitTree(tree: Root, options: SplitOptions): readonly MarkdownPart[] {
  checkLimit(options.limit);
  const size = (blocks: readonly BlockContent[]): number => sizeOf(rootOf(blocks), options);
  const room = { limit: options.limit, size, alone: size };
  const fitting = sizeOf(tree, options) <= options.limit ? tree : loosen(tree, options);
  const parts: MarkdownPart[] = [];
  let rest: readonly BlockContent[] = fitting.children.filter(isPlainBlock);
  let seam = NO_SEAM;
  while (rest.length > 0 && size(rest) > options.limit) {
    const cut = cutBlocks(rest, room);
    if (cut === undefined) throw unsplittable(options.limit);
    parts.push(partOf(cut.head, seam));
    seam = { depth: cut.depth, glue: cut.glue };
    rest = cut.tail;
  }
  if (rest.length > 0) parts.push(partOf(rest, seam));
  return parts;
}

/**
 * Splits Markdown into parts of at most `limit`, and tells how each goes on from the one before it.
 *
 * A text that fits is returned as it is, unless it ends in code: its fence might be open. Blank texts have no part.
 *
 * What cannot hold: parts are canonical Markdown, so they keep content and structure but not the author's spelling
 * (`*` or `_`, reference links, blank lines between list items). A link whose address fills almost half the limit, a
 * table row that does not fit beside its header and nesting too deep for the limit lose their markup, never their
 * text. A grapheme cluster longer than a whole part is cut between code points.
 */
export function splitIntoParts(text: string, options: SplitOptions): readonly MarkdownPart[] {
  checkLimit(options.limit);
  const tree = parseMarkdown(text);
  const last = tree.children.at(-1);
  if (last === undefined) return [];
  const size = options.measureTree?.(tree) ?? options.measure?.(text) ?? text.length;
  return size <= options.limit && last.type !== "code" ? [{ text, tree, seam: NO_SEAM }] : splitTree(tree, options);
}

/** Splits Markdown into texts of at most `limit`: cuts between paragraphs, lines, sentences, words, graphemes, in that order. */
export function splitMarkdown(text: string, options: number | SplitOptions): readonly string[] {
  return splitIntoParts(text, typeof options === "number" ? { limit: options } : options).map((part) => part.text);
}
