import fc from "fast-check";
import type { Nodes } from "mdast";
import { describe, expect, it } from "vitest";
import { parseMarkdown } from "../../core/markdown/index.ts";
import type { Choice, Reply } from "../../core/reply.ts";
import { testReply } from "../../test/support/delivery-setup.ts";
import { anyMarkdown } from "../../test/support/arbitrary-markdown.ts";
import { quietMentions, toMarkedText } from "./entities.ts";
import { manifest, MAX_ENTITIES } from "./manifest.ts";
import { keyboardOf, readChoiceData, renderTelegram } from "./render.ts";
import { checkEntities, LocalEntity } from "./testing/entities.ts";

const { capabilities } = manifest;
const settings = { mentions: false, choices: "buttons", linkPreviews: false } as const;
const replyOf = (text: string, more: Partial<Reply> = {}): Reply => testReply({ text, ...more });
const render = (reply: Reply, plain = false) => renderTelegram(reply, { capabilities, plain }, settings).parts;
const marked = (text: string) => toMarkedText(parseMarkdown(text));
/** The text with each entity's range in brackets, outermost first. */
const shown = (text: string): string => {
  const { text: plain, entities } = marked(text);
  return entities.map(({ type, offset, length }) => `${type}[${plain.slice(offset, offset + length)}]`).join(" ");
};

describe("Markdown as Telegram's entities", () => {
  it.each([
    ["# Fees", "bold[Fees]"],
    ["**a _b_ c**", "bold[a b c] italic[b]"],
    ["# A **bold** heading", "bold[A bold heading]"],
    ["**run `npm test` now**", "bold[run ] code[npm test] bold[ now]"],
    ["[`code`](https://a.example/x)", "text_link[code]"],
    ["> quoted **words**\n> > deeper", "blockquote[quoted words\n\ndeeper] bold[words]"],
    ["```ts\nconst a = 1;\n```", "pre[const a = 1;]"],
    ["~~gone~~", "strikethrough[gone]"],
    ["| a | b |\n| - | - |\n| 1 | 2 |", "pre[a  b\n-  -\n1  2]"],
  ])("%s", (text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  it("shows lists with bullets, numbers and boxes, nested by blanks", () => {
    expect(marked("- one\n  1. two\n- [x] done").text).toBe("• one\n   1. two\n• ☑ done");
  });

  it("keeps code as it is, in a list as well", () => {
    expect(marked("- run:\n\n  ```sh\n  a\n    b\n  ```").text).toContain("a\n     b".replace("\n  ", "\n  "));
  });

  it("makes a wide table lines, its header first", () => {
    const wide = `| Date | With | Amount |\n| - | - | - |\n| 2026-11-19 | ${"A long name ".repeat(4)} | 16 € |`;
    expect(marked(wide).text.split("\n")).toEqual([
      "Date · With · Amount",
      expect.stringContaining("2026-11-19 · A long name"),
    ]);
  });

  it("links the web alone: a link to a person would notify them", () => {
    expect(marked("[you](tg://user?id=42)")).toEqual({ text: "you (tg://user?id=42)", entities: [] });
    expect(shown("[the list](https://example.org/fees)")).toBe("text_link[the list]");
  });
});

describe("mentions", () => {
  it("notify nobody, with the entities where they belong", () => {
    const { text, entities } = quietMentions(marked("hi @anna_w and **@ben_99**, mail a@b.example, `@code_only`"));
    expect(text).toBe("hi @\u2060anna_w and @\u2060ben_99, mail a@b.example, @code_only");
    expect(entities.map(({ offset, length }) => text.slice(offset, offset + length))).toEqual([
      "@\u2060ben_99",
      "@code_only",
    ]);
  });

  it("are also broken where markup hides them", () => {
    expect(quietMentions(marked("@**anna_w**")).text).toBe("@\u2060anna_w");
  });

  it("notify where the account allows it", () => {
    const [part] = renderTelegram(
      replyOf("hi @anna_w"),
      { capabilities, plain: false },
      { ...settings, mentions: true },
    ).parts;
    expect(part?.text).toBe("hi @anna_w");
  });
});

describe("any Markdown", () => {
  const words = (text: string): readonly string[] => text.replaceAll("\u2060", "").match(/[\p{L}\p{N}]+/gu) ?? [];
  const long = fc
    .tuple(anyMarkdown, fc.integer({ min: 1, max: 12 }))
    .map(([text, times]) => `${text}\n\n`.repeat(times));

  it.each([
    ["with markup", false],
    ["as plain text", true],
  ])(
    "fits, is never refused, and keeps every word: %s",
    (_, plain) => {
      fc.assert(
        fc.property(fc.oneof(anyMarkdown, long), (text) => {
          const parts = render(replyOf(text), plain);
          for (const part of parts) {
            expect(part.text.trim()).not.toBe("");
            expect(part.text.length).toBeLessThanOrEqual(capabilities.text.maxLength);
            expect(part.entities.length).toBeLessThanOrEqual(MAX_ENTITIES);
            // The local platform's own check: it throws what Telegram would answer.
            checkEntities(
              part.text,
              part.entities.map((entity) => LocalEntity.parse(entity)),
            );
          }
          const seen = words(parts.map((part) => part.text).join("\n")).join("");
          for (const word of wordsOf(parseMarkdown(text))) if (!seen.includes(word)) expect.fail(`${word} is missing`);
        }),
        { numRuns: 60, endOnFailure: true },
      );
    },
    60_000,
  );

  /** Of each piece of text by itself: where two of them meet, an address may stand between. */
  const wordsOf = (node: Nodes): readonly string[] => {
    if ("value" in node) return words(node.value);
    return "children" in node ? node.children.flatMap(wordsOf) : [];
  };
});

describe("choices", () => {
  const choice = (id: string, label: string): Choice => ({ id, label, value: "" });

  it("fit into a button's 64 bytes with the id of the person they are shown to", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_.:-]{1,48}$/u), fc.integer({ min: 1, max: 2 ** 52 }), (id, user) => {
        const data = keyboardOf([choice(id, "Yes")], String(user))[0]?.[0]?.callback_data ?? "";
        expect(Buffer.byteLength(data)).toBeLessThanOrEqual(64);
        expect(readChoiceData(data)).toEqual({ choiceId: id, ownerId: String(user) });
      }),
    );
  });

  it("stand side by side where they are short", () => {
    const choices = ["Confirm", "Cancel", "What does a replacement card cost?"].map((label) =>
      choice(label.slice(0, 7), label),
    );
    expect(keyboardOf(choices, "7").map((row) => row.map(({ text }) => text))).toEqual([
      ["Confirm", "Cancel"],
      ["What does a replacement card cost?"],
    ]);
  });

  it("are under the last message of a long answer, once", () => {
    const parts = render(replyOf("A sentence. ".repeat(900), { choices: [choice("a", "A")] }));
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.map(({ choices }) => choices.length)).toEqual([...parts.slice(1).map(() => 0), 1]);
  });

  it("need no typed code where they confirm", () => {
    const proposal = {
      id: "p1",
      summary: "Transfer 5 €",
      facts: [],
      code: "K7M2QX",
      expiresAt: "2030-01-01T00:00:00.000Z",
    };
    const choices = [choice("confirm:p1", "Confirm"), choice("cancel:p1", "Cancel")];
    expect(render(replyOf("Please confirm.", { proposal, choices }))[0]?.text).not.toContain("K7M2QX");
    expect(render(replyOf("Please confirm.", { proposal }))[0]?.text).toContain("K7M2QX");
  });

  it("are cut where their label is long, and that is told", () => {
    const { parts, degraded } = renderTelegram(
      replyOf("Which?", { choices: [choice("a", "word ".repeat(30))] }),
      { capabilities, plain: false },
      settings,
    );
    expect(parts[0]?.choices[0]?.label).toMatch(/^word .{1,62}…$/u);
    expect(degraded).toContainEqual({ feature: "choice label", shownAs: "its beginning" });
  });

  it("are a poll where the account wants it, but never for money", () => {
    const asPoll = { ...settings, choices: "poll" } as const;
    const two = (ids: readonly string[]): Reply => replyOf("Which?", { choices: ids.map((id) => choice(id, id)) });
    const isPoll = (reply: Reply) => renderTelegram(reply, { capabilities, plain: false }, asPoll).parts[0]?.poll;
    expect(isPoll(two(["a", "b"]))).toBe(true);
    expect(isPoll(two(["confirm:p1", "cancel:p1"]))).toBe(false);
    expect(isPoll(two(["a"]))).toBe(false);
  });
});

describe("files", () => {
  const file = { name: "bill.pdf", mediaType: "application/pdf", spoolKey: "k" };

  it("carry short words as their caption, and follow long ones", () => {
    expect(render(replyOf("Your bill.", { files: [file] }))).toMatchObject([{ text: "Your bill.", file }]);
    const parts = render(replyOf("word ".repeat(300), { files: [file] }));
    expect(parts.map((part) => part.file?.name)).toEqual([undefined, "bill.pdf"]);
  });
});
