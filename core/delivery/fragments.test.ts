import fc from "fast-check";
import { expect, it } from "vitest";
import { testReply } from "../../test/support/delivery-setup.ts";
import { splitMarkdown } from "../markdown/index.ts";
import type { Reply } from "../reply.ts";
import { fragmentsOf } from "./fragments.ts";
import { replyMarkdown } from "./render-text.ts";

const limit = 120;
const options = {
  text: { maxLength: limit, unit: "utf16" as const, markup: "markdown" as const },
  split: (text: string, most: number) => splitMarkdown(text, most),
  count: (fragment: Reply) => splitMarkdown(replyMarkdown(fragment), limit).length,
};
const source = { title: "Fees", location: "page 2", quote: "No fee applies to this." };
const card = { id: "a", title: "Fund", facts: [{ label: "Kind", value: "fund" }], text: "It fits." };

it("leaves a reply alone that fits one message", () => {
  const reply = testReply({ sources: [source] });
  expect(fragmentsOf(reply, options)).toEqual([reply]);
});

it("keeps buttons and extras under the last words where they fit", () => {
  const reply = testReply({ text: `${"a".repeat(110)}\n\nShort.`, choices: [{ id: "x", label: "X", value: "x" }] });
  const fragments = fragmentsOf(reply, options);
  expect(fragments.map((fragment) => fragment.choices?.length ?? 0)).toEqual([0, 1]);
});

it("shows files once, however many messages the words take", () => {
  const files = [{ name: "a.csv", mediaType: "text/csv", spoolKey: "k" }];
  const fragments = fragmentsOf(testReply({ text: "word ".repeat(80), files }), options);
  expect(fragments.length).toBeGreaterThan(2);
  expect(fragments.flatMap((fragment) => fragment.files ?? [])).toEqual(files);
});

it("puts buttons under the proposal they confirm", () => {
  const proposal = { id: "p", summary: "Transfer", facts: [], code: "12", expiresAt: "2026-01-05T09:05:00.000Z" };
  const reply = testReply({
    text: "t".repeat(100),
    proposal,
    choices: [{ id: "confirm:p", label: "Confirm", value: "yes" }],
    sources: Array.from({ length: 4 }, () => source),
    disclaimers: ["d".repeat(100)],
  });
  const withButtons = fragmentsOf(reply, options).filter((fragment) => fragment.choices !== undefined);
  expect(withButtons).toMatchObject([{ proposal: { id: "p" } }]);
});

it("gives each file a fragment of its own where they stand below the words", () => {
  const file = (name: string) => ({ name, mediaType: "text/csv", spoolKey: name });
  const files = [file(`${"a".repeat(60)}.csv`), file(`${"b".repeat(60)}.csv`)];
  const fragments = fragmentsOf(testReply({ text: "word ".repeat(40), files }), options);
  expect(fragments.map((fragment) => fragment.files ?? []).filter(({ length }) => length > 0)).toEqual(
    files.map((one) => [one]),
  );
});

it("shows a file with one fragment alone, however many the words need", () => {
  const file = { name: "bill.pdf", mediaType: "application/pdf", spoolKey: "k" };
  const fragments = fragmentsOf(testReply({ text: "word ".repeat(60), files: [file] }), options);
  expect(fragments.length).toBeGreaterThan(2);
  expect(fragments.flatMap(({ files = [] }) => files)).toEqual([file]);
});

it("keeps every piece of a reply exactly once, in fragments of one message each", () => {
  const shape = fc.record({
    words: fc.integer({ min: 0, max: 120 }),
    sources: fc.integer({ min: 0, max: 6 }),
    cards: fc.integer({ min: 0, max: 5 }),
    disclaimers: fc.integer({ min: 0, max: 3 }),
    choices: fc.integer({ min: 0, max: 3 }),
  });
  fc.assert(
    fc.property(shape, (counts) => {
      const many = <Item>(count: number, item: (index: number) => Item): Item[] =>
        Array.from({ length: count }, (_, index) => item(index));
      const reply = testReply({
        text: many(counts.words, (index) => `w${index}x`).join(" "),
        sources: many(counts.sources, (index) => ({ ...source, title: `s${index}x` })),
        cards: many(counts.cards, (index) => ({ ...card, title: `r${index}x`, number: index + 1 })),
        disclaimers: many(counts.disclaimers, (index) => `d${index}x must be said`),
        choices: many(counts.choices, (index) => ({ id: `c${index}`, label: `c${index}x`, value: "v" })),
      });
      const fragments = fragmentsOf(reply, options);
      const tokens = (text: string): readonly string[] => text.match(/[wsrdc]\d+x/g) ?? [];
      const said = fragments.map((fragment) => replyMarkdown(fragment));
      expect(said.flatMap(tokens).toSorted()).toEqual(tokens(replyMarkdown(reply)).toSorted());
      // A list of choices stays whole beside what it belongs to, even where the two need two messages.
      const whole = fragments.filter((fragment) => fragment.choices === undefined);
      for (const fragment of whole) expect(options.count(fragment)).toBeLessThanOrEqual(1);
    }),
    { numRuns: 60 },
  );
});
