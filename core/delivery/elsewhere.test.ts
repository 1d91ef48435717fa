/** What the delivery does where a reply cannot stand as it was meant: its place is gone, or its file is refused. */
import { describe, expect, it } from "vitest";
import { deliverySetup, testEntry, testSignal } from "../../test/support/delivery-setup.ts";
import type { Call, Fault } from "../../test/support/scripted-platform.ts";

const inThread = { target: { chat: "c1", thread: "t1", userId: "u1", replyTo: "q1" } };
const direct = { audience: "requester", target: { chat: "dm-u1", userId: "u1" } } as const;
const small = { text: { maxLength: 100, unit: "utf16" as const, markup: "markdown" as const } };

/** What a person reads. */
const words = (message: { readonly text: string } | undefined): string => (message?.text ?? "").replaceAll("\\", "");

/** Every send into a thread finds it gone. */
const threadsAreGone = (call: Call): Fault =>
  call.kind === "send" && call.thread !== undefined ? { placeGone: undefined } : "ok";

describe("platforms F: the place inside a chat is gone", () => {
  it("says the reply once in the chat, as an answer to the message, and notes it", async () => {
    const { outbox, platform, handler, steps } = await deliverySetup({ script: threadsAreGone });
    const record = await outbox.deliver(testEntry(inThread), handler);
    expect(platform.seen("c1").map(({ text }) => text)).toEqual(["Hello"]);
    expect(record).toMatchObject({
      outcome: "delivered",
      degraded: [{ feature: "place", shownAs: "said in the chat" }],
    });
    expect(steps[0]?.step.data?.["degraded"]).toEqual(record.degraded);
  });

  it("says it whole where the place vanished between two of its messages", async () => {
    const text = `${"a".repeat(70)}\n\n${"b".repeat(70)}`;
    const { outbox, platform, handler } = await deliverySetup({
      capabilities: small,
      script: (call) => (call.thread !== undefined && call.index > 0 ? { placeGone: undefined } : "ok"),
    });
    const record = await outbox.deliver(testEntry({ ...inThread, reply: { text } }), handler);
    const sends = platform.calls
      .filter(({ kind }) => kind === "send")
      .map(({ thread, text: [letter] }) => [thread, letter]);
    expect(sends).toEqual([
      ["t1", "a"],
      ["t1", "b"],
      [undefined, "a"],
      [undefined, "b"],
    ]);
    expect(record).toMatchObject({ outcome: "delivered", parts: 2, receipts: [{ part: 0 }, { part: 1 }] });
  });

  it("goes on there after a crash, and says nothing twice", async () => {
    const { outbox, platform, handler } = await deliverySetup({
      capabilities: { idempotentSend: true },
      script: (call) =>
        call.thread !== undefined ? { placeGone: undefined } : call.index === 1 ? "crash-arrived" : "ok",
    });
    expect((await outbox.deliver(testEntry({ ...inThread, repeat: "never" }), handler)).outcome).toBe("delivered");
    expect(platform.seen("c1")).toHaveLength(1);
  });

  it("goes to the person where the adapter says that the place had fewer readers than its chat", async () => {
    const { outbox, platform, handler } = await deliverySetup({
      script: (call) => (call.chat === "c1" ? { placeGone: direct } : "ok"),
    });
    const record = await outbox.deliver(testEntry(inThread), handler);
    expect(platform.seen("c1")).toEqual([]);
    expect(platform.seen("dm-u1")).toHaveLength(1);
    expect(record.degraded).toEqual([{ feature: "place", shownAs: "said to the person directly" }]);
  });

  it("tries each place once, and then says that it failed", async () => {
    const { outbox, platform, handler } = await deliverySetup({
      script: (call) => (call.kind === "send" ? { placeGone: call.thread === undefined ? direct : undefined } : "ok"),
    });
    const record = await outbox.deliver(testEntry(inThread), handler);
    expect(platform.calls.filter(({ kind }) => kind === "send").map(({ chat, thread }) => [chat, thread])).toEqual([
      ["c1", "t1"],
      ["c1", undefined],
      ["dm-u1", undefined],
    ]);
    expect(record).toMatchObject({ outcome: "failed", detail: expect.stringContaining("send/place-gone") });
  });

  it("never says to all what is for its requester, and lets the person's own chat have it", async () => {
    const reply = { visibility: "requester" as const };
    const gone = await deliverySetup({ script: threadsAreGone });
    expect((await gone.outbox.deliver(testEntry({ ...inThread, reply }), gone.handler)).outcome).toBe("failed");
    expect(gone.platform.calls.filter(({ kind }) => kind === "send")).toHaveLength(1);

    const told = await deliverySetup({ script: (call) => (call.chat === "c1" ? { placeGone: direct } : "ok") });
    expect((await told.outbox.deliver(testEntry({ ...inThread, reply }), told.handler)).outcome).toBe("delivered");
    expect(told.platform.seen("dm-u1")).toHaveLength(1);
  });

  it("fails where the chat itself is gone", async () => {
    const { outbox, handler } = await deliverySetup({ script: () => ({ placeGone: undefined }) });
    expect((await outbox.deliver(testEntry(), handler)).outcome).toBe("failed");
  });

  it("says in the chat what was being streamed into the thread that vanished", async () => {
    let gone = false;
    const { outbox, platform, handler, live, time } = await deliverySetup({
      script: (call) => (gone && (call.kind === "edit" || call.thread !== undefined) ? { placeGone: undefined } : "ok"),
    });
    const entry = testEntry({ ...inThread, reply: { text: "Hello, all of it" } });
    live.handle(testSignal(entry, { type: "delta", offset: 0, text: "Hello," }));
    await time.sleep(1_000);
    gone = true;
    expect((await outbox.deliver(entry, handler)).outcome).toBe("delivered");
    expect(platform.seen("c1").map(({ text }) => text)).toContain("Hello, all of it");
  });
});

const file = (name: string) => ({ name, mediaType: "text/csv", spoolKey: name });
const takesFiles = { files: { maxBytes: 1_000 } };
/** Refuses every message with one of these files. */
const refuses =
  (...names: readonly string[]) =>
  (call: Call): Fault =>
    call.kind === "send" && call.files?.some((name) => names.includes(name)) === true ? "file-refused" : "ok";

describe("platforms H: a refused file leaves the words standing", () => {
  it("sends the words again with a line about the file, and notes it", async () => {
    const { outbox, platform, handler } = await deliverySetup({
      capabilities: takesFiles,
      script: refuses("march.csv"),
    });
    const reply = { text: "Here are your transactions.", files: [file("march.csv")] };
    const record = await outbox.deliver(testEntry({ reply, repeat: "never" }), handler);
    const [only, ...others] = platform.seen("c1");
    expect(others).toEqual([]);
    expect(words(only)).toBe("Here are your transactions.\n\n“march.csv” could not be attached.");
    expect(record).toMatchObject({ outcome: "delivered", degraded: [{ feature: "files" }] });
  });

  it("says it in the bot's language, also after a crash", async () => {
    const { outbox, platform, handler } = await deliverySetup({
      locale: "de-AT",
      capabilities: { ...takesFiles, idempotentSend: true },
      script: (call) => (call.index === 0 ? "file-refused" : call.index === 1 ? "crash-arrived" : "ok"),
    });
    await outbox.deliver(testEntry({ reply: { files: [file("märz_1.csv")] } }), handler);
    expect(platform.seen("c1").map(words)).toEqual(["Hello\n\n„märz_1.csv“ konnte nicht angehängt werden."]);
  });

  it("costs one of several files that one alone", async () => {
    const { outbox, platform, handler } = await deliverySetup({ capabilities: takesFiles, script: refuses("b.csv") });
    const files = [file("a.csv"), file("b.csv"), file("c.csv")];
    const record = await outbox.deliver(testEntry({ reply: { files } }), handler);
    expect(platform.seen("c1").map((message) => [words(message), message.files])).toEqual([
      ["Hello", []],
      ["", ["a.csv"]],
      ["“b.csv” could not be attached.", []],
      ["", ["c.csv"]],
    ]);
    expect(record).toMatchObject({ outcome: "delivered", parts: 4 });
  });

  it("keeps buttons and words of a reply that takes several messages", async () => {
    const { outbox, platform, handler } = await deliverySetup({
      capabilities: { ...small, ...takesFiles, choices: { max: 5, labelMaxLength: 20 } },
      script: refuses("a.csv"),
    });
    const text = `${"a".repeat(90)}\n\n${"b".repeat(90)}`;
    const choices = [{ id: "x", label: "X", value: "x" }];
    await outbox.deliver(testEntry({ reply: { text, choices, files: [file("a.csv")] } }), handler);
    const seen = platform.seen("c1");
    expect(seen.map((message) => message.text.slice(0, 1))).toEqual(["a", "b", "“"]);
    expect(seen.flatMap((message) => message.choices)).toHaveLength(1);
  });

  it("edits the words into the streamed message where the file comes with them", async () => {
    const { outbox, platform, handler, live, time } = await deliverySetup({
      capabilities: takesFiles,
      script: (call) => (call.kind === "edit" && call.index === 0 ? "file-refused" : "ok"),
    });
    const entry = testEntry({ reply: { text: "Hello", files: [file("a.csv")] } });
    live.handle(testSignal(entry, { type: "delta", offset: 0, text: "Hel" }));
    await time.sleep(1_000);
    await outbox.deliver(entry, handler);
    expect(platform.seen("c1").map(words)).toEqual(["Hello\n\n“a.csv” could not be attached."]);
  });

  it("is a failure where the message had no file", async () => {
    const { outbox, handler } = await deliverySetup({ script: () => "file-refused" });
    expect((await outbox.deliver(testEntry(), handler)).outcome).toBe("failed");
  });

  it("leaves words for the requester to the requester", async () => {
    const { outbox, handler, shown } = await privateSetup();
    const reply = { visibility: "requester" as const, files: [file("a.csv"), file("b.csv")] };
    await outbox.deliver(testEntry({ reply }), handler);
    expect(shown.length).toBeGreaterThan(2);
    expect(new Set(shown)).toEqual(new Set(["requester"]));
  });
});

/** Notes for whom each rendered fragment is; every file is refused. */
async function privateSetup() {
  const shown: (string | undefined)[] = [];
  const setup = await deliverySetup({
    capabilities: takesFiles,
    script: (call) => ((call.files ?? []).length > 0 ? "file-refused" : "ok"),
    adapter: (adapter) => ({
      ...adapter,
      render: (reply, options) => {
        shown.push(reply.visibility);
        return adapter.render(reply, options);
      },
    }),
  });
  return { ...setup, shown };
}
