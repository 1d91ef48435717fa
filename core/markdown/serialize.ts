/** Writes trees back as Markdown. */
import type { Root } from "mdast";
import { gfmToMarkdown } from "mdast-util-gfm";
import { toMarkdown as writeMarkdown, type Options } from "mdast-util-to-markdown";

import { canonicalTree } from "./canonical.ts";

const options: Options = {
  bullet: "-",
  emphasis: "_",
  fences: true,
  listItemIndent: "one",
  rule: "-",
  extensions: [gfmToMarkdown({ tablePipeAlign: false })],
};

/** Markdown of a tree that is in canonical form already. */
export function writeCanonical(tree: Root): string {
  return writeMarkdown(tree, options).replace(/\n$/, "");
}

/**
 * Canonical Markdown of any tree, without a trailing line break.
 *
 * Parsing the result gives the canonical form of the tree again, so writing is stable from the first time on.
 */
export function toMarkdown(tree: Root): string {
  return writeCanonical(canonicalTree(tree));
}
