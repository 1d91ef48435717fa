import { describe, expect, it } from "vitest";
import { connectSlackAccount, deliverOn, outgoingOf, type SlackAccount } from "../../test/support/slack-account.ts";
import type { InboundEvent } from "../../core/event.ts";
import type { SlackPerson } from "./testing/index.ts";

interface Asked extends SlackAccount {
  readonly ann: SlackPerson;
  readonly chat: string;
  readonly event: InboundEvent;
}

/** Ann asks in a channel, so the answer goes to her message's thread. */
async function asked(options: Parameters<typeof connectSlackAccount>[0] = {}): Promise<Asked> {
  const account = await connectSlackAccount({ burst: 50, ...options });
  const ann = account.platform.person("ann", "Ann");
  const { id: chat } = await account.platform.group("general", [ann, account.platform.person("bob", "Bob")]);
  await ann.say("tell me", { chat, mentionBot: true });
  await expect.poll(() => account.events.at(-1)?.type).toBe("message");
  return { ...account, ann, chat, event: account.events.at(-1) ?? expect.fail() };
}

/** What Ann sees of the bot. */
function shown({ ann, chat }: Asked): readonly { readonly plain: string; readonly thread?: string | undefined }[] {
  return ann.sees(chat).filter(({ author }) => author.isBot);
}

const live = { live: true };

describe("a streamed answer", () => {
  it("is appended to as it is written and ended with its last words and its buttons", async () => {
    const one = await asked();
    const { session, platform, event } = one;
    const { messageId } = await session.send(outgoingOf(one, event, { text: "The fee is fi" }, live));
    await session.edit?.(outgoingOf(one, event, { text: "The fee is five euros, **to" }, live), messageId);
    expect(shown(one)).toMatchObject([{ plain: "The fee is five euros," }]);
    const choices = [{ id: "more", label: "More", value: "more" }];
    await session.edit?.(outgoingOf(one, event, { text: "The fee is five euros, **today**.", choices }), messageId);
    expect(shown(one)).toMatchObject([{ plain: "The fee is five euros, today.", choices: [{ label: "More" }] }]);
    expect(platform.calls().filter((call) => call.startsWith("chat."))).toEqual([
      "chat.startStream",
      "chat.appendStream",
      "chat.stopStream",
    ]);
    expect(platform.refusedCalls()).toEqual([]);
  });

  it("is edited in place where its earlier words changed after all", async () => {
    const one = await asked();
    const { messageId } = await one.session.send(
      outgoingOf(one, one.event, { text: "First thoughts. And more" }, live),
    );
    await one.session.edit?.(outgoingOf(one, one.event, { text: "Second thoughts." }), messageId);
    expect(shown(one)).toMatchObject([{ plain: "Second thoughts." }]);
    expect(one.platform.refusedCalls()).toEqual([]);
  });

  it("keeps every word when Slack ended the stream meanwhile (message_not_in_streaming_state)", async () => {
    const one = await asked({ streamLifetimeMs: 0 });
    const { messageId } = await one.session.send(outgoingOf(one, one.event, { text: "A long tool call " }, live));
    await one.session.edit?.(
      outgoingOf(one, one.event, { text: "A long tool call later, the rest " }, live),
      messageId,
    );
    expect(shown(one)).toMatchObject([{ plain: "A long tool call later, the rest" }]);
    await one.session.edit?.(
      outgoingOf(one, one.event, { text: "A long tool call later, the rest is here." }),
      messageId,
    );
    expect(shown(one)).toMatchObject([{ plain: "A long tool call later, the rest is here." }]);
  });

  it("keeps every word when the last call finds the stream ended", async () => {
    const one = await asked({ streamLifetimeMs: 0 });
    const { messageId } = await one.session.send(outgoingOf(one, one.event, { text: "Nearly " }, live));
    await one.session.edit?.(outgoingOf(one, one.event, { text: "Nearly done." }), messageId);
    expect(shown(one)).toMatchObject([{ plain: "Nearly done." }]);
  });

  it("is ended in time, before Slack does, and edited from then on", async () => {
    const one = await asked();
    const { messageId } = await one.session.send(outgoingOf(one, one.event, { text: "Slow " }, live));
    one.clock.offsetMs = 4.5 * 60_000;
    await one.session.edit?.(outgoingOf(one, one.event, { text: "Slow but sure " }, live), messageId);
    expect(shown(one)).toMatchObject([{ plain: "Slow but sure" }]);
    expect(one.platform.calls().slice(-2)).toEqual(["chat.stopStream", "chat.update"]);
    expect(one.platform.refusedCalls()).toEqual([]);
  });

  it("rolls over to a new message, and the one before is complete and ended (msg_too_long never happens)", async () => {
    const one = await asked();
    const first = `${"word ".repeat(2_200)}end.`;
    const { messageId } = await one.session.send(outgoingOf(one, one.event, { text: first.slice(0, 5_000) }, live));
    await one.session.edit?.(outgoingOf(one, one.event, { text: first }, live), messageId);
    await one.session.send(outgoingOf(one, one.event, { text: "And the next " }, { ...live, part: 1 }));
    expect(shown(one)).toMatchObject([{ plain: first }, { plain: "And the" }]);
    // The first is no longer shown as being written: it can be edited.
    await one.session.edit?.(outgoingOf(one, one.event, { text: "Replaced." }), messageId);
    expect(shown(one)[0]).toMatchObject({ plain: "Replaced." });
    expect(one.platform.refusedCalls()).toEqual([]);
  });

  it("is finished by another process that knows nothing of the stream", async () => {
    const one = await asked();
    const { messageId } = await one.session.send(outgoingOf(one, one.event, { text: "Begun here " }, live));
    const other = await connectSlackAccount({ platform: one.platform });
    await other.session.edit?.(outgoingOf(other, one.event, { text: "Begun here, ended there." }), messageId);
    expect(shown(one)).toMatchObject([{ plain: "Begun here, ended there." }]);
  });

  it("shows nothing twice after an append whose answer was lost", async () => {
    const one = await asked();
    const { messageId } = await one.session.send(outgoingOf(one, one.event, { text: "One " }, live));
    one.platform.faults.next("edit", { kind: "cut-after" });
    const cut = one.session.edit?.(outgoingOf(one, one.event, { text: "One two three " }, live), messageId);
    await expect(cut).rejects.toMatchObject({ code: "send/ambiguous" });
    await one.session.edit?.(outgoingOf(one, one.event, { text: "One two three four." }), messageId);
    expect(shown(one)).toMatchObject([{ plain: "One two three four." }]);
  });

  it("is a message that is edited where there is no thread to stream into", async () => {
    const one = await asked();
    await one.ann.say("and here?");
    await expect.poll(() => one.events.at(-1)?.chat.type).toBe("direct");
    const event = one.events.at(-1) ?? expect.fail();
    const { messageId } = await one.session.send(outgoingOf(one, event, { text: "Here " }, live));
    await one.session.edit?.(outgoingOf(one, event, { text: "Here too." }, live), messageId);
    expect(one.ann.sees().at(-1)).toMatchObject({ plain: "Here too." });
    expect(one.platform.calls().slice(-2)).toEqual(["chat.postMessage", "chat.update"]);
  });
});

describe("a message for one person", () => {
  it("is seen by nobody else, in the thread of the question", async () => {
    const one = await asked();
    await one.session.send(outgoingOf(one, one.event, { text: "Only you.", visibility: "requester" }));
    expect(shown(one)).toMatchObject([{ plain: "Only you.", ephemeral: true, thread: one.event.chat.thread }]);
    expect(
      one.platform
        .person("bob")
        .sees(one.chat)
        .filter(({ author }) => author.isBot),
    ).toEqual([]);
  });

  it("is never put into a message that all have seen", async () => {
    const one = await asked();
    const { messageId } = await one.session.send(outgoingOf(one, one.event, { text: "For all " }, live));
    const edit = one.session.edit?.(
      outgoingOf(one, one.event, { text: "Only you.", visibility: "requester" }),
      messageId,
    );
    await expect(edit).rejects.toMatchObject({ code: "send/permanent" });
  });
});

describe("a command in a channel that the bot is no member of", () => {
  it("is answered at the command's own address", async () => {
    const account = await connectSlackAccount();
    const ann = account.platform.person("ann", "Ann");
    const { id: chat } = await account.platform.group("general", [ann]);
    await expect.poll(() => account.platform.calls()).toContain("apps.manifest.update");
    await ann.command("balance", "", { chat });
    const command = account.events.find(({ type }) => type === "command") ?? expect.fail();
    // The bot leaves: what it posts is refused from now on.
    account.platform.removeBot(chat);
    await account.session.send(outgoingOf(account, command, { text: "€ 5.00" }));
    expect(ann.sees(chat).at(-1)).toMatchObject({ plain: "€ 5.00", ephemeral: false });
  });
});

const files = [{ name: "list.csv", mediaType: "text/csv", spoolKey: "k1" }];

describe("platforms H: files", () => {
  it("are shown below the words", async () => {
    const one = await asked();
    await deliverOn(one, one.event, { text: "Here it is.", files });
    const [words, file] = one.ann.sees(one.chat).filter(({ author }) => author.isBot);
    expect(words).toMatchObject({ plain: "Here it is." });
    expect(file).toMatchObject({ thread: one.event.chat.thread, files: [{ name: "list.csv" }] });
    expect(Buffer.from(file?.files[0]?.bytes ?? []).toString()).toBe("bytes of k1");
  });

  it("that Slack refuses are told, and the words are not said again", async () => {
    const one = await asked();
    one.platform.refuseUploads();
    const record = await deliverOn(one, one.event, { text: "Here it is.", files });
    expect(shown(one).map(({ plain }) => plain)).toEqual(["Here it is.", "“list.csv” could not be attached."]);
    expect(record).toMatchObject({ outcome: "delivered", degraded: [{ feature: "files" }] });
  });

  it("of one person's reply are shown in the person's own channel alone", async () => {
    const one = await asked();
    await deliverOn(one, one.event, { text: "For you.", files, visibility: "requester" });
    expect(
      one.platform
        .person("bob")
        .sees(one.chat)
        .filter(({ author }) => author.isBot),
    ).toEqual([]);
    expect(one.ann.sees().at(-1)?.files).toMatchObject([{ name: "list.csv" }]);
  });
});

describe("platforms F: the place of an answer", () => {
  it("is the channel where the thread's first message was deleted", async () => {
    const one = await asked();
    await one.ann.remove(one.event.chat.thread ?? "");
    const record = await deliverOn(one, one.event, { text: "Five euros." });
    expect(shown(one)).toMatchObject([{ plain: "Five euros." }]);
    expect(shown(one)[0]?.thread).toBeUndefined();
    expect(record.degraded).toEqual([{ feature: "place", shownAs: "said in the chat" }]);
  });

  it("is the person's own channel where the channel was archived", async () => {
    const one = await asked();
    one.platform.archive(one.chat);
    const record = await deliverOn(one, one.event, { text: "Five euros." });
    expect(shown(one)).toEqual([]);
    expect(one.ann.sees().at(-1)).toMatchObject({ plain: "Five euros." });
    expect(record.degraded).toEqual([{ feature: "place", shownAs: "said to the person directly" }]);
  });

  it("is the person's own channel where the bot was removed from the channel", async () => {
    const one = await asked();
    one.platform.removeBot(one.chat);
    const record = await deliverOn(one, one.event, { text: "Five euros." });
    expect(one.ann.sees().at(-1)).toMatchObject({ plain: "Five euros." });
    expect(record.degraded).toEqual([{ feature: "place", shownAs: "said to the person directly" }]);
  });

  it("is never the channel for what one person alone may read", async () => {
    const one = await asked();
    await one.ann.remove(one.event.chat.thread ?? "");
    await deliverOn(one, one.event, { text: "Your balance: 5 euros.", visibility: "requester" });
    expect(shown(one)).toEqual([]);
    expect(one.ann.sees().at(-1)).toMatchObject({ plain: "Your balance: 5 euros." });
  });

  it("holds for a file as well", async () => {
    const one = await asked();
    await one.ann.remove(one.event.chat.thread ?? "");
    await deliverOn(one, one.event, { text: "Here it is.", files });
    expect(shown(one).map(({ plain }) => plain)).toEqual(["Here it is.", ""]);
  });
});

it("knows after a lost answer whether the message stands, by the key it carries", async () => {
  const one = await asked();
  const outgoing = outgoingOf(one, one.event, { text: "Once." });
  expect(await one.session.reconcile?.(outgoing)).toBe("not-sent");
  one.platform.faults.next("send", { kind: "cut-after" });
  await expect(one.session.send(outgoing)).rejects.toMatchObject({ code: "send/ambiguous" });
  const message = one.ann.sees(one.chat).find(({ author }) => author.isBot);
  expect(await one.session.reconcile?.(outgoing)).toEqual({ sent: message?.id });
});

it("says plain what the Markdown block was refused for, with bold and links as mrkdwn, and keeps the buttons", async () => {
  const one = await asked();
  const reply = { text: "**Free** [list](https://example.org)", choices: [{ id: "a", label: "A", value: "a" }] };
  one.platform.faults.next("send", { kind: "markup-refused" });
  await expect(one.session.send(outgoingOf(one, one.event, reply))).rejects.toMatchObject({
    code: "send/markup-refused",
  });
  await one.session.send(outgoingOf(one, one.event, reply, { plain: true }));
  const message = one.ann.sees(one.chat).find(({ author }) => author.isBot);
  expect(message?.html).toContain("<b>Free</b>");
  expect(message?.choices).toMatchObject([{ label: "A" }]);
});

it("rings nobody whom an answer names", async () => {
  const one = await asked();
  await one.session.send(outgoingOf(one, one.event, { text: "<!channel> and <@UANN>, @here" }));
  expect(one.platform.pings(one.chat).filter((ping) => ping !== "<@UBOTT0001>")).toEqual([]);
});

it("reacts, once though asked twice, and takes a message back", async () => {
  const one = await asked();
  const target = { chat: one.chat, userId: one.ann.id };
  const question = one.ann.sees(one.chat)[0]?.id ?? "";
  await one.session.react?.(target, question, "👀");
  await one.session.react?.(target, question, "👀");
  expect(one.ann.sees(one.chat)[0]?.reactions).toEqual(["eyes"]);
  await expect(one.session.react?.(target, question, "🦑")).rejects.toMatchObject({ code: "send/permanent" });
  const { messageId } = await one.session.send(outgoingOf(one, one.event, { text: "Oops." }));
  await one.session.remove?.(target, messageId);
  expect(shown(one)).toEqual([]);
});

it("shows a status while it works, and takes it away", async () => {
  const one = await asked();
  const target = { chat: one.chat, userId: one.ann.id, thread: one.event.chat.thread ?? "" };
  await one.session.typing?.(target, true);
  expect(one.ann.seesTyping(one.chat)).toBe(true);
  await one.session.typing?.(target, false);
  expect(one.ann.seesTyping(one.chat)).toBe(false);
});
