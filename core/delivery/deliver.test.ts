import { describe, expect, it } from "vitest";
import { deliverySetup, testEntry } from "../../test/support/delivery-setup.ts";
import type { Fault } from "../../test/support/scripted-platform.ts";
import { MarkupRefusedError } from "../send-errors.ts";

const paragraphs = (count: number): string =>
  Array.from({ length: count }, (_, index) => `Paragraph ${index} ${"x".repeat(70)}.`).join("\n\n");
const small = { text: { maxLength: 100, unit: "utf16" as const, markup: "markdown" as const } };

/** Plays these faults for the first sends, then all succeed. */
const sends =
  (...faults: readonly Fault[]) =>
  (call: { readonly kind: string; readonly index: number }): Fault =>
    call.kind === "send" ? (faults[call.index] ?? "ok") : "ok";

describe("delivery", () => {
  it("sends the parts in order and records each receipt", async () => {
    const { outbox, platform, handler, steps } = await deliverySetup({ capabilities: small });
    const record = await outbox.deliver(testEntry({ reply: { text: paragraphs(3) } }), handler);
    const seen = platform.seen("c1");
    expect(seen.map((message) => message.text.slice(0, 11))).toEqual(["Paragraph 0", "Paragraph 1", "Paragraph 2"]);
    expect(record).toMatchObject({ outcome: "delivered", parts: 3, plain: false });
    expect(record.receipts.map((receipt) => receipt.messageId)).toEqual(seen.map((message) => message.id));
    expect(outbox.events).toMatchObject([{ type: "reply-sent", outcome: "delivered", bot: "bot", eventId: "event-1" }]);
    expect(steps).toMatchObject([{ messageIds: ["m1", "m2", "m3"], step: { kind: "delivery", outcome: "delivered" } }]);
  });

  it("keeps the report of what was degraded", async () => {
    const { outbox, handler, steps } = await deliverySetup();
    const record = await outbox.deliver(
      testEntry({ reply: { choices: [{ id: "a", label: "A", value: "a" }] } }),
      handler,
    );
    const degraded = [{ feature: "choices", shownAs: "numbered list" }];
    expect(record.degraded).toEqual(degraded);
    expect(steps[0]?.step.data?.["degraded"]).toEqual(degraded);
  });

  it("obeys retry-after without counting a try, while other chats go on", async () => {
    const { outbox, platform, handler } = await deliverySetup({
      policy: { maxFailures: 1 },
      script: (call) =>
        call.chat === "c1" && call.kind === "send" && call.index < 3 ? { rateLimitedMs: 60_000 } : "ok",
    });
    const slow = outbox.deliver(testEntry(), handler);
    const other = await outbox.deliver(testEntry({ chat: "c2", eventId: "event-2" }), handler);
    expect(platform.seen("c1")).toHaveLength(0);
    expect(other.outcome).toBe("delivered");
    expect((await slow).outcome).toBe("delivered");
    const [first, ...again] = platform.calls.filter((call) => call.chat === "c1" && call.kind === "send");
    expect(again.map((call) => call.at - (first?.at ?? 0))).toEqual([60_000, 120_000]);
  });

  it("retries transient failures with growing pauses and then fails", async () => {
    const { outbox, platform, handler } = await deliverySetup({ script: sends(...Array<Fault>(8).fill("transient")) });
    const record = await outbox.deliver(testEntry(), handler);
    expect(record).toMatchObject({ outcome: "failed", receipts: [] });
    expect(record.detail).toContain("send/transient");
    const times = platform.calls.filter((call) => call.kind === "send").map((call) => call.at);
    expect(times).toHaveLength(8);
    const pauses = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    expect(pauses).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000]);
  });

  it("does not retry what can never be sent, and says how far it came", async () => {
    const { outbox, handler } = await deliverySetup({ capabilities: small, script: sends("ok", "permanent") });
    const record = await outbox.deliver(testEntry({ reply: { text: paragraphs(3) } }), handler);
    expect(record).toMatchObject({ outcome: "partial", parts: 3, receipts: [{ part: 0 }] });
    expect(record.detail).toMatch(/^part 2 of 3: send\/permanent/);
  });

  it("repeats an ambiguous send once and records it, but never a reply about money", async () => {
    const often = await deliverySetup({ script: sends("ambiguous-lost") });
    expect((await often.outbox.deliver(testEntry(), often.handler)).outcome).toBe("delivered");
    expect(often.steps[0]?.step.data?.["repeated"]).toEqual([0]);

    const money = await deliverySetup({ script: sends("ambiguous-lost") });
    const record = await money.outbox.deliver(testEntry({ repeat: "never" }), money.handler);
    expect(record).toMatchObject({ outcome: "unknown", detail: expect.stringContaining("must not be repeated") });
    expect(money.platform.calls.filter((call) => call.kind === "send")).toHaveLength(1);

    const twice = await deliverySetup({ script: sends("undeclared-arrived", "ambiguous-arrived") });
    expect((await twice.outbox.deliver(testEntry(), twice.handler)).outcome).toBe("unknown");
    expect(twice.platform.seen("c1")).toHaveLength(2);
  });

  it("stays in doubt when the repeated send certainly fails", async () => {
    const { outbox, handler } = await deliverySetup({ script: sends("ambiguous-arrived", "permanent") });
    expect((await outbox.deliver(testEntry(), handler)).outcome).toBe("unknown");
  });

  it.each(["ambiguous-arrived", "ambiguous-lost"] as const)("reconciles a money reply after %s", async (fault) => {
    const { outbox, platform, handler } = await deliverySetup({
      capabilities: { reconcile: true },
      script: sends(fault),
    });
    const record = await outbox.deliver(testEntry({ repeat: "never" }), handler);
    expect(record).toMatchObject({ outcome: "delivered", receipts: [{ messageId: "m1" }] });
    expect(platform.seen("c1")).toHaveLength(1);
  });

  it("sends again where the platform drops the second copy itself", async () => {
    const { outbox, platform, handler } = await deliverySetup({
      capabilities: { idempotentSend: true },
      script: sends("ambiguous-arrived", "ambiguous-lost", "crash-arrived"),
    });
    expect((await outbox.deliver(testEntry({ repeat: "never" }), handler)).outcome).toBe("delivered");
    expect(platform.seen("c1")).toHaveLength(1);
  });

  it("treats the part that was on the wire at a crash as ambiguous", async () => {
    const { outbox, platform, handler } = await deliverySetup({
      capabilities: small,
      script: sends("ok", "crash-arrived"),
    });
    const record = await outbox.deliver(testEntry({ repeat: "never", reply: { text: paragraphs(3) } }), handler);
    expect(record).toMatchObject({ outcome: "unknown", receipts: [{ part: 0 }] });
    expect(platform.seen("c1")).toHaveLength(2);
  });

  it("does not send again what was sent when it dies between the last receipt and the outcome", async () => {
    // The writes are: sending, sent, save, emit.
    const { outbox, platform, handler } = await deliverySetup({
      capabilities: { streaming: false },
      writeFault: (index) => (index === 2 ? "crash-before" : "ok"),
    });
    expect((await outbox.deliver(testEntry({ repeat: "never" }), handler)).outcome).toBe("delivered");
    expect(platform.seen("c1")).toHaveLength(1);
    expect(outbox.events).toHaveLength(1);
  });

  it("waits for a connection that is not up without failing the reply", async () => {
    const { outbox, platform, handler, time } = await deliverySetup({ policy: { maxFailures: 1 } });
    platform.setHealth("login-required");
    const delivering = outbox.deliver(testEntry(), handler);
    await time.sleep(3_600_000);
    expect(platform.seen("c1")).toHaveLength(0);
    platform.setHealth("live");
    expect((await delivering).outcome).toBe("delivered");
  });

  it("stops without an outcome when it is aborted, and the next owner goes on", async () => {
    const { outbox, platform, handler, time, otherProcess } = await deliverySetup({
      capabilities: small,
      script: sends("ok", { rateLimitedMs: 60_000 }),
    });
    const lost = new AbortController();
    const entry = testEntry({ repeat: "never", reply: { text: paragraphs(3) } });
    const ended = outbox.attempt(entry, handler, lost.signal).catch((thrown: unknown) => thrown);
    await time.sleep(1_000);
    lost.abort(new Error("ownership lost"));
    expect(await ended).toEqual(new Error("ownership lost"));
    expect(outbox.records).toEqual([]);
    expect((await outbox.deliver(entry, otherProcess().handler)).outcome).toBe("delivered");
    expect(platform.seen("c1").map((message) => message.text.slice(10, 11))).toEqual(["0", "1", "2"]);
  });

  it("takes a send that never answers for ambiguous", async () => {
    let calls = 0;
    const { outbox, handler } = await deliverySetup({
      session: (session) => ({
        ...session,
        send: async (outgoing) => {
          calls += 1;
          return calls === 1 ? await new Promise<never>(() => undefined) : await session.send(outgoing);
        },
      }),
    });
    expect((await outbox.deliver(testEntry(), handler)).outcome).toBe("delivered");
    expect(calls).toBe(2);
  });

  it.each([
    ["throws", () => expect.fail("secret words")],
    ["gives no message", () => ({ parts: [], degraded: [] })],
  ])("says a reply as plain text where rendering its markup %s, and why", async (_how, fail) => {
    const { outbox, platform, handler } = await deliverySetup({
      adapter: (adapter) => ({
        ...adapter,
        render: (reply, options) => (options.plain ? adapter.render(reply, options) : fail()),
      }),
    });
    const record = await outbox.deliver(testEntry({ reply: { text: "All is well." } }), handler);
    expect(record.outcome).toBe("delivered");
    expect(platform.seen("c1").map(({ text }) => text)).toEqual(["All is well."]);
    expect(record.degraded).toMatchObject([{ shownAs: expect.stringContaining("could not render it") }]);
    expect(JSON.stringify(record)).not.toContain("secret");
  });

  it("fails a reply that the adapter cannot render instead of blocking the conversation", async () => {
    const { outbox, handler } = await deliverySetup({
      adapter: (adapter) => ({
        ...adapter,
        render: () => {
          throw new TypeError("secret words");
        },
      }),
    });
    const record = await outbox.deliver(testEntry(), handler);
    expect(record.outcome).toBe("failed");
    expect(record.detail).not.toContain("secret");
  });
});

describe("refused markup", () => {
  it("says the rest as plain text and nothing twice", async () => {
    const text = Array.from({ length: 6 }, (_, index) => `**bold ${index}** and *words* ${"y".repeat(60)}`).join(
      "\n\n",
    );
    const { outbox, platform, handler } = await deliverySetup({
      capabilities: small,
      script: (call) => (call.kind === "send" && call.index >= 2 ? "markup" : "ok"),
    });
    const record = await outbox.deliver(testEntry({ reply: { text } }), handler);
    expect(record).toMatchObject({ outcome: "delivered", plain: true });
    const seen = platform.seen("c1");
    expect(seen.map((message) => message.plain)).toEqual([false, false, true, true, true, true]);
    const words = seen.map((message) => message.text).join("\n");
    for (let index = 0; index < 6; index++) expect(words.split(`bold ${index}`)).toHaveLength(2);
    expect(seen[2]?.text).not.toContain("**");
  });

  it("loses and repeats nothing when plain text needs more messages, also over a crash", async () => {
    // A table is laid out in columns as plain text: each of these takes several messages instead of one.
    const table = (index: number): string =>
      [
        "| a | b |",
        "| - | - |",
        `| cell${index}x0 ${"c".repeat(30)} | 0 |`,
        `| cell${index}x1 | 1 |`,
        `| cell${index}x2 | 2 |`,
      ].join("\n");
    const { outbox, platform, handler } = await deliverySetup({
      capabilities: { ...small, idempotentSend: true },
      script: (call) => {
        if (call.kind !== "send") return "ok";
        return call.index === 4 ? "crash-arrived" : call.index >= 2 ? "markup" : "ok";
      },
    });
    const text = [0, 1, 2, 3].map(table).join("\n\n");
    const record = await outbox.deliver(testEntry({ repeat: "never", reply: { text } }), handler);
    expect(record.outcome).toBe("delivered");
    const seen = platform.seen("c1");
    const plain = seen.filter((message) => message.plain);
    expect(plain.length).toBeGreaterThan(2);
    const cells = seen.flatMap((message) => message.text.match(/cell\dx\d/g) ?? []);
    expect(cells).toEqual([0, 1, 2, 3].flatMap((index) => [0, 1, 2].map((row) => `cell${index}x${row}`)));
  });

  it("fails a message that is refused as plain text too", async () => {
    const { outbox, handler } = await deliverySetup({
      session: (session) => ({
        ...session,
        send: async () => await Promise.reject(new MarkupRefusedError("scripted")),
      }),
    });
    expect(await outbox.deliver(testEntry(), handler)).toMatchObject({ outcome: "failed", plain: true });
  });
});
