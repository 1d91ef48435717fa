import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { CLUSTERS } from "../../test/support/arbitrary-markdown.ts";
import { splitPlain, splitPlainRanges } from "./split-plain.ts";

const piece = fc.constantFrom(
  ...CLUSTERS,
  "a",
  "word",
  " ",
  "  ",
  "\n",
  "\n\n",
  ". ",
  "很长的。",
  "\t",
  "x".repeat(90),
);
const text = fc.array(piece, { maxLength: 400 }).map((pieces) => pieces.join(""));
const limit = fc.integer({ min: 100, max: 600 });
const measures: readonly (readonly [string, (text: string) => number])[] = [
  ["UTF-16 units", (part) => part.length],
  ["code points", (part) => Array.from(part).length],
  ["bytes", (part) => Buffer.byteLength(part)],
];

describe("splitPlain", () => {
  it.each(measures)(
    "keeps every character but white space at the cuts, within the limit, in %s",
    (_, measure) => {
      fc.assert(
        fc.property(fc.oneof(text, fc.string({ unit: "binary", maxLength: 2_000 })), limit, (source, most) => {
          const ranges = splitPlainRanges(source, { limit: most, measure });
          let end = 0;
          for (const [from, to] of ranges) {
            expect(source.slice(end, from).trim()).toBe("");
            expect(measure(source.slice(from, to))).toBeLessThanOrEqual(most);
            end = to;
          }
          expect(source.slice(end).trim()).toBe("");
          expect(splitPlain(source, { limit: most, measure })).toEqual(
            ranges.map(([from, to]) => source.slice(from, to)),
          );
        }),
        { numRuns: 150 },
      );
    },
    60_000,
  );

  it("cuts only between grapheme clusters", () => {
    const boundaries = (source: string): Set<number> =>
      new Set(Array.from(new Intl.Segmenter("en").segment(source), ({ index }) => index));
    fc.assert(
      fc.property(text, limit, (source, most) => {
        const known = boundaries(source).add(source.length).add(source.trimEnd().length);
        expect(
          splitPlainRanges(source, { limit: most })
            .flat()
            .filter((at) => !known.has(at)),
        ).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it("prefers paragraphs, then lines, then sentences, then words", () => {
    const words = "word ".repeat(12).trim();
    expect(splitPlain(`${words}\n\nshort\n${words}`, { limit: 100 })).toEqual([words, `short\n${words}`]);
    expect(splitPlain(`${words}\n${words}`, { limit: 100 })).toEqual([words, words]);
    expect(splitPlain(`${words}. ${words}`, { limit: 100 })).toEqual([`${words}.`, words]);
    expect(splitPlain("word ".repeat(40), { limit: 102 })[0]).toBe("word ".repeat(20).trim());
  });

  it("keeps the indentation of the line after a cut", () => {
    const line = "x".repeat(70);
    expect(splitPlain(`${line}\n  ${line}`, { limit: 100 })).toEqual([line, `  ${line}`]);
  });

  it("cuts a cluster only when it is longer than a part, and then between code points", () => {
    const zalgo = `e${"\u{1D165}".repeat(300)}`;
    const parts = splitPlain(zalgo, { limit: 101 });
    expect(parts.join("")).toBe(zalgo);
    expect(parts.every((part) => !/\p{Surrogate}/u.test(part))).toBe(true);
  });

  it("refuses a limit below 100 and a measure that nothing fits", () => {
    expect(() => splitPlain("a", { limit: 10 })).toThrow(expect.objectContaining({ code: "markdown/limit-too-small" }));
    expect(() => splitPlain("a b", { limit: 100, measure: () => 101 })).toThrow(
      expect.objectContaining({ code: "markdown/unsplittable" }),
    );
  });
});
