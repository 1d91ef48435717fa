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
    ["<!subteam^S1|@helpers>", "@@helpers"],
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
    expect(eventOf({ ...message, bot_id: "B0CI" }).user).toMatchObject({ isBot: true, isSelf: false });
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
