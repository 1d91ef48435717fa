import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { testReply } from "../../test/support/delivery-setup.ts";
import { anyMarkdown } from "../../test/support/arbitrary-markdown.ts";
import { fragmentsOf } from "../../core/delivery/fragments.ts";
import { splitIn } from "../../core/delivery/index.ts";
import { parseMarkdown, toPlainText } from "../../core/markdown/index.ts";
import type { Reply } from "../../core/reply.ts";
import { sampleReplies } from "../../core/testing/index.ts";
import { manifest } from "./manifest.ts";
import { type SlackPayload, blocksOf, renderSlack, settledPrefix } from "./render.ts";
import { decodeMrkdwn, toMrkdwn } from "./mrkdwn.ts";
import { toEmoji, toEmojiName } from "./emojis.ts";
import { refusalOf } from "./testing/check-blocks.ts";
import { htmlToPlain, mrkdwnToHtml } from "./testing/mrkdwn-html.ts";

const base = testReply({ text: "" });
const settings = { mentions: "none" } as const;
const { capabilities } = manifest;

function render(reply: Partial<Reply>, plain = false): readonly SlackPayload[] {
  return renderSlack({ ...base, ...reply }, { plain }, settings).parts;
}

/** As the delivery sends it: cut to messages first. */
function delivered(reply: Partial<Reply>, plain: boolean): readonly SlackPayload[] {
  const split = splitIn(capabilities.text);
  const count = (fragment: Reply): number => render(fragment, plain).length;
  return fragmentsOf({ ...base, ...reply }, { text: capabilities.text, split, count }).flatMap((one) =>
    render(one, plain),
  );
}

const blocks = (payload: SlackPayload) => blocksOf(payload, "choices:U1:1.0");
/** Letters and digits alone: what no dialect may lose. */
const letters = (text: string): string => text.normalize("NFC").replaceAll(/[^\p{L}\p{N}]/gu, "");

/** The words of each text in a tree. */
function wordsIn(node: object): readonly string[] {
  const own = "value" in node && typeof node.value === "string" ? (node.value.match(/\p{L}{3,}/gu) ?? []) : [];
  const inner = "children" in node && Array.isArray(node.children) ? node.children.flatMap(wordsIn) : [];
  return [...own, ...inner];
}

function seen(payloads: readonly SlackPayload[], plain: boolean): string {
  return payloads
    .map((payload) =>
      plain
        ? htmlToPlain(mrkdwnToHtml(toMrkdwn(payload.tree), (id) => id))
        : toPlainText(parseMarkdown(payload.markdown)),
    )
    .join("\n");
}

describe("any Markdown", () => {
  it.each([false, true])("is never over Slack's limits, never refused, and rings nobody (plain: %s)", (plain) => {
    const ring = fc.constantFrom("<!channel>", "<@U0ANN>", "@here", "<!subteam^S1>", "`<!here>`", "plain words");
    fc.assert(
      fc.property(fc.array(fc.oneof(anyMarkdown, ring), { maxLength: 8 }), (texts) => {
        for (const payload of delivered({ text: texts.join("\n\n") }, plain)) {
          expect(refusalOf(blocks(payload))).toBeUndefined();
          expect(payload.text.length).toBeLessThan(4_000);
          const shown = `${payload.text}\n${plain ? toMrkdwn(payload.tree) : toPlainText(parseMarkdown(payload.markdown))}`;
          expect(shown).not.toMatch(/<(?:@[UW]|!(?:channel|here|subteam))|(?<![\w.])@(?:channel|here|everyone)\b/u);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("keeps every letter as Markdown", () => {
    fc.assert(
      fc.property(anyMarkdown, (text) => {
        expect(letters(seen(delivered({ text }, false), false))).toBe(letters(toPlainText(parseMarkdown(text))));
      }),
      { numRuns: 80 },
    );
  });

  it("keeps every word as mrkdwn", () => {
    fc.assert(
      fc.property(anyMarkdown, (text) => {
        const found = letters(seen(delivered({ text }, true), true));
        for (const word of wordsIn(parseMarkdown(text))) expect(found).toContain(letters(word));
      }),
      { numRuns: 80 },
    );
  });

  it("streams only what later words leave as it is", () => {
    fc.assert(
      fc.property(anyMarkdown, fc.double({ min: 0, max: 1, noNaN: true }), (text, share) => {
        const [early] = render({ text: text.slice(0, Math.floor(text.length * share)) });
        if (early === undefined) return;
        expect(early.markdown.startsWith(settledPrefix(early))).toBe(true);
      }),
      { numRuns: 80 },
    );
  });
});

it("streams the words of a paragraph, the items of a list, and no half markup", () => {
  const settledOf = (text: string): string => settledPrefix(render({ text })[0] ?? expect.fail());
  expect(settledOf("The fee is five eur")).toBe("The fee is five");
  expect(settledOf("Yes. The **fee")).toBe("Yes. The");
  expect(settledOf("Yes. The **fee** is fi")).toBe("Yes. The **fee** is");
  expect(settledOf("Done.\n\n- one\n- two\n- thr")).toBe("Done.\n\n- one\n- two");
  expect(settledOf("Done.\n\n```sql\nselect")).toBe("Done.");
  expect(settledOf("Hel")).toBe("");
});

describe("cards", () => {
  it("show what packs bring, proposals, sources and disclaimers below the words", () => {
    const [payload] = render(sampleReplies.cards);
    expect(blocks(payload ?? expect.fail())).toEqual([
      { type: "markdown", text: "This could suit you." },
      {
        type: "section",
        text: {
          type: "mrkdwn",
          text: "1. *Balanced Fund* (fund, medium risk, about 4.1% a year)\n    often chosen by families",
        },
      },
      { type: "context", elements: [{ type: "mrkdwn", text: "_This is no investment advice._" }] },
    ]);
    const [confirm] = render(sampleReplies.proposal);
    const text = JSON.stringify(blocks(confirm ?? expect.fail()));
    expect(text).toContain("*Transfer 50.00 € from Everyday to Maria Rossi*");
    // Where there are buttons no code is typed.
    expect(text).not.toContain("K7M2QX");
    expect(JSON.stringify(render(sampleReplies.proposal, true))).not.toContain("K7M2QX");
  });

  it("become words where they are too long for a block, and messages where they are too many for one", () => {
    const one = { id: "a", title: "Fund", facts: [{ label: "Kind", value: "fund" }] };
    const long = render({ cards: [{ ...one, number: 1, text: "because ".repeat(600) }] });
    expect(long[0]?.markdown).toContain("because because");
    const many = Array.from({ length: 60 }, (_, index) => ({ ...one, number: index + 1, text: `reason ${index + 1}` }));
    const parts = render({ text: "Here:", cards: many });
    expect(parts.length).toBeGreaterThan(1);
    for (const part of parts) expect(refusalOf(blocks(part))).toBeUndefined();
    expect(parts.flatMap(({ cards }) => cards)).toHaveLength(60);
  });

  it("name who can answer, so that a press by somebody else is known", () => {
    const [payload] = render(sampleReplies.choices);
    expect(blocks(payload ?? expect.fail()).at(-1)).toMatchObject({
      type: "actions",
      block_id: "choices:U1:1.0",
      elements: [{ action_id: "choice:everyday", value: "the everyday account" }, { action_id: "choice:savings" }],
    });
  });

  it("offer more than five choices in a menu", () => {
    const choices = Array.from({ length: 12 }, (_, index) => ({
      id: `c${index}`,
      label: `Choice ${index}`,
      value: "v",
    }));
    const [payload] = render({ text: "Which?", choices });
    const [, actions] = blocks(payload ?? expect.fail());
    expect(actions).toMatchObject({ elements: [{ type: "static_select", options: { length: 12 } }] });
  });

  it("cut labels at 75 characters, never through a character", () => {
    const [payload] = render({ text: "?", choices: [{ id: "a", label: `${"x".repeat(73)}👍🏽 and more`, value: "v" }] });
    expect(refusalOf(blocks(payload ?? expect.fail()))).toBeUndefined();
    expect(JSON.stringify(blocks(payload ?? expect.fail()))).not.toMatch(/[\uD800-\uDBFF]…/u);
  });
});

describe("mentions", () => {
  const markdownWith = (mentions: "none" | "people" | "everyone"): string =>
    renderSlack({ ...base, text: "<!channel> <@U0ANN> @here" }, { plain: false }, { mentions }).parts[0]?.markdown ??
    "";

  it("stay whole only where the account allows them", () => {
    expect(markdownWith("none")).not.toMatch(/<!channel|<@U0ANN|@here/u);
    expect(markdownWith("people")).toContain("<@U0ANN>");
    expect(markdownWith("people")).not.toMatch(/!channel>.*@here/u);
    expect(markdownWith("everyone")).toMatch(/!channel> <@U0ANN> @here/u);
  });
});

describe("mrkdwn", () => {
  it.each([
    ["**bold** and _it_ and ~~no~~ and `code`", "*bold* and _it_ and ~no~ and `code`"],
    ["# Fees", "*Fees*"],
    ["[the list](https://example.org/a|b)", "<https://example.org/a%7Cb|the list>"],
    ["a < b & c > d", "a &lt; b &amp; c &gt; d"],
    ["1. one\n2. two", "1. one\n2. two"],
    ["- [x] done", "• ☑ done"],
    ["> said", "> said"],
    ["in**side**word", "insideword"],
    ["```\nx < y\n```", "```\nx &lt; y\n```"],
  ])("%s", (markdown, expected) => {
    expect(toMrkdwn(parseMarkdown(markdown))).toBe(expected);
  });

  it("shows stars that are meant as stars", () => {
    expect(htmlToPlain(mrkdwnToHtml(toMrkdwn(parseMarkdown(String.raw`\*not bold\*`)), (id) => id))).toBe("*not bold*");
  });

  it("sets tables in columns", () => {
    const table = toMrkdwn(parseMarkdown("| fee | amount |\n|---|---|\n| card | 5 € |"));
    expect(table).toBe("```\nfee   amount\n----  ------\ncard  5 €\n```");
  });
});

it("reads what people type as it was meant", () => {
  expect(decodeMrkdwn("&lt;b&gt; <https://a.example|a>")).toBe("<b> a (https://a.example)");
});

it("knows common emojis by both names", () => {
  expect(toEmoji("+1")).toBe("👍");
  expect(toEmojiName("👍")).toBe("+1");
  expect(toEmojiName("⚠")).toBe("warning");
  expect(toEmoji("partyparrot")).toBe(":partyparrot:");
  expect(toEmojiName(":partyparrot:")).toBe("partyparrot");
  expect(toEmojiName("🦑")).toBeUndefined();
});

it("platforms K: cuts a button's label between characters as people see them", () => {
  const label = "👨‍👩‍👧‍👦".repeat(10);
  const parts = render({ text: "Who?", choices: [{ id: "a", label, value: "a" }] });
  expect(JSON.stringify(parts.flatMap((part) => blocksOf(part, "b")))).toContain(`"${"👨‍👩‍👧‍👦".repeat(6)}…"`);
});
