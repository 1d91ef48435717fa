import { describe, expect, it } from "vitest";
import { messageEvent } from "../../test/support/events.ts";
import { turnBench } from "../../test/support/turn-bench.ts";
import type { MessageEvent } from "../event.ts";
import { readEvent } from "./read-event.ts";

const base = messageEvent({ text: "what does a card cost?" });
const mention = (index: number, isSelf = false) => ({ userId: `u${index}`, isSelf });
const file = (index: number) => ({ id: `f${index}`, kind: "contact" });

function read(more: Readonly<Record<string, unknown>>): MessageEvent {
  const result = readEvent({ ...base, ...more });
  if (!result.success) throw result.error;
  if (result.data.type !== "message") throw new Error("expected a message");
  return result.data;
}

describe("platforms G: one part over a cap costs that part", () => {
  it.each([
    ["at the end", 249],
    ["in the middle", 120],
    ["at the beginning", 0],
  ])("cuts a long list of mentions and keeps the bot's own %s", (_name, place) => {
    const mentions = Array.from({ length: 250 }, (_one, index) => mention(index, index === place));
    const event = read({ mentions });
    expect(event.text).toBe(base.text);
    expect(event.mentions).toHaveLength(200);
    expect(event.mentions.filter(({ isSelf }) => isSelf)).toEqual([{ userId: `u${place}`, isSelf: true }]);
    expect(event.repairs).toEqual(["mentions: cut to 200 of 250"]);
  });

  it("cuts contacts, handed-on messages and the files of a message answered", () => {
    const event = read({
      attachments: Array.from({ length: 60 }, (_one, index) => file(index)),
      forwarded: Array.from({ length: 30 }, () => ({ text: "x" })),
      replyTo: { messageId: "1", attachments: Array.from({ length: 51 }, (_one, index) => file(index)) },
    });
    expect(event.attachments).toHaveLength(50);
    expect(event.forwarded).toHaveLength(20);
    expect(event.replyTo?.attachments).toHaveLength(50);
  });

  it("cuts names and other people's words between graphemes", () => {
    const long = `${"x".repeat(254)}👨‍👩‍👧‍👦 and more`;
    const event = read({
      user: { ...base.user, name: long },
      chat: { ...base.chat, title: long },
      replyTo: { messageId: "1", userName: long, text: `${"y".repeat(3_998)}😀😀😀` },
      attachments: [{ ...file(1), name: long }],
    });
    expect(event.user.name).toBe(`${"x".repeat(254)}…`);
    expect(event.chat.title).toBe(event.user.name);
    expect(event.replyTo).toMatchObject({ userName: event.user.name, text: `${"y".repeat(3_998)}…` });
    expect(event.attachments[0]?.name).toBe(event.user.name);
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ["a name that is null", { user: { ...base.user, name: null } }],
    ["a name that is a number", { user: { ...base.user, name: 7 } }],
    ["a locale that is too long", { user: { ...base.user, locale: "x".repeat(80) } }],
    ["a file without an id", { attachments: [{ kind: "image" }] }],
    ["a file of an unknown kind", { attachments: [{ id: "1", kind: "hologram" }] }],
    ["files that are null", { attachments: null }],
    ["mentions that are no list", { mentions: "all" }],
    ["a mention without a user", { mentions: [null, { name: "Jo" }] }],
    ["a reply that is a word", { replyTo: "yes" }],
    ["a reply with an id that is a number", { replyTo: { messageId: 7, text: "words" } }],
    ["a title that is an object", { chat: { ...base.chat, title: {} } }],
    ["an album that is a number", { album: 7 }],
    ["a time that is a number", { timestamp: 1_700_000_000 }],
    ["coordinates that JSON does not know", { attachments: [{ ...file(1), reference: { latitude: Number.NaN } }] }],
  ])("leaves out %s and keeps the message", (_name, odd) => {
    const event = read(odd);
    expect(event).toMatchObject({ text: base.text, messageId: base.messageId, user: { id: base.user.id } });
    expect(event.repairs?.length).toBeGreaterThan(0);
  });

  it("keeps the good neighbours of what it leaves out", () => {
    const attachments = [file(1), null, { id: "" }, { ...file(2), sizeBytes: "big" }];
    const event = read({ attachments, mentions: [mention(1), null, mention(2, true)] });
    expect(event.attachments.map(({ id }) => id)).toEqual(["f1", "f2"]);
    expect(event.mentions.map(({ userId }) => userId)).toEqual(["u1", "u2"]);
  });

  it.each([
    ["an id of nobody", { user: { id: null } }],
    ["no chat", { chat: undefined }],
    ["an id that is too long", { messageId: "x".repeat(600) }],
    ["no kind", { type: "rumour" }],
    ["no words", { text: null }],
  ])("still refuses %s: that would be another message", (_name, odd) => {
    expect(readEvent({ ...base, ...odd }).success).toBe(false);
  });

  it("tells the trace what it cost, and none of the values", async () => {
    const { run, trace, close } = await turnBench();
    const event = read({ user: { ...base.user, name: 5 }, attachments: [{ kind: "secret-kind" }] });
    expect((await run([event])).replies).toHaveLength(1);
    const text = JSON.stringify(await trace(event));
    expect(text).toContain("user.name: left out");
    expect(text).not.toContain("secret-kind");
    await close();
  });
});

describe("platforms K: what comes in torn", () => {
  it("is mended in every text and name", () => {
    const torn = "a\uD83D";
    const event = read({
      text: torn,
      user: { ...base.user, name: torn },
      chat: { ...base.chat, title: torn },
      mentions: [{ userId: "u", name: torn }],
      attachments: [{ ...file(1), name: torn }],
      replyTo: { text: torn, quote: torn, userName: torn },
      forwarded: [{ text: torn, userName: torn }],
    });
    expect(JSON.stringify(event)).not.toMatch(/\\ud[89a-f]/iu);
    expect(event.replyTo?.quote).toBe("a\uFFFD");
  });
});
