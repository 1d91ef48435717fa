import assert from "node:assert/strict";

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { anyMarkdown, markupSoup, structuredMarkdown } from "../../test/support/arbitrary-markdown.ts";
import { parseMarkdown } from "./parse.ts";
import { toMarkdown } from "./serialize.ts";

const write = (text: string): string => toMarkdown(parseMarkdown(text));

describe("toMarkdown", () => {
  it.each([
    ["structured Markdown", structuredMarkdown],
    ["markup in no order", markupSoup],
    ["anything", anyMarkdown],
  ])(
    "is read back as the same tree and written the same again: %s",
    (_, arbitrary) => {
      fc.assert(
        fc.property(arbitrary, (text) => {
          const tree = parseMarkdown(text);
          const once = toMarkdown(tree);
          assert.deepEqual(parseMarkdown(once), tree);
          expect(write(once)).toBe(once);
        }),
        { numRuns: 200 },
      );
    },
    60_000,
  );

  it.each([
    ["an address that only GFM links", "a@b.c_d"],
    ["mixed line ends in code", "```\r\na\rb\nc\n```"],
    ["an info string with an escaped blank", "~~~a    &#32;b\n~~~"],
    ["strikethrough of blank code", "~~a\\\n`  `~~"],
    ["a letter to an address with a subject", "[write](mailto:a@b.c?subject=x)"],
  ])("reads back %s", (_, text) => {
    expect(parseMarkdown(write(text))).toEqual(parseMarkdown(text));
  });

  it("writes what a person would write", () => {
    const text = [
      "# Fees",
      "A **bold** and _slanted_ text with `code` and [a link](http://a.b).",
      "- one\n- two\n  1. nested\n- [ ] open",
      "| a | b |\n| - | -: |\n| 1 | 2 |",
      "```ts\nconst a = 1;\n```",
      "> quoted",
    ].join("\n\n");
    expect(write(text)).toBe(text);
  });
});
