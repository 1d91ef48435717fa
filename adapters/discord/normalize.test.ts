import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Secret } from "../../core/config/index.ts";
import { discordAdapter } from "./index.ts";

const settings = { token: new Secret("a.token.of-a-test", "test") };
const SELF = "1200000000000000001";
const about = { receivedAt: "2026-11-21T10:00:02.000Z" };
const ANN = "1200000000000000002";
const BEN = { id: "1200000000000000003", username: "ben", global_name: "Ben" };
const Recorded = z.object({ t: z.string(), d: z.looseObject({}) });

/** A recorded dispatch with parts of its payload replaced. */
function normalized(name: string, changes: object = {}, known: object = {}, t?: string) {
  const recorded = Recorded.parse(JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), "utf8")));
  const raw = { t: t ?? recorded.t, d: { ...recorded.d, ...changes }, about: { ...about, ...known } };
  return discordAdapter.bind(settings).normalize(raw, "main", { userIds: [SELF] });
}

const file = {
  id: "1400000000000000111",
  filename: "fees.pdf",
  content_type: "application/pdf",
  size: 100,
  url: "https://cdn.discordapp.com/attachments/1/2/fees.pdf",
};
const question = { author: BEN, content: "The fee rises to 7 percent in May.", attachments: [file] };

describe("platforms C: what a message refers to", () => {
  it("is told with its speaker, words and files", () => {
    expect(normalized("reply", { content: "is this true?", referenced_message: question })).toMatchObject({
      event: {
        text: "is this true?",
        replyTo: {
          messageId: "1400000000000000020",
          userId: BEN.id,
          userName: "Ben",
          isSelf: false,
          text: "The fee rises to 7 percent in May.",
          attachments: [{ name: "fees.pdf", reference: { messageId: "1400000000000000020" } }],
        },
      },
    });
  });

  it("is told for a bare mention, and for cards and forwards that are answered", () => {
    const bare = { content: `<@${SELF}>`, referenced_message: question };
    expect(normalized("reply", bare)).toMatchObject({ event: { text: "", replyTo: { userName: "Ben" } } });
    const card = {
      author: { ...BEN, bot: true },
      content: "",
      embeds: [{ type: "rich", title: "Fees", description: "7 %" }],
    };
    expect(normalized("reply", { referenced_message: card })).toMatchObject({
      event: { replyTo: { text: "Fees\n7 %" } },
    });
    const forward = {
      author: BEN,
      content: "",
      message_snapshots: [{ message: { content: "Old words.", attachments: [file] } }],
    };
    expect(normalized("reply", { referenced_message: forward })).toMatchObject({
      event: { replyTo: { text: "Old words.", isForwarded: true, attachments: [{ name: "fees.pdf" }] } },
    });
  });

  it("keeps the message's id where Discord no longer has it", () => {
    expect(normalized("reply", { referenced_message: null })).toMatchObject({
      event: { replyTo: { messageId: "1400000000000000020" } },
    });
  });

  it("goes with a question from the message menu", () => {
    expect(normalized("filled-form", {}, { asked: question })).toMatchObject({
      event: {
        text: "Is that true?",
        replyTo: {
          messageId: "1400000000000000001",
          userName: "Ben",
          text: question.content,
          attachments: [{ name: "fees.pdf" }],
        },
      },
    });
  });
});

describe("platforms D: words that do not stand in the content", () => {
  it("are those of a poll", () => {
    const poll = {
      question: { text: "Which card?" },
      answers: [
        { answer_id: 1, poll_media: { text: "Blue" } },
        { answer_id: 2, poll_media: { text: "Green", emoji: { name: "🟢" } } },
        { answer_id: 3, poll_media: null },
      ],
      allow_multiselect: false,
    };
    expect(normalized("withheld", { poll })).toMatchObject({ event: { text: "Which card?\n- Blue\n- Green" } });
  });

  it("are those of a card and of components, and no link preview's", () => {
    const embeds = [
      { type: "rich", title: "Outage", fields: [{ name: "Where", value: "Vienna" }], footer: { text: "status" } },
      { type: "link", title: "A page that somebody linked" },
    ];
    expect(normalized("withheld", { embeds })).toMatchObject({ event: { text: "Outage\nWhere: Vienna\nstatus" } });
    const components = [
      {
        type: 17,
        components: [
          { type: 10, content: "# Fees" },
          {
            type: 9,
            components: [{ type: 10, content: "A card costs 5 euros." }],
            accessory: { type: 11, media: { url: "x" } },
          },
          { type: 14 },
        ],
      },
    ];
    expect(normalized("withheld", { components, flags: 1 << 15 })).toMatchObject({
      event: { text: "# Fees\n\nA card costs 5 euros." },
    });
  });

  it("are those of a forwarded message, which are not the person's own", () => {
    expect(normalized("forwarded")).toMatchObject({
      event: {
        text: "",
        attachments: [],
        forwarded: [{ text: "Our new fees start in May.", attachments: [{ name: "fees.pdf" }] }],
      },
    });
  });

  it("say what cannot be read, and why nothing came", () => {
    const image = { embeds: [{ type: "image", url: "https://example.org/a.png" }] };
    expect(normalized("withheld", image)).toMatchObject({ event: { text: "", unreadable: "embed" } });
    expect(normalized("withheld", { poll: { question: { text: null } } })).toMatchObject({
      event: { unreadable: "poll" },
    });
    expect(normalized("withheld")).toMatchObject({ ignored: "an empty message" });
    // In a direct chat Discord withholds nothing.
    expect(normalized("withheld", { guild_id: undefined, activity: { type: 1 } })).toMatchObject({
      event: { text: "", unreadable: "message" },
    });
    expect(normalized("withheld", {}, { withholdsContent: true })).toMatchObject({
      ignored: "an empty message: without the Message Content intent Discord withholds the words",
    });
  });
});

describe("platforms E: an update that is no edit", () => {
  it("is a pin, which changes neither words nor the time of the edit", () => {
    const before = normalized("edit");
    const pinned = normalized("edit", { pinned: true });
    expect("event" in before && "event" in pinned && before.event.key === pinned.event.key).toBe(true);
    expect(normalized("edit", { pinned: true, edited_timestamp: null })).toMatchObject({
      ignored: "Discord itself changed the message (a link preview, a pin)",
    });
  });

  it("is a link preview below the same words", () => {
    const preview = [{ type: "article", title: "Fees", description: "All fees" }];
    expect(normalized("edit", { embeds: preview })).toMatchObject({ event: { text: "What does a lost card cost?" } });
  });
});

describe("platforms F: where an answer may go instead", () => {
  it("is noted for threads that not everybody reads", () => {
    const channel = { type: 12, parentId: "1300000000000000002" };
    expect(normalized("thread-message", {}, { channel })).toMatchObject({
      event: { reference: { inPrivateThread: true } },
    });
    expect(normalized("thread-message", {}, { channel: { ...channel, type: 11 } })).not.toMatchObject({
      event: { reference: { inPrivateThread: true } },
    });
  });
});

describe("platforms G: one odd part", () => {
  const many = Array.from({ length: 300 }, (_, index) => ({
    id: `13${String(index).padStart(17, "0")}`,
    username: `u${index}`,
  }));

  it("is a long list of mentions, of which the bot's own is kept", () => {
    const mentions = [...many, { id: SELF, username: "harbour", bot: true }];
    const draft = normalized("message", { mentions });
    expect(draft).toMatchObject({ event: { text: "What does a new card cost?" } });
    const kept = "event" in draft && "mentions" in draft.event ? (draft.event.mentions ?? []) : [];
    expect(kept.filter(({ isSelf }) => isSelf)).toMatchObject([{ userId: SELF }]);
  });

  it.each([
    ["member", null],
    ["member", { nick: 7 }],
    ["webhook_id", null],
    ["flags", null],
    ["mention_roles", null],
    ["mentions", [null, 7]],
    ["attachments", [{ id: "1", filename: null, url: "https://cdn.discordapp.com/a", size: "big" }, null]],
    ["sticker_items", [{ id: 1 }]],
    ["message_reference", { type: "0", message_id: null }],
    ["referenced_message", { author: null }],
    ["message_snapshots", [{ message: null }, null]],
    ["embeds", [7, { fields: "none" }]],
    ["poll", "none"],
    ["components", [{ type: "x" }]],
    ["edited_timestamp", 5],
    ["author", { id: ANN, username: null, global_name: 5, bot: null }],
  ])("in %s (%j) costs itself, not the message", (field, value) => {
    expect(normalized("message", { [field]: value })).toMatchObject({
      event: { type: "message", text: "What does a new card cost?", user: { id: ANN } },
    });
  });
});
