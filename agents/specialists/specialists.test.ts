import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { defineTool } from "../../core/define-tool.ts";
import type { ToolPackFactory } from "../../core/bot.ts";
import { crewBench } from "../../test/support/crew-bench.ts";
import { calls, claudeCrewBench, premium } from "../../test/support/claude-crew-bench.ts";
import { Secret } from "../../core/config/secret.ts";
import { crew, type CrewOptions } from "../index.ts";
import { checkSpecialists } from "./check-specialists.ts";
import { refusalOf } from "./team.ts";
import { owns, type Specialist, specialistOf } from "./specialist.ts";

const { api, open } = claudeCrewBench();

const Body = z.looseObject({
  model: z.string(),
  tools: z.array(z.looseObject({ name: z.string() })).default([]),
  system: z.unknown(),
});
/** What the models were asked, in order: by which model, with which tools, and with which instructions. */
const asked = () =>
  api().requests.map(({ body }) => {
    const { model, tools, system } = Body.parse(body);
    return { model, tools: tools.map(({ name }) => name), system: JSON.stringify(system) };
  });

const hand = (specialist: string) => ({ name: "hand_to_specialist", input: { specialist } });
const search = { name: "search_documents", input: { query: premium } };

/** A pack with one tool that anybody may call. */
const dice: ToolPackFactory = {
  name: "dice",
  summary: {},
  open: async () => ({
    tools: [
      defineTool({
        name: "roll_dice",
        description: "Rolls a die.",
        input: z.strictObject({}),
        risk: "low",
        confirmation: "never",
        scopes: ["public"],
        depends: "user",
        language: {
          en: { title: "roll a die", asks: ["roll a die", "throw the dice please"], says: ["It is {eyes}."] },
        },
        execute: async () => ({ value: { eyes: 4 } }),
      }),
    ],
    close: async () => undefined,
  }),
};
const games = { description: "games of chance", tools: ["roll_dice"], prompt: "Be playful." };

describe("a crew with specialists", () => {
  it("chooses who works in the same request, and gives them their own tools, instructions and model", async () => {
    const model = { apiKey: new Secret("test-key", "test"), baseUrl: api().url, answersModel: "claude-opus-5-5" };
    const specialists = { research: {}, games: { ...games, model } };
    const { talk } = await open({ specialists }, {}, { packs: [dice] });
    api().script([
      { toolUse: [hand("games")] },
      { toolUse: [{ name: "roll_dice", input: {} }] },
      { text: "You rolled a 4!" },
    ]);
    const answered = await talk("u1").say("let's play");
    expect(answered.reply.text).toBe("You rolled a 4!");
    const [reader, selector, writer] = asked();
    expect(reader?.tools).toEqual(expect.arrayContaining(["search_documents", "roll_dice", "hand_to_specialist"]));
    expect(selector?.tools).toContain("roll_dice");
    expect(selector?.tools).not.toContain("search_documents");
    expect(selector?.tools).not.toContain("hand_to_specialist");
    expect(selector?.system).toContain("Be playful.");
    expect(writer).toMatchObject({
      model: "claude-opus-5-5",
      tools: [],
      system: expect.stringContaining("Be playful."),
    });
    expect(asked()).toHaveLength(3);
  });

  it("answers in two requests where the tools were plain at once, with the instructions of who owns them", async () => {
    const { talk } = await open({ specialists: { knowledge: {}, games } }, {}, { packs: [dice] });
    api().script([{ toolUse: [search] }, { text: "The Premium Account costs €14.90 a month [1]." }]);
    const answered = await talk("u1").say(premium);
    expect(answered.reply.sources).toHaveLength(1);
    expect(asked()).toHaveLength(2);
    expect(asked()[1]?.system).toContain("Answer from the documents and cite them.");
    expect(asked()[1]?.system).not.toContain("Be playful.");
  });

  it("lets several work one after the other, and leaves out none of them", async () => {
    const { talk } = await open({ specialists: { knowledge: {}, games } }, {}, { packs: [dice] });
    api().script([
      { toolUse: [hand("knowledge"), hand("games")] },
      { toolUse: [search] },
      { toolUse: [{ name: "roll_dice", input: {} }] },
      { text: "The Premium Account costs €14.90 a month [1]. You rolled a 4." },
    ]);
    const answered = await talk("u1").say(`${premium} And roll a die.`);
    expect(answered.calls.map(({ name }) => name)).toEqual(["search_documents", "roll_dice"]);
    // The second one sees what the first one found.
    expect(JSON.stringify(api().requests[2]?.body)).toContain("tool_results");
  });

  it("ends a specialist's work when its budget is spent", async () => {
    const specialists = { games: { ...games, budget: { requests: 1 } } };
    const { talk } = await open({ specialists }, {}, { packs: [dice] });
    const goOn = { name: "continue_after_results", input: {} };
    api().script([
      { toolUse: [hand("games")] },
      { toolUse: [{ name: "roll_dice", input: {} }, goOn] },
      { text: "A 4." },
    ]);
    expect((await talk("u1").say("roll a die again and again")).reply.text).toBe("A 4.");
    expect(asked()).toHaveLength(3);
  });

  it("asks nobody for calls who has no tools", async () => {
    const { talk } = await open({ specialists: { smallTalk: {}, games } }, {}, { packs: [dice] });
    api().script([{ toolUse: [hand("smallTalk")] }, { text: "Hello!" }]);
    expect((await talk("u1").say("hi there")).reply.text).toBe("Hello!");
    expect(asked()[1]?.system).toContain("Be brief and warm.");
  });

  it("works without them as one agent, by one setting", async () => {
    const { talk } = await open({ specialists: { games }, roles: "single" }, {}, { packs: [dice] });
    api().script([calls("search_documents", { query: premium }), { text: "It costs €14.90 a month [1]." }]);
    await talk("u1").say(premium);
    expect(asked()[0]?.tools).toEqual(expect.arrayContaining(["search_documents", "roll_dice"]));
    expect(asked()[0]?.tools).not.toContain("hand_to_specialist");
  });
});

describe("without a language model", () => {
  const roll = async (specialists: CrewOptions["specialists"] = {}) => {
    const bench = await crewBench({ crew: { model: "offline", specialists }, packs: [dice] });
    onTestFinished(bench.close);
    return await bench.talk("u1").say("roll a die");
  };

  it("whoever owns the tool that is asked for may call it, and nobody else", { timeout: 120_000 }, async () => {
    expect((await roll({ games })).reply.text).toContain("4");
    expect((await roll({ coding: {} })).calls).toEqual([]);
  });
});

describe("the settings", () => {
  const ready = (name: string, written = {}): Specialist => {
    const specialist = specialistOf(name, written);
    if (specialist === undefined) throw new Error(`${name} is not ready`);
    return specialist;
  };

  it("need nothing for the specialists that are ready", () => {
    const names = ["knowledge", "actions", "recommendations", "research", "dataAnalysis", "coding", "smallTalk"];
    const specialists = Object.fromEntries(names.map((name) => [name, {}]));
    expect(crew({ specialists }).summary).toMatchObject({
      specialists: expect.arrayContaining(["coding: purpose:programs", "actions: others"]),
    });
  });

  it("refuse a specialist that says not what it is for, and a tool that is no name", () => {
    expect(() => crew({ specialists: { poet: {} } })).toThrow(/needs a description and tools/u);
    expect(() => crew({ specialists: { coding: { tools: ["run javascript"] } } })).toThrow(/a tool's name/u);
  });

  it("let a call be made only by a specialist in whose list it is, whatever its model says", () => {
    const all = [ready("coding"), ready("knowledge")];
    const call = { tool: "run_javascript" };
    const tools = [{ name: "run_javascript", purpose: "programs" }] as const;
    expect(refusalOf({ ...call, by: "coding" }, all, tools)).toBeUndefined();
    expect(refusalOf({ ...call, by: "knowledge" }, all, tools)).toMatchObject({ code: "crew/not-its-tool" });
    expect(refusalOf({ ...call, by: "nobody" }, all, tools)).toMatchObject({ code: "crew/not-its-tool" });
    // Chosen by the tool itself, as the reader and the embedded brain do: somebody must own it.
    expect(refusalOf(call, all, tools)).toBeUndefined();
    expect(refusalOf({ tool: "roll_dice" }, all, tools)).toMatchObject({ status: "refused" });
    expect(refusalOf(call, [], tools)).toBeUndefined();
  });

  it("give what nobody names to the one that takes the others", () => {
    const all = [ready("actions"), ready("research"), ready("recommendations")];
    const [actions, research, recommendations] = all;
    const owner = (tool: string) => all.filter((one) => owns(one, { name: tool }, all)).map(({ name }) => name);
    expect([actions, research, recommendations].map((one) => one?.name)).toHaveLength(3);
    expect(owner("open_ticket")).toEqual(["actions"]);
    expect(owner("wiki__search")).toEqual(["research"]);
    expect(owner("recommend_products")).toEqual(["recommendations"]);
  });

  it("are looked at by doctor: tools of nobody, and names of no tool", () => {
    const tools = [{ name: "roll_dice" }, { name: "search_documents", purpose: "documents" }] as const;
    const checks = checkSpecialists([ready("coding"), ready("knowledge")], tools);
    expect(checks.map(({ detail }) => detail)).toEqual([
      "nobody may call roll_dice",
      "there is no tool purpose:programs of coding",
    ]);
    expect(checkSpecialists([], tools)).toEqual([]);
  });
});
