import { describe, expect, it, onTestFinished } from "vitest";
import type { ReplyTarget } from "../../core/reply.ts";
import { telegramChat } from "../../test/support/telegram-chat.ts";

type Chat = Awaited<ReturnType<typeof telegramChat>>;

const open = async (...options: Parameters<typeof telegramChat>): Promise<Chat> => {
  const chat = await telegramChat(...options);
  onTestFinished(chat.close);
  return chat;
};
/** A direct chat in which Ann has said something. */
const withAnn = async (...options: Parameters<typeof telegramChat>) => {
  const chat = await open(...options);
  const ann = chat.platform.person("ann");
  await ann.say("hello");
  return { chat, ann, target: (await chat.heard("message")).target };
};
/** A group in which Ann has named the bot. */
const withGroup = async () => {
  const chat = await open();
  const [ann, ben] = [chat.platform.person("ann"), chat.platform.person("ben")];
  const { id } = await chat.platform.group("Friends", [ann, ben]);
  const asked = await ann.say("hello", { chat: id, mentionBot: true });
  return { chat, ann, ben, id, asked, target: (await chat.heard("message")).target };
};

describe("a message", () => {
  it("is sent as it was rendered, and edited; the same words again are no error", async () => {
    const { chat, ann, target } = await withAnn();
    const [id = ""] = await chat.reply(target, { text: "It costs **8 €** <now>." });
    expect(ann.sees().at(-1)).toMatchObject({ plain: "It costs 8 € <now>.", html: "It costs <b>8 €</b> &lt;now&gt;." });
    for (let times = 0; times < 2; times += 1) {
      await chat.session.edit?.(chat.outgoing(target, { text: "It costs *9 €*." }), id);
    }
    expect(ann.sees().at(-1)).toMatchObject({ id, plain: "It costs 9 €.", edited: true });
    expect(chat.platform.calls().filter((call) => call === "editMessageText")).toHaveLength(2);
  });

  it("answers in a group the message that asked, and stays in its topic", async () => {
    const { chat, ann, ben, id, asked, target } = await withGroup();
    await chat.reply(target, { text: "Hello, all." });
    expect(ben.sees(id).at(-1)).toMatchObject({ plain: "Hello, all.", replyTo: asked });
    const thread = await ann.openThread?.(asked, "Cards");
    await chat.reply({ ...target, thread: thread ?? "" }, { text: "In the topic." });
    expect(ben.sees(id).at(-1)).toMatchObject({ plain: "In the topic.", thread });
    expect(chat.platform.refusedCalls()).toEqual([]);
  });

  it("is sent although the message that asked is gone", async () => {
    const { chat, ann, id, asked, target } = await withGroup();
    await ann.remove(asked);
    await chat.reply(target, { text: "Anyway." });
    expect(ann.sees(id).at(-1)).toMatchObject({ plain: "Anyway." });
  });

  it("answers nobody by quoting in a private chat", async () => {
    const { chat, ann, target } = await withAnn();
    await chat.reply(target, { text: "Hello." });
    expect(ann.sees().at(-1)).not.toHaveProperty("replyTo");
  });

  it("for the requester alone is seen by nobody else of the group, and can be removed", async () => {
    const { chat, ann, ben, id, target } = await withGroup();
    const [shown = ""] = await chat.reply(target, { text: "Your balance is 7 €.", visibility: "requester" });
    expect(ann.sees(id).at(-1)).toMatchObject({ plain: "Your balance is 7 €.", ephemeral: true });
    expect(ben.sees(id).map(({ plain }) => plain)).not.toContain("Your balance is 7 €.");
    await chat.session.remove?.(target, shown);
    expect(ann.sees(id).some(({ ephemeral }) => ephemeral)).toBe(false);
  });

  it.each([
    ["ignores the word, and would show it to all", "ignored"],
    ["refuses the word", "refused"],
  ] as const)("for the requester alone goes to their own chat where the server %s", async (_, how) => {
    const { chat, ann, ben, id, target } = await withGroup();
    chat.platform.ephemeral(how);
    const before = ben.sees(id).length;
    const [shown = ""] = await chat.reply(target, { text: "Your balance is 7 €.", visibility: "requester" });
    expect(ben.sees(id)).toHaveLength(before);
    expect(ann.sees().at(-1)?.plain).toBe("Your balance is 7 €.");
    await chat.session.remove?.(target, shown);
    expect(ann.sees()).toEqual([]);
  });

  it("removed twice is removed; one that shows a reaction shows it", async () => {
    const { chat, ann, target } = await withAnn();
    const [id = ""] = await chat.reply(target, { text: "Soon gone." });
    await chat.session.remove?.(target, id);
    await chat.session.remove?.(target, id);
    expect(ann.sees().map(({ plain }) => plain)).toEqual(["hello"]);
    await chat.session.react?.(target, target.replyTo ?? "", "❤️");
    expect(ann.sees()[0]?.reactions).toEqual(["❤"]);
    await expect(chat.session.react?.(target, target.replyTo ?? "", "🦜")).rejects.toMatchObject({
      code: "send/permanent",
    });
  });
});

describe("what Telegram refuses", () => {
  it.each([
    [
      { kind: "rate-limited", retryAfterMs: 3_000 },
      { code: "send/rate-limited", retryAfterMs: 3_000 },
    ],
    [{ kind: "server-error", status: 502 }, { code: "send/transient" }],
    [{ kind: "server-error", status: 504 }, { code: "send/ambiguous" }],
    [{ kind: "cut-before" }, { code: "send/ambiguous" }],
    [{ kind: "cut-after" }, { code: "send/ambiguous" }],
    [{ kind: "markup-refused" }, { code: "send/markup-refused" }],
  ] as const)("%o", async (fault, error) => {
    const { chat, target } = await withAnn();
    chat.platform.faults.next("send", fault);
    await expect(chat.reply(target, { text: "words" })).rejects.toMatchObject(error);
    const sends = chat.platform.calls().filter((call) => call === "sendMessage");
    expect(sends).toHaveLength(1);
  });

  it("a chat that is not there, or a person who blocked the bot: for good", async () => {
    const { chat, target } = await withAnn();
    await expect(chat.reply({ ...target, chat: "99" }, { text: "words" })).rejects.toMatchObject({
      code: "send/permanent",
      message: expect.stringContaining("chat not found"),
    });
    chat.platform.block(chat.platform.person("ann"));
    await expect(chat.reply(target, { text: "words" })).rejects.toMatchObject({
      code: "send/permanent",
      message: expect.stringContaining("blocked"),
    });
    expect((await chat.heard("membership")).event).toMatchObject({ change: "removed" });
  });

  it("a server that is away: nothing was sent", async () => {
    const { chat, target } = await withAnn();
    await chat.platform.faults.goDown();
    await expect.poll(() => chat.session.health().state).toBe("down");
    await expect(chat.reply(target, { text: "words" })).rejects.toMatchObject({ code: "send/transient" });
  });

  it("a group that became a supergroup goes on under its new id", async () => {
    const { chat, ann, id, target } = await withGroup();
    const moved = chat.platform.upgrade(id);
    await chat.reply(target, { text: "Found you." });
    expect(ann.sees(moved).at(-1)?.plain).toBe("Found you.");
  });
});

describe("text that is being written", () => {
  const piece = (chat: Chat, target: ReplyTarget, text: string) => ({ ...chat.outgoing(target, { text }), live: true });

  it("is a draft in a private chat, which the answer replaces", async () => {
    const { chat, ann, target } = await withAnn();
    expect(await chat.session.preview?.(piece(chat, target, "It costs"))).toBe(true);
    expect(await chat.session.preview?.(piece(chat, target, "It costs **8 €**"))).toBe(true);
    expect(chat.platform.draftFor(ann)).toBe("It costs 8 €");
    expect(ann.sees()).toHaveLength(1);
    await chat.reply(target, { text: "It costs 8 €." });
    expect(chat.platform.draftFor(ann)).toBeUndefined();
    expect(ann.sees().at(-1)).toMatchObject({ plain: "It costs 8 €.", edited: false });
  });

  it("streams by edits in a group", async () => {
    const { chat, target } = await withGroup();
    expect(await chat.session.preview?.(piece(chat, target, "It costs"))).toBe(false);
    expect(chat.platform.calls()).not.toContain("sendMessageDraft");
  });

  it("streams by edits where the server knows no drafts, and asks it only once", async () => {
    const { chat, target } = await withAnn();
    chat.platform.withdraw("sendMessageDraft");
    expect(await chat.session.preview?.(piece(chat, target, "It"))).toBe(false);
    expect(await chat.session.preview?.(piece(chat, target, "It costs"))).toBe(false);
    expect(chat.platform.calls().filter((call) => call === "sendMessageDraft")).toHaveLength(1);
  });

  it("shows typing meanwhile, also in a topic", async () => {
    const { chat, ann, target } = await withAnn();
    await chat.session.typing?.(target, true);
    expect(ann.seesTyping()).toBe(true);
    await chat.session.typing?.(target, false);
  });
});

describe("files", () => {
  const png = Buffer.from("89504e470d0a1a0a0000", "hex");
  const bytesOf: Readonly<Record<string, Uint8Array>> = {
    png,
    broken: Buffer.from("no picture"),
    huge: Buffer.concat([png, Buffer.alloc(10 * 1024 * 1024)]),
    pdf: Buffer.from("%PDF-1.7"),
    ogg: Buffer.from("OggS"),
    mp3: Buffer.from("ID3"),
    mp4: Buffer.from("ftyp"),
  };
  async function* bytes(key: string): AsyncGenerator<Uint8Array> {
    yield bytesOf[key] ?? Buffer.from("");
  }
  const withFiles = async () => await withAnn({}, { openFile: async (key) => bytes(key) });

  it.each([
    ["png", "image/png", "sendPhoto"],
    ["broken", "image/png", "sendDocument"],
    ["huge", "image/png", "sendDocument"],
    ["pdf", "application/pdf", "sendDocument"],
    ["ogg", "audio/ogg", "sendVoice"],
    ["mp3", "audio/mpeg", "sendAudio"],
    ["mp4", "video/mp4", "sendVideo"],
  ])("a %s goes out with its bytes and caption", async (spoolKey, mediaType, method) => {
    const { chat, ann, target } = await withFiles();
    const name = `a ${spoolKey}.${spoolKey}`;
    await chat.reply(target, { text: "Here **it** is.", files: [{ name, mediaType, spoolKey }] });
    expect(chat.platform.calls().at(-1)).toBe(method);
    const shown = ann.sees().at(-1);
    expect(shown).toMatchObject({ plain: "Here it is.", html: "Here <b>it</b> is.", files: [{ name }] });
    expect(Buffer.from(shown?.files[0]?.bytes ?? []).equals(bytesOf[spoolKey] ?? Buffer.from(""))).toBe(true);
  });

  it("that are gone from the spool are refused for good, not doubted", async () => {
    const { chat, target } = await withAnn();
    const file = { name: "a.pdf", mediaType: "application/pdf", spoolKey: "gone" };
    await expect(chat.reply(target, { text: "Here.", files: [file] })).rejects.toMatchObject({
      code: "send/file-refused",
    });
  });

  it("that people send are fetched with the token, which nobody sees", async () => {
    const { chat, ann } = await withAnn();
    chat.events.length = 0;
    await ann.say("", { files: [{ name: "notes.txt", mediaType: "text/plain", bytes: Buffer.from("abc") }] });
    const { event } = await chat.heard("message");
    const [file] = "attachments" in event ? event.attachments : [];
    expect(file).toMatchObject({ kind: "document", name: "notes.txt", sizeBytes: 3 });
    expect(JSON.stringify(event)).not.toContain(chat.platform.token);
    const chunks: Uint8Array[] = [];
    for await (const chunk of (await chat.session.fetchAttachment?.(
      file ?? expect.fail(),
      AbortSignal.timeout(5_000),
    )) ?? []) {
      chunks.push(chunk);
    }
    expect(Buffer.concat(chunks).toString()).toBe("abc");
  });

  it("that are too large for a bot are refused before they are asked for", async () => {
    const { chat } = await withAnn();
    const large = { id: "f", kind: "document" as const, sizeBytes: 21 * 1024 * 1024, reference: { fileId: "x" } };
    await expect(chat.session.fetchAttachment?.(large, AbortSignal.timeout(5_000))).rejects.toMatchObject({
      code: "attachment/too-large",
    });
    expect(chat.platform.calls()).not.toContain("getFile");
  });
});
