import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { env, file, Secret } from "../core/config/secret.ts";
import { InvalidInputError } from "../core/errors.ts";
import { crewBench } from "../test/support/crew-bench.ts";
import { startMessagesApi, type MessagesApi } from "../test/support/messages-api/server.ts";
import { checkCrew } from "./check-crew.ts";
import { chooseModels } from "./choose-model.ts";
import { readCrewOptions, type CrewOptions } from "./crew-options.ts";
import { crew } from "./index.ts";
import { scriptedModel } from "./testing/index.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "parley-crew-options-"));
  writeFileSync(join(folder, "key"), "file-key\n");
});
afterAll(() => rmSync(folder, { recursive: true }));

const chain = (model: NonNullable<CrewOptions["model"]>, environment: Readonly<Record<string, string>> = {}) =>
  chooseModels(readCrewOptions({ model }), { configDirectory: folder }, environment);
const choose = (model: NonNullable<CrewOptions["model"]>, environment: Readonly<Record<string, string>> = {}) => {
  const [first] = chain(model, environment);
  if (first === undefined) throw new Error("expected a model");
  return first;
};

describe("the model of a crew", () => {
  test("is Claude where a key is set, and the embedded brain elsewhere", () => {
    expect(choose("auto")).toMatchObject({ kind: "offline", why: "ANTHROPIC_API_KEY is not set" });
    expect(choose("auto", { ANTHROPIC_API_KEY: "k" })).toMatchObject({ kind: "claude" });
    expect(choose("offline", { ANTHROPIC_API_KEY: "k" })).toMatchObject({ kind: "offline" });
  });

  test("takes its key from where the settings point, at each request", () => {
    const environment: Record<string, string> = { MY_KEY: "one" };
    const byEnv = choose({ apiKey: env("MY_KEY") }, environment);
    const byFile = choose({ apiKey: file("key") });
    if (byEnv.kind !== "claude" || byFile.kind !== "claude") throw new Error("expected Claude");
    expect(byEnv.apiKey()).toBe("one");
    environment["MY_KEY"] = "two";
    expect(byEnv.apiKey()).toBe("two");
    expect(byFile.apiKey()).toBe("file-key");
  });

  test("says which key is missing when it is opened, and never prints one", async () => {
    await expect(crewBench({ crew: { model: { apiKey: env("PARLEY_NO_SUCH_KEY") } } })).rejects.toThrow(
      /PARLEY_NO_SUCH_KEY is not set/u,
    );
    const { summary } = crew({ model: { apiKey: new Secret("very-secret", "test"), answersModel: "claude-opus-5-5" } });
    expect(JSON.stringify(summary)).not.toContain("secret");
    expect(summary).toMatchObject({ model: "claude", answersModel: "claude-opus-5-5", roles: "crew" });
  });

  test("may be any of LangChain by its name, and a chain of them that ends with the embedded brain", () => {
    expect(choose("openai:gpt-5.5")).toMatchObject({ kind: "named", model: { provider: "openai", id: "gpt-5.5" } });
    expect(choose("anthropic:claude-opus-5-5")).toMatchObject({
      kind: "claude",
      options: { answersModel: "claude-opus-5-5" },
    });
    expect(chain(["auto", "ollama:qwen3:8b"], { ANTHROPIC_API_KEY: "k" }).map(({ kind }) => kind)).toEqual([
      "claude",
      "named",
      "offline",
    ]);
    expect(() => crew({ model: "acme:x" })).toThrow(/groq/u);
    const { missing } = crew({ model: ["groq:llama", "openai:x"] });
    const place = { environment: { GROQ_API_KEY: "k" }, directory: folder, readFile: () => "" };
    expect(missing?.(place)).toMatchObject([{ path: "model.1", message: expect.stringContaining("OPENAI_API_KEY") }]);
  });

  test("of a specialist needs its key, too, which is told with its path", () => {
    const specialists = { coding: { model: "anthropic:claude-opus-5-5" }, research: { model: "groq:llama" } } as const;
    const missing = (environment: NodeJS.Dict<string>) =>
      crew({ model: "offline", specialists }).missing?.({ environment, directory: folder, readFile: () => "" }) ?? [];
    const said = [
      ["specialists.coding.model", "Claude needs a key: ANTHROPIC_API_KEY is not set"],
      ["specialists.research.model", "Groq needs a key: GROQ_API_KEY is not set"],
    ];
    expect(missing({}).map(({ path, message }) => [path, message])).toEqual(said);
    expect(missing({}).every(({ fix = "" }) => fix.includes(".env"))).toBe(true);
    expect(missing({ ANTHROPIC_API_KEY: "k", GROQ_API_KEY: "k" })).toEqual([]);
  });

  test("is refused with every fault named", () => {
    const wrong = { model: { baseUrl: "ftp://x", maxTokens: 0 } } as const;
    expect(() => crew(wrong)).toThrow(InvalidInputError);
    expect(() => crew(wrong)).toThrow(/model\.baseUrl.*model\.maxTokens/u);
    expect(() => crew({ maxToolRounds: 0 })).toThrow(/maxToolRounds/u);
  });
});

describe("the check of a crew", () => {
  let api: MessagesApi;
  beforeAll(async () => {
    api = await startMessagesApi();
  });
  afterAll(async () => await api.close());
  const chainOf = (key: string, model: object = {}) =>
    chain({ apiKey: new Secret(key, "test"), baseUrl: api.url, ...model });

  test("says which model answers and why", async () => {
    expect(await checkCrew([choose("auto")])).toMatchObject([
      { status: "ok", detail: expect.stringMatching(/ANTHROPIC_API_KEY is not set/u) },
    ]);
    expect(await checkCrew(chainOf("test-key"))).toMatchObject([
      { status: "ok", detail: expect.stringMatching(/claude-sonnet-5-5, claude-haiku-5-5/u) },
    ]);
  });

  test("names the remedy for a wrong key, an unknown model and a provider that cannot be reached", async () => {
    expect(await checkCrew(chainOf("wrong"))).toMatchObject([
      {
        status: "warning",
        detail: expect.stringMatching(/refuses the key/u),
        remedy: expect.stringMatching(/valid key/u),
      },
    ]);
    expect(await checkCrew(chainOf("test-key", { fastModel: "claude-nano" }))).toMatchObject([
      { status: "warning", detail: expect.stringMatching(/does not know claude-nano/u) },
    ]);
    expect(await checkCrew(chainOf("test-key", { baseUrl: "http://127.0.0.1:9" }))).toMatchObject([
      {
        status: "warning",
        detail: expect.stringMatching(/cannot be reached/u),
        remedy: expect.stringMatching(/network/u),
      },
    ]);
  });
});

describe("a bot without tools", () => {
  let bench: Awaited<ReturnType<typeof crewBench>> | undefined;
  afterEach(async () => await bench?.close());

  test("claims nothing that it cannot do", async () => {
    bench = await crewBench();
    const talk = bench.talk("u1");
    for (const text of [
      "what's my balance?",
      "send 20 euros to Emre",
      "what does a card cost?",
      "which fund suits me?",
    ]) {
      const { reply, calls } = await talk.say(text);
      expect(calls).toEqual([]);
      expect(reply.proposal).toBeUndefined();
      expect(reply.text).toMatch(/cannot|no answer|not sure|not told me/u);
    }
    expect((await talk.say("what can you do?")).reply.text).not.toContain("balance");
  });

  test("says that it cannot read a file that comes without words", async () => {
    bench = await crewBench();
    const attachments = [{ id: "f1", kind: "document" as const, name: "invoice.pdf", reference: {} }];
    expect((await bench.talk("u1").say("", { attachments })).reply.text).toContain("I cannot read “invoice.pdf”");
  });

  test("answers with any chat model of LangChain", async () => {
    const model = scriptedModel([{ text: "Hello there!" }]);
    bench = await crewBench({ crew: { model } });
    const { reply, usages } = await bench.talk("u1").say("hi");
    expect(reply.text).toBe("Hello there!");
    expect(usages.map(({ costMicroDollars }) => costMicroDollars)).toEqual([0]);
  });

  test("falls back when such a model says nothing", async () => {
    bench = await crewBench({ crew: { model: scriptedModel([{ text: "" }]) } });
    expect((await bench.talk("u1").say("hi")).reply.model).toBe("offline");
  });
});
