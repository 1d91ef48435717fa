import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sampleReplies } from "../../core/testing/index.ts";
import { parseMarkdown, toPlainText } from "../../core/markdown/index.ts";
import type { Reply } from "../../core/reply.ts";
import { testReply } from "../../test/support/delivery-setup.ts";
import { anyMarkdown, structuredMarkdown } from "../../test/support/arbitrary-markdown.ts";
import { toWhatsapp } from "./markup.ts";
import { INTERACTIVE, MAX_TEXT, POLL, renderForCloud, renderForWeb } from "./render.ts";
import type { WhatsappPart } from "./render.ts";
import { showFormatted } from "./testing/formatting.ts";

const shown = (markdown: string): string => toWhatsapp(parseMarkdown(markdown));
const replyOf = (fields: Partial<Reply>): Reply => testReply({ text: "", ...fields });
const sample = (name: keyof typeof sampleReplies): Reply => sampleReplies[name];
const textOf = (part: WhatsappPart): string =>
  part.kind === "file"
    ? (part.caption ?? "")
    : part.kind === "poll"
      ? [part.words, part.question].filter((text) => text !== undefined).join("\n")
      : part.text;

describe("WhatsApp formatting", () => {
  it.each([
    ["**bold** and *italic*", "*bold* and _italic_"],
    ["~~gone~~ `code`", "~gone~ `code`"],
    ["# Fees", "*Fees*"],
    ["**bold with _italic_ inside**", "*bold with* *_italic_* *inside*"],
    ["[the list](https://example.org/fees)", "the list (https://example.org/fees)"],
    ["<https://example.org>", "https://example.org"],
    ["[example.org](https://example.org/)", "example.org"],
    ["- one\n- two\n  - deep", "- one\n- two\n  - deep"],
    ["3. c\n4. d", "3. c\n4. d"],
    ["- [x] done\n- [ ] open", "- ☑ done\n- ☐ open"],
    ["> quoted\n> more", "> quoted\n> more"],
    ["```js\nlet a = '*';\n```", "```let a = '*';```"],
  ])("shows %j as %j", (markdown, text) => {
    expect(shown(markdown)).toBe(text);
  });

  it("marks nothing where WhatsApp would show the marks themselves: inside a word", () => {
    expect(shown("un**believ**able")).toBe("unbelievable");
  });

  it("knows letters outside the basic plane as letters", () => {
    expect(shown("~~q 𝒳~~**~~한 X~~**")).toBe("q 𝒳한 X");
  });

  it("keeps literal marks literal, and leaves words, code and addresses as they are", () => {
    expect(showFormatted(shown(String.raw`\*not bold\* and snake_case_name`)).html).toBe(
      "\u200B*\u200Bnot bold\u200B*\u200B and snake_case_name",
    );
    expect(shown("https://example.org/a_b_c_")).toBe("https://example.org/a_b_c_");
    expect(shown("`a*b*`")).toBe("`a*b*`");
  });

  it("shows a narrow table in columns and a wide one row by row, each value with its heading", () => {
    expect(shown("| fee | amount |\n| --- | --- |\n| card | 5 € |")).toBe(
      "```fee   amount\n----  ------\ncard  5 €```",
    );
    const wide = shown(
      "| account | what it is for | yearly fee |\n| --- | --- | --- |\n| Everyday | paying and being paid | none |",
    );
    expect(wide).toBe("- *account*: Everyday\n  *what it is for*: paying and being paid\n  *yearly fee*: none");
  });
});

describe("choices", () => {
  it("become a poll on WhatsApp Web, and a typed number means the same", () => {
    const { parts, degraded, numberedChoices } = renderForWeb(sample("choices"), { plain: false });
    expect(parts).toEqual([
      {
        kind: "poll",
        question: "Which account?",
        options: [
          { id: "everyday", label: "Everyday" },
          { id: "savings", label: "Savings" },
        ],
      },
    ]);
    expect(degraded).toEqual([{ feature: "choices", shownAs: "poll" }]);
    expect(numberedChoices).toBe(true);
  });

  it("become a numbered list where a poll has no room for them", () => {
    const choices = Array.from({ length: 13 }, (_, at) => ({ id: `c${at}`, label: `Choice ${at}`, value: "x" }));
    const { parts, degraded } = renderForWeb(replyOf({ text: "Which?", choices }), { plain: false });
    expect(parts.map(textOf).join("\n")).toContain("13. Choice 12");
    expect(degraded).toEqual([{ feature: "choices", shownAs: "numbered list" }]);
  });

  it("a proposal is a text with its code and a poll, and its confirmation is no number", () => {
    const { parts, numberedChoices } = renderForWeb(sample("proposal"), { plain: false });
    expect(parts).toHaveLength(1);
    expect(parts[0]).toMatchObject({
      kind: "poll",
      words: expect.stringContaining("K7M2QX"),
      question: "Transfer 50.00 € from Everyday to Maria Rossi",
      options: [
        { id: "confirm:p1", label: "Confirm" },
        { id: "cancel:p1", label: "Cancel" },
      ],
    });
    expect(numberedChoices).toBeUndefined();
  });

  it("become reply buttons with the Cloud API, without a code to type", () => {
    const { parts, degraded } = renderForCloud(sample("proposal"), { plain: false });
    expect(parts).toHaveLength(1);
    expect(parts[0]).toMatchObject({ kind: "buttons", options: [{ label: "Confirm" }, { label: "Cancel" }] });
    expect(textOf(parts[0] ?? expect.fail())).not.toContain("K7M2QX");
    expect(degraded).toEqual([]);
  });

  it("become a list of rows where they are more than three or long; equal labels are told apart", () => {
    const choices = ["A label that is longer than a row's title", "A label that is longer than a title"].map(
      (label, at) => ({ id: `c${at}`, label, value: "x" }),
    );
    const { parts } = renderForCloud(replyOf({ text: "Which?", choices }), { plain: false });
    expect(parts).toEqual([
      {
        kind: "list",
        text: "Which?",
        open: "Options",
        options: [
          { id: "c0", label: "A label that is longer…", detail: "A label that is longer than a row's title" },
          { id: "c1", label: "A label that is longe… 2", detail: "A label that is longer than a title" },
        ],
      },
    ]);
  });
});

describe("files", () => {
  const file = { name: "s.pdf", mediaType: "application/pdf", spoolKey: "k" };

  it("carry short words as their caption, and stand alone where there are none", () => {
    expect(renderForWeb(replyOf({ text: "Here it **is**.", files: [file] }), { plain: false }).parts).toEqual([
      { kind: "file", ...file, caption: "Here it *is*." },
    ]);
    expect(renderForCloud(replyOf({ files: [file, file] }), { plain: false }).parts).toEqual([
      { kind: "file", ...file },
      { kind: "file", ...file },
    ]);
  });

  it("follow long words", () => {
    const text = "word ".repeat(300);
    const kinds = renderForWeb(replyOf({ text, files: [file] }), { plain: false }).parts.map(({ kind }) => kind);
    expect(kinds).toEqual(["text", "file"]);
  });
});

describe("any reply", () => {
  const choices = fc.array(
    fc.record({
      id: fc.stringMatching(/^[a-z]{1,8}$/u),
      label: fc.string({ unit: "grapheme", minLength: 1, maxLength: 120 }),
      value: fc.constant("v"),
    }),
    { maxLength: 14 },
  );

  it("never gives a part that WhatsApp would refuse for its size", () => {
    fc.assert(
      fc.property(anyMarkdown, choices, fc.boolean(), (text, offered, plain) => {
        const reply = replyOf({ text, choices: offered });
        for (const part of [...renderForWeb(reply, { plain }).parts, ...renderForCloud(reply, { plain }).parts]) {
          if (part.kind === "file") continue;
          const isInteractive = part.kind === "buttons" || part.kind === "list";
          const words = part.kind === "poll" ? (part.words ?? "…") : part.text;
          expect(words.length).toBeLessThanOrEqual(isInteractive ? INTERACTIVE.body : MAX_TEXT);
          expect(words.trim()).not.toBe("");
          if (part.kind === "poll") expect(part.question.length).toBeLessThanOrEqual(POLL.question);
          if (part.kind === "poll") expect(part.question.trim()).not.toBe("");
          if (part.kind === "text") continue;
          const labels = part.options.map(({ label }) => label);
          expect(new Set(labels).size).toBe(labels.length);
          const longest = { poll: POLL.option, buttons: INTERACTIVE.buttonTitle, list: INTERACTIVE.rowTitle };
          for (const label of labels) expect(label.length).toBeLessThanOrEqual(longest[part.kind]);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("keeps every word of any text, as a person sees it", () => {
    const wordsOf = (text: string): readonly string[] => text.match(/[\p{L}\p{N}]+/gu) ?? [];
    const count = (words: readonly string[]): Map<string, number> => {
      const counts = new Map<string, number>();
      for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
      return counts;
    };
    fc.assert(
      fc.property(structuredMarkdown, (text) => {
        const seen = renderForWeb(replyOf({ text }), { plain: false }).parts.map(
          (part) => showFormatted(textOf(part)).plain,
        );
        const had = count(wordsOf(seen.join("\n")));
        for (const [word, times] of count(wordsOf(toPlainText(parseMarkdown(text), { tableWidth: 0 })))) {
          expect([word, Math.min(times, had.get(word) ?? 0)]).toEqual([word, times]);
        }
      }),
      { numRuns: 200 },
    );
  });
});
