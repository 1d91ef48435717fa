import { Document } from "@langchain/core/documents";
import { ToolMessage } from "@langchain/core/messages";
import { BaseRetriever } from "@langchain/core/retrievers";
import { RunnableLambda } from "@langchain/core/runnables";
import { DynamicStructuredTool, DynamicTool, StructuredTool, tool } from "@langchain/core/tools";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { z as z3 } from "zod/v3";
import { crewBench } from "../../test/support/crew-bench.ts";
import { callContext, openContext, temporaryFolder } from "../../test/support/tool-pack.ts";
import { createToolset } from "../../tools/index.ts";
import type { OpenToolPack } from "../bot.ts";
import type { Tool, ToolContext } from "../tool.ts";
import { langchain, type LangChainOptions, type LangChainPart } from "./index.ts";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const cities = tool(async ({ city, days }) => ({ city, days, sky: "clear" }), {
  name: "get_forecast",
  description: "Gives the weather of a city.",
  schema: z.object({ city: z.string().min(2), days: z.number().int().default(3) }),
});

async function open(part: LangChainPart, options?: LangChainOptions): Promise<OpenToolPack & { readonly tool: Tool }> {
  const pack = await langchain(part, options).open(await openContext(await temporaryFolder()));
  closers.push(pack.close);
  const [only] = pack.tools;
  if (only === undefined) throw new Error("no tool");
  return { ...pack, tool: only };
}

const run = async (made: Tool, input: unknown, more: Partial<ToolContext> = {}) => {
  const { context, steps } = callContext();
  return { ...(await made.execute(made.parse(input), { ...context, ...more })), steps };
};

describe("a tool of LangChain", () => {
  const forms = {
    "Zod 4": z.object({ city: z.string(), days: z.number().default(3) }),
    "Zod 3": z3.object({ city: z3.string(), days: z3.number().default(3) }),
    "JSON Schema": {
      type: "object",
      properties: { city: { type: "string" }, days: { type: "number", default: 3 } },
      required: ["city"],
      additionalProperties: false,
    },
  } as const;

  it.each(Object.keys(forms))("is called with arguments that were checked by %s", async (kind) => {
    const schema = Object.entries(forms).find(([name]) => name === kind)?.[1];
    const made = new DynamicStructuredTool({
      name: "get_forecast",
      description: "Gives the weather of a city.",
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the three kinds of schema share no type
      schema: schema as (typeof forms)["Zod 4"],
      func: async (input) => JSON.stringify(input),
    });
    const { tool: own } = await open(made, { readOnly: true });
    expect(own.inputSchema).toMatchObject({ type: "object", required: expect.arrayContaining(["city"]) });
    expect((await run(own, { city: "Kiel" })).value).toEqual({ city: "Kiel", days: 3 });
    expect(() => own.parse({ days: 1 })).toThrow(/city/u);
    expect(() => own.parse({ city: "Kiel", days: "many" })).toThrow(/days/u);
  });

  it("takes what subclasses, tools of one text and runnables take", async () => {
    class Shout extends StructuredTool {
      name = "shout";
      description = "Shouts.";
      schema = z.object({ words: z.string() });
      protected override async _call({ words }: { words: string }): Promise<string> {
        return words.toUpperCase();
      }
    }
    const echo = new DynamicTool({ name: "echo", description: "Says it again.", func: async (input) => input });
    const length = RunnableLambda.from(async ({ word }: { word: string }) => word.length).asTool({
      name: "count_letters",
      description: "Counts.",
      schema: z.object({ word: z.string() }),
    });
    expect((await run((await open(new Shout(), { readOnly: true })).tool, { words: "hi" })).value).toEqual({
      text: "HI",
    });
    expect((await run((await open(echo, { readOnly: true })).tool, { input: "hi" })).value).toEqual({ text: "hi" });
    expect((await run((await open(length, { readOnly: true })).tool, { word: "four" })).value).toBe(4);
  });

  it("is confirmed by its requester, unless it is said to be read-only", async () => {
    expect((await open(cities)).tool).toMatchObject({ confirmation: "always", risk: "medium" });
    expect((await open(cities, { readOnly: true })).tool).toMatchObject({ confirmation: "never", risk: "low" });
    expect((await open(cities, { risk: "high" })).tool).toMatchObject({ confirmation: "always", risk: "high" });
    expect(() => langchain(cities, { readOnly: true, risk: "high" })).toThrow(/risk.*readOnly/u);
    const { tool: own, check } = await open(cities);
    expect(await own.propose({ city: "Kiel", days: 1 }, callContext().context)).toEqual({
      summary: "get_forecast (`city: Kiel`, `days: 1`)",
    });
    expect(await check?.()).toMatchObject([
      { detail: expect.stringContaining("langchain(get_forecast, { readOnly: true })") },
    ]);
  });

  it("refuses what only its own schema knows before anybody confirms it", async () => {
    const even = tool(async () => "done", {
      name: "pay_even",
      description: "Pays.",
      schema: z.object({ cents: z.number().refine((cents) => cents % 2 === 0, "must be even") }),
    });
    const { tool: own } = await open(even);
    await expect(own.propose({ cents: 3 }, callContext().context)).rejects.toMatchObject({
      code: "tool/invalid-input",
      message: expect.stringContaining("cents: must be even"),
    });
  });

  it("learns from its context whom it is called for, and never from a model", async () => {
    const seen: unknown[] = [];
    const whoami = tool(
      async (_input, config: { configurable?: object }) => {
        seen.push(config.configurable);
        return "ok";
      },
      { name: "whoami", description: "Says who.", schema: z.object({ userId: z.string().optional() }) },
    );
    await run((await open(whoami, { readOnly: true })).tool, { userId: "somebody else" });
    expect(seen).toMatchObject([
      { userId: "u1", person: "web:main:u1", bot: "harbour", idempotencyKey: "event-1:call-1" },
    ]);
  });

  it("has effects once for each call, also where its process died in the middle", async () => {
    let times = 0;
    let dies = true;
    const send = tool(
      async () => {
        times += 1;
        if (dies) throw new Error("killed");
        return "sent";
      },
      { name: "send_letter", description: "Sends.", schema: z.object({}) },
    );
    const { tool: own, forget } = await open(send);
    await expect(run(own, {})).rejects.toThrow("killed");
    dies = false;
    // Nobody knows whether the letter left.
    await expect(run(own, {})).rejects.toMatchObject({ code: "tool/uncertain", status: 409 });
    expect(times).toBe(1);
    const other = { ...callContext().context, idempotencyKey: "proposal:2", confirmed: { summary: "x" } };
    expect((await own.execute({}, other)).value).toEqual({ text: "sent", message: "sent" });
    expect((await own.execute({}, other)).value).toEqual({ text: "sent", message: "sent" });
    expect(times).toBe(2);
    await forget?.("web:main:u1");
    await own.execute({}, other);
    expect(times).toBe(3);
  });

  it.each([
    ["text as text", "18 degrees", { text: "18 degrees" }],
    ["data that is written as text as data", '{"degrees":18}', { degrees: 18 }],
    [
      "blocks as their text",
      [
        { type: "text", text: "18" },
        { type: "image", data: "…" },
      ],
      { text: "18\n(image)" },
    ],
    ["nothing as nothing", undefined, { text: "" }],
    ["a message as what it holds", new ToolMessage({ content: "18", tool_call_id: "1" }), { text: "18" }],
  ])("gives %s", async (_what, given, value) => {
    const made = tool(async () => given, { name: "measure", description: "Measures.", schema: z.object({}) });
    expect((await run((await open(made, { readOnly: true })).tool, {})).value).toEqual(value);
  });

  it("fails as data where it says so itself, and tells no words of an error that it did not mean", async () => {
    const told = new ToolMessage({ content: "no such city", tool_call_id: "1", status: "error" });
    const gives = (given: unknown) =>
      tool(async () => given, { name: "look", description: "Looks.", schema: z.object({}) });
    await expect(run((await open(gives(told), { readOnly: true })).tool, {})).rejects.toMatchObject({
      code: "langchain/tool-error",
      status: 422,
    });
    await expect(run((await open(gives({ lg_name: "Command" }), { readOnly: true })).tool, {})).rejects.toMatchObject({
      code: "langchain/unusable-result",
    });
  });

  it("cites the documents that it gives beside its words", async () => {
    const found = new Document({
      pageContent: "The Premium Account costs €14.90.",
      metadata: { source: "/docs/fees.pdf", loc: { pageNumber: 3 } },
    });
    const ask = tool(async () => ["Premium: €14.90", [found]], {
      name: "ask_fees",
      description: "Looks up fees.",
      schema: z.object({ query: z.string() }),
      responseFormat: "content_and_artifact",
    });
    const { sources, steps } = await run((await open(ask, { readOnly: true })).tool, { query: "Premium" });
    expect(sources).toEqual([{ title: "fees.pdf", location: "page 3", quote: "The Premium Account costs €14.90." }]);
    expect(steps).toMatchObject([{ kind: "document", name: "ask_fees", outcome: "found", detail: "fees.pdf, page 3" }]);
  });

  it("that takes no object is refused with what to do", async () => {
    const broken = new DynamicStructuredTool({
      name: "broken",
      description: "Takes a list.",
      schema: { type: "array", items: { type: "string" } },
      func: async () => "",
    });
    await expect(open(broken)).rejects.toMatchObject({
      code: "langchain/unusable-tool",
      message: expect.stringContaining("z.object"),
    });
  });
});

class Shelf extends BaseRetriever {
  lc_namespace = ["test"];
  readonly asked: string[] = [];
  override async _getRelevantDocuments(query: string): Promise<Document[]> {
    this.asked.push(query);
    if (query.includes("nothing")) return [];
    return [
      new Document({
        pageContent: "Cards are blocked at once. A new card costs €10 and comes within 5 days.",
        metadata: { title: "Cards", section: "Loss", source: "https://bank.example/cards", score: 0.8 },
      }),
      new Document({ pageContent: "Ask at the counter.", metadata: {} }),
    ];
  }
}

describe("a retriever of LangChain", () => {
  it("is the tool that searches documents, with citations in their form", async () => {
    const { tool: own } = await open(new Shelf());
    expect(own).toMatchObject({ name: "search_documents", confirmation: "never" });
    const { value, sources } = await run(own, { query: "What does a new card cost?", topic: "cards", limit: 5 });
    expect(sources?.[0]).toEqual({
      title: "Cards",
      location: "Loss",
      url: "https://bank.example/cards",
      quote: "A new card costs €10 and comes within 5 days.",
    });
    expect(value).toMatchObject({
      found: true,
      passages: [{ score: 0.8, text: expect.stringContaining("at once") }, { title: "2" }],
    });
    expect((await run(own, { query: "nothing" })).value).toEqual({ found: false, passages: [] });
  });

  it("answers without a model, with the source", async () => {
    const bench = await crewBench({ packs: [langchain(new Shelf())] });
    closers.push(bench.close);
    const { reply } = await bench.talk("anna").say("How much does a new card cost?");
    expect(reply.text).toContain("€10");
    expect(reply.sources).toMatchObject([{ title: "Cards", url: "https://bank.example/cards" }]);
  });
});

it("is asked for without a model where its language is given", async () => {
  const language = {
    en: {
      title: "tell the weather of a place",
      asks: [
        "what's the weather in {city}",
        "will it rain in {city}?",
        "{city} weather",
        "weather for {city} please",
        "forecast for {city}",
      ],
      slots: { city: { ask: "For which place?" } },
      says: ["{city}: {sky}."],
    },
  };
  const pack = langchain(cities, {
    readOnly: true,
    language,
    slots: { city: { entity: "text", provenance: "own-words" } },
  });
  const bench = await crewBench({ packs: [pack] });
  closers.push(bench.close);
  const { reply, calls } = await bench.talk("anna").say("what's the weather in Kiel?");
  expect(calls).toMatchObject([{ name: "get_forecast", outcome: { status: "done" } }]);
  expect(reply.text).toBe("Kiel: clear.");
});

it("goes through the one executor: a group, a time limit, words that nobody said", async () => {
  const context = await openContext(await temporaryFolder());
  const hangs = tool(async () => await new Promise<string>(() => {}), {
    name: "hangs",
    description: "Hangs.",
    schema: z.object({}),
  });
  const packs = await Promise.all(
    [
      langchain(hangs, { readOnly: true }),
      langchain(cities, {
        readOnly: true,
        scopes: ["private"],
        slots: { city: { entity: "text", provenance: "own-words" } },
      }),
    ].map(async (pack) => await pack.open(context)),
  );
  const toolset = await createToolset({
    bot: "harbour",
    tools: packs.flatMap(({ tools }) => tools),
    databases: context.databases,
    files: context.files,
    environment: context.environment,
    telemetry: context.telemetry,
    timeoutMs: 50,
  });
  closers.push(toolset.close);
  const runner = (more: Partial<ToolContext>) => toolset.forTurn({ ...callContext().context, ...more });
  expect(await runner({}).call("hangs", {}, "1")).toMatchObject({ code: "tool/timeout" });
  expect(await runner({ chatType: "group" }).call("get_forecast", { city: "Kiel" }, "2")).toMatchObject({
    code: "tool/private",
  });
  const scopes = new Set(["public", "private"]);
  expect(await runner({ scopes, userTexts: ["and there?"] }).call("get_forecast", { city: "Kiel" }, "3")).toMatchObject(
    {
      code: "tool/not-said",
    },
  );
  expect(
    await runner({ scopes, userTexts: ["and in Kiel?"] }).call("get_forecast", { city: "Kiel" }, "4"),
  ).toMatchObject({
    status: "done",
  });
});
