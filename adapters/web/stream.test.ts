import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { openSocket, type Frame, type TestSocket } from "../../test/support/web-socket.ts";
import { draft, startWebChat, type WebChat, type WebChatOptions } from "../../test/support/web-chat.ts";
import { textOf } from "../../core/event.ts";

const chats: WebChat[] = [];
const sockets: TestSocket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.raw.terminate();
  await Promise.all(chats.splice(0).map(async (chat) => await chat.close()));
});

async function start(options: WebChatOptions = {}) {
  const chat = await startWebChat(options);
  chats.push(chat);
  const open = async (query: Readonly<Record<string, string>> = {}, headers = {}): Promise<TestSocket> => {
    const socket = await openSocket(chat.url(), query, headers);
    sockets.push(socket);
    return socket;
  };
  const join = async (query: Readonly<Record<string, string>> = {}, headers = {}) => {
    const socket = await open(query, headers);
    const { sessionId } = await socket.until(isType("session"));
    return { socket, sessionId: String(sessionId) };
  };
  return { chat, open, join };
}

const isType =
  (type: string) =>
  (frame: Frame): boolean =>
    frame.type === type;
const isReplyTo =
  (text: string) =>
  (frame: Frame): boolean =>
    frame.type === "reply" && String(frame["html"]).includes(text);
const isAbout = (messageId: string) => (frame: Frame) => frame["messageId"] === messageId;

describe("the socket", () => {
  it("shows acceptance, status, streamed text and the reply, each with an id that grows", async () => {
    const { join } = await start({
      answer: async (_event, emit) => {
        emit({ type: "started" });
        emit({ type: "status", text: "Searching…" });
        emit({ type: "delta", offset: 0, text: "Hel" });
        emit({ type: "reset" });
        emit({ type: "delta", offset: 0, text: "Hello" });
        return [draft("Hello")];
      },
    });
    const { socket } = await join();
    socket.send({ type: "message", messageId: "m1", text: "hi" });
    await socket.until(isType("reply"));
    const frames = socket.frames.slice(1).filter(({ type }) => type !== "finished");
    expect(frames.map(({ type }) => type)).toEqual([
      "accepted",
      "status",
      "status",
      "delta",
      "reset",
      "delta",
      "reply",
    ]);
    const numbers = socket.frames.slice(1).map(({ id }) => Number(String(id).split(".").at(-1)));
    expect(numbers).toEqual(numbers.map((_number, index) => index + 1));
    expect(socket.frames.find(isType("accepted"))).toMatchObject({ messageId: "m1", text: "hi", duplicate: false });
  });

  it("turns a pressed choice into an action", async () => {
    const { join, chat } = await start();
    const { socket } = await join();
    socket.send({ type: "action", messageId: "r1", choiceId: "a", value: "savings" });
    await socket.until(isType("reply"));
    expect(chat.events).toMatchObject([{ type: "action", choiceId: "a", value: "savings", messageId: "r1" }]);
  });

  it("gives who comes back everything since the last event id, once", async () => {
    const { join } = await start();
    const { socket, sessionId } = await join();
    socket.send({ type: "message", messageId: "m1", text: "one" });
    const { id } = await socket.until(isReplyTo("one"));
    const other = await join({ sessionId });
    other.socket.send({ type: "message", messageId: "m2", text: "two" });
    await other.socket.until(isReplyTo("two"));
    const back = await join({ sessionId, lastEventId: String(id) });
    await back.socket.until(isReplyTo("two"));
    expect(back.socket.frames[0]).toMatchObject({ type: "session", resumed: true });
    expect(back.socket.frames.filter(isType("reply"))).toHaveLength(1);
    expect(back.socket.frames.filter(isType("accepted"))).toMatchObject([{ messageId: "m2", text: "two" }]);
  });

  it("fills a gap that its buffer does not reach from the history", async () => {
    const { join, chat } = await start();
    const { socket, sessionId } = await join();
    socket.send({ type: "message", messageId: "m1", text: "one" });
    const { id } = await socket.until(isReplyTo("one"));
    await chat.stop();
    await chat.start();
    const back = await join({ sessionId, lastEventId: String(id) });
    expect(await back.socket.until(isType("reply"))).toMatchObject({ replayed: true });
    expect(back.socket.frames[0]).toMatchObject({ resumed: false });
  });

  it("shows an answer that another process delivered", async () => {
    const { join, chat } = await start();
    chat.deliverElsewhere(true);
    const { socket } = await join();
    socket.send({ type: "message", messageId: "m1", text: "one" });
    expect(await socket.until(isReplyTo("one"))).toMatchObject({ index: 0, count: 1 });
  });

  it("does not double a message that is sent again", async () => {
    const { join, chat } = await start();
    const { socket } = await join();
    socket.send({ type: "message", messageId: "m1", text: "one" });
    await socket.until(isType("reply"));
    socket.send({ type: "message", messageId: "m1", text: "one" });
    await socket.until((frame) => frame["duplicate"] === true);
    expect(chat.events).toHaveLength(1);
    expect(socket.frames.filter(isType("reply"))).toHaveLength(1);
  });

  it("accepts the messages of one socket in order", async () => {
    const { join, chat } = await start();
    const { socket } = await join();
    const words = Array.from({ length: 50 }, (_, index) => `word ${index}.`);
    for (const [index, text] of words.entries()) socket.send({ type: "message", messageId: `m${index}`, text });
    await socket.until(isReplyTo("word 49."));
    expect(chat.events.map(textOf)).toEqual(words);
  });

  it("tells that the broker is down, and which message was not taken", async () => {
    const { join, chat } = await start();
    const { socket } = await join();
    chat.fail(true);
    socket.send({ type: "message", messageId: "m1", text: "one" });
    expect(await socket.until(isType("error"))).toMatchObject({
      code: "broker/unavailable",
      retryable: true,
      messageId: "m1",
    });
    chat.fail(false);
    socket.send({ type: "message", messageId: "m1", text: "one" });
    await socket.until(isType("reply"));
    expect(chat.events).toHaveLength(1);
  });

  it("answers pings", async () => {
    const { join } = await start();
    const { socket } = await join();
    socket.send({ type: "ping" });
    await socket.until(isType("pong"));
  });
});

const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;

describe("a socket that misbehaves", () => {
  const faults: readonly (readonly [string, unknown])[] = [
    ["no JSON", "{"],
    ["no object", "[1]"],
    ["null", "null"],
    ["an unknown type", { type: "shout", text: "x" }],
    ["an unknown field", { type: "message", text: "x", txet: "y" }],
    ["a wrong type", { type: "message", text: 5 }],
    ["nothing said", { type: "message", text: " " }],
    ["an action without a choice", { type: "action" }],
    ["1,900 levels (web-and-operations A)", `{"type":"message","text":"x","metadata":${nested(1_900)}}`],
    ["65 levels (web-and-operations A)", `{"type":"message","text":"x","metadata":${nested(65)}}`],
    ["lists in lists (web-and-operations A)", `${"[".repeat(100_000)}${"]".repeat(100_000)}`],
  ];
  it.each(faults)("is told what does not fit: %s", async (_name, frame) => {
    const { join, chat } = await start();
    const { socket } = await join();
    socket.send(frame);
    expect(await socket.until(isType("error"))).toMatchObject({ code: "web/invalid-frame", retryable: false });
    socket.send({ type: "message", text: "still here" });
    await socket.until(isReplyTo("still here"));
    expect(chat.events).toHaveLength(1);
  });

  it("is told which of its messages is too long", async () => {
    const { join } = await start();
    const { socket } = await join();
    socket.send({ type: "message", messageId: "m1", text: "語".repeat(100_001) });
    expect(await socket.until(isAbout("m1"))).toMatchObject({ type: "error", code: "event/text-too-long" });
  });

  it("is closed for binary frames, invalid UTF-8 and frames over the limit", async () => {
    const { join } = await start();
    const codes = await Promise.all(
      [
        (socket: TestSocket) => socket.raw.send(Buffer.from([1, 2, 3])),
        (socket: TestSocket) => socket.raw.send(Buffer.from([0xc3, 0x28]), { binary: false }),
        (socket: TestSocket) => socket.raw.send("x".repeat(10_000_000)),
      ].map(async (misbehave) => {
        const { socket } = await join();
        socket.raw.on("error", () => undefined);
        misbehave(socket);
        return (await socket.closed).code;
      }),
    );
    expect(codes).toEqual([1003, 1007, 1009]);
  });

  it("is turned away with the reason: unknown session, named user, foreign user, foreign page", async () => {
    const { open, join } = await start({ gateway: { trustedToken: () => "t0ken" } });
    const unknown = await open({ sessionId: "made-up" });
    expect(await unknown.until(isType("error"))).toMatchObject({ code: "web/unknown-session" });
    expect(await unknown.closed).toEqual({ code: 4404, reason: "web/unknown-session" });
    expect((await (await open({ userId: "anna" })).closed).code).toBe(4403);
    const { sessionId } = await join({ userId: "anna" }, { authorization: "Bearer t0ken" });
    expect((await (await open({ sessionId, userId: "ben" })).closed).code).toBe(4403);
    await expect(open({}, { origin: "https://evil.example" })).rejects.toThrow("403");
  });

  it("is slowed down when it floods", async () => {
    const { join, chat } = await start();
    const { socket } = await join();
    for (let index = 0; index < 300; index += 1) socket.send({ type: "message", messageId: `m${index}`, text: "x" });
    expect(await socket.until(isAbout("m299"))).toMatchObject({ code: "web/too-fast", retryable: true });
    expect(chat.events.length).toBeLessThan(200);
  });

  it("may not be opened over and over in one session", async () => {
    const { join, open } = await start({ settings: { maxSocketsPerSession: 2 } });
    const { sessionId } = await join();
    await join({ sessionId });
    expect((await (await open({ sessionId })).closed).code).toBe(4429);
  });

  it("leaves room for others: an address, or a /64 of IPv6, may have so many sockets open and no more", async () => {
    const { open, join } = await start({ settings: { perAddress: { sockets: 2 } }, gateway: { trustedProxies: 1 } });
    const from = (address: string) => ({ "x-forwarded-for": address });
    const { socket } = await join({}, from("2001:db9:5:5::1"));
    await join({}, from("2001:db9:5:5::2"));
    const third = await open({}, from("2001:db9:5:5::3"));
    expect(await third.until(isType("error"))).toMatchObject({ code: "web/too-many-sockets" });
    await join({}, from("203.0.113.9"));
    socket.raw.close();
    await socket.closed;
    await join({}, from("2001:db9:5:5::4"));
  });

  it("web-and-operations A: is told that it is over the limits, by person and by address", async () => {
    const limited = await start({ answer: async () => undefined, retryAfterMs: 9_000 });
    const { socket } = await limited.join();
    socket.send({ type: "message", messageId: "m1", text: "once more" });
    expect(await socket.until(isType("error"))).toMatchObject({ code: "web/rate-limited", messageId: "m1" });
    const few = await start({ settings: { perAddress: { messagesPerMinute: 2, newSessionsPerMinute: 2 } } });
    const one = await few.join();
    const two = await few.join();
    expect((await (await few.open()).closed).code).toBe(4429);
    for (const [index, { socket: each }] of [one, two, one].entries()) {
      each.send({ type: "message", messageId: `m${index}`, text: "x" });
      await each.until(isAbout(`m${index}`));
    }
    expect(await one.socket.until(isType("error"))).toMatchObject({ code: "web/rate-limited", messageId: "m2" });
  });

  it("is cut off when it never reads, and the others go on", async () => {
    const { chat, join } = await start({
      answer: async (event) => [draft(textOf(event) === "flood" ? "x".repeat(90_000) : "ok")],
    });
    const { socket, sessionId } = await join();
    await openDeaf(chat.url(), sessionId);
    const count = (): string => chat.session().health().detail;
    expect(count()).toBe("2 sockets");
    for (let index = 0; index < 90 && count() === "2 sockets"; index += 1) {
      socket.send({ type: "message", messageId: `m${index}`, text: "flood" });
      await socket.until((frame) => frame.type === "reply" && socket.frames.filter(isType("reply")).length > index);
    }
    expect(count()).toBe("1 sockets");
    socket.send({ type: "message", text: "hello" });
    await socket.until(isReplyTo("ok"));
  });

  it("holds 1 000 others, idle, within bounded memory", async () => {
    const { chat, open, join } = await start();
    const before = process.memoryUsage().rss;
    await Promise.all(Array.from({ length: 1_000 }, async () => await open()));
    const { socket } = await join();
    socket.send({ type: "message", text: "hello" });
    await socket.until(isType("reply"));
    expect(chat.session().health().detail).toBe("1001 sockets");
    // Both ends of every socket live in this process.
    const perSocket = (process.memoryUsage().rss - before) / 1_000;
    expect(perSocket).toBeLessThan(200 * 1024);
  });
});

/** Opens a socket of the session and never reads from it. */
async function openDeaf(url: string, sessionId: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const raw = connect(Number(port), hostname);
  raw.on("error", () => undefined);
  await once(raw, "connect");
  raw.write(
    [
      `GET /api/v1/chat/stream?sessionId=${sessionId} HTTP/1.1`,
      `Host: ${hostname}:${port}`,
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      "",
      "",
    ].join("\r\n"),
  );
  await once(raw, "data");
  raw.pause();
}
