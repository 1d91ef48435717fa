import { describe, expect, it, onTestFinished } from "vitest";
import type { EventDraft } from "../../core/event.ts";
import { telegramChat } from "../../test/support/telegram-chat.ts";
import { normalizeTelegram } from "./normalize.ts";
import { isFileRefusal, isReplyGone, toSendError } from "./send-errors.ts";

type Chat = Awaited<ReturnType<typeof telegramChat>>;

const open = async (...options: Parameters<typeof telegramChat>): Promise<Chat> => {
  const chat = await telegramChat(...options);
  onTestFinished(chat.close);
  return chat;
};

const identity = { userIds: ["42"], name: "parley_bot" };
const ben = { id: 8, is_bot: false, first_name: "Ben" };
const group = { id: -100_123, type: "supergroup", title: "Trip" };
const message = (fields: object): object => ({
  message_id: 7,
  date: 1_749_416_383,
  chat: { id: 9, type: "private" },
  from: { id: 9, is_bot: false, first_name: "Ann" },
  ...fields,
});
const read = (update: object) =>
  normalizeTelegram({ at: 1_749_416_383_000, update: { update_id: 1, ...update } }, { identity });

/** A message as an event. */
function eventOf(fields: object): EventDraft {
  const normalized = read({ message: message(fields) });
  return "event" in normalized ? normalized.event : expect.fail(normalized.ignored);
}

const photo = [{ file_id: "f1", file_unique_id: "u1", file_size: 10 }];

describe("platforms B: pictures that are shown as one", () => {
  it("tell which album they are part of", () => {
    expect(eventOf({ photo, media_group_id: "g1", caption: "my bill" })).toMatchObject({
      album: "g1",
      text: "my bill",
    });
    expect(eventOf({ photo })).not.toHaveProperty("album");
  });
});

describe("platforms C: what a message of Telegram refers to", () => {
  it("the message, its speaker and the part that was marked", () => {
    const original = { message_id: 3, from: ben, text: "The fee rises to 7 percent in May." };
    expect(eventOf({ text: "is this true?", reply_to_message: original, quote: { text: "7 percent" } })).toMatchObject({
      replyTo: { userId: "8", userName: "Ben", text: "The fee rises to 7 percent in May.", quote: "7 percent" },
    });
  });

  it("a picture that is answered is handed over", () => {
    expect(eventOf({ text: "what is this?", reply_to_message: { message_id: 3, from: ben, photo } })).toMatchObject({
      replyTo: { attachments: [{ kind: "image", reference: { fileId: "f1" } }] },
    });
  });

  it("a command that answers a message says which", () => {
    const entities = [{ type: "bot_command", offset: 0, length: 8 }];
    expect(
      eventOf({ text: "/summary", entities, reply_to_message: { message_id: 3, from: ben, text: "Long." } }),
    ).toMatchObject({
      type: "command",
      name: "summary",
      replyTo: { text: "Long." },
    });
  });

  it("a message of another chat: its quoted part, its files, its author", () => {
    const external = { origin: { type: "user", sender_user: ben }, chat: group, message_id: 5, photo };
    expect(eventOf({ text: "true?", external_reply: external, quote: { text: "the fee" } })).toMatchObject({
      replyTo: {
        userName: "Ben",
        quote: "the fee",
        isExternal: true,
        messageId: "5",
        attachments: [{ kind: "image" }],
      },
    });
  });

  it.each([
    ["a person", { type: "user", sender_user: ben }, "Ben"],
    ["a hidden account", { type: "hidden_user", sender_user_name: "Someone" }, "Someone"],
    ["a channel", { type: "channel", chat: { id: -5, type: "channel", title: "News" } }, "News"],
  ])("words handed on from %s are nobody's order", (_name, forward_origin, userName) => {
    const entities = [{ type: "bot_command", offset: 0, length: 5 }];
    expect(eventOf({ text: "/send 5 euros to Ben", entities, forward_origin })).toMatchObject({
      type: "message",
      text: "",
      forwarded: [{ userName, text: "/send 5 euros to Ben" }],
    });
  });

  it("is one line of a list with boxes, where that is answered", () => {
    const checklist = {
      title: "Move",
      tasks: [
        { id: 1, text: "Rent" },
        { id: 2, text: "Deposit" },
      ],
    };
    const original = { message_id: 5, from: ben, checklist };
    expect(eventOf({ text: "done?", reply_to_message: original, reply_to_checklist_task_id: 2 })).toMatchObject({
      replyTo: { text: "Move\n- [ ] Rent\n- [ ] Deposit", quote: "Deposit" },
    });
  });
});

describe("platforms D: words of Telegram that do not stand in the text", () => {
  it.each([
    [
      "a checklist",
      {
        checklist: {
          title: "Trip",
          tasks: [{ id: 1, text: "Pay" }, { id: 2, text: "Pack", completion_date: 5 }, null],
        },
      },
      "Trip\n- [ ] Pay\n- [x] Pack",
    ],
    [
      "a rich message",
      {
        rich_message: {
          blocks: [
            { type: "heading", size: 1, text: "Fees" },
            {
              type: "paragraph",
              text: [
                "A card costs ",
                { type: "bold", text: "8 €" },
                { type: "url", text: " here", url: "https://a.example" },
              ],
            },
            { type: "list", items: [{ label: "1.", blocks: [{ type: "paragraph", text: "one" }] }] },
            {
              type: "table",
              cells: [
                [{ text: "a" }, { text: "b" }],
                [{ text: "c" }, {}],
              ],
            },
            { type: "blockquote", blocks: [{ type: "paragraph", text: "said" }] },
            { type: "hologram", text: "new" },
          ],
        },
      },
      "Fees\n\nA card costs 8 € here (https://a.example)\n\n1. one\n\na | b\nc | \n\n> said\n\nnew",
    ],
    [
      "the address behind a label",
      { text: "see here now", entities: [{ type: "text_link", offset: 4, length: 4, url: "https://a.example/x" }] },
      "see here (https://a.example/x) now",
    ],
    [
      "a label that is its address",
      { text: "https://a.example", entities: [{ type: "text_link", offset: 0, length: 17, url: "https://a.example" }] },
      "https://a.example",
    ],
    [
      "a quotation in the person's own message",
      { text: "he said\npay\nnow\nis it true?", entities: [{ type: "blockquote", offset: 8, length: 7 }] },
      "he said\n> pay\n> now\n\nis it true?",
    ],
    [
      "code",
      { text: "look: rm -rf ok?", entities: [{ type: "pre", offset: 6, length: 6 }] },
      "look: \n```\nrm -rf\n```\n ok?",
    ],
  ])("%s is read", (_name, fields, text) => {
    expect(eventOf(fields)).toMatchObject({ type: "message", text });
  });

  it.each(["story", "paid_media", "giveaway", "checklist", "rich_message"])(
    "a %s that cannot be read gets a word",
    (kind) => {
      expect(eventOf({ [kind]: kind === "checklist" ? { title: "", tasks: [] } : { blocks: [] } })).toMatchObject({
        unreadable: kind,
      });
    },
  );

  it("Telegram's own notes get none", () => {
    expect(read({ message: message({ pinned_message: { message_id: 1 } }) })).toMatchObject({
      ignored: "a message without words or files",
    });
  });
});

describe("platforms G: one odd field of Telegram costs itself", () => {
  const file = { file_id: "f1", file_unique_id: "u1" };
  it.each([
    [
      "a file without a name",
      { document: { ...file, file_name: null, mime_type: null, file_size: null }, caption: "hi" },
    ],
    ["an odd size", { document: { ...file, file_size: "7" }, caption: "hi" }],
    ["an odd photo", { photo: [null, { file_id: 7 }], text: "hi" }],
    [
      "odd entities",
      { text: "hi", entities: [null, { type: "bold" }, { type: "text_link", offset: 90, length: 9, url: "x" }] },
    ],
    ["no entities", { text: "hi", entities: null }],
    ["an odd reply", { text: "hi", reply_to_message: { message_id: "x" }, quote: null, external_reply: 7 }],
    ["an odd topic", { text: "hi", message_thread_id: null, is_topic_message: "yes" }],
    ["an odd language", { text: "hi", from: { id: 9, first_name: null, language_code: 7, is_bot: null } }],
    ["an odd forward", { text: "hi", forward_origin: 7 }],
  ])("%s", (_name, fields) => {
    expect(eventOf(fields)).toMatchObject({ type: "message", text: "hi", user: { id: "9" } });
  });
});

describe("platforms J: chats that act as themselves", () => {
  it("an anonymous administrator writes as the group, in whose name nobody can confirm", () => {
    const from = { id: 1_087_968_824, is_bot: true, first_name: "Group" };
    expect(eventOf({ text: "hi", chat: group, from, sender_chat: group })).toMatchObject({
      user: { id: "-100123", name: "Trip", isShared: true },
    });
    expect(eventOf({ text: "hi" }).user).not.toHaveProperty("isShared");
  });

  it("reacts", () => {
    const reaction = {
      chat: group,
      message_id: 3,
      date: 1,
      actor_chat: group,
      old_reaction: [],
      new_reaction: [{ type: "emoji", emoji: "👍" }, null],
    };
    expect(read({ message_reaction: reaction })).toMatchObject({
      event: { type: "reaction", emoji: "👍", user: { id: "-100123" } },
    });
  });

  it("votes", () => {
    const poll = { chat: "-100123", isGroup: true, thread: null, messageId: "5", choiceIds: ["a", "b"] };
    const vote = { poll_id: "p", voter_chat: group, option_ids: [1] };
    const update = { update_id: 1, poll_answer: vote };
    expect(normalizeTelegram({ at: 1, poll, update }, { identity })).toMatchObject({
      event: { type: "action", choiceId: "b", user: { id: "-100123" } },
    });
  });
});

describe("platforms J: a group that becomes a supergroup", () => {
  it("keeps its conversation, whichever chat says so first, and after a restart", async () => {
    const chat = await open();
    const ann = chat.platform.person("ann");
    const { id } = await chat.platform.group("Friends", [ann]);
    await ann.say("hello", { chat: id, mentionBot: true });
    const { event, target } = await chat.heard("message");
    const moved = chat.platform.upgrade(id);
    await ann.say("again", { chat: moved, mentionBot: true });
    await expect.poll(() => chat.events.filter(({ type }) => type === "message").length).toBe(2);
    expect(chat.events.at(-1)).toMatchObject({ conversation: event.conversation, chat: { id: moved, keptAs: id } });
    // What was being answered meanwhile arrives where the group is now.
    await chat.reply(target, { text: "Here I am." });
    expect(ann.sees(moved).at(-1)?.plain).toBe("Here I am.");
    await chat.session.close();
    await chat.connect();
    await ann.say("and now", { chat: moved, mentionBot: true });
    await expect.poll(() => chat.events.at(-1)).toMatchObject({ text: "and now", conversation: event.conversation });
  });

  it("another group is another conversation", async () => {
    const chat = await open();
    const ann = chat.platform.person("ann");
    const { id } = await chat.platform.group("Friends", [ann]);
    const other = await chat.platform.group("Family", [ann]);
    chat.platform.upgrade(id);
    await ann.say("hello", { chat: other.id, mentionBot: true });
    expect((await chat.heard("message")).event.chat).not.toHaveProperty("keptAs");
  });
});

describe("platforms J: a press that is offered again", () => {
  it("is not answered again, and takes no buttons again", async () => {
    const chat = await open();
    const ann = chat.platform.person("ann");
    await ann.say("hello");
    const { target } = await chat.heard("message");
    const choices = [
      { id: "confirm:p1", label: "Confirm", value: "confirm" },
      { id: "cancel:p1", label: "Cancel", value: "cancel" },
    ];
    const [id = ""] = await chat.reply(target, { text: "Sure?", choices });
    expect(await ann.press(id, "Confirm")).toMatchObject({ acknowledged: true });
    const counted = (): number =>
      chat.platform.calls().filter((call) => call === "answerCallbackQuery" || call === "editMessageReplyMarkup")
        .length;
    await expect.poll(counted).toBe(2);
    await chat.platform.confirmed();
    expect(await chat.platform.faults.redeliver()).toBeGreaterThan(0);
    await ann.say("next");
    await expect.poll(() => chat.events.at(-1)).toMatchObject({ text: "next" });
    expect(counted()).toBe(2);
  });
});

describe("platforms F: a topic that is gone", () => {
  it.each(["closed", "deleted"] as const)(
    "%s: the delivery is told, and where else the same people read",
    async (how) => {
      const chat = await open();
      const ann = chat.platform.person("ann");
      const { id } = await chat.platform.group("Friends", [ann]);
      const first = await ann.say("hello", { chat: id, mentionBot: true });
      const thread = (await ann.openThread?.(first, "Cards")) ?? "";
      await ann.say("what does it cost?", { chat: id, thread, mentionBot: true });
      await expect.poll(() => chat.events.at(-1)?.chat.thread).toBe(thread);
      chat.platform.endTopic(id, thread, how);
      const { target } = await chat.heard("message");
      await expect(chat.reply(target, { text: "8 €" })).rejects.toMatchObject({
        code: "send/place-gone",
        elsewhere: undefined,
      });
    },
  );
});

describe("platforms F: a group that takes no more, and a message that cannot be answered", () => {
  const target = { chat: "-1001", thread: "7", userId: "42" };
  const payload = { text: "8 €", entities: [], choices: [], poll: false, requesterOnly: false, linkPreviews: false };
  const refusal = (error_code: number, description: string) => ({ ok: false, error_code, description, parameters: {} });

  it.each([
    [400, "Bad Request: not enough rights to send text messages to the chat"],
    [400, "Bad Request: CHAT_WRITE_FORBIDDEN"],
    [403, "Forbidden: bot was kicked from the supergroup chat"],
    [403, "Forbidden: bot is not a member of the supergroup chat"],
  ])("%i %s: the person is told alone", (code, description) => {
    expect(toSendError(refusal(code, description), { target, payload })).toMatchObject({
      code: "send/place-gone",
      elsewhere: { audience: "requester", target: { chat: "42", userId: "42" } },
    });
  });

  it.each(["Bad Request: message to be replied not found", "Bad Request: REPLY_MESSAGE_ID_INVALID"])(
    "%s: costs the reference, neither the words nor a file",
    (description) => {
      expect(isReplyGone(refusal(400, description))).toBe(true);
      expect(isFileRefusal(refusal(400, description))).toBe(false);
    },
  );
});

describe("platforms H: a file that is refused", () => {
  const files = [{ name: "statement.csv", mediaType: "text/csv", spoolKey: "k" }];
  const bytes = async function* (): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode("a,b");
  };

  it("is told as such, so that its words are sent without it", async () => {
    const chat = await open({}, { openFile: async () => bytes() });
    const ann = chat.platform.person("ann");
    const { id } = await chat.platform.group("Friends", [ann]);
    await ann.say("export my transactions", { chat: id, mentionBot: true });
    const { target } = await chat.heard("message");
    chat.platform.forbidFiles(id);
    await expect(chat.reply(target, { text: "Here.", files })).rejects.toMatchObject({ code: "send/file-refused" });
    await chat.reply(target, { text: "Here." });
  });

  it("and so is one whose bytes are gone", async () => {
    const chat = await open();
    const ann = chat.platform.person("ann");
    await ann.say("export my transactions");
    const { target } = await chat.heard("message");
    await expect(chat.reply(target, { text: "Here.", files })).rejects.toMatchObject({ code: "send/file-refused" });
  });
});
