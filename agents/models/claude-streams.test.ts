import { describe, expect, test } from "vitest";
import { claudeBench, failureOf, question, read } from "../../test/support/messages-api/claude-bench.ts";
import {
  always,
  cut,
  endsEarly,
  failsMidStream,
  onlyPings,
  slow,
  stalls,
} from "../../test/support/messages-api/faults.ts";
import { textOf } from "./message-content.ts";

const { api, claude, time } = claudeBench();

describe("broken streams", () => {
  const answer = { text: "You have five euros and twenty cents in your account." };

  test.each([
    ["a cut socket", cut(answer, 2), "model/stream-broken"],
    ["an early end", endsEarly(answer, 2), "model/stream-broken"],
    ["an error event", failsMidStream(answer, 2), "model/overloaded"],
  ])("after part of the text, %s is an error and no second attempt", async (_name, step, code) => {
    api().script([step, answer]);
    const { text, thrown } = await read(await claude().stream(question));
    expect(text).toBe("You have five euros and ".slice(0, text.length));
    expect(text).not.toBe("");
    expect(thrown).toMatchObject({ code, retryable: true });
    expect(api().requests).toHaveLength(1);
  });

  test("never give a tool call, whether the socket or the token limit cut it", async () => {
    const toolUse = [{ name: "transfer", input: {}, rawInput: '{"cents": 1000' }];
    const model = claude().bindTools([{ name: "transfer", description: "x", input_schema: { type: "object" } }]);
    api().script([cut({ toolUse }, 3), { toolUse, stopReason: "max_tokens" }, { toolUse, stopReason: "tool_use" }]);
    const codes = ["model/stream-broken", "model/answer-incomplete", "model/stream-broken"];
    for (const code of codes) expect((await failureOf(model.invoke(question))).code).toBe(code);
  });

  test("a silent stream is ended after the idle time, and its socket closed", async () => {
    api().script([stalls(answer, 2)]);
    const silent = async (): Promise<void> => {
      await time().untilSet(60);
      time().pass(60);
    };
    const { text, thrown } = await read(await claude({ idleTimeoutMs: 60 }).stream(question), (soFar) => {
      if (soFar === "You have five euros and ") void silent();
    });
    expect(text).toBe("You have five euros and ");
    expect(thrown).toMatchObject({ name: "ModelTimeoutError", code: "model/timeout" });
    await expect(api().requests[0]?.outcome).resolves.toBe("broken-off");
  });

  test("silence before the first byte counts too", async () => {
    api().script(() => {
      time().pass(60);
      return slow(60_000, answer);
    });
    const model = claude({ idleTimeoutMs: 60, retry: { attempts: 1 } });
    expect(await failureOf(model.invoke(question))).toMatchObject({ code: "model/timeout" });
    await expect(api().requests[0]?.outcome).resolves.toBe("broken-off");
  });

  test("a reader that takes its time is not mistaken for a silent model", async () => {
    api().script([answer]);
    let text = "";
    for await (const chunk of await claude({ idleTimeoutMs: 100 }).stream(question)) {
      text += textOf(chunk);
      await api().requests[0]?.outcome;
      await time().untilSet(100, false);
      time().pass(130);
    }
    expect(text).toBe(answer.text);
  });

  test("pings keep a connection alive, but not beyond the deadline", async () => {
    api().script([onlyPings(answer, 2, 5)]);
    const model = claude({ idleTimeoutMs: 100, deadlineMs: 2000 });
    const reading = read(await model.stream(question));
    for (let passed = 0; passed < 2000; passed += 80) {
      await time().untilSetAnew(100);
      time().pass(80);
    }
    const { thrown } = await reading;
    expect(thrown).toMatchObject({ code: "model/timeout", message: expect.stringContaining("2000 ms") });
    await expect(api().requests[0]?.outcome).resolves.toBe("broken-off");
  });

  test("the caller's abort and an early leave close the socket", async () => {
    const caller = new AbortController();
    api().script(always(stalls(answer, 2)));
    const aborted = read(await claude().stream(question, { signal: caller.signal }), () => caller.abort());
    expect((await aborted).thrown).toMatchObject({ name: "AbortError" });
    for await (const chunk of await claude().stream(question)) if (textOf(chunk) !== "") break;
    await expect(Promise.all(api().requests.map(({ outcome }) => outcome))).resolves.toEqual([
      "broken-off",
      "broken-off",
    ]);
  });

  test("streamed events end in the same errors", async () => {
    api().script([cut(answer, 2)]);
    const events = claude().streamEvents(question, { version: "v2" });
    const drain = async () => {
      for await (const event of events) expect(event.event).not.toBe("on_chat_model_end");
    };
    await expect(drain()).rejects.toMatchObject({ code: "model/stream-broken" });
  });
});
