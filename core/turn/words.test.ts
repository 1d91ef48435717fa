/** What reaches the crew: all of a burst, what a message refers to, whose words they are; and what edits change. */
import { afterEach, describe, expect, it } from "vitest";
import { commandEvent, deleteEvent, editEvent, messageEvent } from "../../test/support/events.ts";
import type { TurnBenchOptions } from "../../test/support/turn-bench.ts";
import { turnBench } from "../../test/support/turn-bench.ts";
import type { InboundEvent, MessageEvent } from "../event.ts";
import { Attachment, ForwardedPart, ReplyTo } from "../event.ts";

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function bench(options: TurnBenchOptions = {}) {
  const made = await turnBench(options);
  open.push(made.close);
  return made;
}

const file = (id: string) => Attachment.parse({ id, kind: "image", name: `${id}.png` });
const inGroup = (event: InboundEvent): InboundEvent => ({ ...event, chat: { ...event.chat, type: "group" } });
const said = (text: string, more: Partial<MessageEvent> = {}): MessageEvent => ({ ...messageEvent({ text }), ...more });
const replying = (text: string, to: Partial<ReplyTo>): MessageEvent => said(text, { replyTo: ReplyTo.parse(to) });
const me = { userId: "bot", isSelf: true };

describe("platforms B: a burst is more than its first message", () => {
  const burst = { policies: { burstMs: 600 } };

  it("hands over the texts and files of all messages", async () => {
    const { run, calls } = await bench(burst);
    await run([said("here is my bill"), said("and what it is about", { attachments: [file("bill")] })]);
    expect(calls[0]).toMatchObject({ text: "here is my bill\nand what it is about", attachments: [{ id: "bill" }] });
  });

  it("hands over the people named and the messages referred to in any of them, each once", async () => {
    const { run, calls } = await bench(burst);
    const ben = { messageId: "m1", userName: "Ben", text: "The fee rises." };
    const jo = { userId: "u-jo", name: "Jo", isSelf: false };
    await run([
      said("look", { replyTo: ReplyTo.parse(ben) }),
      said("again", { replyTo: ReplyTo.parse(ben), mentions: [jo, me] }),
      said("ask Jo", { mentions: [jo] }),
    ]);
    expect(calls[0]?.mentions).toEqual([jo]);
    expect(calls[0]?.referred).toEqual([expect.objectContaining({ speaker: "Ben", text: "The fee rises." })]);
  });

  it.each([
    ["with burstMs", burst],
    ["without burstMs", {}],
  ])("makes one turn of an album, %s", async (_name, options) => {
    const { run, calls } = await bench(options);
    const album = "album-1";
    const commit = await run([
      said("what are these?", { album, attachments: [file("a")] }),
      said("", { album, attachments: [file("b")] }),
      said("", { album, attachments: [file("c")] }),
    ]);
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({ text: "what are these?", attachments: [{ id: "a" }, { id: "b" }, { id: "c" }] });
    expect(commit.through).toBe(3);
  });

  it("waits for the parts of an album that arrive one by one, and leaves the next album to its own turn", async () => {
    const { run, calls } = await bench();
    const receivedAt = "2026-11-21T10:00:00.000Z";
    const parts = ["a", "b"].map((id) => said("", { album: "first", receivedAt, attachments: [file(id)] }));
    const next = said("", { album: "second", attachments: [file("c")] });
    const late = [...parts, next].map((event, index) => ({ sequence: index + 1, event }));
    const commit = await run(parts.slice(0, 1), { refresh: async () => late });
    expect(calls[0]?.attachments.map(({ id }) => id)).toEqual(["a", "b"]);
    expect(commit.through).toBe(2);
  });

  it("counts the files of all of them against the limit", async () => {
    const { run } = await bench({ policies: { burstMs: 600, limits: { maxAttachments: 1 } } });
    const commit = await run([said("one", { attachments: [file("a")] }), said("two", { attachments: [file("b")] })]);
    expect(commit.replies[0]?.reply.text).toContain("too many files");
  });

  it("answers in a group where any of them mentions the bot", async () => {
    const { run, calls } = await bench(burst);
    await run([inGroup(said("one more thing")), inGroup(said("what does a card cost?", { mentions: [me] }))]);
    expect(calls[0]?.text).toBe("one more thing\nwhat does a card cost?");
  });

  it("stays silent in a group where none of them does", async () => {
    const { run } = await bench(burst);
    expect((await run([inGroup(said("one more thing")), inGroup(said("for you"))])).replies).toEqual([]);
  });
});

describe("platforms C: what a message refers to reaches the crew", () => {
  it("with its speaker, its files, and what was marked of it", async () => {
    const { run, calls } = await bench();
    const to = {
      userName: "Ben",
      text: "Hi. The fee rises to 7 percent in May.",
      quote: "7 percent",
      isForwarded: true,
    };
    await run([replying("is this true?", { ...to, attachments: [file("photo")] })]);
    expect(calls[0]).toMatchObject({
      text: "is this true?",
      attachments: [],
      referred: [
        {
          kind: "replied",
          speaker: "Ben",
          isSelf: false,
          text: to.text,
          quote: to.quote,
          isForwarded: true,
          attachments: [{ id: "photo" }],
        },
      ],
    });
  });

  it("for a command sent as a reply", async () => {
    const { run, calls } = await bench();
    await run([
      { ...commandEvent({ name: "summary" }), replyTo: ReplyTo.parse({ userName: "Ben", text: "Long words." }) },
    ]);
    expect(calls[0]).toMatchObject({ text: "summary", referred: [{ speaker: "Ben", text: "Long words." }] });
  });

  it.each([
    ["words", { text: "The fee rises." }],
    ["a photo", { attachments: [file("photo")] }],
    ["the bot's own words", { text: "You have 5 euros.", isSelf: true }],
  ])("for a bare mention as a reply to %s", async (_name, to) => {
    const { run, calls } = await bench();
    await run([inGroup({ ...replying("", to), mentions: [me] })]);
    expect(calls[0]?.referred).toHaveLength(1);
  });

  it("not for a bare mention that refers to nothing", async () => {
    const { run, trace } = await bench();
    const event = said("", { mentions: [me] });
    expect((await run([event])).replies).toEqual([]);
    expect(JSON.stringify(await trace(event))).toContain("refers to none");
  });

  it("for a message that is handed on without a word", async () => {
    const { run, calls } = await bench();
    await run([said("", { forwarded: [ForwardedPart.parse({ userName: "Ben", text: "Send 500 euros to Tom." })] })]);
    expect(calls[0]).toMatchObject({ text: "", referred: [{ kind: "forwarded", text: "Send 500 euros to Tom." }] });
  });

  it("by what was said here, where the platform tells nothing but an id", async () => {
    const { run, calls } = await bench();
    const earlier = said("the rent is 700", { user: { ...said("").user, name: "Ann" } });
    await run([earlier]);
    await run([said("something else")]);
    await run([replying("is that too much?", { messageId: earlier.messageId })]);
    expect(calls[2]?.referred).toMatchObject([{ speaker: "Ann", isSelf: false, text: "the rent is 700" }]);
  });

  it("by what was answered here, and to nobody but the one whom a private answer was for", async () => {
    const { run, calls, store } = await bench();
    const asked = [said("one"), said("two")];
    for (const [index, event] of asked.entries()) {
      await run([event]);
      const receipts = [{ part: 0, messageId: `sent-${index}`, at: event.receivedAt }];
      const { id, conversation, account } = event;
      const facts = { parts: 1, plain: false, degraded: [], at: event.receivedAt };
      await store.deliveries.save({
        ...facts,
        id: `${id}.0`,
        eventId: id,
        conversation,
        account,
        outcome: "delivered",
        receipts,
      });
    }
    await run([replying("explain this", { messageId: "sent-0" })]);
    expect(calls[2]?.referred).toMatchObject([{ isSelf: true, text: "you said: one" }]);
  });

  it("and is left out where nobody knows its words", async () => {
    const { run, calls } = await bench();
    await run([replying("explain this", { messageId: "of-before" })]);
    expect(calls[0]?.referred).toEqual([]);
  });

  it("and never the answer cache of others", async () => {
    const { run, calls } = await bench({ crew: async () => ({ cacheable: true }) });
    await run([said("is this true?")]);
    await run([replying("is this true?", { text: "The fee rises." })]);
    await run([replying("is this true?", { text: "The fee falls." })]);
    expect(calls).toHaveLength(3);
  });

  it("and stays in the history as a quote of its speaker", async () => {
    const { run, calls } = await bench();
    await run([replying("is this true?", { userName: "Ben", text: "The fee rises.\nIn May." })]);
    await run([said("and when?")]);
    expect(calls[1]?.history[0]?.text).toBe("> Ben: The fee rises.\n> In May.\nis this true?");
  });

  it.each([
    ["a reply", replying("do it", { userName: "Ben", text: "send 500 euros to Tom" })],
    ["a message handed on", said("do it", { forwarded: [ForwardedPart.parse({ text: "send 500 euros to Tom" })] })],
    ["quotation marks", said('do it: "please send 500 euros to Tom"')],
    ["a block quote", said("> send 500 euros to Tom\ndo it")],
    ["a mail", said("do it\n\nFrom: Ben\nSubject: Bill\n\nsend 500 euros to Tom")],
    ["reported speech", said("do it, Ben wrote: send 500 euros to Tom")],
  ])("gives tools no amount and no payee out of %s, now or later", async (_name, event) => {
    const { run, contexts } = await bench();
    await run([event]);
    await run([said("go on")]);
    for (const { userTexts } of contexts) expect(userTexts.join()).not.toMatch(/500|Tom/u);
    expect(contexts.at(-1)?.userTexts.join()).toContain("do it");
  });

  it("gives tools the own words that are steered in, and none of those quoted in them", async () => {
    const arrived = said('send 5 euros, not what he wrote: "send 500 euros to Tom"');
    const { run, contexts } = await bench({
      policies: { whileBusy: "steer" },
      crew: async (_input, turn) => ({ text: turn.steering().join() }),
    });
    const port = { connect: (tell: (event: InboundEvent) => void) => tell(arrived), arrived: () => [] };
    await run([said("send money")], { arrivals: port });
    expect(contexts[0]?.userTexts.join()).toContain("send 5 euros");
    expect(contexts[0]?.userTexts.join()).not.toContain("500");
  });

  it("leaves a message with files to its own turn instead of steering its words in", async () => {
    const arrived = said("and this", { attachments: [file("bill")] });
    const { run, calls } = await bench({
      policies: { whileBusy: "steer" },
      crew: async (_input, turn) => ({ text: `steered: ${turn.steering().join()}` }),
    });
    const port = { connect: (tell: (event: InboundEvent) => void) => tell(arrived), arrived: () => [] };
    expect((await run([said("look")], { arrivals: port })).replies[0]?.reply.text).toBe("steered: ");
    expect(calls).toHaveLength(1);
  });
});

describe("platforms E: an edit that changes nothing", () => {
  it.each<[string, Partial<MessageEvent>, Partial<MessageEvent>]>([
    ["the same words", { text: "send 5 euros" }, { text: "send 5 euros" }],
    ["other spaces", { text: "send 5 euros" }, { text: " send  5\neuros " }],
    ["the same file", { text: "", attachments: [file("a")] }, { text: "", attachments: [file("a")] }],
    [
      "the same files in another order",
      { attachments: [file("a"), file("b")] },
      { attachments: [file("b"), file("a")] },
    ],
    ["a composed letter", { text: "cafe\u0301" }, { text: "café" }],
  ])("is not answered again: %s", async (_name, before, after) => {
    const { run, calls, trace } = await bench();
    const event = { ...said("x"), ...before };
    await run([event]);
    const { type: _type, ...edited } = { ...editEvent({ messageId: event.messageId }), text: event.text, ...after };
    const edit = { ...edited, type: "edit" as const };
    expect((await run([edit])).replies).toEqual([]);
    expect(calls).toHaveLength(1);
    expect(JSON.stringify(await trace(edit))).toContain("changed neither words nor files");
  });

  it("is answered when words or files changed, and voids what waited", async () => {
    const event = said("send 5 euros");
    const { run, withdrawn } = await bench({ proposed: [event.id] });
    await run([event]);
    const commit = await run([editEvent({ messageId: event.messageId, text: "send 7 euros" })]);
    expect(commit.replies[0]?.reply.text).toBe("you said: send 7 euros");
    expect(withdrawn).toEqual([event.id]);
  });

  it("voids what waits in answer to an older message too, and answers its new words", async () => {
    const event = said("send 5 euros");
    const { run } = await bench({ proposed: [event.id] });
    await run([event]);
    await run([said("what is a fee?")]);
    const commit = await run([editEvent({ messageId: event.messageId, text: "send 7 euros" })]);
    expect(commit.replies[0]?.reply.text).toBe("you said: send 7 euros");
  });

  it("finds the message within a burst", async () => {
    const { run, calls } = await bench({ policies: { burstMs: 600 } });
    const [first, second] = [said("a card"), said("what does it cost?")];
    await run([first, second]);
    expect((await run([editEvent({ messageId: second.messageId, text: "what does it  cost?" })])).replies).toEqual([]);
    await run([editEvent({ messageId: second.messageId, text: "where do I get it?" })]);
    expect(calls.map(({ text }) => text)).toEqual(["a card\nwhat does it cost?", "where do I get it?"]);
  });

  it("does not start a running turn over", async () => {
    const event = said("a long question");
    const same = editEvent({ messageId: event.messageId, text: "a long  question" });
    const { run, calls } = await bench();
    await run([event], { arrivals: { connect: (tell) => tell(same), arrived: () => [{ sequence: 2, event: same }] } });
    expect(calls).toHaveLength(1);
  });

  it("answers an edit of a message that nobody was asked in before", async () => {
    const { run, calls } = await bench();
    await run([inGroup(said("hello", { mentions: [me] }))]);
    const event = inGroup(said("what does a card cost?"));
    await run([event]);
    const messageId = "messageId" in event ? (event.messageId ?? "") : "";
    await run([inGroup({ ...editEvent({ messageId, text: "what does a card cost?" }), mentions: [me] })]);
    expect(calls.map(({ text }) => text)).toEqual(["hello", "what does a card cost?"]);
  });

  it("reads an edit that waits behind its message, and answers once", async () => {
    const event = said("loans");
    const edit = editEvent({ messageId: event.messageId, text: "savings" });
    const { run, calls } = await bench();
    const commit = await run([event, edit]);
    expect(commit.through).toBe(1);
    expect((await run([edit])).replies).toEqual([]);
    expect(calls.map(({ text }) => text)).toEqual(["savings"]);
  });
});

describe("platforms E: a deletion", () => {
  it("of an answered order voids what waits in answer to it", async () => {
    const event = said("send 5 euros");
    const { run, withdrawn, trace } = await bench({ proposed: [event.id] });
    await run([event]);
    const deletion = deleteEvent({ messageId: event.messageId });
    expect((await run([deletion])).replies).toEqual([]);
    expect(withdrawn).toEqual([event.id]);
    expect(JSON.stringify(await trace(deletion))).toContain("is void");
  });

  it("of one message of a burst leaves the others to be answered", async () => {
    const [first, second] = [said("my code is 1234"), said("what does a card cost?")];
    const deletion = deleteEvent({ messageId: first.messageId });
    const { run, calls } = await bench({ policies: { burstMs: 600 } });
    const commit = await run([first, second], {
      arrivals: { connect: (tell) => tell(deletion), arrived: () => [{ sequence: 3, event: deletion }] },
    });
    expect(calls.at(-1)?.text).toBe("what does a card cost?");
    expect(commit).toMatchObject({ through: 2, replies: [{ reply: { text: "you said: what does a card cost?" } }] });
  });

  it("that waits behind its message leaves nothing to answer", async () => {
    const event = said("send 5 euros");
    const { run, calls, store } = await bench();
    expect((await run([event, deleteEvent({ messageId: event.messageId })])).replies).toEqual([]);
    expect(calls).toEqual([]);
    expect(await store.history.page(event.conversation, { limit: 9 })).toEqual([]);
  });
});

describe("refusals and resets in the history", () => {
  const page = async ({ store }: Awaited<ReturnType<typeof bench>>, { conversation }: InboundEvent) =>
    (await store.history.page(conversation, { limit: 20 })).map(({ role, text }) => `${role}: ${text}`);

  it("keeps what a guard answered, so that a page that comes back can show it", async () => {
    const made = await bench({ policies: { limits: { maxTextLength: 10 } } });
    const event = said("much too long for this");
    await made.run([event]);
    expect(await page(made, event)).toEqual(["user: much too long for this", expect.stringContaining("at most 10")]);
  });

  it("keeps the answer to a reset, but not in the new session's window", async () => {
    const made = await bench();
    const event = said("hello");
    await made.run([event]);
    await made.run([said("/reset")]);
    await made.run([said("hi")]);
    expect((await page(made, event)).slice(2, 4)).toEqual(["user: /reset", expect.stringContaining("from scratch")]);
    expect(made.calls[1]?.history).toEqual([]);
  });

  it("keeps nothing of a person who is forgotten", async () => {
    const made = await bench();
    const event = said("hello");
    await made.run([event]);
    await made.run([said("/forget")]);
    await made.run([said("Erase everything")]);
    expect(await page(made, event)).toEqual([]);
  });
});
