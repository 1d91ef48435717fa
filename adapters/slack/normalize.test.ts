import { describe, expect, it } from "vitest";
import { Secret } from "../../core/config/index.ts";
import type { EventDraft } from "../../core/event.ts";
import { normalizeSlack } from "./normalize.ts";
import { SlackSettings } from "./settings.ts";

const secret = (value: string): Secret => new Secret(value, "a test");
const settings = SlackSettings.parse({ botToken: secret("xoxb-1"), appToken: secret("xapp-1") });
const message = { type: "message", user: "U0ANN", ts: "1764288000.000100", channel: "C0GEN", text: "hello" };

function callback(event: object, more: object = {}): object {
  return { type: "event_callback", team_id: "T1", authorizations: [{ user_id: "U0BOT" }], event, ...more };
}

function eventOf(event: object, using = settings): EventDraft {
  const normalized = normalizeSlack(callback(event), { settings: using });
  if ("ignored" in normalized) throw new Error(`ignored: ${normalized.ignored}`);
  return normalized.event;
}

function reasonOf(event: object): string {
  const normalized = normalizeSlack(callback(event), { settings });
  return "ignored" in normalized ? normalized.ignored : "not ignored";
}

describe("one message, however often and as whatever event Slack sends it", () => {
  it("has one identity as message and as app_mention, with different event ids", () => {
    const text = "<@U0BOT> hello";
    const keys = [
      callback({ ...message, text, channel_type: "channel" }, { event_id: "Ev1" }),
      callback({ ...message, text, type: "app_mention" }, { event_id: "Ev2" }),
    ].map((raw) => {
      const normalized = normalizeSlack(raw, { settings });
      return "event" in normalized ? normalized.event : undefined;
    });
    expect(keys[0]).toEqual(keys[1]);
    expect(keys[0]).toMatchObject({ key: "message:C0GEN:1764288000.000100", mentions: [{ isSelf: true }] });
  });

  it("keeps messages of two channels apart though their ts is the same", () => {
    expect(eventOf({ ...message, channel: "C2" }).key).not.toBe(eventOf(message).key);
  });
});

describe("conversations", () => {
  it("are the thread that the answer opens, so that what follows there is the same conversation", () => {
    const asked = eventOf(message).chat;
    const answeredInThread = eventOf({ ...message, ts: "1764288001.0", thread_ts: message.ts }).chat;
    expect(asked).toEqual({ id: "C0GEN", type: "group", thread: message.ts });
    expect(answeredInThread).toEqual(asked);
  });

  it("are the whole direct chat, except where a person opened a thread in it", () => {
    expect(eventOf({ ...message, channel: "D0ANN" }).chat).toEqual({ id: "D0ANN", type: "direct" });
    expect(eventOf({ ...message, channel: "D0ANN", thread_ts: "1764287000.0" }).chat.thread).toBe("1764287000.0");
  });

  it("are the channel itself where the account answers there", () => {
    const inChannel = SlackSettings.parse({ ...settings, replies: "channel" });
    expect(eventOf(message, inChannel).chat).toEqual({ id: "C0GEN", type: "group" });
  });

  it("carry their workspace where an account has several", () => {
    const oauth = {
      clientId: "1",
      clientSecret: secret("s"),
      redirectUrl: "https://bots.example/slack/oauth/callback",
    };
    const several = SlackSettings.parse({ appToken: secret("xapp-1"), oauth });
    const event = eventOf({ ...message, text: "<@U0BOT> <@U0BOB> hi" }, several);
    expect(event).toMatchObject({ chat: { id: "T1/C0GEN" }, user: { id: "T1/U0ANN" } });
    expect(event).toMatchObject({ mentions: [{ userId: "T1/U0BOT" }, { userId: "T1/U0BOB" }] });
  });
});

describe("words", () => {
  it.each([
    ["a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"],
    ["<@U0BOT> what?", "what?"],
    ["see <https://example.org/a?b=1&amp;c=2>", "see https://example.org/a?b=1&c=2"],
    ["see <https://example.org|the list>", "see the list (https://example.org)"],
    ["<!channel> and <@U0BOB|bob> in <#C0GEN|general>", "@channel and @bob in #general"],
    ["<!subteam^S1|@helpers>", "@helpers"],
  ])("%s becomes %s", (text, expected) => {
    expect(eventOf({ ...message, text })).toMatchObject({ text: expected });
  });

  it("that begin like a command are one, since slash commands cannot be typed in threads", () => {
    expect(eventOf({ ...message, text: "<@U0BOT> /balance savings" })).toMatchObject({
      type: "command",
      name: "balance",
      text: "savings",
    });
  });

  it("lose the prefix of the account's commands", () => {
    const prefixed = SlackSettings.parse({ ...settings, commandPrefix: "bank-" });
    expect(eventOf({ ...message, text: "/bank-help" }, prefixed)).toMatchObject({ type: "command", name: "help" });
  });
});

describe("who speaks", () => {
  it("flags other bots, and ignores the bot's own messages and edits by name", () => {
    expect(eventOf({ ...message, bot_id: "B0CI" }).user).toMatchObject({ isBot: true });
    expect(reasonOf({ ...message, user: "U0BOT", bot_id: "B0BOT" })).toBe("the bot's own message");
    const edited = { ...message, user: "U0BOT", edited: { ts: "1764288002.0" } };
    expect(reasonOf({ type: "message", subtype: "message_changed", channel: "C0GEN", message: edited })).toBe(
      "the bot's own edit",
    );
  });

  it("tells a reply to the bot's own message from a reply to somebody else's", () => {
    const reply = { ...message, ts: "1764288003.0", thread_ts: message.ts };
    expect(eventOf({ ...reply, parent_user_id: "U0BOT" })).toMatchObject({ replyTo: { isSelf: true } });
    expect(eventOf({ ...reply, parent_user_id: "U0ANN" })).toMatchObject({ replyTo: { isSelf: false } });
  });
});

describe("what is ignored", () => {
  it.each([
    [{ ...message, subtype: "channel_join" }, 'a message of subtype "channel_join"'],
    [{ ...message, text: "" }, "an empty message"],
    [{ type: "pin_added" }, 'an event of type "pin_added"'],
    [{ type: "member_joined_channel", user: "U0BOB", channel: "C1", event_ts: "1.0" }, "somebody else came or went"],
    [
      {
        type: "message",
        subtype: "message_changed",
        channel: "C1",
        message: { ...message },
        previous_message: message,
      },
      "a change that is no edit",
    ],
  ])("%j", (event, reason) => {
    expect(reasonOf(event)).toBe(reason);
  });

  it("presses of what is no choice, and interactions of other kinds", () => {
    const press = {
      type: "block_actions",
      user: { id: "U1" },
      channel: { id: "D1" },
      received_at: "2026-01-01T00:00:00Z",
    };
    const link = { ...press, actions: [{ action_id: "open-link", action_ts: "1.0" }] };
    expect(normalizeSlack(link, { settings })).toEqual({ ignored: "a press of something that is no choice" });
    expect(normalizeSlack({ type: "view_closed" }, { settings })).toEqual({
      ignored: 'an interaction of type "view_closed"',
    });
  });
});

it("finds the thread of an ephemeral message's button, which the press does not tell", () => {
  const press = {
    type: "block_actions",
    user: { id: "U0ANN" },
    team: { id: "T1" },
    channel: { id: "C0GEN" },
    container: { message_ts: "1764288004.0", is_ephemeral: true },
    received_at: "2026-01-01T00:00:00Z",
    actions: [
      { action_id: "choice:confirm:p1", block_id: `choices:U0ANN:${message.ts}`, action_ts: "1.0", value: "yes" },
    ],
  };
  expect(normalizeSlack(press, { settings })).toMatchObject({
    event: { chat: { id: "C0GEN", thread: message.ts }, choiceId: "confirm:p1", value: "yes" },
  });
});

describe("platforms C: what a thread's message refers to", () => {
  const reply = { ...message, text: "<@U0BOT> is this true?", ts: "1764288003.0", thread_ts: message.ts };
  const parent = { user: "U0BEN", author: "Ben", ts: message.ts, text: "The fee rises to 7 percent in May." };

  it("is its first message, with speaker, words and files", () => {
    const files = [{ id: "F1", name: "fees.pdf", mimetype: "application/pdf" }];
    const raw = callback(reply, { parent: { ...parent, files } });
    expect(normalizeSlack(raw, { settings })).toMatchObject({
      event: {
        text: "is this true?",
        replyTo: {
          messageId: message.ts,
          userId: "U0BEN",
          userName: "Ben",
          text: parent.text,
          attachments: [{ id: "F1" }],
        },
      },
    });
  });

  it("is so for a bare mention and for a command", () => {
    for (const text of ["<@U0BOT>", "<@U0BOT> /summary"]) {
      expect(normalizeSlack(callback({ ...reply, text }, { parent }), { settings })).toMatchObject({
        event: { replyTo: { userName: "Ben", text: parent.text } },
      });
    }
  });
});

describe("platforms D: words that do not stand in the text", () => {
  const share = { is_share: true, author_name: "Ben", author_id: "U0BEN", text: "The fee is 40 euros" };

  it("are those of a shared message, with a comment and without", () => {
    const forwarded = [{ userId: "U0BEN", userName: "Ben", text: "The fee is 40 euros" }];
    expect(eventOf({ ...message, text: "", attachments: [share] })).toMatchObject({ text: "", forwarded });
    expect(eventOf({ ...message, text: "true?", attachments: [share] })).toMatchObject({ text: "true?", forwarded });
  });

  it("are those of blocks, in whatever kind of them", () => {
    const rich = [
      {
        type: "rich_text_section",
        elements: [
          { type: "text", text: "a < b " },
          { type: "user", user_id: "U0BOB" },
        ],
      },
      {
        type: "rich_text_list",
        style: "bullet",
        elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "one" }] }],
      },
      { type: "rich_text_quote", elements: [{ type: "text", text: "quoted" }] },
    ];
    const blocks = [
      { type: "header", text: { type: "plain_text", text: "Fees" } },
      {
        type: "section",
        text: { type: "mrkdwn", text: "A card costs &lt;5" },
        fields: [{ type: "mrkdwn", text: "May" }],
      },
      { type: "actions", elements: [{ type: "button", text: { type: "plain_text", text: "Press" } }] },
      { type: "rich_text", elements: rich },
    ];
    expect(eventOf({ ...message, text: "", blocks })).toMatchObject({
      text: "Fees\n\nA card costs <5\nMay\n\na < b @U0BOB\n• one\n> quoted",
    });
  });

  it("are those of another bot's cards, and no link preview's", () => {
    const attachments = [
      { title: "Deploy", text: "failed", fields: [{ title: "Where", value: "Vienna" }], fallback: "Deploy failed" },
      { from_url: "https://example.org", title: "A page", text: "that somebody linked" },
      { fallback: "only this" },
    ];
    const bot = { type: "message", subtype: "bot_message", bot_id: "B0CI", ts: message.ts, channel: "C0GEN" };
    expect(eventOf({ ...bot, text: "", attachments })).toMatchObject({
      text: "Deploy\nfailed\nWhere: Vienna\n\nonly this",
      user: { isBot: true },
    });
  });

  it("are the cells of a table, the title of a video, and a date as it reads", () => {
    const cell = {
      type: "rich_text",
      elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "5 €" }] }],
    };
    const table = {
      type: "table",
      rows: [
        [{ type: "raw_text", text: "Card" }, cell],
        ["odd", { type: "raw_text", text: "a < b" }],
      ],
    };
    const video = { type: "video", title: { type: "plain_text", text: "How to pay" }, alt_text: "a film" };
    const date = { type: "date", timestamp: 1_720_710_212, format: "{date}", fallback: "July 11" };
    const rich = {
      type: "rich_text",
      elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "on " }, date] }],
    };
    expect(eventOf({ ...message, text: "", blocks: [table, video, rich] })).toMatchObject({
      text: "Card | 5 €\na < b\n\nHow to pay\n\non July 11",
    });
  });

  it.each([
    ["a kind of block that is not known", [{ type: "hologram" }]],
    ["a picture alone", [{ type: "image", alt_text: "a cat", image_url: "https://a.example/cat.gif" }]],
    ["a call", [{ type: "call", call_id: "R1" }]],
  ])("get a word to the person where nothing can be read: %s", (_name, blocks) => {
    expect(eventOf({ ...message, text: "", blocks })).toMatchObject({ text: "", unreadable: "blocks" });
  });

  it("are none for a bare mention, which is an event all the same", () => {
    expect(eventOf({ ...message, text: "<@U0BOT>" })).toMatchObject({ text: "", mentions: [{ isSelf: true }] });
    expect(reasonOf({ ...message, text: "" })).toBe("an empty message");
  });

  it.each([
    ["<mailto:a@b.example|a@b.example>", "a@b.example"],
    ["<!date^1392734382^{date}|Feb 18>, <!subteam^S1|@team>", "Feb 18, @team"],
    ["<http://b.example|b.example>", "b.example"],
    ["<https://b.example/|b.example>", "b.example"],
    ["<tel:+4312345|+43 1 23 45>", "+43 1 23 45"],
    ["<mailto:a@b.example|write to us>", "write to us (mailto:a@b.example)"],
    ["<https://evil.example|b.example>", "b.example (https://evil.example)"],
  ])("%s is what the person typed, once", (text, expected) => {
    expect(eventOf({ ...message, text })).toMatchObject({ text: expected });
  });
});

describe("platforms E: a change that is no edit", () => {
  const changed = (after: object, before: object): object => ({
    type: "message",
    subtype: "message_changed",
    channel: "C0GEN",
    message: { ...message, edited: { ts: "1764288002.0" }, ...after },
    previous_message: { ...message, ...before },
  });

  it.each([
    ["the same words", {}, {}],
    ["other spaces", { text: "hello  there" }, { text: "hello there" }],
    ["a link preview", { attachments: [{ from_url: "https://example.org", text: "A page" }] }, {}],
  ])("%s", (_what, after, before) => {
    expect(reasonOf(changed(after, before))).toBe("a change that is no edit");
  });

  it("but an edit that calls the bot is one, though the words stay the same", () => {
    const event = eventOf(changed({ text: "<@U0BOT> what does a card cost?" }, { text: "what does a card cost?" }));
    expect(event).toMatchObject({ type: "edit", text: "what does a card cost?", mentions: [{ isSelf: true }] });
  });

  it("but other words are, and another file", () => {
    expect(eventOf(changed({ text: "bye" }, {}))).toMatchObject({ type: "edit", text: "bye" });
    expect(eventOf(changed({ files: [{ id: "F2" }] }, { files: [{ id: "F1" }] })).type).toBe("edit");
  });
});

describe("platforms G: one odd part", () => {
  it("is a list of 300 mentions, with the bot's own among them", () => {
    const others = Array.from({ length: 300 }, (_, index) => `<@U${1_000 + index}>`).join(" ");
    const event = eventOf({ ...message, text: `${others} <@U0BOT> what does it cost?` });
    const mentions = "mentions" in event ? (event.mentions ?? []) : [];
    expect(mentions.filter(({ isSelf }) => isSelf)).toHaveLength(1);
  });

  it.each([
    ["thread_ts", null],
    ["thread_ts", "soon"],
    ["username", null],
    ["files", null],
    ["files", [null, { id: 5 }]],
    ["edited", null],
    ["parent_user_id", 7],
    ["attachments", [7, { text: 5, fields: "none" }]],
    ["blocks", "none"],
    ["subtype", null],
  ])("in %s (%j) costs itself, not the message", (field, value) => {
    expect(eventOf({ ...message, [field]: value })).toMatchObject({ type: "message", text: "hello" });
  });
});

describe("platforms I: deletions and shared channels", () => {
  it("takes the stone of a deleted message that has replies for a deletion by its author", () => {
    const stone = {
      type: "message",
      subtype: "tombstone",
      user: "USLACKBOT",
      text: "This message was deleted.",
      ts: message.ts,
    };
    const event = {
      type: "message",
      subtype: "message_changed",
      channel: "C0GEN",
      message: stone,
      previous_message: message,
    };
    expect(eventOf(event)).toMatchObject({ type: "delete", messageId: message.ts, user: { id: "U0ANN" } });
    const own = { ...event, previous_message: { ...message, user: "U0BOT" } };
    expect(reasonOf(own)).toBe("a deletion of the bot's or nobody's message");
  });

  it("knows the app's own bot of another workspace, and its messages", () => {
    const own = { own_users: ["U0BOT", "UB2"], api_app_id: "A1" };
    const called = callback({ ...message, text: "<@UB2> hello" }, own);
    expect(normalizeSlack(called, { settings })).toMatchObject({
      event: { text: "hello", mentions: [{ isSelf: true }] },
    });
    const said = callback({ ...message, user: "UB2", bot_id: "B2" }, own);
    expect(normalizeSlack(said, { settings })).toMatchObject({ ignored: "the bot's own message" });
  });

  it("knows a person by their own workspace, whichever tells of them", () => {
    const oauth = {
      clientId: "1",
      clientSecret: secret("s"),
      redirectUrl: "https://bots.example/slack/oauth/callback",
    };
    const several = SlackSettings.parse({ appToken: secret("xapp-1"), oauth });
    const ids = ["T1", "T2"].map((team) => {
      const raw = callback({ ...message, user_team: "T2" }, { team_id: team });
      const normalized = normalizeSlack(raw, { settings: several });
      return "event" in normalized ? normalized.event.user.id : "";
    });
    expect(ids).toEqual(["T2/U0ANN", "T2/U0ANN"]);
  });
});
