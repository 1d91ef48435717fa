import assert from "node:assert/strict";

import fc from "fast-check";
import type { Nodes, Root } from "mdast";
import { toString } from "mdast-util-to-string";
import { describe, expect, it } from "vitest";

import { anyMarkdown, CLUSTERS } from "../../test/support/arbitrary-markdown.ts";
import { joinParts } from "../../test/support/join-parts.ts";
import { loosen } from "./loosen.ts";
import { parseMarkdown } from "./parse.ts";
import { toPlainText } from "./plain.ts";
import { sizeOf, type SplitOptions } from "./room.ts";
import { toMarkdown } from "./serialize.ts";
import { splitIntoParts, splitMarkdown } from "./split.ts";

const limit = fc.oneof(fc.integer({ min: 100, max: 400 }), fc.integer({ min: 100, max: 5_000 }));
const repeated = fc
  .tuple(anyMarkdown, anyMarkdown, fc.integer({ min: 1, max: 4 }))
  .map(([a, b, times]) => `${a}\n\n${b}\n\n`.repeat(times));
const long = fc.oneof(anyMarkdown, repeated);
const bytes = (text: string): number => Buffer.byteLength(text);
const codePoints = (text: string): number => Array.from(text).length;

function nodes(node: Nodes): Nodes[] {
  return [node, ...("children" in node ? node.children.flatMap(nodes) : [])];
}
const urls = (tree: Root): string[] =>
  nodes(tree).flatMap((node) => (node.type === "link" || node.type === "image" ? [node.url] : []));
const wordsOf = (tree: Root): Set<string> =>
  new Set(toPlainText(tree, { tableWidth: 1e9 }).match(/[\p{L}\p{M}\p{N}]*[\p{L}\p{M}]/gu));

/** The tree that the parts carry: the source, made splittable where it had to be split. */
function carried(text: string, options: SplitOptions): Root {
  const tree = parseMarkdown(text);
  const whole = splitIntoParts(text, options)[0]?.text === text || sizeOf(tree, options) <= options.limit;
  return whole ? tree : loosen(tree, options);
}

describe("splitMarkdown", () => {
  it("loses nothing: the parts that were sent join to the tree that was split", () => {
    fc.assert(
      fc.property(long, limit, (text, most) => {
        const parts = splitIntoParts(text, { limit: most });
        expect(Math.max(0, ...parts.map((part) => part.text.length))).toBeLessThanOrEqual(most);
        assert.deepEqual(joinParts(parts), carried(text, { limit: most }));
      }),
      { numRuns: 80 },
    );
  });

  it.each([
    ["bytes", bytes],
    ["code points", codePoints],
  ])(
    "keeps the limit and loses nothing when the platform counts %s",
    (_, measure) => {
      fc.assert(
        fc.property(long, limit, (text, most) => {
          const parts = splitIntoParts(text, { limit: most, measure });
          expect(Math.max(0, ...parts.map((part) => measure(part.text)))).toBeLessThanOrEqual(most);
          assert.deepEqual(joinParts(parts), carried(text, { limit: most, measure }));
        }),
        { numRuns: 25 },
      );
    },
    120_000,
  );

  it("keeps the limit and loses nothing when the platform counts what is shown", () => {
    const measureTree = (tree: Root): number => toPlainText(tree).length;
    fc.assert(
      fc.property(long, limit, (text, most) => {
        const options = { limit: most, measureTree };
        const parts = splitIntoParts(text, options);
        expect(Math.max(0, ...parts.map((part) => measureTree(part.tree)))).toBeLessThanOrEqual(most);
        assert.deepEqual(joinParts(parts), carried(text, options));
      }),
      { numRuns: 25 },
    );
  });

  it("takes only markup apart to make a text splittable, never words", () => {
    fc.assert(
      fc.property(long, fc.integer({ min: 100, max: 300 }), (text, most) => {
        const tree = parseMarkdown(text);
        const left = wordsOf(loosen(tree, { limit: most }));
        expect([...wordsOf(tree)].filter((word) => !left.has(word))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it("leaves no fence, quote or style open in any part and links only whole addresses", () => {
    fc.assert(
      fc.property(long, limit, (text, most) => {
        const known = new Set(urls(parseMarkdown(text)));
        for (const part of splitIntoParts(text, { limit: most })) {
          const followed = parseMarkdown(`${part.text}\n\nafter`);
          expect(followed.children.at(-1)).toEqual({ type: "paragraph", children: [{ type: "text", value: "after" }] });
          assert.deepEqual(parseMarkdown(part.text), part.tree);
          expect(urls(part.tree).filter((url) => !known.has(url))).toEqual([]);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("spells a link out that names another host and is too long for a part", () => {
    const words = `a@b.cc ${"word ".repeat(40)}`.trim();
    const parts = splitMarkdown(`[${words}](https://en.wikipedia.org/wiki/A)`, 105);
    const read = parts.map((part) => parseMarkdown(part));
    expect(read.flatMap(urls)).toEqual([]);
    expect(read.map((part) => toString(part)).join(" ")).toContain("(https://en.wikipedia.org/wiki/A)");
  });

  it("never cuts a grapheme cluster or a surrogate pair", () => {
    const cluster = fc.constantFrom(...CLUSTERS, "a", " ", "很", "\n");
    const graphemes = (text: string): string[] =>
      Array.from(new Intl.Segmenter("en").segment(text), ({ segment }) => segment).filter(
        (segment) => segment.trim() !== "",
      );
    fc.assert(
      fc.property(fc.array(cluster, { minLength: 60, maxLength: 600 }), limit, (pieces, most) => {
        const text = pieces.join("");
        const parts = splitIntoParts(text, { limit: most });
        expect(parts.flatMap((part) => graphemes(toString(part.tree)))).toEqual(
          graphemes(toString(parseMarkdown(text))),
        );
      }),
      { numRuns: 80 },
    );
  });

  it("returns a text that fits as it is, and no part for a blank one", () => {
    expect(splitMarkdown("*a*  [b][1]\n\n[1]: c", 100)).toEqual(["*a*  [b][1]\n\n[1]: c"]);
    expect(splitMarkdown(" \n\n ", 100)).toEqual([]);
  });

  it.each([Number.NaN, 0, 99])("refuses a limit of %s", (most) => {
    expect(() => splitMarkdown("a", most)).toThrow(expect.objectContaining({ code: "markdown/limit-too-small" }));
  });

  it("refuses a measure that nothing fits", () => {
    expect(() => splitMarkdown("a b", { limit: 100, measure: () => 101 })).toThrow(
      expect.objectContaining({ code: "markdown/unsplittable" }),
    );
  });

  it("cuts between paragraphs before it cuts inside one", () => {
    const paragraph = "word ".repeat(14).trim();
    expect(splitMarkdown(`${paragraph}\n\n${paragraph}\n\n${paragraph}`, 150)).toEqual([
      `${paragraph}\n\n${paragraph}`,
      paragraph,
    ]);
  });

  it("prefers the end of a sentence to the end of a word", () => {
    const text =
      "This is the first sentence of the text, and it is long. This one follows it and does not fit any more.";
    expect(splitMarkdown(text, 100)).toEqual([
      "This is the first sentence of the text, and it is long.",
      "This one follows it and does not fit any more.",
    ]);
  });

  it("closes a fence and opens it again with its info string, between lines", () => {
    const lines = Array.from({ length: 8 }, (_, at) => `const value${String(at)} = "text";`);
    const parts = splitMarkdown(`\`\`\`ts title=x\n${lines.join("\n")}\n\`\`\``, 120);
    expect(parts.length).toBeGreaterThan(1);
    for (const part of parts) expect(part).toMatch(/^```ts title=x\n(?:const value\d = "text";\n)+```$/);
  });

  it("repeats the header of a table and keeps rows whole", () => {
    const rows = Array.from({ length: 12 }, (_, at) => `| Row ${String(at)} | some value |`);
    const parts = splitMarkdown(["| Name | Value |", "| - | -: |", ...rows].join("\n"), 120);
    for (const part of parts)
      expect(part).toMatch(/^\| Name \| Value \|\n\| - \| -: \|\n(?:\| Row \d+ \| some value \|\n?)+$/);
    expect(parts.flatMap((part) => part.split("\n").slice(2))).toEqual(rows);
  });

  it("shows a row that is longer than the limit as text", () => {
    const cell = "cell ".repeat(50).trim();
    const parts = splitMarkdown(`| a | b |\n| - | - |\n| ${cell} | ${cell} |`, 200);
    expect(parts.join(" ").match(/cell/g)).toHaveLength(100);
  });

  it("keeps the numbers of list items", () => {
    const items = Array.from({ length: 30 }, (_, at) => `${String(at + 5)}. item number ${String(at + 5)}`);
    expect(splitMarkdown(items.join("\n"), 100).flatMap((part) => part.split("\n"))).toEqual(items);
  });

  it("closes bold text and opens it again", () => {
    const parts = splitMarkdown(`**${"bold ".repeat(50).trim()}**`, 100);
    for (const part of parts) expect(part).toMatch(/^\*\*(?:bold ?)+\*\*$/);
  });

  it("moves a link that does not fit any more to the next part", () => {
    const link = "[the terms and conditions](https://bank.example/terms)";
    expect(splitMarkdown(`${"Please read ".repeat(6)}${link} first.`, 100)).toEqual([
      "Please read ".repeat(6).trim(),
      `${link} first.`,
    ]);
  });

  it.each([
    ["an address", `https://a.b/${"path/".repeat(1_000)}`],
    ["a word", "x".repeat(5_000)],
    ["a cluster", `e${"\u0301".repeat(1_500)}`],
    ["inline code", `\`${"y".repeat(5_000)}\``],
    ["a line of code", `\`\`\`\n${"z".repeat(5_000)}\n\`\`\``],
    ["backticks", `~~~\n${"`".repeat(2_000)}\n~~~`],
  ])("splits %s that is far longer than the limit without losing a character", (_, text) => {
    const parts = splitIntoParts(text, { limit: 100 });
    expect(Math.max(...parts.map((part) => part.text.length))).toBeLessThanOrEqual(100);
    expect(parts.map((part) => toString(part.tree)).join("")).toBe(toString(parseMarkdown(text)));
  });

  it("keeps a heading with what follows it", () => {
    const paragraph = "word ".repeat(14).trim();
    expect(splitMarkdown(`${paragraph}\n\n## Next\n\n${paragraph}`, 120)).toEqual([
      paragraph,
      `## Next\n\n${paragraph}`,
    ]);
  });

  it("splits a thousand pieces of anything", () => {
    for (const piece of ["hello world. ", "x", "*a* ", "- a\n", "# h\n\n", "很长", "> q\n\n", "] "]) {
      const text = piece.repeat(Math.ceil(6_000 / piece.length));
      const parts = splitIntoParts(text, { limit: 100 });
      expect(toMarkdown(joinParts(parts))).toBe(toMarkdown(loosen(parseMarkdown(text), { limit: 100 })));
    }
  });
});
