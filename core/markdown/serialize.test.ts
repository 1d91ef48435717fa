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
