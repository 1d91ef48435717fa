import { afterEach, describe, expect, it } from "vitest";
import { actionEvent, messageEvent, testConversation } from "../../test/support/events.ts";
import { type ScriptedCrew, turnBench, type TurnBenchOptions } from "../../test/support/turn-bench.ts";
import { createHandOverDesk } from "../hand-over/index.ts";
import type { InboundEvent } from "../event.ts";
import { silentTelemetry } from "../silent-telemetry.ts";

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

const chat = testConversation("chat-1");
const NOTIFY = "slack:main:C0123";
const handOver = { notify: NOTIFY, contact: { default: "We are here from 8 to 20." } };

async function bench(options: Omit<TurnBenchOptions, "policies"> & { readonly handOver?: object } = {}) {
  const { handOver: rules = handOver, ...others } = options;
  const made = await turnBench({ ...others, policies: { handOver: rules } });
  open.push(made.close);
  const say = async (event: InboundEvent, attempt = 1) => {
    const { replies } = await made.run([event], { attempt });
    return replies.map(({ reply }) => reply.text);
  };
  const { store, time } = made;
  const broker = { send: async () => {} };
  const environment = { clock: () => time.now, newId: () => `said-${time.now}`, random: () => 0.5 };
  const desk = createHandOverDesk({ store, broker, environment, telemetry: silentTelemetry });
  const bot = { id: "test-bot", policies: {} };
  return { ...made, say, desk, bot };
}

const confused: ScriptedCrew = async (_input, turn) => {
  turn.trace({ kind: "agent", name: "responder", outcome: "done", act: "does-not-know" });
  return { text: "I do not know." };
};

describe("a conversation that people have", () => {
  it("tells the person once, then keeps what they write and says nothing", async () => {
    const { say, desk, bot, calls, store, trace } = await bench();
    await say(messageEvent({ text: "hello" }));
    await desk.begin(bot, { conversation: chat, cause: "admin", by: "ann" });
    const first = await say(messageEvent({ text: "are you there?" }));
    expect(first).toEqual([expect.stringMatching(/over to a person.*We are here from 8 to 20/u)]);
    const second = messageEvent({ text: "my number is 5" });
    expect(await say(second)).toEqual([]);
    expect(calls).toHaveLength(1);
    expect(await store.history.find(chat, second.id)).toMatchObject({
      text: "my number is 5",
      replies: [],
    });
    const why = (await trace(second))?.steps.find(({ outcome }) => outcome === "stopped");
    expect(why).toMatchObject({ name: "control", detail: expect.stringContaining("handed over to people since 2026") });
  });

  it("lets a proposal that waits be confirmed all the same, by its rules", async () => {
    const { say, desk, bot } = await bench({
      confirm: async (event, saidTo) =>
        event.type === "action" || saidTo === "bot" ? { text: "Sent.", confidence: 1, model: "none" } : undefined,
    });
    expect(await say(messageEvent({ text: "hello" }))).toEqual(["Sent."]);
    await desk.begin(bot, { conversation: chat, cause: "admin", by: "ann", eventId: "e" });
    expect(await say(actionEvent({ choiceId: "confirm:p1" }))).toEqual(["Sent."]);
    expect(await say(messageEvent({ text: "yes" }))).toEqual([]);
  });

  it.each(["back to the bot", "Zurück zum Bot, bitte!", "/bot"])("is given back by “%s”", async (text) => {
    const { say, desk, bot } = await bench();
    await say(messageEvent({ text: "hello" }));
    await desk.begin(bot, { conversation: chat, cause: "admin", by: "ann", eventId: "e" });
    expect((await say(messageEvent({ text }))).join("")).toMatch(/bot/iu);
    expect(await say(messageEvent({ text: "hi" }))).toEqual(["you said: hi"]);
  });

  it("is the bot's again after /reset, /forget, and when people said nothing for long", async () => {
    for (const end of ["/reset", "/forget"]) {
      const { say, desk, bot, store } = await bench();
      await say(messageEvent({ text: "hello" }));
      await desk.begin(bot, { conversation: chat, cause: "admin", by: "ann", note: "private" });
      await say(messageEvent({ text: end }));
      if (end === "/forget") await say(messageEvent({ text: "erase everything" }));
      expect(await store.controls.handedOver("")).toEqual([]);
      expect(await say(messageEvent({ text: "hi" }))).toEqual(["you said: hi"]);
    }
    const { say, desk, bot, time } = await bench();
    await say(messageEvent({ text: "hello" }));
    await desk.begin(bot, { conversation: chat, cause: "admin", by: "ann", eventId: "e" });
    time.now += 23 * 60 * 60_000;
    await desk.say(bot, chat, "one moment");
    time.now += 23 * 60 * 60_000;
    expect(await say(messageEvent({ text: "and?" }))).toEqual([]);
    time.now += 2 * 60 * 60_000;
    expect(await say(messageEvent({ text: "hi" }))).toEqual(["you said: hi"]);
  });

  it("shows a person's words to the crew later, and sends them once", async () => {
    const { say, desk, bot, calls, store } = await bench();
    await say(messageEvent({ text: "hello" }));
    await expect(desk.say(bot, chat, "hi")).rejects.toMatchObject({ code: "hand-over/not-taken" });
    await desk.begin(bot, { conversation: chat, cause: "admin", by: "ann", eventId: "e" });
    await desk.say(bot, chat, "Your card is on its way.");
    const page = await store.history.page(chat, { limit: 9 });
    expect(page.map(({ role }) => role)).toEqual(["user", "assistant", "assistant"]);
    await desk.giveBack(chat);
    await say(messageEvent({ text: "thanks" }));
    expect(calls.at(-1)?.history.at(-1)).toMatchObject({ role: "assistant", text: "Your card is on its way." });
  });
});

describe("the rules of a hand-over", () => {
  it("hands over at the third misunderstanding in a row, and tells the people once", async () => {
    const { say, sent } = await bench({ crew: confused });
    expect(await say(messageEvent({ text: "blue" }))).toEqual(["I do not know."]);
    expect(await say(messageEvent({ text: "green" }))).toEqual(["I do not know."]);
    expect(await say(messageEvent({ text: "red" }))).toEqual(["I do not know.", expect.stringContaining("a person")]);
    expect(await say(messageEvent({ text: "pink" }))).toEqual([]);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ account: "slack:main", conversation: NOTIFY, target: { chat: "C0123" } });
    expect(sent[0]?.reply.text).toContain("misunderstandings");
    expect(sent[0]?.reply.text).not.toContain("red");
  });

  it("begins to count anew after an answer, and never where the rule is off", async () => {
    const words = ["blue", "green", "hello", "red", "pink"];
    const { say } = await bench({
      crew: async (input, turn) => (input.text === "hello" ? { text: "Hi." } : await confused(input, turn)),
    });
    for (const text of words) expect(await say(messageEvent({ text }))).toHaveLength(1);
    const off = await bench({ crew: confused, handOver: { rules: { misunderstandings: false } } });
    for (const text of words) expect(await off.say(messageEvent({ text }))).toEqual(["I do not know."]);
  });

  it("hands over who is angry again and again", async () => {
    const { say } = await bench({ handOver: { rules: { angry: 2 } } });
    expect(await say(messageEvent({ text: "this is bullshit, you useless bot!!" }))).toHaveLength(1);
    expect(await say(messageEvent({ text: "WHAT A STUPID IDIOT BOT!!" }))).toHaveLength(2);
  });

  it("answers what tells of fraud first", async () => {
    const { say } = await bench({
      handOver: { rules: { fraud: ["emergency"] } },
      crew: async (_input, turn) => {
        const data = { recognized: "request:emergency" };
        turn.trace({ kind: "agent", name: "intent", outcome: "done", data });
        return { text: "Call 110." };
      },
    });
    expect(await say(messageEvent({ text: "somebody empties my account" }))).toEqual([
      "Call 110.",
      expect.stringContaining("a person"),
    ]);
  });

  it("says the same again where the process died after it had begun, and tells the people once", async () => {
    const { say, desk, sent, store, calls } = await bench();
    const asks = messageEvent({ text: "a person please" });
    await say(messageEvent({ text: "hello" }));
    // The first attempt handed over, and died before it wrote its answer.
    await desk.begin(
      { id: "test-bot", policies: {} },
      { conversation: chat, cause: "asked", by: "ann", eventId: asks.id },
    );
    expect(await say(asks, 2)).toEqual([expect.stringContaining("a person")]);
    expect(await say(asks, 3)).toEqual([expect.stringContaining("a person")]);
    expect(await say(messageEvent({ text: "hm" }))).toEqual([]);
    expect(sent).toHaveLength(1);
    expect(calls).toHaveLength(1);
    expect(await store.controls.handedOver("")).toMatchObject([{ cause: "asked", told: asks.id }]);
  });
});
