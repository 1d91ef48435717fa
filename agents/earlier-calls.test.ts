import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { defineTool } from "../core/define-tool.ts";
import { crewBench } from "../test/support/crew-bench.ts";
import { packOf } from "../test/support/tool-pack.ts";
import type { CrewOptions } from "./crew-options.ts";
import { scriptedModel, type ScriptStep } from "./testing/index.ts";

let bench: Awaited<ReturnType<typeof crewBench>> | undefined;
afterEach(async () => await bench?.close());

const addItem = defineTool({
  name: "add_item",
  description: "Adds an item to the basket.",
  input: z.strictObject({ item: z.string() }),
  risk: "low",
  confirmation: "never",
  scopes: ["public"],
  depends: "user",
  execute: async ({ item }) => ({ value: { added: item } }),
});
const dice = defineTool({
  name: "roll_dice",
  description: "Rolls a die.",
  input: z.strictObject({}),
  risk: "low",
  confirmation: "never",
  scopes: ["public"],
  depends: "user",
  language: {
    en: { title: "roll a die", asks: ["roll a die", "throw the dice please"], says: ["The die shows {eyes}."] },
  },
  execute: async () => ({ value: { eyes: 4 } }),
});

const open = async (model: NonNullable<CrewOptions["model"]>) => {
  bench = await crewBench({ crew: { model }, packs: [packOf(addItem, dice)] });
  return bench.talk("anna");
};

const addTea: ScriptStep = { calls: [{ tool: "add_item", input: { item: "tea" } }] };
const roll: ScriptStep = { calls: [{ tool: "roll_dice" }] };

describe("what was done before a model failed", () => {
  test.each<[string, readonly ScriptStep[]]>([
    ["is overloaded", [{ error: "overloaded" }, { error: "overloaded" }, { error: "overloaded" }]],
    ["refuses its key", [{ error: "authentication" }]],
    ["says nothing", [{ text: "" }]],
    ["declines", [{ error: "refused" }]],
  ])("is told where the model then %s", async (_, steps) => {
    const talk = await open(scriptedModel([addTea, ...steps]));
    const { reply, calls } = await talk.say("put tea into my basket");
    expect(calls).toHaveLength(1);
    expect(reply.text).toMatch(/broke off[^]*adds an item to the basket/iu);
  });

  test("is told in the tool's own words", async () => {
    const talk = await open(scriptedModel([roll, { error: "authentication" }]));
    expect((await talk.say("roll it")).reply.text).toContain("The die shows 4.");
  });

  test("is read by the next model, which does not do it again", async () => {
    const reading = scriptedModel(
      [
        { when: ({ messages }) => messages.at(-1)?.text.includes('"added":"tea"') === true },
        { when: ({ messages }) => messages.at(-1)?.text.includes('"added":"tea"') === true, text: "Tea is in it." },
      ],
      { name: "second" },
    );
    const talk = await open([scriptedModel([addTea, { error: "authentication" }]), reading]);
    const { reply, calls } = await talk.say("put tea into my basket");
    reading.done();
    expect(calls).toHaveLength(1);
    expect(reply.text).toBe("Tea is in it.");
  });
});

/** These words arrive once a tool was called. */
function arriving(words: string) {
  const waiting = [words];
  const state = { hasCalled: false };
  return {
    emit: (): void => {
      state.hasCalled = true;
    },
    steering: (): readonly string[] => (state.hasCalled ? waiting.splice(0) : []),
  };
}

describe("what was done before new words came", () => {
  test("is read with them by a model", async () => {
    const knows: ScriptStep["when"] = ({ messages }) => messages.at(-1)?.text.includes('"added":"tea"') === true;
    const model = scriptedModel([
      addTea,
      { text: "Tea is in it." },
      { when: knows },
      { when: knows, text: "Tea is in it, and hello." },
    ]);
    const talk = await open(model);
    const { reply, calls } = await talk.say("put tea into my basket", arriving("and say hello"));
    model.done();
    expect(calls).toHaveLength(1);
    expect(reply.text).toBe("Tea is in it, and hello.");
  });

  test("is told by the embedded brain before its answer to them", async () => {
    const talk = await open("offline");
    const { reply, calls } = await talk.say("roll a die", arriving("thank you"));
    expect(calls).toHaveLength(1);
    expect(reply.text).toMatch(/^The die shows 4\.\n\n\S/u);
  });
});
