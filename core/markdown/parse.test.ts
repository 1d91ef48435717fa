import fc from "fast-check";
import { toString } from "mdast-util-to-string";
import { describe, expect, it } from "vitest";

import { isTooComplex, MAX_MARKDOWN_LENGTH } from "./complexity.ts";
import { parseMarkdown } from "./parse.ts";
import { toMarkdown } from "./serialize.ts";

const SIZE = MAX_MARKDOWN_LENGTH;
const fill = (piece: string, size = SIZE): string => piece.repeat(Math.ceil(size / piece.length)).slice(0, size);

/** Each of these took micromark between one second and more than two minutes, or its stack, before the guard. */
const bombs: readonly (readonly [string, string])[] = [
  ["quotes", fill(">")],
  ["spaced quotes", fill("> ")],
  ["quotes in lists", fill("> - ")],
  ["list markers in one line", fill("1. ")],
  ["lists ever deeper", Array.from({ length: 400 }, (_, depth) => `${" ".repeat(2 * depth)}- a`).join("\n")],
  ["open brackets", fill("[")],
  ["closed brackets", fill("]")],
  ["open links", fill("[a](")],
  ["nested links", fill("[", SIZE / 2) + fill("](b)", SIZE / 2)],
  ["stars", fill("*")],
  ["stars and underscores", fill("*_")],
  ["crossed emphasis", fill("a*_b")],
  ["open emphasis", fill("*a _b ")],
  ["nested emphasis", `${"*".repeat(900)}a${"*".repeat(900)}`],
  ["backtick runs of every length", Array.from({ length: 440 }, (_, at) => "`".repeat(at + 1)).join(" ")],
  ["underlined headings", fill("a\n=\n\n")],
  ["list items", fill("- a\n")],
  ["short quotes", fill("> q\n\n")],
  ["lists that close", fill("- a\n  - b\n")],
  ["wide table", `${fill("|a", SIZE / 3)}\n${fill("|-", SIZE / 3)}\n${fill("a\n", SIZE / 3 - 2)}`],
  ["half a table", `${fill("|a", 1_500)}\n${fill("|-", 1_500)}\n${fill("a\n", 15_000)}`],
  ["references to one long address", `[a]: ${fill("u", 9_000)}\n\n${fill("[a]\n\n", 9_000)}`],
  ["line breaks", fill("\n")],
];

/** What texts without markup are made of, and what may look like markup and is none. */
const PIECES = "a|B| |\n|\n\n|.|,|é|7|👩‍👧|x - y|?|\r\n|!|:|#|=|+|-|/|http|mailto:|www| :-".split("|");

describe("parseMarkdown", () => {
  it.each(bombs)(
    "finishes on a bomb of %s with its text in place",
    (_, text) => {
      const tree = parseMarkdown(text);
      expect(tree.children.length).toBeLessThanOrEqual(text.length);
      expect(toMarkdown(tree).length).toBeLessThan(10 * SIZE);
      expect(toString(tree).replace(/\W/g, "").length).toBeGreaterThanOrEqual(
        isTooComplex(text) ? text.replace(/\W/g, "").length : 0,
      );
    },
    60_000,
  );

  it("reads a text over the limit as plain paragraphs", () => {
    const text = `**a**\n\n${fill("b ")}`;
    expect(parseMarkdown(text).children[0]).toEqual({
      type: "paragraph",
      children: [{ type: "text", value: "**a**" }],
    });
  });

  it("does not mistake long code for an attack", () => {
    const code = fill("a[0] = *b * _c_;\n", 50_000).trimEnd();
    expect(parseMarkdown(`Look:\n\`\`\`c\n${code}\n\`\`\``).children[1]).toMatchObject({
      type: "code",
      lang: "c",
      value: code,
    });
  });

  it("reads a text without markup like the parser does", () => {
    const plain = fc.array(fc.constantFrom(...PIECES), { maxLength: 30 });
    fc.assert(
      fc.property(plain, (pieces) => {
        const text = pieces.join("");
        // The definition is no content, but its colon and brackets force the full parser.
        expect(parseMarkdown(text)).toEqual(parseMarkdown(`[ref]: x\n\n${text}`));
      }),
      { numRuns: 500 },
    );
  });

  it("resolves references and footnotes, so that no part of a text depends on another", () => {
    expect(toMarkdown(parseMarkdown("See [the fees][1] and this[^n].\n\n[1]: http://a.b\n[^n]: A note."))).toBe(
      "See [the fees](http://a.b) and this\\[n].\n\n\\[n] A note.",
    );
  });

  it("treats raw HTML as text and keeps the Markdown inside it", () => {
    expect(parseMarkdown("<b>**x**</b>").children).toEqual([
      {
        type: "paragraph",
        children: [
          { type: "text", value: "<b>" },
          { type: "strong", children: [{ type: "text", value: "x" }] },
          { type: "text", value: "</b>" },
        ],
      },
    ]);
  });

  it("does not strike out what lies between two approximations", () => {
    expect(toString(parseMarkdown("~5 to ~10 days"))).toBe("~5 to ~10 days");
  });

  it("does not link an escaped address", () => {
    expect(parseMarkdown("http\\://a.b").children).toEqual([
      { type: "paragraph", children: [{ type: "text", value: "http://a.b" }] },
    ]);
  });
});
