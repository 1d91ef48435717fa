import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { accountId } from "../../../core/conversation-id.ts";
import { completeEvent } from "../../../core/intake/intake.ts";
import { isOwnMessageId, messageIdFor } from "./message-ids.ts";
import { identity } from "../../../test/support/whatsapp-fixtures.ts";
import { normalizeWeb } from "./normalize.ts";

const raw = (data: object, fields: object = {}): object => ({
  kind: "message",
  own: false,
  phones: { "777@lid": "1555@c.us" },
  data: {
    id: { fromMe: false, remote: "1555@c.us", id: "A1", _serialized: "false_1555@c.us_A1" },
    type: "chat",
    t: 1_749_416_383,
    body: "hi",
    ...data,
  },
  ...fields,
});

describe("an event of WhatsApp Web", () => {
  it("is one person in one chat, by number or by LID, so that allowlists and memory hold", () => {
    const byNumber = normalizeWeb(raw({}), { identity });
    const byLid = normalizeWeb(
      raw({ id: { fromMe: false, remote: "777@lid", id: "A2", _serialized: "false_777@lid_A2" } }),
      { identity },
    );
    for (const normalized of [byNumber, byLid])
      expect(normalized).toMatchObject({ event: { user: { id: "1555" }, chat: { id: "1555", type: "direct" } } });
  });

  it("a body that changes without an edit is none: it was decrypted late", () => {
    expect(normalizeWeb(raw({}, { kind: "edit" }), { identity })).toMatchObject({
      ignored: "a message changed that nobody edited",
    });
  });

  it.each([
    ["a status update", { id: { fromMe: false, remote: "status@broadcast", id: "A", _serialized: "false_status_A" } }],
    [
      "a channel's post",
      { id: { fromMe: false, remote: "1@newsletter", id: "A", _serialized: "false_1@newsletter_A" } },
    ],
    ['a message of type "e2e_notification"', { type: "e2e_notification" }],
  ])("%s is ignored by name", (reason, data) => {
    expect(normalizeWeb(raw(data), { identity })).toMatchObject({ ignored: reason });
  });

  it("a mention of the bot by its LID is a mention, and its number is not part of the words", () => {
    const body = "@84440009999 what does a card cost?";
    expect(normalizeWeb(raw({ body, mentionedJidList: ["84440009999@lid"] }), { identity })).toMatchObject({
      event: { text: "what does a card cost?", mentions: [{ userId: "84440009999@lid", isSelf: true }] },
    });
  });

  it("never throws, whatever the page says", () => {
    fc.assert(
      fc.property(
        fc.object(),
        fc.constantFrom("message", "edit", "delete", "reaction", "vote", "membership"),
        (data, kind) => {
          expect("ignored" in normalizeWeb({ kind, own: false, data, ...data }, { identity })).toBe(true);
        },
      ),
    );
  });
});

describe("the bot's message ids", () => {
  it("follow from account and key, and are told from everybody else's", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (account, key) => {
        const id = messageIdFor(account, key);
        expect(id).toMatch(/^3EB0[0-9A-F]{18}$/u);
        expect(messageIdFor(account, key)).toBe(id);
        expect(isOwnMessageId(account, id)).toBe(true);
        expect(isOwnMessageId(`${account}2`, id)).toBe(false);
      }),
    );
    expect(isOwnMessageId("whatsapp:main", "3EB0C767D0974B2E9D11AA")).toBe(false);
  });
});

const eventOf = (data: object, fields: object = {}): unknown => {
  const normalized = normalizeWeb(raw(data, fields), { identity });
  return "event" in normalized ? normalized.event : expect.fail(normalized.ignored);
};
const card = (name: string, phone: string): string =>
  `BEGIN:VCARD\nVERSION:3.0\nFN:${name}\nitem1.TEL;waid=1555:${phone}\nEND:VCARD`;

describe("platforms C: what a message of WhatsApp Web refers to", () => {
  it("a picture that is answered is handed over, its preview is no text", () => {
    const quotedMsg = { type: "image", body: "/9j/4AAQSkZJRg", caption: "the offer" };
    expect(eventOf({ quotedStanzaID: "Q1", quotedParticipant: "1555@c.us", quotedMsg })).toMatchObject({
      replyTo: {
        text: "the offer",
        attachments: [{ kind: "image", reference: { messageId: "false_1555@c.us_Q1" } }],
      },
    });
  });

  it("what was handed on is nobody's order", () => {
    expect(eventOf({ body: "send 5 euros to Ben", isForwarded: true })).toMatchObject({
      text: "",
      forwarded: [{ text: "send 5 euros to Ben" }],
    });
  });
});

describe("platforms D: words of WhatsApp Web that do not stand in the body", () => {
  it("several contacts are all read, with names and numbers", () => {
    const vcardList = [
      { displayName: "Ben", vcard: card("Ben", "+1 555 1") },
      { vcard: card("Cleo", "+1 555 2") },
      null,
    ];
    expect(eventOf({ type: "multi_vcard", body: null, vcardList })).toMatchObject({
      text: "Ben +1 555 1\nCleo +1 555 2",
      attachments: [{ name: "Ben" }, { name: "Cleo" }],
    });
  });

  it("one contact is read with its number", () => {
    expect(eventOf({ type: "vcard", body: card("Ben", "+1 555 1") })).toMatchObject({ text: "Ben +1 555 1" });
  });

  it.each(["order", "product", "groups_v4_invite"])("a person's %s gets a word", (type) => {
    expect(eventOf({ type, body: "" })).toMatchObject({ type: "message", unreadable: type });
  });

  it("what was chosen in a list is said", () => {
    expect(eventOf({ type: "list_response", body: "Savings" })).toMatchObject({ text: "Savings" });
  });
});

describe("platforms G: an odd field of WhatsApp Web costs itself", () => {
  it.each([
    ["a time in quotes", { t: "1749416383" }],
    ["a file without a name", { type: "document", filename: null, caption: "hi", size: "7" }],
    ["odd mentions", { mentionedJidList: [null, { a: 1 }] }],
    ["no mentions", { mentionedJidList: null }],
    ["an odd quotation", { quotedStanzaID: 7, quotedMsg: "x" }],
    ["an odd name", { notifyName: { a: 1 } }],
  ])("%s", (_name, data) => {
    expect(eventOf(data)).toMatchObject({ type: "message", text: "hi" });
  });

  it("coordinates in quotes are a place", () => {
    expect(eventOf({ type: "location", lat: "52.5", lng: "13.4" })).toMatchObject({
      text: expect.stringContaining("q=52.5,13.4"),
    });
  });

  it("of 250 mentions the bot's own, the last, is kept", () => {
    const others = Array.from({ length: 250 }, (_, index) => `${15_550_020_000 + index}@c.us`);
    const draft = normalizeWeb(raw({ mentionedJidList: [...others, "15550001111@c.us"] }), { identity });
    if (!("event" in draft)) expect.fail(draft.ignored);
    const environment = { clock: Date.now, newId: () => "id", random: Math.random };
    const event = completeEvent(draft.event, { account: accountId("whatsapp", "main"), bot: "b", environment });
    expect("mentions" in event && event.mentions.some(({ isSelf }) => isSelf)).toBe(true);
  });
});
