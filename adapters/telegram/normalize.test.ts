import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { accountId } from "../../core/conversation-id.ts";
import { completeEvent } from "../../core/intake/intake.ts";
import { fixture, identity } from "../../test/support/telegram-fixture.ts";
import { normalizeTelegram } from "./normalize.ts";

const eventOf = (name: string, more: object = {}): object => {
  const normalized = normalizeTelegram(fixture(name, more), { identity });
  return "ignored" in normalized ? expect.fail(normalized.ignored) : normalized.event;
};

describe("what people say", () => {
  it("is known by chat and message, so that a redelivery is no second message", () => {
    expect(eventOf("message")).toEqual({
      type: "message",
      key: "message:4201:11",
      messageId: "11",
      chat: { id: "4201", type: "direct" },
      user: { id: "4201", name: "Ann Weber", isBot: false, locale: "de" },
      timestamp: "2026-11-21T10:00:00.000Z",
      text: "What does a new card cost?",
      attachments: [],
      mentions: [],
    });
  });

  it("is edited under the same message id and a key of its own", () => {
    expect(eventOf("edited-message")).toMatchObject({
      type: "edit",
      messageId: "11",
      key: expect.stringMatching(/^edit:4201:11:\d+$/u),
      timestamp: "2026-11-21T10:00:40.000Z",
    });
  });

  it("mentions the bot by its name, whatever its case, and others by theirs", () => {
    expect(eventOf("group-mention")).toMatchObject({
      chat: { id: "-1001987654321", type: "group", title: "Branch Berlin" },
      text: "what about @ann_w and Carl?",
      mentions: [
        { userId: "123456789", isSelf: true },
        { userId: "@ann_w", isSelf: false },
        { userId: "4203", name: "Carl", isSelf: false },
      ],
    });
  });

  it("takes a name that only begins like the bot's for another's", () => {
    const update = {
      update_id: 1,
      message: messageOf("@harbour_bot_dev hello", [{ type: "mention", offset: 0, length: 16 }]),
    };
    expect(eventOf("message", { update })).toMatchObject({
      text: "@harbour_bot_dev hello",
      mentions: [{ isSelf: false }],
    });
  });

  it("answers the bot with the words it quotes; a chain of answers is no topic", () => {
    const event = eventOf("group-reply");
    expect(event).toMatchObject({
      replyTo: {
        messageId: "211",
        userId: "123456789",
        isSelf: true,
        text: "The card is free of charge.",
        quote: "free of charge",
      },
      chat: { id: "-1001987654321" },
    });
    expect(event).not.toHaveProperty("chat.thread");
  });

  it("is in a topic, and answers nothing just because the topic has a first message", () => {
    const event = eventOf("topic-message");
    expect(event).toMatchObject({ type: "command", name: "help", text: "", chat: { thread: "77" } });
    expect(event).not.toHaveProperty("replyTo");
  });

  it("comes from the group when an administrator is anonymous, and never from the stand-in", () => {
    expect(eventOf("anonymous-admin")).toMatchObject({ user: { id: "-1001987654321", name: "Branch Berlin" } });
  });

  it("has a command only at its start, with what follows", () => {
    expect(eventOf("command")).toMatchObject({ type: "command", name: "balance", text: "today", messageId: "12" });
    const update = { update_id: 1, message: messageOf("try /help", [{ type: "bot_command", offset: 4, length: 5 }]) };
    expect(eventOf("message", { update })).toMatchObject({ type: "message", text: "try /help" });
  });
});

describe("what people send", () => {
  it.each([
    ["photo", { kind: "image", mediaType: "image/jpeg", sizeBytes: 98_211, reference: { fileId: "AgAC-x" } }],
    [
      "document",
      { kind: "document", name: "statement.pdf", mediaType: "application/pdf", reference: { fileId: "BQAC" } },
    ],
    ["animation", { kind: "video", name: "wave.mp4" }],
    ["voice", { kind: "audio", mediaType: "audio/ogg" }],
    ["video-note", { kind: "video", reference: { fileId: "DQAC" } }],
    ["sticker", { kind: "image" }],
    ["venue", { kind: "location", name: "Harbour Bank, Alexanderplatz 1, 52.520008, 13.404954" }],
    ["contact", { kind: "contact", name: "Maria Rossi, +4915112345678", reference: { userId: "4204" } }],
  ])("a %s is an attachment", (name, attachment) => {
    const event = eventOf(name);
    expect(event).toMatchObject({ type: "message", attachments: [attachment] });
    expect(event).toHaveProperty("attachments.length", 1);
  });

  it.each([
    ["photo", "my receipt"],
    ["sticker", "👍"],
    ["poll", "Lunch?\n- Yes\n- No"],
    ["dice", "🎲 5"],
  ])("a %s has words", (name, text) => {
    expect(eventOf(name)).toMatchObject({ text });
  });
});

describe("what people do", () => {
  it("a pressed button brings its choice, its presser, and what is needed to answer it", () => {
    expect(eventOf("pressed-button")).toMatchObject({
      type: "action",
      key: "press:18045678901234567",
      choiceId: "confirm:p1",
      messageId: "215",
      chat: { thread: "77" },
      user: { id: "4202" },
      reference: { callbackQueryId: "18045678901234567" },
    });
    expect(eventOf("old-button")).toMatchObject({ choiceId: "savings", messageId: "3" });
  });

  it("a reaction is added, or taken away", () => {
    expect(eventOf("reaction")).toMatchObject({ type: "reaction", emoji: "👍", added: true, messageId: "11" });
    expect(eventOf("reaction-removed")).toMatchObject({ emoji: "👍", added: false });
  });

  it("the bot is added to a group; a person who blocks it removes it from their chat", () => {
    expect(eventOf("added-to-group")).toMatchObject({ type: "membership", change: "added", user: { id: "4201" } });
    expect(eventOf("blocked-by-person")).toMatchObject({ change: "removed", chat: { id: "4201", type: "direct" } });
  });

  it("a vote is a choice, where the poll is the bot's own", () => {
    const poll = { chat: "-100", isGroup: true, thread: null, messageId: "9", choiceIds: ["everyday", "savings"] };
    expect(eventOf("vote", { poll })).toMatchObject({
      type: "action",
      choiceId: "savings",
      messageId: "9",
      user: { id: "4202" },
    });
  });
});

describe("what is left out, with a reason", () => {
  it.each([
    ["made-administrator", /rights/u],
    ["vote", /not sent from here/u],
    ["vote-taken-back", /not sent from here/u],
    ["service-message", /without words or files/u],
    ["other-bots-command", /another bot/u],
    ["channel-post", /not used/u],
    ["automatic-forward", /forwarded/u],
    ["live-location", /live location/u],
  ])("%s", (name, reason) => {
    expect(normalizeTelegram(fixture(name), { identity })).toMatchObject({ ignored: expect.stringMatching(reason) });
  });
});

it("makes a valid event of every fixture, or says why not", () => {
  const context = {
    account: accountId("telegram", "main"),
    bot: "b",
    environment: { clock: () => 0, newId: () => "id", random: () => 0 },
  };
  for (const file of readdirSync(new URL("fixtures/", import.meta.url))) {
    const normalized = normalizeTelegram(fixture(file.replace(".json", "")), { identity });
    if ("event" in normalized) expect(completeEvent(normalized.event, context).platform).toBe("telegram");
    else expect(normalized.ignored).not.toBe("not an update in a shape that is known");
  }
});

function messageOf(text: string, entities: readonly object[]): object {
  const user = { id: 4201, is_bot: false, first_name: "Ann" };
  return {
    message_id: 30,
    date: 1_795_255_200,
    from: user,
    chat: { id: -100, type: "supergroup", title: "G" },
    text,
    entities,
  };
}
