import { describe, expect, it } from "vitest";
import { toHtml } from "./html.ts";
import { parseMarkdown } from "./parse.ts";

const html = (markdown: string): string => toHtml(parseMarkdown(markdown));

describe("a tree as HTML", () => {
  it.each([
    ["**bold** and `code`", "<p><strong>bold</strong> and <code>code</code></p>"],
    ["- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"],
    ["![a cat](https://example.com/cat.png)", '<p><a href="https://example.com/cat.png">a cat</a></p>'],
  ])("writes %s", (markdown, written) => {
    expect(html(markdown)).toBe(written);
  });

  it.each(["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[press](javascript:alert(1))"])(
    "shows %s without letting it do anything",
    (markdown) => {
      expect(html(markdown)).not.toMatch(/<script|<img|javascript:/u);
    },
  );
});
