import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { defineTool } from "../core/define-tool.ts";
import { crewBench } from "../test/support/crew-bench.ts";

const intents = {
  "opening hours": {
    examples: [
      "when are you open",
      "what are your opening hours",
      "are you open on saturdays",
      "wann habt ihr offen",
      "habt ihr samstags geöffnet",
      "habt ihr sonntags auch offen?",
    ],
    answer: { default: "Daily, 9 to 5.", de: "Täglich 9 bis 17 Uhr." },
  },
  "water at the beach": {
    examples: ["how warm is the sea", "can i swim today", "water temperature at the beach"],
    tool: "measure_water",
    input: { place: "Warnemünde" },
  },
  "weather at the beach": {
    examples: ["is it beach weather?"],
    tool: "get_forecast",
    input: { city: "Warnemünde" },
  },
};

const measureWater = defineTool({
  name: "measure_water",
  description: "Gives the temperature of the water.",
  input: z.strictObject({ place: z.string() }),
  risk: "low",
  confirmation: "never",
  scopes: ["public"],
  depends: "public",
  execute: async ({ place }) => ({ value: { message: `${place}: 17 °C` } }),
});

/** One that people also ask for by its own language. */
const getForecast = defineTool({
  name: "get_forecast",
  description: "Gives the weather of a city.",
  input: z.strictObject({ city: z.string() }),
  slots: { city: { entity: "text" } },
  language: {
    en: {
      title: "tell the weather",
      asks: ["weather in {city}", "what is the weather like in {city}", "how is the weather"],
      slots: { city: { ask: "Which city?" } },
    },
  },
  risk: "low",
  confirmation: "never",
  scopes: ["public"],
  depends: "public",
  execute: async ({ city }) => ({ value: { message: `${city}: sunny` } }),
});

let bench: Awaited<ReturnType<typeof crewBench>> | undefined;
afterEach(async () => await bench?.close());

async function guest() {
  const pack = {
    name: "sea",
    summary: {},
    open: async () => ({ tools: [measureWater, getForecast], close: async () => {} }),
  };
  bench = await crewBench({ packs: [pack], intents });
  return bench.talk("guest");
}

describe("a request of the bot's own", () => {
  it("is answered in the language of the message, else in the bot's words for all", async () => {
    const { say } = await guest();
    expect((await say("hi, are you open on a Saturday?")).reply.text).toBe("Daily, 9 to 5.");
    expect((await say("wann habt ihr am Sonntag offen?")).reply.text).toBe("Täglich 9 bis 17 Uhr.");
  });

  it("calls the tool that it names, with the values that it gives", async () => {
    const { say } = await guest();
    const { calls, reply } = await say("how warm is the sea today?");
    expect(calls.map(({ name, input }) => [name, input])).toEqual([["measure_water", { place: "Warnemünde" }]]);
    expect(reply.text).toContain("17 °C");
  });

  it("comes before a tool that people ask for alike, where an example is said word by word", async () => {
    const { say } = await guest();
    const { calls, reply } = await say("Is it beach weather");
    expect(calls.map(({ name, input }) => [name, input])).toEqual([["get_forecast", { city: "Warnemünde" }]]);
    expect(reply.text).toContain("Warnemünde: sunny");
    expect((await say("what is the weather like in Bergen")).reply.text).toContain("Bergen: sunny");
  });

  it("is answered in the language of the example, in a chat of another one", async () => {
    const { say } = await guest();
    await say("hi, are you open on a Saturday?");
    expect((await say("habt ihr sonntags auch offen?", { locale: "en" })).reply.text).toBe("Täglich 9 bis 17 Uhr.");
  });
});
