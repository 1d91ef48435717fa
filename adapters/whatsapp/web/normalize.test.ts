import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isOwnMessageId, messageIdFor } from "./message-ids.ts";
import { normalizeWeb } from "./normalize.ts";

const raw = (data: object, fields: object = {}): object => ({
  kind: "message",
  own: false,
  self: ["15550001111@c.us", "84440009999@lid"],
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
    const byNumber = normalizeWeb(raw({}));
    const byLid = normalizeWeb(
      raw({ id: { fromMe: false, remote: "777@lid", id: "A2", _serialized: "false_777@lid_A2" } }),
    );
    for (const normalized of [byNumber, byLid])
      expect(normalized).toMatchObject({ event: { user: { id: "1555" }, chat: { id: "1555", type: "direct" } } });
  });

  it("a body that changes without an edit is none: it was decrypted late", () => {
    expect(normalizeWeb(raw({}, { kind: "edit" }))).toMatchObject({ ignored: "a message changed that nobody edited" });
  });

  it.each([
    ["a status update", { id: { fromMe: false, remote: "status@broadcast", id: "A", _serialized: "false_status_A" } }],
    [
      "a channel's post",
      { id: { fromMe: false, remote: "1@newsletter", id: "A", _serialized: "false_1@newsletter_A" } },
    ],
    ['a message of type "e2e_notification"', { type: "e2e_notification" }],
  ])("%s is ignored by name", (reason, data) => {
    expect(normalizeWeb(raw(data))).toMatchObject({ ignored: reason });
  });

  it("a mention of the bot by its LID is a mention, and its number is not part of the words", () => {
    const body = "@84440009999 what does a card cost?";
    expect(normalizeWeb(raw({ body, mentionedJidList: ["84440009999@lid"] }))).toMatchObject({
      event: { text: "what does a card cost?", mentions: [{ userId: "84440009999@lid", isSelf: true }] },
    });
  });

  it("never throws, whatever the page says", () => {
    fc.assert(
      fc.property(
        fc.object(),
        fc.constantFrom("message", "edit", "delete", "reaction", "vote", "membership"),
        (data, kind) => {
          expect("ignored" in normalizeWeb({ kind, own: false, data, ...data })).toBe(true);
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
