/** Caps on what is spent on models: what counts, who is told, and who answers once one is spent. */
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { deleteEvent, messageEvent, testConversation } from "../../test/support/events.ts";
import { turnBench, type TurnBenchOptions } from "../../test/support/turn-bench.ts";
import { personId } from "../store/person-id.ts";
import { spendingKey } from "../budget/standing.ts";
import type { CrewTurn, ModelUsage } from "../crew.ts";
import { ParleyError } from "../errors.ts";
import type { InboundEvent } from "../event.ts";
import { createMetrics } from "../observe/metrics.ts";
import { silentTelemetry } from "../silent-telemetry.ts";
import { whenAborted } from "../timing/signals.ts";

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

const DAY_MS = 86_400_000;

/** A bench with a budget; the crew spends 90 tokens and 9 cents on each answer unless it is scripted. */
async function bench(budget: object, options: TurnBenchOptions = {}) {
  const warned: object[] = [];
  const prometheus = createMetrics();
  const log = { ...silentTelemetry.log, warn: (fields: object) => void warned.push(fields) };
  const made = await turnBench({
    policies: { limits: { budget, rate: { messages: 1000 } } },
    telemetry: { ...silentTelemetry, log, metrics: prometheus.metrics },
    crew: async (_input, { usage }) => {
      usage(call(90));
      return {};
    },
    ...options,
  });
  open.push(made.close);
  return {
    ...made,
    say: async (event: InboundEvent) => textOf(await made.run([event])),
    warned,
    metrics: async () => (await prometheus.expose()).body,
    spent: async (scope: "user" | "chat" | "bot", event: InboundEvent, day = "2026-11-21") =>
      await made.store.usage.spent(await keyOf(scope, event), day),
    guardSteps: async (event: InboundEvent) =>
      ((await made.trace(event))?.steps ?? []).filter(({ name }) => name === "budget"),
  };
}

const keyOf = async (scope: "user" | "chat" | "bot", event: InboundEvent): Promise<string> =>
  await spendingKey(scope, {
    bot: { id: "test-bot" },
    event,
    person: async () => personId(event.account, event.user.id),
  });

function call(tokens: number, more: Partial<ModelUsage> = {}): ModelUsage {
  const counts = { inputTokens: tokens - 20, outputTokens: 10, cacheReadTokens: 4, cacheWriteTokens: 6 };
  return { model: "m", role: "answer", ...counts, costMicroDollars: tokens * 1_000, ...more };
}

/** A message in a conversation of its own. */
const hi = (chat: string, userId = "user-1"): InboundEvent =>
  messageEvent({ text: "hi", conversation: testConversation(chat), userId });
/** A thread of a chat is a conversation of its own as well. */
const inThread = (chat: string, thread: string, userId: string): InboundEvent => {
  const event = hi(`${chat}-${thread}`, userId);
  return { ...event, chat: { ...event.chat, id: chat, thread } };
};
const textOf = (commit: { readonly replies: readonly { readonly reply: { readonly text: string } }[] }) =>
  commit.replies.map(({ reply }) => reply.text).join("\n--\n");

function gate() {
  let pass = (): void => undefined;
  const opened = new Promise<void>((resolve) => (pass = resolve));
  return { opened, open: () => pass() };
}

const withoutModel = async () => ({ text: "without a model" });
/** What is told once a day of a cap that is spent. */
const GOES_ON =
  "without a model\n\nToday's budget for my language model is used up. Until midnight I go on without it and understand only plain requests.";

describe("a spent cap", () => {
  it.each([
    ["user", "tokens", { user: { tokens: 90 } }, hi("b")],
    ["user", "dollars", { user: { dollars: 0.09 } }, hi("b")],
    ["chat", "tokens", { chat: { tokens: 90 } }, inThread("a", "t", "user-2")],
    ["chat", "dollars", { chat: { dollars: 0.09 } }, inThread("a", "t", "user-2")],
    ["bot", "tokens", { bot: { tokens: 90 } }, hi("b", "user-2")],
    ["bot", "dollars", { bot: { dollars: 0.09 } }, hi("b", "user-2")],
  ])(
    "of the %s in %s has the crew go on without a model, and the trace names it",
    async (scope, limit, budget, next) => {
      const { say, spent, guardSteps, metrics } = await bench(budget, { withoutModel });
      const first = hi("a");
      expect(await say(first)).toContain("you said: hi");
      expect(await guardSteps(first)).toEqual(scope === "user" ? [expect.objectContaining({ outcome: "noted" })] : []);
      expect(await say(next)).toBe(GOES_ON);
      expect(await guardSteps(next)).toMatchObject([
        { kind: "guard", outcome: "embedded", detail: expect.stringContaining(`(limits.budget.${scope}.${limit})`) },
        { outcome: "noted" },
      ]);
      expect(await spent("bot", first)).toEqual({ tokens: 90, costMicroDollars: 90_000 });
      expect(await metrics()).toContain('parley_guard_total{guard="budget",outcome="embedded"} 1');
    },
  );

  it.each([
    ["user", { user: { tokens: 90 } }, hi("a", "user-2")],
    ["chat", { chat: { tokens: 90 } }, hi("b")],
  ])("of one %s leaves all others their model", async (_scope, budget, other) => {
    const { say } = await bench(budget, { withoutModel });
    await say(hi("a"));
    expect(await say(hi("a"))).toBe(GOES_ON);
    expect(await say(other)).toContain("you said");
  });

  it("is told once a day to each who goes on without a model", async () => {
    const { say, time } = await bench({ bot: { tokens: 90 } }, { withoutModel });
    await say(hi("a"));
    expect([await say(hi("a")), await say(hi("a"))]).toEqual([GOES_ON, "without a model"]);
    expect(await say(hi("b", "user-2"))).toBe(GOES_ON);
    time.now += DAY_MS;
    expect(await say(hi("a"))).toContain("you said");
    expect(await say(hi("a"))).toBe(GOES_ON);
  });

  it("of a person is theirs on all accounts that they linked", async () => {
    const { say, store, spent } = await bench({ user: { tokens: 150 } }, { withoutModel });
    const [one, other] = ["main", "second"].map((account) =>
      messageEvent({ text: "hi", conversation: testConversation("a", account), userId: `on-${account}` }),
    );
    if (one === undefined || other === undefined) throw new Error("no events");
    const person = await store.people.personOf(one.account, one.user.id);
    await store.people.createCode(person, "LINK-AAAA-BBBB", "2026-11-21T11:00:00Z");
    const attempt = { code: "LINK-AAAA-BBBB", now: "2026-11-21T10:00:00Z" };
    expect(await store.people.redeem(other.account, other.user.id, attempt)).toBe("linked");
    await say(one);
    await say(other);
    expect(await spent("user", one)).toMatchObject({ tokens: 180 });
    expect(await say({ ...one, id: "third", key: "third" })).toBe(GOES_ON);
    expect(await say({ ...other, id: "fourth", key: "fourth" })).toBe("without a model");
  });

  it("refuses until midnight where it is configured so, and says why", async () => {
    const { say, time, trace } = await bench({ bot: { tokens: 90 }, whenSpent: "refuse" }, { withoutModel });
    await say(hi("a"));
    const refused = hi("a");
    expect(await say(refused)).toContain("come back tomorrow");
    expect(JSON.stringify(await trace(refused))).toContain("90 of 90 tokens (limits.budget.bot.tokens)");
    time.now += DAY_MS;
    expect(await say(hi("a"))).toContain("you said");
  });

  it("refuses where the crew has nothing to go on with", async () => {
    const { say, guardSteps } = await bench({ bot: { tokens: 90 } });
    await say(hi("a"));
    const refused = hi("a");
    expect(await say(refused)).toContain("come back tomorrow");
    expect(await guardSteps(refused)).toMatchObject([{ outcome: "stopped" }]);
  });

  it("leaves what code decides alone: confirmations, commands, answers in the cache", async () => {
    const { say } = await bench(
      { bot: { tokens: 90 }, whenSpent: "refuse" },
      {
        confirm: async (event) =>
          event.type === "message" && event.text === "K7M2QX"
            ? { text: "Sent.", confidence: 1, model: "none" }
            : undefined,
        packs: [{ edition: () => "1" }],
        crew: async (_input, { usage }) => {
          usage(call(90));
          return { cacheable: true };
        },
      },
    );
    expect(await say(hi("a"))).toContain("you said");
    expect(await say(messageEvent({ text: "K7M2QX" }))).toBe("Sent.");
    expect(await say(hi("b"))).toContain("you said");
    expect(await say(messageEvent({ text: "something new" }))).toContain("come back tomorrow");
    expect(await say(messageEvent({ text: "/reset" }))).toContain("from scratch");
  });

  it("is not made of answers that are kept", async () => {
    const { say, time } = await bench(
      { bot: { tokens: 90 } },
      { packs: [{ edition: () => "1" }], withoutModel: async () => ({ text: "without a model", cacheable: true }) },
    );
    time.now = Date.parse("2026-11-21T23:59:59Z");
    await say(messageEvent({ text: "spend" }));
    expect(await say(hi("a"))).toBe(GOES_ON);
    time.now += 2_000;
    expect(await say(hi("a"))).toContain("you said");
  });

  it("says of what was to follow a confirmed request that it is not done", async () => {
    const frame = { tool: "save", slots: {}, proposal: "p1", followUp: "send Max 10", at: "2026-11-21T10:00:00Z" };
    const proposal = { id: "p1", summary: "Save Max", expiresAt: "2026-11-21T10:05:00.000Z" };
    const { say } = await bench(
      { bot: { tokens: 90 }, whenSpent: "refuse" },
      {
        crew: async (_input, { usage }) => {
          usage(call(90));
          return { reply: { text: "Shall I?", proposal, confidence: 1, model: "m" }, dialogue: [frame] };
        },
        confirm: async (event) =>
          event.type === "message" && event.text === "yes"
            ? { text: "Saved.", confidence: 1, model: "none" }
            : undefined,
        actions: () => [
          { id: "p1", tool: "save", summary: "Save Max", status: "executed", createdAt: "2026-11-21T10:00:00Z" },
        ],
      },
    );
    await say(hi("a"));
    expect(await say(messageEvent({ text: "yes", conversation: testConversation("a") }))).toBe(
      "Saved.\n\nSo this was not done either: “send Max 10”.",
    );
  });
});

describe("the day", () => {
  it("is that of the bot's time zone", async () => {
    const { say, spent, time } = await bench({ bot: { tokens: 90 } }, { withoutModel, timeZone: "Europe/Berlin" });
    time.now = Date.parse("2026-11-21T22:59:00Z");
    const first = hi("a");
    await say(first);
    expect(await say(hi("a"))).toBe(GOES_ON);
    time.now = Date.parse("2026-11-21T23:00:00Z");
    expect(await say(hi("a"))).toContain("you said");
    expect(await spent("bot", first, "2026-11-21")).toMatchObject({ tokens: 90 });
    expect(await spent("bot", first, "2026-11-22")).toMatchObject({ tokens: 90 });
  });
});

describe("what counts", () => {
  const capped = { bot: { tokens: 1_000_000 } };

  it.each([
    ["answered with an apology", new ParleyError("model/overloaded", "busy")],
    ["a bug that the queue tries again", new TypeError("x is undefined")],
  ])("is what a failed turn has spent: %s", async (_name, thrown) => {
    const { run, spent } = await bench(capped, {
      crew: async (_input, { usage }) => {
        usage(call(70));
        throw thrown;
      },
    });
    const event = hi("a");
    await run([event]).catch(() => undefined);
    expect(await spent("user", event)).toEqual({ tokens: 70, costMicroDollars: 70_000 });
  });

  it("is each attempt that asked a model, and a replayed answer never again", async () => {
    let fails = true;
    const { run, spent } = await bench(capped, {
      crew: async (_input, { usage }) => {
        usage(call(70));
        if (fails) throw new TypeError("x is undefined");
        return {};
      },
    });
    const event = hi("a");
    await expect(run([event])).rejects.toThrow("undefined");
    fails = false;
    const lost = async () => await Promise.reject(new Error("the connection broke"));
    await expect(run([event], { attempt: 2, epoch: 2, commit: lost })).rejects.toThrow("broke");
    expect(await spent("chat", event)).toMatchObject({ tokens: 140 });
    await run([event], { attempt: 3, epoch: 3 });
    expect(await spent("chat", event)).toMatchObject({ tokens: 140 });
  });

  it("is what a turn spends that was stopped by its time, also what becomes known later", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const { run, spent } = await bench(capped, {
      crew: async (_input, turn) => {
        turn.usage(call(50));
        vi.advanceTimersByTime(60_000);
        await whenAborted(turn.signal);
        await new Promise((resolve) => setImmediate(resolve));
        turn.usage(call(70));
        return {};
      },
    });
    const event = hi("a");
    expect(textOf(await run([event]))).toContain("too long");
    vi.useRealTimers();
    await expect.poll(async () => await spent("bot", event)).toMatchObject({ tokens: 120 });
  });

  it("is what was spent on words that were edited or deleted, and on the claim that was lost", async () => {
    const lost = new AbortController();
    const { run, spent } = await bench(capped, {
      crew: async (_input, turn) => {
        turn.usage(call(60));
        lost.abort(new Error("the lease was lost"));
        await whenAborted(turn.signal);
        throw turn.signal.reason;
      },
    });
    const event = hi("a");
    await expect(run([event], { signal: lost.signal })).rejects.toThrow("lease");
    expect(await spent("user", event)).toMatchObject({ tokens: 60 });

    let tell: ((event: InboundEvent) => void) | undefined;
    const edited = messageEvent({ text: "one", conversation: testConversation("b"), messageId: "m-edited" });
    const again = await bench(capped, {
      crew: async (_input, turn) => {
        turn.usage(call(60));
        tell?.(deleteEvent({ messageId: "m-edited", conversation: testConversation("b") }));
        tell = undefined;
        return await new Promise<never>((_resolve, reject) => {
          turn.signal.addEventListener("abort", () => reject(turn.signal.reason));
          if (turn.signal.aborted) reject(turn.signal.reason);
        });
      },
    });
    await again.run([edited], {
      onArrival: (listener) => void (tell = listener),
      refresh: async () => [],
    });
    expect(await again.spent("user", edited)).toMatchObject({ tokens: 60 });
  });

  it("is what goes on behind a confirmation", async () => {
    const frame = { tool: "save", slots: {}, proposal: "p1", followUp: "send Max 10", at: "2026-11-21T10:00:00Z" };
    const { say, spent } = await bench(capped, {
      crew: async (_input, { usage }) => {
        usage(call(40));
        return { dialogue: [frame] };
      },
      confirm: async (event) =>
        event.type === "message" && event.text === "yes" ? { text: "Saved.", confidence: 1, model: "none" } : undefined,
      actions: () => [
        { id: "p1", tool: "save", summary: "Save Max", status: "executed", createdAt: "2026-11-21T10:00:00Z" },
      ],
    });
    const event = hi("a");
    await say(event);
    await say(messageEvent({ text: "yes", conversation: testConversation("a") }));
    expect(await spent("bot", event)).toMatchObject({ tokens: 80 });
  });

  it("is everybody who spends at once: a cap is passed by what was in flight and no more", async () => {
    const inFlight = 5;
    const all = gate();
    let started = 0;
    const { run, say, spent } = await bench(
      { bot: { tokens: 90 } },
      {
        withoutModel,
        crew: async (_input, { usage }: CrewTurn) => {
          usage(call(90));
          started += 1;
          if (started === inFlight) all.open();
          await all.opened;
          usage(call(90));
          return {};
        },
      },
    );
    const turns = Array.from(
      { length: inFlight },
      async (_, index) => await run([hi(`chat-${index}`, `user-${index}`)]),
    );
    expect((await Promise.all(turns)).map(textOf)).toEqual(Array.from({ length: inFlight }, () => "you said: hi"));
    const late = await Promise.all(Array.from({ length: 20 }, async (_, index) => await say(hi(`late-${index}`))));
    expect(
      late.filter((text) => text === GOES_ON),
      "the same person is told once",
    ).toHaveLength(1);
    expect(late.filter((text) => text === "without a model")).toHaveLength(19);
    expect(await spent("bot", hi("a"))).toMatchObject({ tokens: inFlight * 2 * 90 });
  });

  it("is known while the turn that spends it still runs", async () => {
    const half = gate();
    const end = gate();
    const { run, say, spent } = await bench(
      { bot: { tokens: 90 } },
      {
        withoutModel,
        crew: async (_input, { usage }) => {
          usage(call(90));
          half.open();
          await end.opened;
          return {};
        },
      },
    );
    const running = run([hi("a")]);
    await half.opened;
    await expect.poll(async () => await spent("bot", hi("a"))).toMatchObject({ tokens: 90 });
    expect(await say(hi("b"))).toBe(GOES_ON);
    end.open();
    expect(textOf(await running)).toContain("you said");
  });
});

describe("a cap that is nearly spent", () => {
  it("is told to the admins once a day, with the cap, and again once it is spent", async () => {
    const { say, warned, metrics, time } = await bench({ chat: { tokens: 300 }, warnAt: 0.5 });
    const budgets = () => warned.filter((fields) => "setting" in fields);
    await say(hi("a"));
    expect(budgets()).toEqual([]);
    const second = hi("a");
    await say(second);
    await say(hi("a"));
    expect(budgets()).toEqual([
      {
        bot: "test-bot",
        correlationId: second.id,
        scope: "chat",
        setting: "limits.budget.chat.tokens",
        used: "180 of 300 tokens",
        whenSpent: "embedded",
      },
    ]);
    await say(hi("a"));
    await say(hi("a"));
    expect(budgets()).toMatchObject([{}, { used: "360 of 300 tokens" }]);
    await say(hi("b", "user-2"));
    await say(hi("b", "user-2"));
    expect(budgets()).toHaveLength(3);
    time.now += DAY_MS;
    await say(hi("a"));
    await say(hi("a"));
    expect(budgets()).toHaveLength(4);
    expect(await metrics()).toContain('parley_budget_warnings_total{bot="test-bot",scope="chat",level="near"} 3');
    expect(await metrics()).toContain('parley_budget_warnings_total{bot="test-bot",scope="chat",level="spent"} 1');
  });

  const LINE = "Your allowance for today is nearly used up.";

  it("is told to the person whose own it is, below the answer, once a day", async () => {
    const { say, time } = await bench({ user: { tokens: 200 }, warnAt: 0.4 });
    expect(await say(hi("a"))).toBe(`you said: hi\n\n${LINE}`);
    expect(await say(hi("a"))).toBe("you said: hi");
    time.now += DAY_MS;
    expect(await say(hi("a"))).toBe(`you said: hi\n\n${LINE}`);
  });

  it("is told in German to those who write German", async () => {
    const { say } = await bench({ user: { tokens: 100 } });
    const told = await say(messageEvent({ text: "Guten Tag, was kostet bitte eine Karte bei euch?" }));
    expect(told).toContain("Dein Kontingent für heute ist fast aufgebraucht.");
  });

  it("is told to nobody where it is everybody's, or where others read along", async () => {
    const everybody = await bench({ bot: { tokens: 100 }, chat: { tokens: 100 } });
    expect(await everybody.say(hi("a"))).toBe("you said: hi");
    const own = await bench({ user: { tokens: 200 }, warnAt: 0.4 });
    const inGroup = { ...hi("g"), chat: { id: "g", type: "group" as const } };
    const asked = { ...inGroup, mentions: [{ userId: "bot", isSelf: true }] };
    expect(await own.say(asked)).toBe("you said: hi");
    expect(await own.say(hi("a"))).toContain(LINE);
  });

  it("is told by the attempt that is answered, when one before it died", async () => {
    const { run } = await bench({ user: { tokens: 100 } });
    const event = hi("a");
    const lost = async () => await Promise.reject(new Error("the connection broke"));
    await expect(run([event], { commit: lost })).rejects.toThrow("broke");
    expect(textOf(await run([event], { attempt: 2, epoch: 2 }))).toContain(LINE);
  });

  it("names a model whose price is not known, since caps in dollars do not count it", async () => {
    const unpriced = {
      crew: async (_input: unknown, { usage }: CrewTurn) => {
        usage(call(90, { costMicroDollars: 0, isUnpriced: true }));
        return {};
      },
    };
    const dollars = await bench({ bot: { dollars: 1 } }, unpriced);
    await dollars.say(hi("a"));
    await dollars.say(hi("a"));
    expect(dollars.warned).toEqual([{ bot: "test-bot", model: "m" }]);
    const tokens = await bench({ bot: { tokens: 1_000 } }, unpriced);
    await tokens.say(hi("a"));
    expect(tokens.warned).toEqual([]);
  });
});

describe("a store that fails", () => {
  it("leaves no turn answered whose spending is not counted", async () => {
    const full = async () => await Promise.reject(new Error("the disk is full"));
    const { run, store } = await bench(
      { bot: { tokens: 100 } },
      { store: (real) => ({ ...real, usage: { ...real.usage, spend: full } }) },
    );
    const event = hi("a");
    await expect(run([event])).rejects.toThrow("the disk is full");
    expect(await store.history.find(event.conversation, event.id)).toBeUndefined();
  });
});
