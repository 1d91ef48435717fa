import { afterEach, describe, expect, it } from "vitest";
import { ParleyError } from "../errors.ts";
import type { InboundEvent } from "../event.ts";
import {
  actionEvent,
  commandEvent,
  deleteEvent,
  editEvent,
  membershipEvent,
  messageEvent,
  testConversation,
} from "../../test/support/events.ts";
import type { ListedAction } from "../tool.ts";
import { type ScriptedCrew, turnBench, type TurnBenchOptions } from "../../test/support/turn-bench.ts";

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function bench(options: TurnBenchOptions = {}) {
  const made = await turnBench(options);
  open.push(made.close);
  return made;
}

const inGroup = (event: InboundEvent): InboundEvent => ({ ...event, chat: { ...event.chat, type: "group" } });
const textsOf = (commit: { readonly replies: readonly { readonly reply: { readonly text: string } }[] }) =>
  commit.replies.map(({ reply }) => reply.text);

describe("a turn", () => {
  it("answers, writes history and trace, and commits the reply", async () => {
    const { run, store, trace, emitted } = await bench();
    const event = messageEvent({ text: "hello" });
    const commit = await run([event]);
    expect(textsOf(commit)).toEqual(["you said: hello"]);
    expect(commit.replies[0]).toMatchObject({ id: `${event.id}.0`, eventId: event.id, repeat: "once" });
    expect((await store.history.find(event.conversation, event.id))?.text).toBe("hello");
    expect(await trace(event)).toMatchObject({ outcome: "answered", messageIds: [event.messageId] });
    expect(emitted.map(({ type }) => type)).toEqual(["session.created"]);
  });

  it("shows the crew the conversation so far", async () => {
    const { run, calls } = await bench();
    await run([messageEvent({ text: "first" })]);
    await run([messageEvent({ text: "second" })]);
    expect(calls[1]?.history.map(({ role, text }) => `${role}: ${text}`)).toEqual([
      "user: first",
      "assistant: you said: first",
    ]);
  });

  it("says what stands around a reply in the language of the conversation, where the bot speaks another", async () => {
    const { run } = await bench();
    const localeOf = async (text: string) => (await run([messageEvent({ text })])).replies[0]?.reply.locale;
    expect(await localeOf("Guten Tag, wie viel Geld habe ich noch auf meinem Konto?")).toBe("de");
    expect(await localeOf("And now please tell me in English what is in my account.")).toBeUndefined();
  });

  it("reuses the answer of an attempt that died before its commit", async () => {
    const { run, calls } = await bench();
    const event = messageEvent({ text: "once only" });
    const first = await run([event]);
    const again = await run([event], { attempt: 2 });
    expect(calls).toHaveLength(1);
    expect(again.replies[0]?.reply).toEqual(first.replies[0]?.reply);
  });

  it("collapses a burst of one person into one turn", async () => {
    const { run, calls } = await bench({ policies: { burstMs: 1_000 } });
    const events = ["I want", "to transfer", "money"].map((text) => messageEvent({ text }));
    const commit = await run([...events, messageEvent({ text: "me too", userId: "another" })]);
    expect(calls[0]?.text).toBe("I want\nto transfer\nmoney");
    expect(commit.through).toBe(3);
  });

  it("starts anew at /reset", async () => {
    const { run, calls, emitted } = await bench();
    await run([messageEvent({ text: "remember me" })]);
    expect(textsOf(await run([messageEvent({ text: "/reset" })]))[0]).toContain("from scratch");
    await run([messageEvent({ text: "hello again" })]);
    expect(calls[1]?.history).toEqual([]);
    expect(emitted.map(({ type }) => type)).toEqual(["session.created", "session.ended", "session.created"]);
  });

  it.each(["/forget", "forget me", "Forget me."])("erases conversation and memory at %s", async (words) => {
    const { run, calls, store } = await bench({
      crew: async () => ({ remember: [{ key: "name", value: "Ann" }] }),
    });
    const event = messageEvent({ text: "I am Ann" });
    await run([event]);
    await run([messageEvent({ text: words })]);
    expect(textsOf(await run([messageEvent({ text: "erase everything" })]))[0]).toContain("erased");
    expect(await store.history.find(event.conversation, event.id)).toBeUndefined();
    await run([messageEvent({ text: "who am I?" })]);
    expect(calls[1]).toMatchObject({ history: [], memory: [] });
  });

  it("lets a confirmation be decided outside the crew, and never repeats its report blindly", async () => {
    const { run, calls } = await bench({
      confirm: async () => ({ text: "Sent.", confidence: 1, model: "none" }),
    });
    const commit = await run([messageEvent({ text: "K7M2QX" })]);
    expect(textsOf(commit)).toEqual(["Sent."]);
    expect(commit.replies[0]?.repeat).toBe("never");
    expect(calls).toEqual([]);
  });

  describe("goes on behind a confirmation", () => {
    const frame = {
      tool: "save_payee",
      slots: {},
      proposal: "p1",
      followUp: "send Max 10",
      at: "2026-11-21T10:00:00Z",
    };
    const first = messageEvent({ text: "save Max and send him 10" });

    async function openPlan(status: ListedAction["status"], crew?: ScriptedCrew) {
      const actions = { now: "pending" as ListedAction["status"] };
      const talk = await bench({
        actions: () => [{ id: "p1", tool: "save_payee", summary: "Save Max", status: actions.now, createdAt: "" }],
        confirm: async ({ id }) => {
          if (id === first.id) return undefined;
          actions.now = status;
          return { text: "Saved.", confidence: 1, model: "none" };
        },
        crew: async (input, turn) =>
          input.text === first.text
            ? { text: "Please check.", dialogue: [frame] }
            : ((await crew?.(input, turn)) ?? {}),
      });
      await talk.run([first]);
      return talk;
    }

    it("with what was asked for after it, once it was carried out, and only once", async () => {
      const { run, calls } = await openPlan("executed");
      expect(textsOf(await run([messageEvent({ text: "K7M2QX" })]))).toEqual(["Saved.", "you said: send Max 10"]);
      expect(calls.at(-1)?.dialogue).toEqual([{ ...frame, followUp: undefined }]);
      expect(textsOf(await run([messageEvent({ text: "K7M2QX" })]))).toEqual(["Saved."]);
    });

    it.each(["cancelled", "expired", "failed"] as const)("not where it was %s, and says so", async (status) => {
      const { run, calls } = await openPlan(status);
      const asked = calls.length;
      expect(textsOf(await run([messageEvent({ text: "no" })]))).toEqual([
        expect.stringContaining("not done either: “send Max 10”"),
      ]);
      expect(calls).toHaveLength(asked);
    });

    it("not yet while it is being carried out", async () => {
      const { run } = await openPlan("confirmed");
      expect(textsOf(await run([messageEvent({ text: "K7M2QX" })]))).toEqual(["Saved."]);
    });

    it("tells what was carried out where it cannot go on, and that the rest was not done", async () => {
      const { run } = await openPlan("executed", async () => {
        throw new Error("no model");
      });
      expect(textsOf(await run([messageEvent({ text: "K7M2QX" })]))).toEqual([
        expect.stringMatching(/^Saved\.[^]*not done either: “send Max 10”/u),
      ]);
    });

    it("again in the same way where its process died in the middle", async () => {
      const dying = new AbortController();
      let dies = true;
      const { run } = await openPlan("executed", async () => {
        if (!dies) return {};
        dies = false;
        dying.abort(new Error("killed"));
        throw new Error("killed");
      });
      const confirming = messageEvent({ text: "K7M2QX" });
      await expect(run([confirming], { signal: dying.signal })).rejects.toThrow("killed");
      expect(textsOf(await run([confirming], { attempt: 2 }))).toEqual(["Saved.", "you said: send Max 10"]);
    });
  });

  it("money-and-words A: asks where what waited became void, unless the crew proposes anew", async () => {
    const ask = { text: "Cancelled. What do you want now?", confidence: 1, model: "none" };
    const proposal = { id: "p2", summary: "Send 30", expiresAt: "2026-11-21T10:05:00.000Z" };
    const replace = async () => ask;
    const talk = await bench({ replace });
    expect(textsOf(await talk.run([messageEvent({ text: "make that 30" })]))).toEqual([ask.text]);
    const anew = await bench({
      replace,
      crew: async () => ({ reply: { text: "Please check", proposal, confidence: 1, model: "x" } }),
    });
    const commit = await anew.run([messageEvent({ text: "send 30 to Jana" })]);
    expect(commit.replies[0]?.reply.proposal?.id).toBe("p2");
    const list = await bench({ replace, numbered: [{ id: "a", label: "Savings", value: "tell me about savings" }] });
    expect(textsOf(await list.run([messageEvent({ text: "1" })]))).toEqual(["you said: tell me about savings"]);
  });

  it("reads a typed number as the choice it was shown with", async () => {
    const { run, calls } = await bench({ numbered: [{ id: "a", label: "Savings", value: "tell me about savings" }] });
    await run([messageEvent({ text: "1" })]);
    expect(calls[0]?.text).toBe("tell me about savings");
  });

  it("finds the words of a pressed button in the reply that showed it", async () => {
    const { run, calls } = await bench({
      crew: async () => {
        const choices = [{ id: "savings", label: "Savings", value: "tell me about savings" }];
        const reply = { text: "What next?", choices, confidence: 1, model: "scripted" };
        return { reply };
      },
    });
    await run([messageEvent({ text: "hello" })]);
    await run([actionEvent({ choiceId: "savings" })]);
    expect(calls[1]?.text).toBe("tell me about savings");
    const commit = await run([actionEvent({ choiceId: "never-shown" })]);
    expect(textsOf(commit)[0]).toContain("That button is too old");
  });

  it("reads a command as what it is configured to say", async () => {
    const commands = [{ name: "balance", description: "My balance", says: "What is my balance?" }];
    const { run, calls } = await bench({ policies: { commands } });
    await run([commandEvent({ name: "balance" })]);
    await run([commandEvent({ name: "rates", text: "USD" })]);
    expect(calls.map(({ text }) => text)).toEqual(["What is my balance?", "rates USD"]);
  });

  it("takes note of being added to a chat without a word", async () => {
    const { run, trace } = await bench();
    const event = membershipEvent({ change: "added" });
    expect((await run([event])).replies).toEqual([]);
    expect(await trace(event)).toMatchObject({ outcome: "silent" });
  });

  it("answers with what the adapter needs to answer this very event", async () => {
    const { run } = await bench();
    const commit = await run([{ ...messageEvent({ text: "hi" }), reference: { token: "t-1" } }]);
    expect(commit.replies[0]?.target.reference).toEqual({ token: "t-1" });
  });

  it("reuses an answer that depends on nobody, also for another person", async () => {
    const { run, calls } = await bench({ crew: async () => ({ cacheable: true }) });
    await run([messageEvent({ text: "What does a card cost?" })]);
    const other = messageEvent({
      text: "what does a  card cost?",
      conversation: testConversation("chat-2"),
      userId: "user-2",
    });
    expect(textsOf(await run([other]))).toEqual(["you said: What does a card cost?"]);
    expect(calls).toHaveLength(1);
  });

  it("reuses no answer once what it was made of has changed, or while that is not known", async () => {
    let edition: string | undefined = "1";
    const { run, calls } = await bench({
      crew: async () => ({ cacheable: true }),
      packs: [{ edition: () => edition }],
    });
    const ask = async (): Promise<number> => {
      await run([messageEvent({ text: "What does a card cost?" })]);
      return calls.length;
    };
    expect([await ask(), await ask()]).toEqual([1, 1]);
    edition = "2";
    expect([await ask(), await ask()]).toEqual([2, 2]);
    edition = undefined;
    expect([await ask(), await ask()]).toEqual([3, 4]);
    edition = "1";
    expect(await ask()).toBe(4);
  });

  it("keeps no answer during which what it is made of changed", async () => {
    let edition = 0;
    const { run, calls } = await bench({
      crew: async () => ({ cacheable: true }),
      packs: [{ edition: () => String((edition += 1) > 1) }],
    });
    await run([messageEvent({ text: "What does a card cost?" })]);
    edition = 0;
    await run([messageEvent({ text: "What does a card cost?" })]);
    expect(calls).toHaveLength(2);
  });

  it("never reuses an answer that depends on somebody", async () => {
    const { run, calls } = await bench();
    await run([messageEvent({ text: "my balance" })]);
    await run([messageEvent({ text: "my balance", conversation: testConversation("chat-2"), userId: "user-2" })]);
    expect(calls).toHaveLength(2);
  });

  it("adds the risk disclosure when something is recommended, and the notice once per conversation", async () => {
    const card = { id: "p", title: "Fund", text: "popular", isAdvice: true };
    const { run } = await bench({
      policies: { compliance: { informationNotice: { default: "I am a machine." } } },
      crew: async () => ({
        reply: { text: "This one.", confidence: 1, model: "m", cards: [card] },
        further: [{ text: "And that one.", confidence: 1, model: "m" }],
      }),
    });
    const [first, further] = (await run([messageEvent({ text: "recommend" })])).replies;
    expect(further?.reply.disclaimers).toEqual([]);
    const [second] = (await run([messageEvent({ text: "another" })])).replies;
    expect(first?.reply.disclaimers).toEqual(["I am a machine.", expect.stringContaining("not investment advice")]);
    expect(second?.reply.disclaimers).toEqual([expect.stringContaining("not investment advice")]);
  });
});

describe("guards", () => {
  it("stay silent in a group until mentioned, and the trace says so", async () => {
    const { run, trace, calls } = await bench();
    const event = inGroup(messageEvent({ text: "who is coming?" }));
    expect((await run([event])).replies).toEqual([]);
    expect(calls).toEqual([]);
    expect((await trace(event))?.steps).toContainEqual(
      expect.objectContaining({ kind: "guard", name: "mention", outcome: "stopped" }),
    );
  });

  it("answer ten messages in a minute, say so once, then stay silent", async () => {
    const { run } = await bench();
    const outcomes: string[] = [];
    for (let index = 0; index < 13; index += 1) {
      const { replies } = await run([messageEvent({ text: `m${index}` })]);
      outcomes.push(replies.length === 0 ? "silent" : replies[0]?.reply.model === "none" ? "refused" : "answered");
    }
    expect(outcomes).toEqual([...Array.from({ length: 10 }, () => "answered"), "refused", "silent", "silent"]);
  });

  it("ignore other bots, so that two bots never talk to each other for ever", async () => {
    const { run } = await bench();
    const event = messageEvent({ text: "beep" });
    expect((await run([{ ...event, user: { ...event.user, isBot: true } }])).replies).toEqual([]);
  });

  it("pause the bot when a human of the operator's side answers in its place", async () => {
    const { run, time } = await bench();
    const human = messageEvent({ text: "I'll take this one" });
    await run([{ ...human, operator: true }]);
    expect((await run([messageEvent({ text: "thanks" })])).replies).toEqual([]);
    time.now += 31 * 60_000;
    expect((await run([messageEvent({ text: "are you there?" })])).replies).toHaveLength(1);
  });

  it("refuse a text that is too long, and answer nobody who is not on the list", async () => {
    const { run } = await bench({ policies: { limits: { maxTextLength: 10 }, access: { allowUsers: ["user-1"] } } });
    expect(textsOf(await run([messageEvent({ text: "much too long for this" })]))[0]).toContain(
      "at most 10 characters",
    );
    expect((await run([messageEvent({ text: "hi", userId: "stranger" })])).replies).toEqual([]);
  });

  it("refuse politely when the day's budget is spent", async () => {
    const { run } = await bench({
      policies: { limits: { budget: { user: { tokens: 100 } } } },
      crew: async (_input, turn) => {
        turn.usage({
          model: "m",
          role: "answer",
          inputTokens: 90,
          outputTokens: 20,
          cacheReadTokens: 0,
          cacheWriteTokens: 0,
          costMicroDollars: 5,
        });
        return {};
      },
    });
    await run([messageEvent({ text: "one" })]);
    expect(textsOf(await run([messageEvent({ text: "two" })]))[0]).toContain("budget");
  });
});

describe("failures", () => {
  it("are answered by their kind when they are deliberate", async () => {
    const { run } = await bench({
      crew: async () => await Promise.reject(new ParleyError("model/overloaded", "busy")),
    });
    expect(textsOf(await run([messageEvent()]))[0]).toContain("overloaded");
  });

  it("are left to the queue when they are bugs, with a trace", async () => {
    const { run, trace } = await bench({ crew: async () => await Promise.reject(new TypeError("x is undefined")) });
    const event = messageEvent();
    await expect(run([event])).rejects.toThrow("x is undefined");
    expect((await trace(event))?.outcome).toBe("failed");
  });

  it("end a turn that takes too long, even when the crew ignores its signal", async () => {
    const { run } = await bench({
      policies: { limits: { turnTimeoutMs: 30 } },
      crew: async () => await new Promise(() => undefined),
    });
    expect(textsOf(await run([messageEvent()]))[0]).toContain("too long");
  });

  it("of a bot that is not configured name it", async () => {
    const { run } = await bench();
    await expect(run([{ ...messageEvent(), bot: "gone" }])).rejects.toMatchObject({ code: "turn/unknown-bot" });
  });
});

describe("what arrives during a turn", () => {
  function arrivals() {
    let tell: ((event: InboundEvent) => void) | undefined;
    const waiting: { sequence: number; event: InboundEvent }[] = [];
    return {
      port: { connect: (listener: (event: InboundEvent) => void) => (tell = listener), arrived: () => waiting },
      deliver: (event: InboundEvent) => {
        waiting.push({ sequence: waiting.length + 2, event });
        tell?.(event);
      },
    };
  }

  it("waits for its own turn by default", async () => {
    const { port, deliver } = arrivals();
    const { run } = await bench({
      crew: async () => {
        deliver(messageEvent({ text: "and another thing" }));
        return {};
      },
    });
    expect((await run([messageEvent({ text: "hello" })], { arrivals: port })).through).toBe(1);
  });

  it("steers the running turn where the bot is set so, and is covered by its commit", async () => {
    const { port, deliver } = arrivals();
    const { run } = await bench({
      policies: { whileBusy: "steer" },
      crew: async (_input, turn) => {
        deliver(messageEvent({ text: "in euros please" }));
        return { text: `steered by: ${turn.steering().join()}` };
      },
    });
    const commit = await run([messageEvent({ text: "my balance" })], { arrivals: port });
    expect(textsOf(commit)).toEqual(["steered by: in euros please"]);
    expect(commit.through).toBe(2);
  });

  it("cancels the running turn where the bot is set so", async () => {
    const { port, deliver } = arrivals();
    const { run, trace } = await bench({
      policies: { whileBusy: "cancel" },
      crew: async () => {
        deliver(messageEvent({ text: "never mind" }));
        return await new Promise(() => undefined);
      },
    });
    const event = messageEvent({ text: "a long question" });
    expect((await run([event], { arrivals: port })).replies).toEqual([]);
    expect((await trace(event))?.outcome).toBe("cancelled");
  });

  it("a deletion of its own message cancels the turn", async () => {
    const { port, deliver } = arrivals();
    const event = messageEvent({ text: "tell me about loans" });
    const { run, trace } = await bench({
      crew: async () => {
        deliver(deleteEvent({ messageId: event.messageId }));
        return await new Promise(() => undefined);
      },
    });
    expect((await run([event], { arrivals: port })).replies).toEqual([]);
    expect((await trace(event))?.outcome).toBe("cancelled");
  });

  it("an edit of its own message starts it over on the new words", async () => {
    const { port, deliver } = arrivals();
    const event = messageEvent({ text: "tell me about loans" });
    const { run, calls, withdrawn } = await bench({
      crew: async ({ text }) => {
        if (text.includes("savings")) return {};
        deliver(editEvent({ messageId: event.messageId, text: "I meant savings" }));
        return await new Promise(() => undefined);
      },
    });
    const commit = await run([event], { arrivals: port });
    expect(textsOf(commit)).toEqual(["you said: I meant savings"]);
    expect(commit.through).toBe(1);
    expect(calls).toHaveLength(2);
    expect(withdrawn).toEqual([event.id]);
  });

  it("an edit of the last message is answered again, of an older one is not", async () => {
    const { run, calls } = await bench();
    const first = messageEvent({ text: "one" });
    const second = messageEvent({ text: "two" });
    await run([first]);
    await run([second]);
    expect((await run([editEvent({ messageId: first.messageId, text: "ONE" })])).replies).toEqual([]);
    expect(textsOf(await run([editEvent({ messageId: second.messageId, text: "TWO" })]))).toEqual(["you said: TWO"]);
    expect(calls.map(({ text }) => text)).toEqual(["one", "two", "TWO"]);
  });
});

describe("memory", () => {
  it("of a direct message never surfaces in a group", async () => {
    const { run, calls } = await bench({
      policies: { access: { groups: "always" } },
      crew: async ({ chatType }) => ({ remember: chatType === "direct" ? [{ key: "salary", value: "9,000" }] : [] }),
    });
    await run([messageEvent({ text: "my salary is 9,000" })]);
    await run([inGroup(messageEvent({ text: "what do I earn?", conversation: testConversation("team") }))]);
    await run([messageEvent({ text: "what do I earn?" })]);
    expect(calls[1]?.memory).toEqual([]);
    expect(calls[1]?.history).toEqual([]);
    expect(calls[2]?.memory).toMatchObject([{ key: "salary", value: "9,000" }]);
  });
});
