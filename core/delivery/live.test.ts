import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deliverySetup, testEntry, testSignal } from "../../test/support/delivery-setup.ts";
import type { Fault } from "../../test/support/scripted-platform.ts";
import type { LiveSignal } from "../live.ts";

const entry = testEntry({ reply: { text: "The quick brown fox jumps over the lazy dog." } });
const delta = (text: string, offset: number) => testSignal(entry, { type: "delta", text, offset });
const finished = (replies: number) => testSignal(entry, { type: "finished", replies });

describe("streaming by edits", () => {
  it("sends one message, edits it no faster than allowed, and makes it the final reply", async () => {
    const { live, platform, outbox, handler, time } = await deliverySetup();
    const { text } = entry.reply;
    for (let offset = 0; offset < text.length; offset += 2) {
      live.handle(delta(text.slice(offset, offset + 2), offset));
      await time.sleep(200);
    }
    const [shown] = platform.seen("c1");
    expect(platform.seen("c1")).toHaveLength(1);
    expect(text.startsWith(shown?.text ?? "-")).toBe(true);
    const times = platform.calls.filter((call) => call.kind === "edit" || call.kind === "send").map((call) => call.at);
    for (const [index, at] of times.slice(1).entries()) expect(at - (times[index] ?? 0)).toBeGreaterThanOrEqual(1_000);
    expect(times.length).toBeGreaterThan(3);

    live.handle(finished(1));
    const record = await outbox.deliver(entry, handler);
    expect(record).toMatchObject({ outcome: "delivered", receipts: [{ messageId: shown?.id }] });
    expect(platform.seen("c1")).toMatchObject([{ text }]);
  });

  it("looks for nothing where no word was shown while the answer was written", async () => {
    const { platform, outbox, handler } = await deliverySetup();
    await outbox.deliver({ ...entry, streamed: false }, handler);
    expect(platform.seen("c1")).toMatchObject([{ text: entry.reply.text, edits: 0 }]);
    expect(await outbox.broker.recall(`live:${entry.conversation}:${entry.eventId}`)).toBeUndefined();
  });

  it("does not stream an answer that comes at once", async () => {
    const { live, platform, outbox, handler } = await deliverySetup();
    live.handle(delta(entry.reply.text, 0));
    live.handle(finished(1));
    await outbox.deliver(entry, handler);
    expect(platform.seen("c1")).toMatchObject([{ text: entry.reply.text, edits: 0 }]);
  });

  it("tolerates repeats and another order, and shows nothing beyond a gap", async () => {
    const { live, platform, time } = await deliverySetup();
    live.handle(delta("The ", 0));
    live.handle(delta("brown ", 10));
    live.handle(delta("The ", 0));
    await time.sleep(3_000);
    expect(platform.seen("c1")[0]?.text.trim()).toBe("The");
    live.handle(delta("quick ", 4));
    await time.sleep(3_000);
    expect(platform.seen("c1")[0]?.text.trim()).toBe("The quick brown");
    live.handle(testSignal(entry, { type: "reset" }));
    live.handle(delta("Anew", 0));
    await time.sleep(3_000);
    expect(platform.seen("c1")).toMatchObject([{ text: "Anew" }]);
  });

  it("goes on in a new message before the length limit, and finalises all of them", async () => {
    const small = { text: { maxLength: 100, unit: "utf16" as const, markup: "markdown" as const } };
    const { live, platform, outbox, handler, time } = await deliverySetup({ capabilities: small });
    const text = Array.from({ length: 60 }, (_, index) => `word${index}`).join(" ");
    const long = testEntry({ reply: { text } });
    for (let offset = 0; offset < text.length; offset += 40) {
      live.handle(testSignal(long, { type: "delta", text: text.slice(offset, offset + 40), offset }));
      await time.sleep(1_100);
    }
    await time.sleep(8_000);
    const streamed = platform.seen("c1");
    expect(streamed.length).toBeGreaterThan(3);
    for (const message of streamed) expect(message.text.length).toBeLessThanOrEqual(100);
    const record = await outbox.deliver(long, handler);
    expect(platform.seen("c1").map((message) => message.id)).toEqual(streamed.map((message) => message.id));
    expect(record.receipts.map((receipt) => receipt.messageId)).toEqual(streamed.map((message) => message.id));
    expect(
      platform
        .seen("c1")
        .map((message) => message.text)
        .join(" "),
    ).toBe(text);
  });

  it("shows previews where the chat has them, which are no messages, and sends the final text as one", async () => {
    const previews: number[] = [];
    const preview = async ({ part }: { readonly part: number }): Promise<boolean> => previews.push(part) > 0;
    const { live, platform, outbox, handler, time } = await deliverySetup({
      session: (session) => ({ ...session, preview }),
    });
    live.handle(delta("The quick ", 0));
    await time.sleep(2_000);
    live.handle(delta("brown fox ", 10));
    await time.sleep(2_000);
    expect(previews).toEqual([0, 0]);
    expect(platform.seen("c1")).toEqual([]);
    await outbox.deliver(entry, handler);
    expect(platform.seen("c1")).toMatchObject([{ text: entry.reply.text, edits: 0 }]);
  });

  it("streams by edits from where previews cease", async () => {
    const answers = [true, false];
    const preview = async (): Promise<boolean> => answers.shift() ?? false;
    const { live, platform, outbox, handler, time } = await deliverySetup({
      session: (session) => ({ ...session, preview }),
    });
    for (const [offset, piece] of [
      [0, "The quick "],
      [10, "brown fox "],
      [20, "jumps "],
    ] as const) {
      live.handle(delta(piece, offset));
      await time.sleep(2_000);
    }
    expect(platform.seen("c1")).toMatchObject([{ text: "The quick brown fox jumps ", edits: 1 }]);
    await outbox.deliver(entry, handler);
    expect(platform.seen("c1")).toMatchObject([{ text: entry.reply.text, edits: 2 }]);
  });

  it("removes what it streamed when the final text is shorter or the turn stays silent", async () => {
    const { live, platform, outbox, handler, time } = await deliverySetup({
      capabilities: { text: { maxLength: 100, unit: "utf16", markup: "markdown" } },
    });
    live.handle(delta(`${"a".repeat(90)} ${"b".repeat(90)}`, 0));
    await time.sleep(4_000);
    expect(platform.seen("c1")).toHaveLength(2);
    await outbox.deliver(entry, handler);
    expect(platform.seen("c1")).toMatchObject([{ text: entry.reply.text }]);

    const silent = testEntry({ eventId: "event-2", chat: "c2" });
    live.handle(testSignal(silent, { type: "delta", text: "Perhaps", offset: 0 }));
    await time.sleep(2_000);
    expect(platform.seen("c2")).toHaveLength(1);
    live.handle(testSignal(silent, { type: "finished", replies: 0, reason: "muted" }));
    await time.sleep(1_000);
    expect(platform.seen("c2")).toEqual([]);
  });

  it.each<readonly [string, Fault]>([
    ["permanently", "permanent"],
    ["by a long rate limit", { rateLimitedMs: 126_000 }],
  ])("says the final text anew and removes the partial one when the edit fails %s", async (_, fault) => {
    const { live, platform, outbox, handler, time } = await deliverySetup({
      script: (call) => (call.kind === "edit" ? fault : "ok"),
    });
    live.handle(delta("The quick", 0));
    await time.sleep(2_000);
    const started = time.now();
    const record = await outbox.deliver(entry, handler);
    expect(record).toMatchObject({ outcome: "delivered", receipts: [{ messageId: "m2" }] });
    expect(platform.seen("c1")).toMatchObject([{ id: "m2", text: entry.reply.text }]);
    expect(time.now() - started).toBeLessThan(60_000);
  });

  it("lets another process finalise the message", async () => {
    const { live, platform, outbox, otherProcess, time } = await deliverySetup();
    live.handle(delta("The quick", 0));
    await time.sleep(2_000);
    await outbox.deliver(entry, otherProcess().handler);
    // The first process never heard that the turn ended: it must not write over the final text.
    live.handle(delta(" brown fox", 9));
    await time.sleep(10_000);
    expect(platform.seen("c1")).toMatchObject([{ id: "m1", text: entry.reply.text }]);
  });

  it("does not let a later turn's stream overtake a reply that is on its way", async () => {
    const { live, platform, outbox, handler, time } = await deliverySetup({
      script: (call) => (call.kind === "send" && call.text === entry.reply.text && call.index < 3 ? "transient" : "ok"),
    });
    const delivering = outbox.deliver(entry, handler);
    await time.sleep(1_000);
    const next = testEntry({ eventId: "event-2", reply: { text: "Second answer" } });
    live.handle(testSignal(next, { type: "delta", text: "Second", offset: 0 }));
    await time.sleep(3_000);
    expect(platform.seen("c1")).toEqual([]);
    await delivering;
    await time.sleep(3_000);
    expect(platform.seen("c1").map((message) => message.text)).toEqual([entry.reply.text, "Second"]);
  });

  it("never costs the final text, whatever fails while streaming", async () => {
    const fault = fc.constantFrom<Fault>(
      "ok",
      { rateLimitedMs: 3_000 },
      "transient",
      "markup",
      "permanent",
      "ambiguous-arrived",
      "ambiguous-lost",
      "undeclared-lost",
    );
    const cut = fc.array(fc.integer({ min: 0, max: 44 }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.array(fault, { maxLength: 12 }), cut, fc.boolean(), async (faults, offsets, heardEnd) => {
        let streaming = true;
        let next = 0;
        const { live, platform, outbox, handler, time } = await deliverySetup({
          script: () => (streaming ? (faults[next++] ?? "ok") : "ok"),
        });
        const { text } = entry.reply;
        for (const offset of offsets) {
          live.handle(delta(text.slice(offset, offset + 12), offset));
          await time.sleep(700);
        }
        streaming = false;
        if (heardEnd) live.handle(finished(1));
        const record = await outbox.deliver(entry, handler);
        expect(record.outcome).toBe("delivered");
        const ids = new Set(record.receipts.map((receipt) => receipt.messageId));
        expect(platform.seen("c1").filter((message) => ids.has(message.id))).toMatchObject([{ text }]);
      }),
      { numRuns: 100 },
    );
  });
});

describe("native streaming", () => {
  it("hands each signal to the adapter and drops what is none", async () => {
    const { live, platform } = await deliverySetup({ capabilities: { streaming: { style: "native" } } });
    live.handle(delta("The ", 0));
    live.handle({ nonsense: true });
    live.handle("nonsense");
    expect(platform.signals.map((signal: LiveSignal) => signal.signal.type)).toEqual(["delta"]);
    expect(platform.seen("c1")).toEqual([]);
  });
});

describe("typing of a turn", () => {
  const started = testSignal(entry, { type: "started" });

  it.each(["finished", "delivered", "closed", "nothing"])("is cleared when the turn is %s", async (end) => {
    const { live, platform, outbox, handler, time } = await deliverySetup();
    live.handle(started);
    await time.sleep(5_000);
    expect(platform.isTyping("c1")).toBe(true);
    if (end === "finished") live.handle(finished(1));
    if (end === "delivered") await outbox.deliver(entry, handler);
    if (end === "closed") await live.close();
    await time.sleep(end === "nothing" ? 130_000 : 100);
    expect(platform.isTyping("c1")).toBe(false);
  });

  it("does not come back with a signal that arrives late", async () => {
    const { live, platform, outbox, handler, time } = await deliverySetup();
    await outbox.deliver(entry, handler);
    live.handle(started);
    live.handle(delta("The ", 0));
    await time.sleep(5_000);
    expect(platform.isTyping("c1")).toBe(false);
    expect(platform.seen("c1")).toHaveLength(1);
  });
});

describe("words for the requester alone", () => {
  const secret = testEntry({ reply: { text: "Your balance is 5 euros.", visibility: "requester" } });
  const piece = (text: string, visibility?: "requester") =>
    testSignal(secret, { type: "delta", text, offset: 0, ...(visibility === undefined ? {} : { visibility }) });

  it("are streamed into no message that others see", async () => {
    const { live, platform, outbox, handler, time } = await deliverySetup();
    live.handle(testSignal(secret, { type: "status", text: "Looking up your accounts…", visibility: "requester" }));
    live.handle(piece("Your balance is", "requester"));
    await time.sleep(3_000);
    expect(platform.seen("c1")).toEqual([]);
    live.handle(finished(1));
    expect(await outbox.deliver(secret, handler)).toMatchObject({ outcome: "delivered" });
  });

  it("are not edited into what was streamed for all: that is removed, and the reply is a message of its own", async () => {
    const { live, platform, outbox, handler, time } = await deliverySetup();
    live.handle(piece("One moment"));
    await time.sleep(3_000);
    const [streamed] = platform.seen("c1");
    expect(streamed?.text).toContain("One moment");
    await outbox.deliver(secret, handler);
    expect(platform.seen("c1")).toMatchObject([{ text: secret.reply.text }]);
    expect(platform.seen("c1")[0]?.id).not.toBe(streamed?.id);
  });
});
