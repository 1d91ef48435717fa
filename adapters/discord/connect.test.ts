import { testReply } from "../../test/support/delivery-setup.ts";
import { describe, expect, it, onTestFinished } from "vitest";
import type { AdapterSession, Outgoing } from "../../core/adapter.ts";
import type { SealedPayload, ConnectContext } from "../../core/adapter-binding.ts";
import { ParleyError } from "../../core/errors.ts";
import type { InboundEvent } from "../../core/event.ts";
import { textOf } from "../../core/event.ts";
import { completeEvent } from "../../core/intake/intake.ts";
import type { Json } from "../../core/json.ts";
import type { Reply } from "../../core/reply.ts";
import type { DeliveryRecord } from "../../core/store/store.ts";
import { deliverOnce } from "../../core/testing/deliver-once.ts";
import { quietContext } from "../../core/testing/index.ts";
import { targetOf, toOutboxDrafts } from "../../core/turn/outbox-drafts.ts";
import { manifest } from "./manifest.ts";
import { type LocalDiscord, type LocalDiscordOptions, openDiscord } from "./testing/index.ts";

const commands = [
  { name: "balance", description: "Tells the balance." },
  {
    name: "recommend",
    description: "Recommends a product.",
    argument: { name: "wish", description: "What it is for.", required: false },
  },
];

const base = testReply({ text: "" });

/** What a queue does with an event; the default takes it at once. */
type Queue = (event: InboundEvent) => Promise<void>;

interface Bench {
  readonly platform: LocalDiscord;
  readonly session: AdapterSession<SealedPayload>;
  readonly events: readonly InboundEvent[];
  readonly ignored: readonly string[];
  readonly queue: { take: Queue };
  readonly reply: (event: InboundEvent | undefined, reply: Partial<Reply>) => Promise<string>;
  /** Hands a reply to the framework's own delivery. */
  readonly deliver: (event: InboundEvent | undefined, reply: Partial<Reply>) => Promise<DeliveryRecord>;
  readonly close: () => Promise<void>;
}

/** The adapter over discord.js, connected to a Discord on this machine. */
async function connect(
  options: LocalDiscordOptions & { readonly on?: LocalDiscord; readonly values?: Map<string, Json> } = {},
): Promise<Bench> {
  const platform = options.on ?? (await openDiscord(options));
  const values = options.values ?? new Map<string, Json>();
  const seen = { events: [] as InboundEvent[], ignored: [] as string[], keys: new Set<string>() };
  const queue = { take: async (): Promise<void> => {} } as { take: Queue };
  const context: ConnectContext = quietContext("discord", {
    commands,
    values: {
      get: async (key) => values.get(key),
      set: async (key, value) => {
        values.set(key, value);
      },
    },
    openFile: async (key) => oneChunk(key),
    accept: async (normalized) => {
      if ("ignored" in normalized) return void seen.ignored.push(normalized.ignored);
      if (normalized.event.echo === true) return undefined;
      const event = completeEvent(normalized.event, { ...context, bot: "bot" });
      await queue.take(event);
      const isKnown = seen.keys.has(event.key);
      if (!isKnown) seen.events.push(event);
      seen.keys.add(event.key);
      const status = isKnown ? "duplicate" : "accepted";
      return { status, sequence: seen.events.length, eventId: event.id, conversation: event.conversation };
    },
  });
  const bound = platform.account.adapter.bind(platform.account.settings);
  const session = await bound.connect(context);
  const close = async (): Promise<void> => {
    await session.close();
    if (options.on === undefined) await platform.close();
  };
  onTestFinished(close);
  const deliver: Bench["deliver"] = async (event, parts) => {
    if (event === undefined) expect.fail("nothing was handed in");
    const policy = { money: false, environment: { clock: Date.now } };
    const [draft] = toOutboxDrafts(event, [{ ...base, ...parts }], policy);
    return await deliverOnce(bound, session, { ...(draft ?? expect.fail()), position: "1" });
  };
  const reply: Bench["reply"] = async (event, parts) => {
    if (event === undefined) expect.fail("nothing was handed in");
    const { parts: payloads } = bound.render(
      { ...base, ...parts },
      { capabilities: manifest.capabilities, plain: false },
    );
    const [payload] = payloads;
    if (payload === undefined) expect.fail("nothing was rendered");
    return (await session.send(outgoing(event, payload))).messageId;
  };
  return { platform, session, events: seen.events, ignored: seen.ignored, queue, reply, deliver, close };
}

async function* oneChunk(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

function outgoing(event: InboundEvent, payload: SealedPayload): Outgoing<SealedPayload> {
  return {
    conversation: event.conversation,
    target: targetOf(event),
    payload,
    key: `${event.id}.0.0`,
    eventId: event.id,
    replyIndex: 0,
    replyCount: 1,
    part: 0,
    partCount: 1,
    signal: AbortSignal.timeout(10_000),
  };
}

const handedIn = async ({ events }: Bench, count: number): Promise<void> =>
  await expect.poll(() => events.length).toBe(count);
const isDown: Queue = async () =>
  await Promise.reject(new ParleyError("broker/unavailable", "The queue is down.", { retryable: true }));

describe("a command", () => {
  it("is registered once, and again only when it changed", async () => {
    const { platform } = await connect();
    await connect({ on: platform });
    const puts = platform.calls().filter(({ method }) => method === "PUT");
    expect(puts.map(({ path }) => path.replaceAll(/\d+/g, "…"))).toEqual(["/applications/…/commands"]);
  });

  it("is deferred privately in a server, and answered in that place", async () => {
    const bench = await connect();
    const [ann, ben] = [bench.platform.person("ann", "Ann"), bench.platform.person("ben", "Ben")];
    const group = await bench.platform.group("Harbour", [ann, ben]);
    const { acknowledged } = await ann.command("recommend", "something safe", { chat: group.id });
    expect(acknowledged).toBe(true);
    expect(ann.seesTyping(group.id)).toBe(true);
    await handedIn(bench, 1);
    expect(textOf(bench.events[0] ?? expect.fail())).toBe("/recommend something safe");
    await bench.reply(bench.events[0], { text: "The saver." });
    expect(ann.sees(group.id)).toMatchObject([{ plain: "The saver.", ephemeral: true }]);
    expect(ben.sees(group.id)).toEqual([]);
    expect(bench.platform.refusedCalls()).toEqual([]);
  });

  it("is answered in time though the queue is slow", async () => {
    const bench = await connect();
    const ann = bench.platform.person("ann");
    bench.queue.take = async () => await new Promise((resolve) => setTimeout(resolve, 2_500));
    const { acknowledged, withinMs } = await ann.command("balance");
    expect(acknowledged).toBe(true);
    expect(withinMs).toBeLessThan(2_500);
    await handedIn(bench, 1);
    await bench.reply(bench.events[0], { text: "5 €" });
    expect(ann.sees()).toMatchObject([{ plain: "5 €" }]);
  });

  it("is refused to its author alone while the queue is down", async () => {
    const bench = await connect();
    const ann = bench.platform.person("ann");
    const group = await bench.platform.group("Harbour", [ann]);
    bench.queue.take = isDown;
    const { acknowledged, notice } = await ann.command("balance", "", { chat: group.id });
    expect({ acknowledged, notice }).toMatchObject({ acknowledged: true, notice: expect.stringMatching(/try again/) });
    expect(ann.sees(group.id)).toMatchObject([{ ephemeral: true }]);
  });

  it("is apologised for where the queue fails after the first answer", async () => {
    const bench = await connect({ settings: { commandReplies: "public" } });
    const [ann, ben] = [bench.platform.person("ann"), bench.platform.person("ben")];
    const group = await bench.platform.group("Harbour", [ann, ben]);
    bench.queue.take = async (event) => {
      await new Promise((resolve) => setTimeout(resolve, 1_800));
      await isDown(event);
    };
    await ann.command("balance", "", { chat: group.id });
    await expect
      .poll(() => ann.sees(group.id))
      .toMatchObject([{ plain: expect.stringMatching(/try again/), ephemeral: true }]);
    expect(ben.sees(group.id)).toEqual([]);
  });

  it("asks about a message by a form", async () => {
    const bench = await connect();
    const [ann, ben] = [bench.platform.person("ann"), bench.platform.person("ben")];
    const group = await bench.platform.group("Harbour", [ann, ben]);
    const about = await ben.say("Cards are free now.", { chat: group.id });
    await handedIn(bench, 1);
    await ann.messageCommand(about, "Ask about this", () => ["Is that true?"]);
    await handedIn(bench, 2);
    expect(bench.events[1]).toMatchObject({
      text: "Is that true?",
      replyTo: { messageId: about, userId: ben.id, text: "Cards are free now." },
      mentions: [{ isSelf: true }],
    });
  });
});

describe("a button", () => {
  const choices = [
    { id: "confirm:p1", label: "Confirm", value: "confirm", style: "primary" as const },
    { id: "cancel:p1", label: "Cancel", value: "cancel", style: "danger" as const },
  ];

  it("is spent once its requester pressed it; a stranger's press leaves it and is answered to the stranger", async () => {
    const bench = await connect();
    const [ann, ben] = [bench.platform.person("ann"), bench.platform.person("ben")];
    const group = await bench.platform.group("Harbour", [ann, ben]);
    await ann.say("send money", { chat: group.id, mentionBot: true });
    await handedIn(bench, 1);
    const id = await bench.reply(bench.events[0], { text: "Sure?", choices });
    await ben.press(id, "Confirm");
    await handedIn(bench, 2);
    expect(bench.events[1]).toMatchObject({ type: "action", choiceId: "confirm:p1", user: { id: ben.id } });
    await bench.reply(bench.events[1], { text: "Only Ann may." });
    expect(ben.sees(group.id).at(-1)).toMatchObject({ plain: "Only Ann may.", ephemeral: true });
    expect(
      ann
        .sees(group.id)
        .at(-1)
        ?.choices.map(({ disabled }) => disabled),
    ).toEqual([false, false]);
    await ann.press(id, "Confirm");
    await handedIn(bench, 3);
    expect(
      ann
        .sees(group.id)
        .at(-1)
        ?.choices.map(({ disabled }) => disabled),
    ).toEqual([true, true]);
    await expect(ann.press(id, "Confirm")).rejects.toThrow(/cannot be pressed/);
    expect(bench.platform.refusedCalls()).toEqual([]);
  });
});

describe("the connection", () => {
  it("resumes after a cut and after op 7, and loses nothing", async () => {
    const bench = await connect();
    const ann = bench.platform.person("ann");
    await ann.say("one");
    await bench.platform.faults.cutConnections();
    await ann.say("two");
    await handedIn(bench, 2);
    bench.platform.gateway.requestReconnect();
    await ann.say("three");
    await handedIn(bench, 3);
    await expect.poll(() => bench.platform.gateway.counts).toMatchObject({ identified: 1, resumed: 2 });
    expect(bench.events.map(textOf)).toEqual(["one", "two", "three"]);
    await expect.poll(() => bench.session.health().state).toBe("live");
  });

  it("reads from the history what a lost session missed, in order and once, in servers and direct chats", async () => {
    const bench = await connect();
    const ann = bench.platform.person("ann");
    const group = await bench.platform.group("Harbour", [ann]);
    await ann.say("before");
    await ann.say("before", { chat: group.id });
    await handedIn(bench, 2);
    await bench.platform.faults.goDown();
    for (let index = 0; index < 120; index += 1) await ann.say(`missed ${index}`);
    await ann.say("missed in the server", { chat: group.id });
    bench.platform.gateway.invalidate(false);
    await bench.platform.faults.comeBack();
    await handedIn(bench, 123);
    const direct = bench.events.filter(({ chat }) => chat.type === "direct").map(textOf);
    expect(direct).toEqual(["before", ...Array.from({ length: 120 }, (_, index) => `missed ${index}`)]);
    expect(bench.platform.gateway.counts.identified).toBe(2);
  });

  it("goes on after a restart where it was, and leaves alone what was said before it was first there", async () => {
    const platform = await openDiscord();
    onTestFinished(platform.close);
    const ann = platform.person("ann");
    await ann.say("long ago");
    const values = new Map<string, Json>();
    const first = await connect({ on: platform, values });
    await ann.say("seen");
    await handedIn(first, 1);
    await first.close();
    await ann.say("while it was away");
    const second = await connect({ on: platform, values });
    await handedIn(second, 1);
    expect([...first.events, ...second.events].map(textOf)).toEqual(["seen", "while it was away"]);
  });

  it("keeps what the queue cannot take, in order, until it can", async () => {
    const bench = await connect();
    const ann = bench.platform.person("ann");
    bench.queue.take = isDown;
    await ann.say("one");
    await ann.say("two");
    await new Promise((resolve) => setTimeout(resolve, 300));
    bench.queue.take = async () => {};
    await handedIn(bench, 2);
    expect(bench.events.map(textOf)).toEqual(["one", "two"]);
  });

  it("works without the Message Content intent, and says so in its health and to doctor", async () => {
    const bench = await connect({ messageContent: false });
    const ann = bench.platform.person("ann");
    const group = await bench.platform.group("Harbour", [ann]);
    await ann.say("unread", { chat: group.id });
    await ann.say("can you read this?", { chat: group.id, mentionBot: true });
    await handedIn(bench, 1);
    expect(bench.events.map(textOf)).toEqual(["can you read this?"]);
    expect(bench.ignored.join()).toContain("Message Content intent");
    expect(bench.session.health()).toMatchObject({
      state: "degraded",
      remedy: expect.stringMatching(/Message Content Intent/),
    });
    const { adapter, settings } = bench.platform.account;
    expect(await adapter.bind(settings).probe()).toMatchObject([
      { name: "discord token", status: "ok" },
      { name: "discord message content", status: "warning", remedy: expect.stringMatching(/Message Content Intent/) },
    ]);
  });

  it("refuses to connect with a token that was reset, and tells the remedy", async () => {
    const platform = await openDiscord();
    onTestFinished(platform.close);
    await platform.faults.revoke();
    const bound = platform.account.adapter.bind(platform.account.settings);
    await expect(bound.connect(quietContext("discord"))).rejects.toThrow(/Reset Token/);
    expect(await bound.probe()).toMatchObject([{ status: "error", remedy: expect.stringMatching(/Reset Token/) }]);
  });

  it("serves the shards it is told to, and hears the servers of those alone", async () => {
    const platform = await openDiscord();
    onTestFinished(platform.close);
    const ann = platform.person("ann");
    const servers = [];
    for (let index = 0; index < 6; index += 1) servers.push(await platform.server(`Server ${index}`, [ann]));
    const shardOf = (guildId: string): number => Number((BigInt(guildId) >> 22n) % 2n);
    const { adapter, settings } = platform.account;
    const events: string[][] = [[], []];
    for (const id of [0, 1]) {
      const shard = adapter.bind({ ...Object(settings), shards: { ids: [id], count: 2 } });
      const session = await shard.connect(
        quietContext("discord", {
          accept: async (normalized) => {
            if ("event" in normalized && normalized.event.type === "message") events[id]?.push(normalized.event.text);
            return undefined;
          },
        }),
      );
      onTestFinished(session.close);
    }
    for (const { id, guildId } of servers) await ann.say(guildId, { chat: id });
    await ann.say("direct");
    await expect.poll(() => events.flat().length).toBe(7);
    expect(events[0]?.every((text) => text === "direct" || shardOf(text) === 0)).toBe(true);
    expect(events[1]?.every((text) => shardOf(text) === 1)).toBe(true);
  });
});

describe("a message", () => {
  it("notifies nobody it was not allowed to, and quotes what it answers", async () => {
    const bench = await connect();
    const ann = bench.platform.person("ann");
    const group = await bench.platform.group("Harbour", [ann]);
    const asked = await ann.say("hi", { chat: group.id, mentionBot: true });
    await handedIn(bench, 1);
    const id = await bench.reply(bench.events[0], { text: `@everyone <@${ann.id}> hello` });
    expect(bench.platform.pinged(id)).toEqual({ users: [], everyone: false });
    expect(ann.sees(group.id).at(-1)).toMatchObject({ replyTo: asked, plain: `@everyone <@${ann.id}> hello` });
  });

  it("is answered in a thread of its own where that is wanted; the thread is the same conversation", async () => {
    const bench = await connect({ settings: { answerIn: "thread" } });
    const ann = bench.platform.person("ann");
    const group = await bench.platform.group("Harbour", [ann]);
    const asked = await ann.say("What does a card cost?", { chat: group.id, mentionBot: true });
    await handedIn(bench, 1);
    await bench.reply(bench.events[0], { text: "9 €" });
    expect(ann.sees(group.id).at(-1)).toMatchObject({ thread: asked, plain: "9 €" });
    await ann.say("and abroad?", { chat: group.id, thread: asked });
    await handedIn(bench, 2);
    expect(bench.events[1]?.conversation).toBe(bench.events[0]?.conversation);
    // In a thread of its own the bot need not be called.
    expect(bench.events[1]).toMatchObject({ mentions: [{ isSelf: true }] });
    expect(bench.platform.refusedCalls()).toEqual([]);
  });

  it("in a forum belongs to its post", async () => {
    const bench = await connect();
    const ann = bench.platform.person("ann");
    await bench.platform.group("Harbour", [ann]);
    const { forum, post } = await bench.platform.forumPost(ann, "Card lost", "What now?");
    await handedIn(bench, 1);
    expect(bench.events[0]).toMatchObject({ chat: { id: forum, thread: post, title: "Card lost" }, text: "What now?" });
  });

  it("for its requester alone goes to them directly where nothing else can hide it", async () => {
    const bench = await connect();
    const [ann, ben] = [bench.platform.person("ann"), bench.platform.person("ben")];
    const group = await bench.platform.group("Harbour", [ann, ben]);
    await ann.say("my balance?", { chat: group.id, mentionBot: true });
    await handedIn(bench, 1);
    await bench.reply(bench.events[0], { text: "5 €", visibility: "requester" });
    expect(ann.sees().at(-1)?.plain).toBe("5 €");
    expect(ben.sees(group.id)).toHaveLength(1);
  });

  it("has its files fetched again after their links have died", async () => {
    const clock = { now: Date.now() };
    const bench = await connect({ clock: () => clock.now });
    const ann = bench.platform.person("ann");
    const bytes = Buffer.from("the bill");
    await ann.say("see this", { files: [{ name: "bill.txt", mediaType: "text/plain", bytes }] });
    await handedIn(bench, 1);
    clock.now += 25 * 3_600_000;
    const [event] = bench.events;
    if (event?.type !== "message") expect.fail("no message was handed in");
    const [file] = event.attachments;
    if (file === undefined || bench.session.fetchAttachment === undefined) expect.fail("there is no file to fetch");
    const chunks: Uint8Array[] = [];
    for await (const chunk of await bench.session.fetchAttachment(file, AbortSignal.timeout(5_000))) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString("utf8")).toBe("the bill");
  });

  it("tells of being added to a server and removed from it, and of nothing that was so before", async () => {
    const bench = await connect();
    const ann = bench.platform.person("ann");
    const { guildId } = await bench.platform.server("New town", [ann]);
    bench.platform.leave(guildId);
    await handedIn(bench, 2);
    expect(bench.events).toMatchObject([
      { type: "membership", change: "added", chat: { title: "New town" } },
      { type: "membership", change: "removed" },
    ]);
  });
});

describe("platforms L: a connection that Discord closed for good", () => {
  const soon = { settings: { retryRefusedSeconds: 1 } };

  it("says the cause, asks seldom, and comes back by itself with what was missed once the token is valid again", async () => {
    const bench = await connect(soon);
    const ann = bench.platform.person("ann", "Ann");
    await ann.say("first");
    await handedIn(bench, 1);
    await bench.platform.faults.revoke();
    await expect.poll(() => bench.session.health().state).toBe("down");
    expect(bench.session.health()).toMatchObject({
      detail: expect.stringMatching(/token.*tried again by itself/),
      remedy: expect.stringContaining("Reset Token"),
    });
    await ann.say("while it was away");
    const asked = (): number => bench.platform.calls().filter(({ status }) => status === 401).length;
    await expect.poll(asked).toBeGreaterThan(0);
    const identified = bench.platform.gateway.counts.identified;
    bench.platform.restoreToken();
    await expect.poll(() => bench.session.health().state).toBe("live");
    expect(bench.platform.gateway.counts.identified).toBe(identified + 1);
    await handedIn(bench, 2);
    expect(bench.events.map(textOf)).toEqual(["first", "while it was away"]);
    await bench.reply(bench.events[1], { text: "Here again." });
    expect(ann.sees().at(-1)?.plain).toBe("Here again.");
  });

  it("goes on without an intent that was taken away, and says what it misses", async () => {
    const bench = await connect(soon);
    bench.platform.allowContent(false);
    await expect.poll(() => bench.session.health().state).toBe("degraded");
    expect(bench.session.health().detail).toContain("Message Content intent");
    const ann = bench.platform.person("ann", "Ann");
    await ann.say("can you hear me?");
    await handedIn(bench, 1);
  });

  it("refuses sends meanwhile as certainly not sent, and closes at once", async () => {
    const bench = await connect({ settings: { retryRefusedSeconds: 900 } });
    await bench.platform.person("ann").say("hello");
    await handedIn(bench, 1);
    await bench.platform.faults.revoke();
    await expect.poll(() => bench.session.health().state).toBe("down");
    await expect(bench.reply(bench.events[0], { text: "late" })).rejects.toMatchObject({ code: "send/transient" });
    await bench.session.close();
    expect(bench.session.health().state).toBe("closed");
  });
});

describe("platforms L: a server that is out of order for a while", () => {
  it("is no server that the bot joins when it comes back", async () => {
    const bench = await connect();
    const ann = bench.platform.person("ann", "Ann");
    const { guildId } = await bench.platform.server("Harbour", [ann]);
    await handedIn(bench, 1);
    bench.platform.outage(guildId);
    bench.platform.comesBack(guildId);
    bench.platform.outage(guildId);
    bench.platform.comesBack(guildId);
    const { id: chat } = await bench.platform.group("general", [ann]);
    await ann.say("after it", { chat, mentionBot: true });
    await expect.poll(() => bench.events.some(({ type }) => type === "message")).toBe(true);
    expect(bench.events.filter(({ type }) => type === "membership")).toHaveLength(1);
  });
});

describe("platforms F: a thread that is gone", () => {
  async function askedInThread() {
    const bench = await connect();
    const ann = bench.platform.person("ann", "Ann");
    const ben = bench.platform.person("ben", "Ben");
    const { id: chat } = await bench.platform.group("general", [ann, ben]);
    const starter = await ann.say("let us talk", { chat });
    const thread = (await ann.openThread?.(starter, "Cards")) ?? expect.fail();
    await ann.say("what does one cost?", { chat, thread, mentionBot: true });
    await expect.poll(() => bench.events.at(-1)?.chat.thread).toBe(thread);
    return { bench, ann, ben, chat, thread, event: bench.events.at(-1) ?? expect.fail() };
  }

  it.each([
    ["deleted", { status: 404, code: 10_003, message: "Unknown Channel" }],
    ["locked", { status: 400, code: 50_083, message: "Thread is archived" }],
    ["closed to new posts", { status: 403, code: 160_005, message: "Thread is locked" }],
  ])("when %s sends the answer to its channel, below the message that it began with", async (_what, error) => {
    const { bench, ann, chat, thread, event } = await askedInThread();
    bench.platform.closeThread(thread, error);
    const record = await bench.deliver(event, { text: "Five euros." });
    expect(record).toMatchObject({ outcome: "delivered", degraded: [{ feature: "place" }] });
    expect(ann.sees(chat).filter(({ author }) => author.isBot)).toMatchObject([
      { plain: "Five euros.", replyTo: thread },
    ]);
  });

  it("and was private sends it to the person alone", async () => {
    const { bench, ann, ben, chat, thread, event } = await askedInThread();
    bench.platform.closeThread(thread, { status: 404, code: 10_003, message: "Unknown Channel" });
    const record = await bench.deliver({ ...event, reference: { inPrivateThread: true } }, { text: "Five euros." });
    expect(record.degraded).toEqual([{ feature: "place", shownAs: "said to the person directly" }]);
    expect(ann.sees().at(-1)?.plain).toBe("Five euros.");
    expect(ben.sees(chat).filter(({ author }) => author.isBot)).toEqual([]);
  });
});

describe("platforms H: files that a server does not take", () => {
  it("leave the words standing, with a line about each", async () => {
    const bench = await connect();
    const ann = bench.platform.person("ann", "Ann");
    await ann.say("my transactions as a file");
    await handedIn(bench, 1);
    bench.platform.faults.next("send", { kind: "file-refused" }, 2);
    const files = ["a.csv", "b.csv"].map((name) => ({ name, mediaType: "text/csv", spoolKey: name }));
    const record = await bench.deliver(bench.events[0], { text: "Here they are.", files });
    expect(record).toMatchObject({ outcome: "delivered", degraded: [{ feature: "files" }] });
    expect(
      ann
        .sees()
        .filter(({ author }) => author.isBot)
        .map(({ plain, files: seen }) => [plain, seen.length]),
    ).toEqual([
      ["Here they are.", 0],
      ["“a.csv” could not be attached.", 0],
      ["", 1],
    ]);
  });
});
