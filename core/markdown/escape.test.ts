import fc from "fast-check";
import { toString } from "mdast-util-to-string";
import { describe, expect, it } from "vitest";

import { anyMarkdown } from "../../test/support/arbitrary-markdown.ts";
import { escapeMarkdown } from "./escape.ts";
import { parseMarkdown } from "./parse.ts";

describe("escapeMarkdown", () => {
  it("shows any text literally in the middle of a line", () => {
    fc.assert(
      fc.property(anyMarkdown, (text) => {
        const shown = parseMarkdown(`Hello ${escapeMarkdown(text)}!`);
        const literal = `Hello ${text}!`.replaceAll("\0", "\uFFFD").replace(/[ \t]*[\r\n][ \t\r\n]*/g, "\n");
        expect(shown.children.map((block) => block.type)).toEqual(["paragraph"]);
        expect(toString(shown)).toBe(literal);
        const [paragraph] = shown.children;
        expect(paragraph?.type === "paragraph" && paragraph.children.every((node) => node.type === "text")).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it("does not link addresses or mentions", () => {
    expect(escapeMarkdown("www.a.b <@1>")).toBe("www\\.a\\.b \\<\\@1\\>");
  });
});
