import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { parseMarkdown } from "../../core/markdown/index.ts";
import { anyMarkdown } from "../../test/support/arbitrary-markdown.ts";
import { telegramChat } from "../../test/support/telegram-chat.ts";
import { toMarkedText } from "./entities.ts";
import { toRichBlocks } from "./rich.ts";
import { readRich, RichMessage, richHtml, richPlain } from "./testing/rich.ts";

const same = (text: string): string => text;
const blocksOf = (markdown: string) => toRichBlocks(parseMarkdown(markdown), same);
/** As a client shows what the server has taken. */
const shown = (markdown: string): string =>
  richHtml(readRich(RichMessage.parse({ blocks: blocksOf(markdown) }))).replaceAll(/ (?:target|rel)="[^"]*"/gu, "");
const FEES = "## Fees\n\n| Card | Fee |\n| :-- | --: |\n| Gold | **8 €** |\n| Basic | 0 € |";

describe("Markdown as a rich message", () => {
  it.each([
    ["# Fees\n\nAll of them.", "<h1>Fees</h1><p>All of them.</p>"],
    ["- one\n- **two**", "<ul><li><p>one</p></li><li><p><b>two</b></p></li></ul>"],
    [
      "3. c\n4. d\n   - deeper",
      '<ol><li value="3"><p>c</p></li><li value="4"><p>d</p><ul><li><p>deeper</p></li></ul></li></ol>',
    ],
    ["- [x] done\n- [ ] open", "<ul><li>☑ <p>done</p></li><li>☐ <p>open</p></li></ul>"],
    [
      "| a | b |\n| - | -: |\n| `x` |  |",
      '<table><tr><th align="left">a</th><th align="right">b</th></tr><tr><td align="left"><code>x</code></td><td align="right"></td></tr></table>',
    ],
    [
      "# H\n\n> quoted\n\n---\n\n```ts\na < b\n```",
      "<h1>H</h1><blockquote><p>quoted</p></blockquote><hr><pre>a &lt; b</pre>",
    ],
    [
      "# [bank](https://a.example/x) [mail](mailto:a@b.c)",
      '<h1><a href="https://a.example/x">bank</a>mail (a@b.c)</h1>',
    ],
    ["- [Ann](tg://user?id=7)", "<ul><li><p>Ann (tg://user?id=7)</p></li></ul>"],
  ])("%j", (markdown, html) => {
    expect(shown(markdown).replaceAll("</a> ", "</a>")).toBe(html);
  });

  it.each([
    ["paragraphs, which entities show as well", "Hello **you**.\n\n> quoted `code`"],
    ["a table of 21 columns", `|${" a |".repeat(21)}\n|${" - |".repeat(21)}\n|${" b |".repeat(21)}`],
    ["more than 500 blocks", "- a\n".repeat(260)],
    ["nine lists in each other", Array.from({ length: 9 }, (_, depth) => `${"  ".repeat(depth)}- a`).join("\n")],
    ["what has no words", "---"],
  ])("leaves %s to entities", (_name, markdown) => {
    expect(blocksOf(markdown)).toBeUndefined();
  });

  it("is taken by the server whatever the Markdown, and says the words that the entities say", () => {
    const letters = (text: string): string => (text.match(/\p{L}+/gu) ?? []).join(" ");
    fc.assert(
      fc.property(anyMarkdown, (markdown) => {
        const tree = parseMarkdown(markdown);
        const blocks = toRichBlocks(tree, same);
        if (blocks === undefined || toMarkedText(tree).text.trim() === "") return;
        const taken = readRich(RichMessage.parse({ blocks }));
        expect(letters(richPlain(taken))).toBe(letters(toMarkedText(tree).text));
      }),
      { numRuns: 300 },
    );
  });
});

const open = async (...options: Parameters<typeof telegramChat>) => {
  const chat = await telegramChat(...options);
  onTestFinished(chat.close);
  const [ann, ben] = [chat.platform.person("ann"), chat.platform.person("ben")];
  await ann.say("hello");
  const { target } = await chat.heard("message");
  const count = (method: string): number => chat.platform.calls().filter((call) => call === method).length;
  return { chat, ann, ben, target, count };
};
const choices = [
  { id: "gold", label: "Gold", value: "gold" },
  { id: "basic", label: "Basic", value: "basic" },
];

describe("telegram: rich messages where the server knows them", () => {
  it("sends structure as blocks, with its buttons, once; plain words stay plain messages", async () => {
    const { chat, ann, target, count } = await open();
    const [id = ""] = await chat.reply(target, { text: FEES, choices });
    expect(ann.sees().at(-1)).toMatchObject({
      id,
      html: expect.stringContaining('<h2>Fees</h2><table><tr><th align="left">Card</th><th align="right">Fee</th>'),
      choices: [{ label: "Gold" }, { label: "Basic" }],
    });
    await ann.press(id, "Gold");
    expect((await chat.heard("action")).event).toMatchObject({ choiceId: "gold" });
    await chat.reply(target, { text: "Eight **euros**." });
    expect([count("sendRichMessage"), count("sendMessage")]).toEqual([1, 1]);
    expect(ann.sees().filter(({ author }) => author.isBot)).toHaveLength(2);
    expect(chat.platform.refusedCalls()).toEqual([]);
  });

  it("answers in a group what was asked, in its topic, and for the requester alone", async () => {
    const chat = await telegramChat();
    onTestFinished(chat.close);
    const [ann, ben] = [chat.platform.person("ann"), chat.platform.person("ben")];
    const { id } = await chat.platform.group("Friends", [ann, ben]);
    const asked = await ann.say("fees?", { chat: id, mentionBot: true });
    const { target } = await chat.heard("message");
    const thread = (await ann.openThread?.(asked, "Cards")) ?? "";
    await chat.reply({ ...target, thread }, { text: FEES });
    expect(ben.sees(id).at(-1)).toMatchObject({ replyTo: asked, thread, html: expect.stringContaining("<table>") });
    const before = ben.sees(id).length;
    await chat.reply(target, { text: FEES, visibility: "requester" });
    expect(ben.sees(id)).toHaveLength(before);
    expect(ann.sees(id).at(-1)).toMatchObject({ ephemeral: true, html: expect.stringContaining("<table>") });
  });

  it("platforms D: is read by its words when somebody answers it", async () => {
    const { chat, ann, target } = await open();
    const [id = ""] = await chat.reply(target, { text: FEES });
    await ann.say("why so much?", { replyTo: id });
    await expect.poll(() => JSON.stringify(chat.events.at(-1))).toContain("Gold | 8 €");
  });

  it("notifies nobody by an @name in a cell", async () => {
    const { chat, ann, target } = await open();
    await chat.reply(target, { text: "| a |\n| - |\n| @benjamin |" });
    expect(ann.sees().at(-1)?.plain).toMatch(/@\u2060benjamin/u);
  });

  it("edits text into blocks and back; the same blocks again are no error", async () => {
    const { chat, ann, target, count } = await open();
    const [id = ""] = await chat.reply(target, { text: "One moment …" });
    for (let times = 0; times < 2; times += 1) await chat.session.edit?.(chat.outgoing(target, { text: FEES }), id);
    expect(ann.sees().at(-1)).toMatchObject({ id, edited: true, html: expect.stringContaining("<table>") });
    expect(count("editMessageText")).toBe(2);
    await chat.session.edit?.(chat.outgoing(target, { text: "None." }), id);
    expect(ann.sees().at(-1)).toMatchObject({ id, plain: "None." });
  });
});

describe("telegram: rich messages on a server without them", () => {
  it("gets the same words with entities, once each, and is asked only once by an account", async () => {
    const { chat, ann, target, count } = await open();
    chat.platform.withdraw("sendRichMessage");
    await chat.reply(target, { text: FEES, choices });
    await chat.reply(target, { text: FEES });
    const answers = ann.sees().filter(({ author }) => author.isBot);
    expect(answers).toHaveLength(2);
    expect(answers[0]).toMatchObject({ html: expect.stringContaining("<pre>"), choices: [{}, {}] });
    expect([count("sendRichMessage"), count("sendMessage")]).toEqual([1, 2]);
    await chat.reply(target, { text: FEES }, await chat.connect());
    expect(count("sendRichMessage")).toBe(2);
  });

  it("learns it from an edit as well", async () => {
    const { chat, ann, target, count } = await open();
    chat.platform.withdraw("sendRichMessage");
    const [id = ""] = await chat.reply(target, { text: "One moment …" });
    await chat.session.edit?.(chat.outgoing(target, { text: FEES }), id);
    await chat.session.edit?.(chat.outgoing(target, { text: `${FEES}\n| More | 1 € |` }), id);
    expect(ann.sees().at(-1)).toMatchObject({ id, html: expect.stringMatching(/<pre>(?:[^<]|<br>)*More/u) });
    expect(count("editMessageText")).toBe(3);
    await chat.reply(target, { text: FEES });
    expect(count("sendRichMessage")).toBe(0);
  });

  it("is not asked where the setting says so", async () => {
    const { chat, target, count } = await open({ settings: { pollSeconds: 1, richMessages: false } });
    await chat.reply(target, { text: FEES });
    expect([count("sendRichMessage"), count("sendMessage")]).toEqual([0, 1]);
  });
});

describe("telegram: a rich message that fails", () => {
  it.each([
    [{ kind: "cut-after" }, "send/ambiguous", 2],
    [{ kind: "cut-before" }, "send/ambiguous", 1],
    [{ kind: "server-error", status: 502 }, "send/transient", 1],
    [{ kind: "rate-limited", retryAfterMs: 3_000 }, "send/rate-limited", 1],
    [{ kind: "place-gone" }, "send/place-gone", 1],
  ] as const)("%o is told and never sent the other way as well", async (fault, code, messages) => {
    const { chat, ann, target, count } = await open();
    chat.platform.faults.next("send", fault);
    const inTopic = fault.kind === "place-gone" ? { ...target, thread: "7" } : target;
    await expect(chat.reply(inTopic, { text: FEES })).rejects.toMatchObject({ code });
    expect([count("sendRichMessage"), count("sendMessage")]).toEqual([1, 0]);
    expect(ann.sees()).toHaveLength(messages);
  });

  it("whose blocks are refused goes with entities, and the next one is rich again", async () => {
    const { chat, target, count } = await open();
    chat.platform.refuseRich("Bad Request: RICH_MESSAGE_INVALID");
    await chat.reply(target, { text: FEES });
    await chat.reply(target, { text: FEES });
    expect([count("sendRichMessage"), count("sendMessage")]).toEqual([2, 1]);
    expect(chat.platform.refusedCalls()).toEqual(["sendRichMessage: 400 Bad Request: RICH_MESSAGE_INVALID"]);
  });
});
