/** Reads Markdown into the one tree every adapter renders from. */
import type { Root } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";

import { canonicalTree } from "./canonical.ts";
import { isTooComplex } from "./complexity.ts";
import { showTrueHosts } from "./link-hosts.ts";

/*
 * A single `~` is "about" in prose (`~5 to ~10`), never strikethrough. Raw HTML means nothing to a chat
 * platform, so it is text, and the Markdown inside it still counts.
 */
const syntax = [gfm({ singleTilde: false }), { disable: { null: ["htmlFlow", "htmlText"] } }];

// The transforms search the finished tree for addresses and would also link the ones that were escaped.
const treeExtensions = gfmFromMarkdown().map((extension) => ({ ...extension, transforms: [] }));

/** Anything that could be markup: a text without it is paragraphs and nothing else. */
const markup = /[\\`*_~[\]<>&|@\0\t]|^ *[-+=#:\d]|^ {4}| {2}$|www\.|:\/\/|-:/im;

function plainTree(text: string): Root {
  const paragraphs = text.replace(/\r\n?/g, "\n").split(/\n[ \t]*(?:\n[ \t]*)*\n/);
  return canonicalTree({
    type: "root",
    children: paragraphs.map((value) => ({ type: "paragraph", children: [{ type: "text", value }] })),
  });
}

/**
 * Parses CommonMark with GFM tables, strikethrough, task lists and bare links into a canonical mdast tree.
 *
 * Never throws and never hangs: a text that is longer than 100 000 characters or nested like an attack comes
 * back as plain paragraphs with every character in place.
 */
export function parseMarkdown(text: string): Root {
  if (!markup.test(text) || isTooComplex(text)) return plainTree(text);
  const tree = fromMarkdown(text, { extensions: syntax, mdastExtensions: treeExtensions });
  return canonicalTree(showTrueHosts(tree));
}
