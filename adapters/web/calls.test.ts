import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { draft, startWebChat, type WebChat, type WebChatOptions } from "../../test/support/web-chat.ts";
import { textOf } from "../../core/event.ts";
import { ChatAnswer, HistoryAnswer, SessionAnswer, UploadAnswer } from "./protocol.ts";

const Problem = z.looseObject({ status: z.number(), code: z.string(), detail: z.string(), correlationId: z.string() });

/** A caller that may name users. */
const trusting = { trustedToken: () => "t0ken" };
const trusted = { authorization: "Bearer t0ken" };

const open: WebChat[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(async (chat) => await chat.close()));
});

async function start(options: WebChatOptions = {}) {
  const chat = await startWebChat(options);
  open.push(chat);
  const api = `${chat.url()}/api/v1`;
  const send = async (path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
    await fetch(`${api}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  const say = async (body: object, headers: Readonly<Record<string, string>> = {}) =>
    ChatAnswer.parse(await (await send("/chat", body, headers)).json());
  return { chat, api, send, say };
}

const problem = async (response: Response) => {
  expect(response.headers.get("content-type")).toContain("application/problem+json");
  const body = Problem.parse(await response.json());
  expect(body.status).toBe(response.status);
  return { status: response.status, code: body.code, detail: body.detail };
};

describe("POST /chat", () => {
  it("gives a session and the answer", async () => {
    const { say, chat } = await start();
    const first = await say({ text: "hello" });
    expect(first).toMatchObject({ status: "answered", replies: [{ text: "You said: hello" }] });
    const second = await say({ text: "again", sessionId: first.sessionId });
    expect(second.sessionId).toBe(first.sessionId);
    const [one, two] = chat.events;
    expect(one?.conversation).toBe(two?.conversation);
    expect(one?.user.id).toMatch(/^guest-/u);
    expect(one?.conversation).not.toContain(first.sessionId);
  });

  it("matches answers to their requests when many ask at once", async () => {
    const { say } = await start({
      answer: async (event) => {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
        return [draft(`1 ${textOf(event)}`), draft(`2 ${textOf(event)}`)];
      },
    });
    const { sessionId } = await say({ text: "start" });
    const words = Array.from({ length: 20 }, (_, index) => `word ${index}`);
    const answers = await Promise.all(words.map(async (text) => await say({ text, sessionId })));
    expect(answers.map(({ replies }) => replies.map(({ text }) => text))).toEqual(
      words.map((word) => [`1 ${word}`, `2 ${word}`]),
    );
  });

  it("ends the wait with no replies where the bot is silent", async () => {
    const { say } = await start({ answer: async () => undefined });
    expect(await say({ text: "hello" })).toMatchObject({ status: "answered", replies: [] });
  });

  it("goes on waiting when an attempt failed and the turn is tried again", async () => {
    const { say } = await start({
      answer: async (_event, emit) => {
        emit({ type: "finished", replies: 0 });
        return [draft("second try")];
      },
    });
    expect((await say({ text: "hello" })).replies).toMatchObject([{ text: "second try" }]);
  });

  it("says 202 with a link when it takes longer, and the link gives the answer", async () => {
    const release = deferred();
    const { send, chat } = await start({
      answer: async () => {
        await release.promise;
        return [draft("at last")];
      },
    });
    const response = await send("/chat?wait=0.05", { text: "slow", messageId: "mine-1" });
    expect(response.status).toBe(202);
    expect(response.headers.get("location")).toContain("/chat/messages/mine-1?");
    const pending = ChatAnswer.parse(await response.json());
    expect(pending).toMatchObject({ status: "pending", replies: [] });
    const link = `${chat.url()}${response.headers.get("location") ?? ""}`;
    expect((await fetch(`${link}&wait=0`)).status).toBe(202);
    const later = fetch(link);
    release.resolve(undefined);
    expect(ChatAnswer.parse(await (await later).json())).toMatchObject({ replies: [{ text: "at last" }] });
  });

  it("does not double a message that is sent again, and gives the first answer, also after a restart", async () => {
    const { say, chat } = await start();
    const { sessionId } = await say({ text: "start" });
    const first = await say({ text: "pay", sessionId, messageId: "m-1" });
    const again = await say({ text: "pay", sessionId, messageId: "m-1" });
    await chat.stop();
    await chat.start();
    const afterRestart = await say({ text: "pay", sessionId, messageId: "m-1" });
    expect(again.replies).toEqual(first.replies);
    expect(afterRestart.replies.map(({ id }) => id)).toEqual(first.replies.map(({ id }) => id));
    expect(chat.events.filter((event) => textOf(event) === "pay")).toHaveLength(1);
  });

  it("web-and-operations A: refuses other words under the id of an earlier message, and changes nothing", async () => {
    const { say, send, chat } = await start();
    const { sessionId } = await say({ text: "pay", messageId: "m-1" });
    const response = await send("/chat", { text: "pay twice", sessionId, messageId: "m-1" });
    expect([response.status, await response.json()]).toMatchObject([409, { code: "web/message-id-taken" }]);
    expect(chat.events.map(textOf)).toEqual(["pay"]);
  });

  it("finds an answer that another process delivered", async () => {
    const { say, chat } = await start();
    chat.deliverElsewhere(true);
    expect((await say({ text: "hello" })).replies).toMatchObject([{ text: "You said: hello" }]);
  });

  it("binds a session to its user", async () => {
    const { say, send, chat } = await start({ gateway: trusting });
    const { sessionId } = await say({ text: "hello", userId: "anna" }, trusted);
    expect(chat.events[0]?.user.id).toBe("anna");
    expect((await say({ text: "again", sessionId })).status).toBe("answered");
    expect(chat.events[1]?.user.id).toBe("anna");
    const foreign = await send("/chat", { text: "mine", sessionId, userId: "ben" });
    expect(await problem(foreign)).toMatchObject({ status: 403, code: "web/foreign-session" });
    expect(chat.events).toHaveLength(2);
  });

  it("web-and-operations A: lets nobody name a user without a token for it, nor a guest with one", async () => {
    const { send, chat } = await start({ gateway: trusting });
    const tries: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
      ["anna", {}],
      ["alice@example.org", { authorization: "Bearer wrong" }],
      ["anna", { authorization: "Bearer t0ken2" }],
      ["anna", { cookie: "parley_access=t0ken" }],
      ["guest-1", trusted],
    ];
    for (const [userId, headers] of tries) {
      const response = await send("/chat", { text: "What is my balance?", userId }, headers);
      expect(await problem(response)).toMatchObject({ status: 403, code: "web/user-id-refused" });
    }
    expect(chat.events).toEqual([]);
  });

  it("says 503 at once when the broker is down, and works again after it", async () => {
    const { send, say, chat } = await start();
    chat.fail(true);
    expect(await problem(await send("/chat", { text: "hello" }))).toMatchObject({
      status: 503,
      code: "broker/unavailable",
    });
    chat.fail(false);
    expect((await say({ text: "hello" })).replies).toHaveLength(1);
  });
});

describe("bad input", () => {
  const cases: readonly (readonly [string, string | object, number, string])[] = [
    ["malformed JSON", '{"text": "x"', 400, "gateway/malformed-json"],
    ["an empty body", "", 400, "gateway/malformed-json"],
    ["a list", [], 400, "gateway/invalid-request"],
    ["an unknown field", { text: "x", txet: "y" }, 400, "gateway/invalid-request"],
    ["a wrong type", { text: 5 }, 400, "gateway/invalid-request"],
    ["no text", { text: "  " }, 400, "gateway/invalid-request"],
    ["invisible text", { text: "\u200b\u2060\u3164\ufe0f\u00ad" }, 400, "gateway/invalid-request"],
    ["a null session", { text: "x", sessionId: null }, 400, "gateway/invalid-request"],
    ["a made-up session", { text: "x", sessionId: "abc" }, 404, "web/unknown-session"],
    ["a user id with control characters", { text: "x", userId: "a\u0000b" }, 400, "gateway/invalid-request"],
    ["a message id like a path", { text: "x", messageId: "../x" }, 400, "gateway/invalid-request"],
    ["large metadata", { text: "x", metadata: { a: "x".repeat(5_000) } }, 400, "gateway/invalid-request"],
    ["an attachment of nobody", { text: "x", attachments: [{ id: "e30.AAAA" }] }, 404, "web/unknown-attachment"],
    ["100 001 characters", { text: "x".repeat(100_001) }, 413, "event/text-too-long"],
    ["10 MB", { text: "x".repeat(10_000_000) }, 413, "gateway/body-too-large"],
    ["a poisoned prototype", '{"text":"x","__proto__":{"admin":true}}', 400, "gateway/forbidden-key"],
  ];
  it.each(cases)("refuses %s", async (_name, body, status, code) => {
    const { send, chat } = await start();
    expect(await problem(await send("/chat", body))).toMatchObject({ status, code });
    expect(chat.events).toHaveLength(0);
  });

  it("names the field that does not fit", async () => {
    const { send } = await start();
    const { detail } = await problem(await send("/chat", { text: 5 }));
    expect(detail).toContain("body.text");
  });

  it("refuses bytes that are no UTF-8, and forms", async () => {
    const { api } = await start();
    const bytes = Buffer.concat([Buffer.from('{"text":"'), Buffer.from([0xc3, 0x28, 0xff]), Buffer.from('"}')]);
    const headers = { "content-type": "application/json" };
    const invalid = await fetch(`${api}/chat`, { method: "POST", headers, body: bytes });
    expect(await problem(invalid)).toMatchObject({ status: 400, code: "gateway/invalid-utf8" });
    const form = await fetch(`${api}/chat`, { method: "POST", body: new URLSearchParams({ text: "x" }) });
    expect(await problem(form)).toMatchObject({ status: 415 });
  });

  it("takes 100 000 characters whole, of any script", async () => {
    const { say, chat } = await start({ answer: async () => [draft("ok")] });
    const text = "語".repeat(99_999).concat("x");
    await say({ text });
    expect(chat.events[0]).toMatchObject({ text });
  });

  it("takes control and bidi characters out of what is said", async () => {
    const { say, chat } = await start();
    await say({ text: "pay\u0000 \u202Eevil\u202C 5\u200B€" });
    expect(chat.events[0]).toMatchObject({ text: "pay evil 5€" });
  });

  it("does not know sessions of another installation, nor ids that were changed by one character", async () => {
    const [one, two] = [await start(), await start()];
    const { sessionId } = await one.say({ text: "hello" });
    const foreign = await two.send("/chat", { text: "x", sessionId });
    expect(foreign.status).toBe(404);
    for (let index = 0; index < sessionId.length; index += 5) {
      const changed = `${sessionId.slice(0, index)}${sessionId[index] === "A" ? "B" : "A"}${sessionId.slice(index + 1)}`;
      expect((await one.send("/chat", { text: "x", sessionId: changed })).status).toBe(404);
    }
  });
});

describe("sessions", () => {
  it("tells facts, history in pages, and what was said under which message id", async () => {
    const { api, say } = await start();
    const { sessionId } = await say({ text: "one", messageId: "m1" });
    await say({ text: "two", sessionId });
    const get = async (path: string): Promise<unknown> => await (await fetch(`${api}${path}`)).json();
    const facts = SessionAnswer.parse(await get(`/sessions/${sessionId}`));
    expect(facts).toMatchObject({ sessionId, messageCount: 2 });
    const all = HistoryAnswer.parse(await get(`/chat/history?sessionId=${sessionId}`)).messages;
    expect(all.map(({ text }) => text)).toEqual(["one", "You said: one", "two", "You said: two"]);
    expect(all[0]?.messageId).toBe("m1");
    expect(all[1]?.html).toBe("<p>You said: one</p>");
    const Page = HistoryAnswer.extend({ next: z.string().optional() });
    const newest = Page.parse(await get(`/chat/history?sessionId=${sessionId}&limit=2`));
    expect(newest.messages.map(({ text }) => text)).toEqual(["two", "You said: two"]);
    const before = Page.parse(await get(`/chat/history?sessionId=${sessionId}&limit=2&cursor=${newest.next ?? ""}`));
    expect(before.messages.map(({ text }) => text)).toEqual(["one", "You said: one"]);
    expect(before.next).toBeUndefined();
    expect(await problem(await fetch(`${api}/chat/history?sessionId=${sessionId}&limit=0`))).toMatchObject({
      status: 400,
    });
  });

  it("starts anew after a reset, in the same session", async () => {
    const { api, say } = await start();
    const { sessionId } = await say({ text: "one" });
    const reset = await fetch(`${api}/sessions/${sessionId}/reset`, { method: "POST" });
    expect(reset.status).toBe(200);
    expect(SessionAnswer.parse(await (await fetch(`${api}/sessions/${sessionId}`)).json()).createdAt).toBeNull();
    expect((await say({ text: "two", sessionId })).status).toBe("answered");
  });

  it("forgets a session for good, across restarts", async () => {
    const { api, say, send, chat } = await start();
    const { sessionId } = await say({ text: "secret" });
    expect((await fetch(`${api}/chat/session?sessionId=${sessionId}`, { method: "DELETE" })).status).toBe(204);
    await chat.stop();
    await chat.start();
    expect((await send("/chat", { text: "x", sessionId })).status).toBe(404);
    expect((await fetch(`${api}/chat/history?sessionId=${sessionId}`)).status).toBe(404);
  });

  it("keeps sessions over a restart", async () => {
    const { say, chat } = await start({ gateway: trusting });
    const { sessionId } = await say({ text: "one", userId: "anna" }, trusted);
    await chat.stop();
    await chat.start();
    expect((await say({ text: "two", sessionId })).status).toBe("answered");
    expect(chat.events[1]?.user.id).toBe("anna");
  });

  it("does not know messages that were never sent", async () => {
    const { api, say } = await start();
    const { sessionId } = await say({ text: "one" });
    const response = await fetch(`${api}/chat/messages/nothing?sessionId=${sessionId}`);
    expect(await problem(response)).toMatchObject({ status: 404, code: "web/unknown-message" });
  });
});

describe("actions", () => {
  it("confirms and cancels through the same road, as the session's user", async () => {
    const { say, send, chat } = await start({ gateway: trusting });
    const { sessionId } = await say({ text: "pay", userId: "anna" }, trusted);
    const confirmed = await send("/actions/confirm", { sessionId, proposalId: "p1", code: "K7M2QX" });
    expect(ChatAnswer.parse(await confirmed.json()).replies).toHaveLength(1);
    await send("/actions/cancel", { sessionId, proposalId: "p2" });
    expect(chat.events.slice(1)).toMatchObject([
      { type: "action", choiceId: "confirm:p1", code: "K7M2QX", user: { id: "anna" } },
      { type: "action", choiceId: "cancel:p2", value: "Cancel" },
    ]);
    const foreign = await send("/actions/confirm", { sessionId, proposalId: "p1", userId: "ben" });
    expect(await problem(foreign)).toMatchObject({ status: 403 });
  });

  it("does not confirm twice when the request is repeated", async () => {
    const { say, send, chat } = await start();
    const { sessionId } = await say({ text: "pay" });
    const body = { sessionId, proposalId: "p1", messageId: "press-1" };
    await send("/actions/confirm", body);
    const again = ChatAnswer.parse(await (await send("/actions/confirm", body)).json());
    expect(again.replies).toHaveLength(1);
    expect(chat.events).toHaveLength(2);
  });
});

describe("web-and-operations A: confirming over HTTP", () => {
  it.each(["123456", "WRONG2", "nope", "0", "confirm", "Confirm", "CANCEL", " ", ""])(
    "hands a given code on as a code, whatever it is: %j",
    async (code) => {
      const { say, send, chat } = await start();
      const { sessionId } = await say({ text: "pay" });
      await send("/actions/confirm", { sessionId, proposalId: "p1", code });
      expect(chat.events[1]).toMatchObject({ type: "action", choiceId: "confirm:p1", code });
    },
  );

  it("hands a press without a code on without one", async () => {
    const { say, send, chat } = await start();
    const { sessionId } = await say({ text: "pay" });
    await send("/actions/confirm", { sessionId, proposalId: "p1" });
    expect(chat.events[1]).not.toHaveProperty("code");
  });

  it.each(["confirm", "cancel"])("gives the stored answer when %s is sent again after a restart", async (verb) => {
    const { say, send, chat, api } = await start();
    const { sessionId } = await say({ text: "pay" });
    const body = { sessionId, proposalId: "p1", messageId: "press-1" };
    const first = ChatAnswer.parse(await (await send(`/actions/${verb}`, body)).json());
    for (let more = 0; more < 40; more += 1) await say({ text: `later ${more}`, sessionId });
    await chat.stop();
    await chat.start();
    const again = await send(`/actions/${verb}?wait=2`, body);
    expect(again.status).toBe(200);
    expect(ChatAnswer.parse(await again.json()).replies).toEqual(first.replies);
    const linked = await fetch(`${api}/chat/messages/press-1?sessionId=${sessionId}`);
    expect(ChatAnswer.parse(await linked.json()).replies).toEqual(first.replies);
    expect(chat.events.filter(({ type }) => type === "action")).toHaveLength(1);
  });
});

describe("web-and-operations A: limits", () => {
  const few = { settings: { perAddress: { messagesPerMinute: 5, newSessionsPerMinute: 3 } } };

  it("counts new guests by where they come from, over HTTP", async () => {
    const { send, chat } = await start(few);
    const answers = await Promise.all(Array.from({ length: 10 }, async () => await send("/chat", { text: "hello" })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    const refused = answers.find(({ status }) => status === 429) ?? expect.fail();
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await problem(refused)).toMatchObject({ status: 429, code: "web/rate-limited" });
    expect(chat.events).toHaveLength(3);
  });

  it("counts a /64 of IPv6 as one place", async () => {
    const { send } = await start({ ...few, gateway: { trustedProxies: 1 } });
    const ask = async (index: number): Promise<Response> =>
      await send("/chat", { text: "x" }, { "x-forwarded-for": `2001:db9:1:1::${index}` });
    const answers = await Promise.all(Array.from({ length: 6 }, async (_, index) => await ask(index)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
  });

  it("counts the messages of guests by where they come from, whatever their sessions", async () => {
    const { say, send, chat } = await start(few);
    const sessions = [await say({ text: "1" }), await say({ text: "2" })].map(({ sessionId }) => sessionId);
    const statuses: number[] = [];
    for (const sessionId of [...sessions, ...sessions, ...sessions])
      statuses.push((await send("/actions/confirm", { sessionId, proposalId: "p" })).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429, 429]);
    expect(chat.events).toHaveLength(5);
  });

  it("believes an address behind a proxy only where the proxy is trusted", async () => {
    const direct = await start(few);
    const proxied = await start({ ...few, gateway: { trustedProxies: 1 } });
    const ask = async (send: typeof direct.send) => {
      const from = (index: number) => ({ "x-forwarded-for": `198.51.100.${index}` });
      const all = Array.from({ length: 6 }, async (_, index) => await send("/chat", { text: "x" }, from(index)));
      return (await Promise.all(all)).filter(({ status }) => status === 200).length;
    };
    expect([await ask(direct.send), await ask(proxied.send)]).toEqual([3, 6]);
  });

  it("does not count callers that may name users", async () => {
    const { send } = await start({ ...few, gateway: trusting });
    const answers = await Promise.all(
      Array.from({ length: 8 }, async (_, index) => await send("/chat", { text: "x", userId: `u${index}` }, trusted)),
    );
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });

  it("says 429 where the person's own limit keeps the bot silent", async () => {
    const { send } = await start({ answer: async () => undefined, retryAfterMs: 12_000 });
    const response = await send("/chat", { text: "once more" });
    expect(response.headers.get("retry-after")).toBe("12");
    expect(await problem(response)).toMatchObject({ status: 429, code: "web/rate-limited" });
  });
});

describe("uploads", () => {
  const upload = async (api: string, sessionId: string, body: string | Uint8Array, name = "bill.pdf") =>
    await fetch(`${api}/chat/attachments?${new URLSearchParams({ sessionId, name }).toString()}`, {
      method: "POST",
      headers: { "content-type": "application/octet-stream" },
      body,
    });

  it("keeps a file, tells its type by its bytes, and takes it along with a message", async () => {
    const { api, say, chat } = await start();
    const { sessionId } = await say({ text: "hello" });
    const response = await upload(api, sessionId, Buffer.from("%PDF-1.7 hello"), "photo.png");
    expect(response.status).toBe(201);
    const { id, ...facts } = UploadAnswer.parse(await response.json());
    expect(facts).toEqual({ name: "photo.png", mediaType: "application/pdf", sizeBytes: 14 });
    await say({ sessionId, text: "", attachments: [{ id }] });
    expect(chat.events[1]).toMatchObject({ attachments: [{ kind: "document", mediaType: "application/pdf" }] });
    const other = await say({ text: "hello" });
    const stolen = await fetch(`${api}/chat`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ sessionId: other.sessionId, text: "", attachments: [{ id }] }),
    });
    expect(await problem(stolen)).toMatchObject({ status: 404, code: "web/unknown-attachment" });
  });

  it("gives a reply's file to the session that was shown it, and to no other", async () => {
    const { api, say } = await start({
      answer: async (event) => {
        const [file] = "attachments" in event ? event.attachments : [];
        const files = [{ name: "größe 1.csv", mediaType: "text/csv", spoolKey: file?.spoolKey ?? "" }];
        return [file === undefined ? draft("hello") : draft("Here.", { files })];
      },
    });
    const { sessionId } = await say({ text: "hello" });
    const { sessionId: stranger } = await say({ text: "hello" });
    const uploaded = await fetch(`${api}/chat/attachments?sessionId=${sessionId}&name=a.csv`, {
      method: "POST",
      body: "a,b",
    });
    const { id } = UploadAnswer.parse(await uploaded.json());
    const { replies } = await say({ text: "back, please", sessionId, attachments: [{ id }] });
    const key = replies[0]?.files?.[0]?.spoolKey;
    const given = await fetch(`${api}/chat/files/${key}?sessionId=${sessionId}`);
    expect([given.status, await given.text()]).toEqual([200, "a,b"]);
    expect(given.headers.get("content-disposition")).toBe("attachment; filename*=UTF-8''gr%C3%B6%C3%9Fe%201.csv");
    const refused = await fetch(`${api}/chat/files/${key}?sessionId=${stranger}`);
    expect(await problem(refused)).toMatchObject({ status: 404, code: "web/unknown-file" });
  });

  it("refuses empty files, huge ones by length and by what comes, forms, and strangers", async () => {
    const { api, say } = await start();
    const { sessionId } = await say({ text: "hello" });
    expect(await problem(await upload(api, sessionId, ""))).toMatchObject({ status: 400, code: "web/empty-file" });
    const huge = Buffer.alloc(21 * 1024 * 1024);
    expect(await problem(await upload(api, sessionId, huge))).toMatchObject({ status: 413 });
    expect(await problem(await upload(api, "nobody", "x"))).toMatchObject({ status: 404 });
    const form = new FormData();
    form.set("file", new Blob(["x"]));
    const asForm = await fetch(`${api}/chat/attachments?sessionId=${sessionId}`, { method: "POST", body: form });
    expect(await problem(asForm)).toMatchObject({ status: 415, code: "web/multipart" });
  });

  it("stops an endless upload at the limit", async () => {
    const { api, say } = await start();
    const { sessionId } = await say({ text: "hello" });
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += 1;
        controller.enqueue(new Uint8Array(1024 * 1024));
      },
    });
    const request = fetch(`${api}/chat/attachments?sessionId=${sessionId}`, {
      method: "POST",
      body: endless,
      duplex: "half",
    });
    const status = await request.then(
      (response) => response.status,
      () => "cut",
    );
    expect([413, "cut"]).toContain(status);
    expect(sent).toBeLessThan(60);
  });

  it("are counted by where guests are: one fills the place for files of nobody else", async () => {
    const few = { perAddress: { uploadedMebibytesPerHour: 20 } };
    const { api, say } = await start({ settings: few, gateway: { trustedProxies: 1 } });
    const { sessionId } = await say({ text: "hello" });
    const send = async (from: string): Promise<Response> =>
      await fetch(`${api}/chat/attachments?${new URLSearchParams({ sessionId }).toString()}`, {
        method: "POST",
        headers: { "x-forwarded-for": from },
        body: Buffer.alloc(15 * 1024 * 1024),
      });
    expect((await send("2001:db9:5:5::1")).status).toBe(201);
    expect(await problem(await send("2001:db9:5:5::2"))).toMatchObject({ status: 429, code: "web/rate-limited" });
    expect((await send("203.0.113.9")).status).toBe(201);
  });

  it("strips paths and control characters from names", async () => {
    const { api, say } = await start();
    const { sessionId } = await say({ text: "hello" });
    const response = await upload(api, sessionId, "text", "../../etc/pass\u0000wd\u202E");
    expect(UploadAnswer.parse(await response.json()).name).toBe("passwd");
  });
});

describe("the page", () => {
  it("refuses an account name that cannot stand in an address", async () => {
    await expect(startWebChat({ accountName: "private bank" })).rejects.toMatchObject({ code: "web/account-name" });
  });

  it("is served under a strict policy, revalidated, with assets that never change", async () => {
    const { chat } = await start({ settings: { title: 'A "bank" <b>' } });
    const response = await fetch(`${chat.url()}/`);
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("unsafe");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    const html = await response.text();
    expect(html).toContain("A &quot;bank&quot; &lt;b&gt;");
    expect(html).not.toMatch(/<script>|\sstyle=|\son\w+=/u);
    const etag = response.headers.get("etag") ?? "";
    const again = await fetch(`${chat.url()}/`, { headers: { "if-none-match": etag } });
    expect(again.status).toBe(304);
    const [, script] = /src="([^"]+)"/u.exec(html) ?? [];
    const asset = await fetch(`${chat.url()}${script ?? ""}`);
    expect(asset.headers.get("content-type")).toContain("text/javascript");
    expect(asset.headers.get("cache-control")).toContain("immutable");
    const missing = await fetch(`${chat.url()}${(script ?? "").replace(/[^/]+$/u, "..%2Findex.ts")}`);
    expect(missing.status).toBe(404);
  });
});

function deferred(): { promise: Promise<undefined>; resolve: (value: undefined) => void } {
  let resolve: (value: undefined) => void = () => undefined;
  const promise = new Promise<undefined>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
