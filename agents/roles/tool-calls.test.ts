import { setTimeout as pause } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { crewBench, type CrewBenchOptions } from "../../test/support/crew-bench.ts";
import { packOf } from "../../test/support/tool-pack.ts";
import { defineTool } from "../../core/define-tool.ts";
import { scriptedModel, type ScriptStep } from "../testing/index.ts";

let bench: Awaited<ReturnType<typeof crewBench>> | undefined;
afterEach(async () => await bench?.close());

const keys: string[] = [];
const addItem = defineTool({
  name: "add_item",
  description: "adds an item to the basket",
  input: z.strictObject({ item: z.string(), count: z.number().int().default(1) }),
  risk: "low",
  confirmation: "never",
  scopes: ["public"],
  depends: "user",
  execute: async ({ item, count }, { idempotencyKey }) => {
    keys.push(idempotencyKey);
    await pause(5);
    return { value: { item, count } };
  },
});

async function say(steps: readonly ScriptStep[], options: CrewBenchOptions = {}) {
  keys.length = 0;
  const model = scriptedModel(steps);
  bench = await crewBench({ crew: { model }, packs: [packOf(addItem)], ...options });
  const answered = await bench.talk("anna").say("tea, please");
  model.done();
  return { ...answered, model };
}

const add = (input: { item: string; count?: number }) => ({ tool: "add_item", input });

describe("calls of one turn", () => {
  test("run once where a model asks for the same one twice at once", async () => {
    const { calls } = await say([{ calls: [add({ item: "tea" }), add({ item: "tea" })] }, { text: "Added." }]);
    expect(calls).toHaveLength(1);
    expect(keys).toHaveLength(1);
  });

  test("are the same where one leaves out what the other says as by default", async () => {
    const { calls } = await say([
      { calls: [add({ item: "tea" }), add({ count: 1, item: "tea" }), add({ item: "tea", count: 2 })] },
      { text: "Added." },
    ]);
    expect(calls).toHaveLength(2);
    expect(new Set(keys).size).toBe(2);
  });
});
