/** A crew on a scripted model, as a user of the framework tests a bot with it. */
import { HumanMessage } from "@langchain/core/messages";
import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { web } from "../../adapters/web/index.ts";
import { startBot } from "../../cli/testing/index.ts";
import { lending } from "../../examples/library/lending.ts";
import { crew, type CrewOptions } from "../index.ts";
import { type ScriptedError, scriptedModel, type ScriptStep } from "./index.ts";

async function library(steps: readonly ScriptStep[], options: CrewOptions = {}) {
  const model = scriptedModel(steps);
  const bots = {
    library: { name: "Library", accounts: [web()], crew: crew({ ...options, model }), tools: [lending()] },
  };
  const bot = await startBot({ bots });
  onTestFinished(async () => await bot.close());
  return { model, anna: bot.person("anna") };
}

describe("a bot on a scripted model", () => {
  it("calls tools, waits for a confirmation, and tells what the model used", async () => {
    const { model, anna } = await library(
      [
        {
          when: "The Waves",
          calls: [{ tool: "reserve_book", input: { title: "The Waves" } }],
          usage: { input: 900, output: 40, cacheRead: 200 },
        },
        { when: (request) => request.tools.length > 0, calls: [{ tool: "find_books", input: { word: "sea" } }] },
        { text: ["We have ", "The Sea Around Us."], usage: { input: 500, output: 10 } },
      ],
      { prices: { scripted: { input: 2, output: 10 } } },
    );
    const asked = await anna.say("please reserve The Waves");
    expect(asked.proposed).toMatchObject([
      { tool: "reserve_book", proposal: { summary: "Reserve “The Waves” for a week" } },
    ]);
    expect(asked.usages).toMatchObject([
      { inputTokens: 700, cacheReadTokens: 200, outputTokens: 40, costMicroDollars: 2_200 },
    ]);
    const done = await anna.press("confirm");
    expect(done.executed).toMatchObject([{ tool: "reserve_book", input: { title: "The Waves" } }]);
    const found = await anna.say("what do you have about the sea?");
    expect(found.calls).toMatchObject([{ tool: "find_books", input: { word: "sea" }, outcome: { status: "done" } }]);
    expect(found.text).toContain("The Sea Around Us");
    expect(model.requests.map(({ tools }) => tools.some(({ name }) => name === "find_books"))).toEqual([
      true,
      true,
      false,
    ]);
    model.done();
  });

  it("is asked again after a failure that passes, and told as what it is where none does", async () => {
    const { model, anna } = await library([
      { error: "overloaded" },
      { text: ["Half of"], error: "stream-broken" },
      { text: "ENOUGH" },
      { text: "Hello, I am here." },
      { error: "refused" },
    ]);
    expect((await anna.say("hello")).text).toBe("Hello, I am here.");
    const { text, trace } = await anna.say("and now?");
    expect(text).not.toBe("");
    expect(trace?.steps.filter(({ outcome }) => outcome === "failed").map(({ detail }) => detail)).toContain(
      "model/refused",
    );
    model.done();
  });

  it.each([
    "spend-limit",
    "authentication",
    "request",
    "unavailable",
    "rate-limited",
    "timeout",
  ] satisfies ScriptedError[])("fails with %s as a provider does: the turn goes on without it", async (error) => {
    const { anna } = await library(Array.from({ length: 3 }, () => ({ error })));
    const { replies, trace } = await anna.say("find sea");
    expect(trace?.steps.find(({ kind }) => kind === "breaker")?.detail).toBe(`model/${error}`);
    expect(replies[0]?.model).toBe("offline");
  });

  it("stands still where the script pauses, until the test lets it go on", async () => {
    let goOn = (): void => undefined;
    const pause = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const { model, anna } = await library([
      { text: "ENOUGH" },
      { text: ["Wait", { pause }, { pause: 1 }, " for it."] },
    ]);
    const answer = anna.say("hello");
    await expect.poll(() => model.requests.length).toBe(2);
    goOn();
    expect((await answer).text).toBe("Wait for it.");
  });
});

describe("a test fails", () => {
  it("with a request that the script does not know", async () => {
    const { model, anna } = await library([{ text: "ENOUGH" }]);
    const said = anna.say("good morning");
    await expect(said).rejects.toThrow(
      /no answer to request 2: the script ends after 1 steps\.\n {2}asked: .*good morning/u,
    );
    await expect(said).rejects.toMatchObject({ code: "testing/unexpected-request" });
    expect(() => model.done()).toThrow("request 2");
  });

  it("with a request that a step is not for", async () => {
    const { anna } = await library([{ when: /umbrella/u, text: "It rains." }]);
    await expect(anna.say("good morning")).rejects.toThrow(
      /request 1: its step 1 is another one: for \/umbrella\/u, text "It rains\."\.\n.*good morning.*\n {2}tools: find_books, reserve_book/u,
    );
  });

  it("with steps that are left over", async () => {
    const model = scriptedModel([{ text: "Hi." }, { calls: [{ tool: "find_books" }] }, { error: "overloaded" }]);
    await model.invoke("hello");
    expect(() => model.done()).toThrow(
      "The model was asked 1 times, and its script has 3 steps. Left over:\n  step 2: call of find_books\n  step 3: error overloaded",
    );
  });

  it("with what the crew itself throws, at once", async () => {
    const bug = new TypeError("x is undefined");
    const broken = {
      name: "broken",
      summary: {},
      open: async () => ({ run: async () => await Promise.reject(bug), close: async () => {} }),
    };
    const bot = await startBot({ bots: { broken: { name: "Broken", accounts: [web()], crew: broken } } });
    onTestFinished(async () => await bot.close());
    await expect(bot.person().say("hello")).rejects.toBe(bug);
  });
});

describe("a scripted model by itself", () => {
  it("gives structured output, by a tool or as JSON", async () => {
    const Book = z.object({ title: z.string() });
    const model = scriptedModel([{ structured: { title: "The Waves" } }, { structured: { title: "Ulysses" } }]);
    expect(await model.withStructuredOutput(Book).invoke("which book?")).toEqual({ title: "The Waves" });
    expect((await model.invoke([new HumanMessage("and as JSON?")])).text).toBe('{"title":"Ulysses"}');
    model.done();
  });

  it("streams the pieces of the script", async () => {
    const model = scriptedModel([{ text: ["one ", "two"], stop: "max_tokens" }]);
    const pieces: string[] = [];
    for await (const chunk of await model.stream("go")) pieces.push(chunk.text);
    expect(pieces).toEqual(["one ", "two", ""]);
  });

  it("ends a pause with its request", async () => {
    const leave = new AbortController();
    const model = scriptedModel([{ text: ["one", { pause: new Promise(() => undefined) }] }]);
    const asked = model.invoke("go", { signal: leave.signal });
    await expect.poll(() => model.requests.length).toBe(1);
    leave.abort();
    await expect(asked).rejects.toThrow();
  });
});
