import { tool } from "@langchain/core/tools";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { langchain } from "../../core/langchain/index.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import type { Telemetry } from "../../core/telemetry.ts";
import { crewBench } from "../../test/support/crew-bench.ts";
import { startProviderApis, type ProviderApis } from "../../test/support/provider-apis/server.ts";
import type { Step } from "../../test/support/provider-apis/step.ts";
import { type CrewOptions, missingForCrew, readCrewOptions } from "../crew-options.ts";

const forecast = tool(async ({ city }) => ({ city, degrees: "7 °C" }), {
  name: "get_forecast",
  description: "Gives the weather of a city.",
  schema: z.object({ city: z.string().min(2).max(80), days: z.number().int().min(1).max(10).optional() }),
});

const models = {
  openai: "openai:gpt-5.5",
  "google-genai": "google-genai:gemini-3-flash",
  groq: "groq:llama-4",
  ollama: "ollama:qwen3",
} as const;
const providers = ["openai", "google-genai", "groq", "ollama"] as const;

let apis: ProviderApis;
const closers: (() => Promise<void>)[] = [];

beforeEach(async () => {
  apis = await startProviderApis();
  vi.stubEnv("OPENAI_API_KEY", "test-key");
  vi.stubEnv("OPENAI_BASE_URL", `${apis.url}/v1`);
  vi.stubEnv("GOOGLE_API_KEY", "test-key");
  vi.stubEnv("GOOGLE_GEMINI_BASE_URL", apis.url);
  vi.stubEnv("GROQ_API_KEY", "test-key");
  vi.stubEnv("GROQ_BASE_URL", apis.url);
  vi.stubEnv("OLLAMA_BASE_URL", apis.url);
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  await apis.close();
  vi.unstubAllEnvs();
});

/** The codes of the attempts that failed, as the log has them. */
function recordingLog() {
  const codes: unknown[] = [];
  const warn = (fields: object, message: string): void => {
    if (message.startsWith("an attempt")) codes.push(Reflect.get(fields, "code"));
  };
  return { codes, telemetry: { ...silentTelemetry, log: { ...silentTelemetry.log, warn } } };
}

async function open(
  model: CrewOptions["model"],
  settings: Partial<CrewOptions> = {},
  telemetry: Telemetry = silentTelemetry,
) {
  const bench = await crewBench({
    telemetry,
    packs: [langchain(forecast, { readOnly: true, depends: "public" })],
    crew: { ...settings, ...(model !== undefined && { model }) },
  });
  closers.push(bench.close);
  return bench.talk("anna");
}

const asks: Step = { calls: [{ name: "get_forecast", input: { city: "Kiel" } }], usage: { input: 200, output: 10 } };
const answers: Step = { text: "It is 7 °C in Kiel today, so take a coat.", usage: { input: 300, output: 20 } };
const enough: Step = { text: "ENOUGH" };
const failing = (status: number, headers: Readonly<Record<string, string>> = {}): Step => ({
  failure: { status, message: "Something is wrong here.", headers },
});
const TEXT = "It is 7 °C in Kiel today, so take a coat.";

describe.each(providers)("a crew on %s", (provider) => {
  const name = models[provider];

  it("talks with a tool, streams its answer and goes on with what was said", async () => {
    const person = await open(name);
    apis.script(provider, [asks, answers, enough, { text: "You are welcome." }]);
    const first = await person.say("What is the weather in Kiel?");
    expect(first.reply.text).toBe(TEXT);
    expect(first.calls).toMatchObject([
      {
        name: "get_forecast",
        input: { city: "Kiel" },
        outcome: { status: "done", result: { value: { degrees: "7 °C" } } },
      },
    ]);
    const streamed = first.signals.flatMap((signal) => (signal.type === "delta" ? signal.text : []));
    expect(streamed.join("")).toBe(TEXT);
    expect((await person.say("thanks")).reply.text).toBe("You are welcome.");
    expect(apis.requests).toHaveLength(4);
    expect(JSON.stringify(apis.requests.at(-1)?.body)).toContain("take a coat");
  });

  it("does several steps, each with the results before", async () => {
    const person = await open(name);
    const goesOn = { name: "continue_after_results", input: {} };
    apis.script(provider, [
      { calls: [{ name: "get_forecast", input: { city: "Kiel" } }, goesOn] },
      { calls: [{ name: "get_forecast", input: { city: "Bergen" } }] },
      { text: "Both have 7 °C." },
    ]);
    const { reply, calls } = await person.say("Where is it warmer, in Kiel or where my brother lives?");
    expect(calls.map(({ input }) => input)).toEqual([{ city: "Kiel" }, { city: "Bergen" }]);
    expect(reply.text).toBe("Both have 7 °C.");
  });

  it("counts what each request used", async () => {
    const person = await open(name, { prices: { [name.split(":")[1] ?? ""]: { input: 1, output: 10 } } });
    apis.script(provider, [asks, answers]);
    const { usages } = await person.say("What is the weather in Kiel?");
    expect(
      usages.map(({ inputTokens, outputTokens, costMicroDollars }) => [inputTokens, outputTokens, costMicroDollars]),
    ).toEqual([
      [200, 10, 300],
      [300, 20, 500],
    ]);
  });

  it("is estimated where it does not tell what it used, which the log says once", async () => {
    const warnings: string[] = [];
    const log = { ...silentTelemetry.log, warn: (_fields: object, words: string) => void warnings.push(words) };
    const person = await open(name, {}, { ...silentTelemetry, log });
    const untold = { usage: { input: 0, output: 0 } };
    apis.script(provider, [
      { ...asks, ...untold },
      { ...answers, ...untold },
    ]);
    const { usages } = await person.say("What is the weather in Kiel?");
    expect(usages).toHaveLength(2);
    expect(usages.every(({ inputTokens, outputTokens }) => inputTokens > 100 && outputTokens > 5)).toBe(true);
    expect(warnings.filter((words) => words.includes("does not report its tokens"))).toHaveLength(1);
  });

  it.each([
    ["a rate limit", failing(429, { "retry-after": "0" }), "model/rate-limited"],
    ["an error inside the service", failing(500), "model/unavailable"],
    ["an overloaded service", failing(503), "model/unavailable"],
    ["an answer that breaks off", { ...answers, breaksAfter: 2 }, "model/stream-broken"],
  ] as const)("asks again after %s", async (_what, fault, code) => {
    const log = recordingLog();
    const person = await open(name, {}, log.telemetry);
    apis.script(provider, [fault, asks, fault, answers]);
    const { reply } = await person.say("What is the weather in Kiel?");
    expect(reply.text).toBe(TEXT);
    expect(apis.requests).toHaveLength(4);
    expect(log.codes).toEqual([code, code]);
  });

  it("takes back what it showed of an answer that broke off", async () => {
    const person = await open(name);
    const long =
      "It is 7 °C in Kiel today. Take a coat, and do not forget your umbrella, for rain may come in the evening.";
    apis.script(provider, [asks, { text: long, breaksAfter: 8 }, answers]);
    const { reply, signals } = await person.say("What is the weather in Kiel?");
    expect(reply.text).toBe(TEXT);
    const shown = signals.map((one) => (one.type === "delta" ? one.text : one.type === "reset" ? "⟲" : "")).join("");
    expect(shown.endsWith(`⟲${TEXT}`)).toBe(true);
    expect(shown.length).toBeGreaterThan(TEXT.length + 1);
  });

  it.each([
    [401, "model/authentication"],
    [403, "model/authentication"],
    [404, "model/request"],
    [400, "model/request"],
  ] as const)("does not ask again after HTTP %i: the next model answers, and the log has it", async (status, code) => {
    const other = provider === "groq" ? "openai" : "groq";
    const log = recordingLog();
    const person = await open([name, models[other]], {}, log.telemetry);
    apis.script(provider, [failing(status)]);
    apis.script(other, [asks, answers]);
    const { reply, usages } = await person.say("What is the weather in Kiel?");
    expect(reply.text).toBe(TEXT);
    expect(apis.requests.map(({ provider: asked }) => asked)).toEqual([provider, other, other]);
    expect(log.codes).toEqual([code]);
    expect(new Set(usages.map(({ model }) => model))).toEqual(new Set([models[other].split(":")[1]]));
  });

  it("is left for the next model while it goes on failing", async () => {
    const other = provider === "groq" ? "openai" : "groq";
    const person = await open([name, models[other]]);
    apis.script(provider, () => failing(429, { "retry-after": "60" }));
    apis.script(other, [asks, answers]);
    expect((await person.say("What is the weather in Kiel?")).reply.text).toBe(TEXT);
    // Ollama's client does not tell how long to wait.
    const times = provider === "ollama" ? 3 : 1;
    const asked = apis.requests.map((request) => request.provider);
    expect(asked).toEqual([...Array.from({ length: times }, () => provider), other, other]);
  });

  it("has arguments refused that are none, and never runs them", async () => {
    const person = await open(name);
    apis.script(provider, [
      {
        calls: [
          { name: "get_forecast", input: { city: 5, days: "many" } },
          { name: "continue_after_results", input: {} },
        ],
      },
      asks,
      answers,
    ]);
    const { reply, calls } = await person.say("What is the weather in Kiel?");
    expect(calls.map(({ outcome }) => outcome.status)).toEqual(["refused", "done"]);
    expect(reply.text).toBe(TEXT);
  });

  it("goes on where the limit on its length cut it", async () => {
    const person = await open(name);
    apis.script(provider, [asks, { text: "It is 7 °C in Kiel ", isCut: true }, { text: "today, so take a coat." }]);
    expect((await person.say("What is the weather in Kiel?")).reply.text).toBe(TEXT);
  });

  it("counts what was read from the cache once", async () => {
    const person = await open(name);
    apis.script(provider, [
      enough,
      { text: "Hello there, how can I help you today?", usage: { input: 100, output: 9, cached: 40 } },
    ]);
    const { usages } = await person.say("hello there");
    const { inputTokens = 0, cacheReadTokens = 0, outputTokens } = usages.at(-1) ?? {};
    expect([inputTokens + cacheReadTokens, outputTokens]).toEqual([100, 9]);
    if (provider === "openai" || provider === "google-genai") expect(cacheReadTokens).toBe(40);
  });
});

// Ollama and Gemini send calls as objects.
describe.each(["openai", "groq"] as const)("a crew on %s", (provider) => {
  it("asks once more for a tool call that is no JSON, and never runs it", async () => {
    const half: Step = { calls: [{ name: "get_forecast", input: {}, rawInput: '{"city": "Ki' }] };
    const person = await open(models[provider]);
    apis.script(provider, [half, asks, answers]);
    const { reply, calls } = await person.say("What is the weather in Kiel?");
    expect(calls.map(({ input }) => input)).toEqual([{ city: "Kiel" }]);
    expect(reply.text).toBe(TEXT);
  });
});

describe("a model by its name", () => {
  it("that has no credit is left for the next one at once", async () => {
    const log = recordingLog();
    const person = await open([models.openai, models.groq], {}, log.telemetry);
    apis.script("openai", [
      { failure: { status: 429, message: "You exceeded your current quota.", code: "insufficient_quota" } },
    ]);
    apis.script("groq", [asks, answers]);
    expect((await person.say("What is the weather in Kiel?")).reply.text).toBe(TEXT);
    expect(log.codes).toEqual(["model/spend-limit"]);
  });

  it.each([
    ["openai", "This model's maximum context length is 8192 tokens.", "context_length_exceeded"],
    ["google-genai", "The input token count (9000) exceeds the maximum number of tokens allowed (8192).", undefined],
    ["groq", "Please reduce the length of the messages or completion.", "context_length_exceeded"],
  ] as const)("of %s is told less where the conversation is too long for it", async (provider, message, code) => {
    const person = await open(models[provider]);
    const tooLong: Step = { failure: { status: 400, message, ...(code !== undefined && { code }) } };
    apis.script(provider, [tooLong, asks, answers]);
    expect((await person.say("What is the weather in Kiel?")).reply.text).toBe(TEXT);
  });

  it("whose key is not set is told with the variable, at its place in the list", () => {
    const settings = readCrewOptions({
      model: ["openai:gpt-5.5", "groq:llama-4", "ollama:qwen3", "google-genai:gemini-3-flash"],
    });
    const missing = (environment: Readonly<Record<string, string>>) =>
      missingForCrew(settings, { directory: ".", environment, readFile: () => "" }).map(
        ({ path, message }) => `${path}: ${message}`,
      );
    const keys = { OPENAI_API_KEY: "k", GROQ_API_KEY: "k", GEMINI_API_KEY: "k" };
    expect(missing(keys)).toEqual([]);
    expect(missing({})).toEqual([
      "model.0: OpenAI needs a key: OPENAI_API_KEY is not set",
      "model.1: Groq needs a key: GROQ_API_KEY is not set",
      "model.3: Gemini needs a key: GOOGLE_API_KEY or GEMINI_API_KEY is not set",
    ]);
  });
});
