import { describe, expect, test } from "vitest";
import { answerTo, ask, claudeBench, failureOf } from "../../test/support/messages-api/claude-bench.ts";
import {
  always,
  cut,
  endsEarly,
  failsMidStream,
  onlyPings,
  slow,
  stalls,
} from "../../test/support/messages-api/faults.ts";

const { api, claude, time, pauses } = claudeBench();

const answer = { text: "You have five euros and twenty cents in your account." };
const tools = [{ name: "transfer", description: "x", input_schema: { type: "object" } }];
const half = [{ name: "transfer", input: {}, rawInput: '{"cents": 1000' }];

describe("broken streams", () => {
  test.each([
    ["a cut socket", cut(answer, 2)],
    ["an early end", endsEarly(answer, 2)],
    ["an error event", failsMidStream(answer, 2)],
  ])("after part of the text, %s takes it back and asks again", async (_name, step) => {
    api().script([step, answer]);
    const { text, shown, spent } = await ask(claude());
    expect(text).toBe(answer.text);
    expect(shown.filter((piece) => piece === "⟲")).toHaveLength(1);
    // The broken attempt is paid for as well.
    expect(spent).toHaveLength(2);
    expect(spent[0]?.inputTokens).toBeGreaterThan(0);
  });

  test("are an error when they go on breaking", async () => {
    api().script(always(cut(answer, 2)));
    const { thrown, spent } = await ask(claude());
    expect(thrown).toMatchObject({ code: "model/stream-broken", retryable: true });
    expect(spent).toHaveLength(3);
  });

  test("never give a tool call", async () => {
    api().script(always(cut({ toolUse: half }, 3)));
    expect((await failureOf(answerTo(claude(), { tools }))).code).toBe("model/stream-broken");
  });

  test("a silent stream is ended after the idle time, and its socket closed", async () => {
    api().script([stalls(answer, 2)]);
    const silent = async (): Promise<void> => {
      await time().untilSet(60);
      time().pass(60);
    };
    const { text, thrown } = await ask(claude({ idleTimeoutMs: 60 }), {
      onText: (soFar) => {
        if (soFar === "You have five euros and ") void silent();
      },
    });
    expect(text).toBe("You have five euros and ");
    expect(thrown).toMatchObject({ name: "ModelTimeoutError", code: "model/timeout" });
    await expect(api().requests[0]?.outcome).resolves.toBe("broken-off");
  });

  test("silence before the first byte counts too, and is not waited for twice", async () => {
    api().script(() => {
      time().pass(60);
      return slow(60_000, answer);
    });
    expect(await failureOf(answerTo(claude({ idleTimeoutMs: 60 })))).toMatchObject({ code: "model/timeout" });
    await expect(api().requests[0]?.outcome).resolves.toBe("broken-off");
    expect(api().requests).toHaveLength(1);
    expect(pauses()).toEqual([]);
  });

  test("pings are no progress", async () => {
    api().script([onlyPings(answer, 2, 5)]);
    const { thrown } = await ask(claude({ idleTimeoutMs: 100 }), {
      onText: (soFar) => {
        if (soFar === "You have five euros and ") setTimeout(() => time().pass(100), 50);
      },
    });
    expect(thrown).toMatchObject({ code: "model/timeout", message: expect.stringContaining("100 ms") });
    await expect(api().requests[0]?.outcome).resolves.toBe("broken-off");
  });

  test("the deadline ends what goes on and on", async () => {
    api().script([stalls(answer, 2)]);
    const { thrown } = await ask(claude({ idleTimeoutMs: 5_000, deadlineMs: 2_000 }), {
      onText: (soFar) => {
        if (soFar === "You have five euros and ") setTimeout(() => time().pass(2_000), 50);
      },
    });
    expect(thrown).toMatchObject({ code: "model/timeout", message: expect.stringContaining("2000 ms") });
  });

  test("the caller's abort closes the socket, and what was used is paid for", async () => {
    const caller = new AbortController();
    api().script(always(stalls(answer, 2)));
    const aborted = await ask(claude(), { signal: caller.signal, onText: () => caller.abort() });
    expect(aborted.thrown).toMatchObject({ name: "AbortError" });
    expect(aborted.spent[0]?.inputTokens).toBeGreaterThan(0);
    await expect(api().requests[0]?.outcome).resolves.toBe("broken-off");
  });
});

describe("answers that stop too early", () => {
  test("are continued where the length limit cut them", async () => {
    api().script([
      { thinking: "hm", text: "You have five euros ", stopReason: "max_tokens" },
      { text: " and twenty cents." },
    ]);
    const { answer: whole, text, spent } = await ask(claude());
    expect(whole?.text).toBe("You have five euros  and twenty cents.");
    expect(text).toBe(whole?.text);
    expect(spent).toHaveLength(2);
    expect(JSON.stringify(api().requests[1]?.body)).toContain("cut off by its length limit");
  });

  test("are continued where the provider paused", async () => {
    api().script([{ thinking: "hm", text: "Let me see. ", stopReason: "pause_turn" }, { text: "Five euros." }]);
    expect(await answerTo(claude())).toBe("Let me see. Five euros.");
    expect(api().requests).toHaveLength(2);
  });

  test("are given up when they never end", async () => {
    api().script(always({ text: "and ", stopReason: "max_tokens" }));
    expect(await failureOf(answerTo(claude()))).toMatchObject({ code: "model/answer-incomplete" });
    expect(api().requests).toHaveLength(4);
  });

  test("a tool call that is no JSON is asked for once more", async () => {
    api().script([{ toolUse: half, stopReason: "tool_use" }, { toolUse: [{ name: "transfer", input: { cents: 1 } }] }]);
    const { answer: whole } = await ask(claude(), { tools });
    expect(whole?.calls).toMatchObject([{ name: "transfer", args: { cents: 1 } }]);
    api().script(always({ toolUse: half, stopReason: "tool_use" }));
    expect(await failureOf(answerTo(claude(), { tools }))).toMatchObject({ code: "model/answer-invalid" });
    expect(api().requests).toHaveLength(4);
    api().script([{ toolUse: half, stopReason: "max_tokens" }]);
    expect(await failureOf(answerTo(claude(), { tools }))).toMatchObject({ code: "model/answer-incomplete" });
  });
});
