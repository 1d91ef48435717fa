import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseMarkdown, toPlainText } from "../../core/markdown/index.ts";
import type { Reply } from "../../core/reply.ts";
import { testReply } from "../../test/support/delivery-setup.ts";
import { anyMarkdown } from "../../test/support/arbitrary-markdown.ts";
import { escapeText } from "./markdown.ts";
import { renderDiscord, spentComponents, toComponents } from "./render.ts";
import { checkMessage, MessageBody, validate } from "./testing/validate.ts";
import { plainText } from "./testing/view.ts";
import { createWorld } from "./testing/world.ts";

const world = createWorld("Parley", () => undefined);

const replyOf = (parts: Partial<Reply>): Reply => testReply({ text: "", ...parts });

/** The contents of the messages that a reply becomes. */
function contentsOf(parts: Partial<Reply>, plain = false): readonly string[] {
  return renderDiscord(replyOf(parts), { plain }, { mentions: [] }).parts.map(({ content }) => content);
}

/** What a person reads of Markdown on Discord. */
const readAs = (text: string): string =>
  contentsOf({ text })
    .map((content) => plainText(world, content))
    .join("\n");

describe("Markdown on Discord", () => {
  it.each([
    ["**bold** and _italic_ and ~~gone~~", "**bold** and *italic* and ~~gone~~"],
    ["# One\n\ntext", "# One\ntext"],
    ["##### Five", "**Five**"],
    ["[the list](https://example.org/fees)", "[the list](<https://example.org/fees>)"],
    ["https://example.org/fees", "<https://example.org/fees>"],
    [
      "[https://bank.example](https://evil.example)",
      String.raw`https\://bank.example (evil.example) (<https://evil.example/>)`,
    ],
    ["[mail](mailto:a@b.c)", "mail (mailto:a@b.c)"],
    ["- one\n  - two\n- [x] done", "- one\n  - two\n- ☑ done"],
    ["> said\n>\n> > before", "> said\n> \n> before"],
    ["```ts\nconst a = 1;\n```", "```ts\nconst a = 1;\n```"],
    ["| fee | amount |\n|---|---|\n| card | 5 € |", "```\nfee   amount\n----  ------\ncard  5 €\n```"],
    ["snake_case_name and 2 \\* 3 \\* 4", String.raw`snake_case_name and 2 \* 3 \* 4`],
    ["a || b || c, ~5 to ~10", String.raw`a \|\| b \|\| c, ~5 to ~10`],
  ])("writes %j", (markdown, expected) => {
    expect(contentsOf({ text: markdown })).toEqual([expected]);
  });

  it("shows what looks like a mention as it is, unless it is allowed", () => {
    const text = "@everyone <@1200000000000000002> <t:0>";
    const [quiet] = contentsOf({ text });
    expect(quiet).toBe(String.raw`\@everyone \<@1200000000000000002> \<t:0>`);
    const allowed = renderDiscord(replyOf({ text }), { plain: false }, { mentions: ["everyone", "users"] });
    expect(allowed.parts[0]?.content).toBe(String.raw`@everyone <@1200000000000000002> \<t:0>`);
  });

  it("splits a long answer without losing a word, with every fence closed", () => {
    const code = Array.from({ length: 120 }, (_, index) => `const line${index} = "value";`).join("\n");
    const contents = contentsOf({ text: `Before.\n\n\`\`\`ts\n${code}\n\`\`\`\n\nAfter.` });
    expect(contents.length).toBeGreaterThan(1);
    for (const content of contents) expect((content.match(/```/g) ?? []).length % 2).toBe(0);
    for (let index = 0; index < 120; index += 1) expect(contents.join("\n")).toContain(`const line${index} =`);
  });

  it("never exceeds a limit, and is never refused, whatever the Markdown", () => {
    fc.assert(
      fc.property(anyMarkdown, fc.boolean(), (text, plain) => {
        for (const content of contentsOf({ text }, plain)) {
          expect(content.length).toBeLessThanOrEqual(2_000);
          expect(() => validate(MessageBody, { content })).not.toThrow();
        }
      }),
      { numRuns: 150 },
    );
  });

  it("keeps the words of any Markdown, in their order", () => {
    fc.assert(
      fc.property(anyMarkdown, (text) => {
        const tree = parseMarkdown(text);
        // Addresses are written as a browser writes them (`http://A.b/é` as `http://a.b/%C3%A9`), a done task as ☑.
        const words = toPlainText(tree, { urls: false }).replaceAll(/https?:\/\/\S*|\[x\] /giu, "");
        // A table that is too wide for a phone names its columns in every row.
        const isReordered = JSON.stringify(tree).includes('"type":"table"');
        expect(isReordered ? missingSomewhere(words, readAs(text)) : missingLetter(words, readAs(text))).toBe("");
      }),
      { numRuns: 150, endOnFailure: true },
    );
  });

  it("shows any text from data exactly as it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary-ascii", maxLength: 60 }), (text) => {
        const line = text.replaceAll(/\s+/g, " ").trim();
        fc.pre(line !== "" && !/\p{Cc}/u.test(line));
        expect(plainText(world, escapeText(line))).toBe(line);
      }),
      { numRuns: 500 },
    );
  });
});

it("platforms G: sends something where a reply holds nothing, since Discord takes no empty message", () => {
  expect(contentsOf({})).toEqual(["…"]);
});

describe("cards, buttons and menus", () => {
  const sources = Array.from({ length: 40 }, (_, index) => ({
    title: `Source ${index}`,
    location: "page 1",
    url: "https://example.org/a(b)",
    quote: "quoted words ".repeat(60),
  }));
  const cards = Array.from({ length: 30 }, (_, index) => ({
    id: `p${index}`,
    title: `Product *${index}*`,
    number: index + 1,
    facts: [
      { label: "Kind", value: "fund" },
      { label: "Risk", value: "medium risk", tone: "caution" as const },
      { label: "Expected return", value: "4%", phrase: "about 4% a year" },
    ],
    text: "often chosen ".repeat(30),
  }));

  it("are never refused, however many and long they are", () => {
    const { parts } = renderDiscord(replyOf({ text: "Look:", sources, cards }), { plain: false }, { mentions: [] });
    expect(parts.length).toBeGreaterThan(1);
    for (const { content, embeds, choices } of parts) {
      const body = validate(MessageBody, { content, embeds, components: toComponents(choices, "1") });
      expect(checkMessage(body, 0)).toBeUndefined();
    }
    const titles = parts.flatMap(({ embeds }) => embeds.map(({ title }) => plainText(world, title ?? "")));
    expect(titles.slice(0, 2)).toEqual(["1. Product *0*", "2. Product *1*"]);
  });

  it("leave the code of a proposal out, since everybody in the channel would read it", () => {
    const proposal = {
      id: "p1",
      summary: "Transfer 5 €",
      facts: [],
      code: "K7M2QX",
      expiresAt: "2030-01-01T00:00:00.000Z",
    };
    const choices = [{ id: "confirm:p1", label: "Confirm", value: "confirm", style: "primary" as const }];
    for (const plain of [false, true]) {
      const { parts } = renderDiscord(replyOf({ text: "Check.", proposal, choices }), { plain }, { mentions: [] });
      expect(JSON.stringify(parts)).toContain("Transfer 5 €");
      expect(JSON.stringify(parts)).not.toContain("K7M2QX");
      expect(parts.at(-1)?.choices).toEqual(choices);
    }
  });

  it("become a menu where there are many alike, and buttons in rows otherwise", () => {
    const many = Array.from({ length: 12 }, (_, index) => ({ id: `c${index}`, label: `Choice ${index}`, value: "v" }));
    expect(toComponents(many, "7")).toMatchObject([{ components: [{ type: 3, custom_id: "menu||7" }] }]);
    const styled = many.map((choice) => ({ ...choice, style: "danger" as const }));
    expect(toComponents(styled, "7").map(({ components }) => components.length)).toEqual([5, 5, 2]);
    expect(toComponents([{ id: "x", label: "l".repeat(200), value: "v" }], "7")).toMatchObject([
      { components: [{ label: `${"l".repeat(79)}…`, custom_id: "choice|x|7" }] },
    ]);
  });

  it("leave the requester's colour on a pressed button and take the others'", () => {
    const rows = toComponents(
      [
        { id: "a", label: "A", value: "", style: "danger" },
        { id: "b", label: "B", value: "", style: "primary" },
      ],
      "7",
    );
    expect(spentComponents(rows, "choice|a|7")).toMatchObject([
      {
        components: [
          { disabled: true, style: 4 },
          { disabled: true, style: 2 },
        ],
      },
    ]);
  });
});

const lettersOf = (text: string): readonly string[] => text.match(/[\p{L}\p{N}]/gu) ?? [];

/** What of a text is not found in another, read from left to right. Marks, bullets and addresses may stand between. */
function missingLetter(text: string, shown: string): string {
  const found = lettersOf(shown);
  let at = 0;
  for (const [index, letter] of lettersOf(text).entries()) {
    while (at < found.length && found[at] !== letter) at += 1;
    if (at >= found.length) return lettersOf(text).slice(index).join("");
    at += 1;
  }
  return "";
}

/** What of a text is not found in another often enough, in whatever order. */
function missingSomewhere(text: string, shown: string): string {
  const left = new Map<string, number>();
  for (const letter of lettersOf(shown)) left.set(letter, (left.get(letter) ?? 0) + 1);
  return lettersOf(text)
    .filter((letter) => {
      const count = left.get(letter) ?? 0;
      left.set(letter, count - 1);
      return count <= 0;
    })
    .join("");
}
