import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineTool } from "./define-tool.ts";

const forecast = {
  name: "get_forecast",
  description: "Gives the weather of a place.",
  input: z.strictObject({
    city: z.string(),
    date: z.iso.date().optional(),
    unit: z.enum(["celsius", "fahrenheit"]).default("celsius"),
    days: z.number().int().optional(),
  }),
  slots: { city: { entity: "text", provenance: "own-words" } },
  language: {
    en: {
      title: "tell the weather of a place",
      asks: ["what's the weather in {city}", "will it rain in {city} {date}?", "{city} in {unit}"],
      slots: { city: { ask: "For which place?" }, unit: { names: { celsius: ["celsius", "°C"] } } },
      says: ["{city}: {sky}, up to {day.high} °C."],
    },
  },
  risk: "low",
  confirmation: "never",
  scopes: ["public"],
  depends: "public",
  execute: async ({ city }: { readonly city: string }) => ({ value: { city, high: 12 } }),
} as const;

const english = forecast.language.en;
const taught = (language: unknown): readonly unknown[] => [{ ...forecast, language: { en: language } }];

describe("a tool that brings its language", () => {
  it("knows what fills each field, from its slots and from its schema", () => {
    const any = {
      or: [],
      provenance: "any",
      required: false,
      isText: false,
      choices: [],
      direction: "future",
      ranked: false,
      open: false,
      essential: false,
      proper: false,
      replaces: [],
      opposites: [],
      many: false,
    };
    expect(defineTool(forecast).slots).toEqual({
      city: { ...any, entity: "text", provenance: "own-words", required: true, isText: true },
      date: { ...any, entity: "date", isText: true },
      unit: { ...any, entity: "choice", isText: true, choices: ["celsius", "fahrenheit"] },
      days: { ...any, entity: "number" },
    });
  });

  it("without one leaves its fields to the models, with the rules that it names", () => {
    const { language: _language, ...mute } = forecast;
    const tool = defineTool(mute);
    expect(Object.keys(tool.slots)).toEqual(["city"]);
    expect(tool.language).toEqual({});
  });

  it("says what came out in words of its own", async () => {
    const { says: _says, ...words } = english;
    const tool = defineTool({
      ...forecast,
      language: { en: words },
      say: ({ city, high }, { language }) => `${city} (${language}): ${high}`,
    });
    const context = Reflect.apply(Object, undefined, [{}]);
    const { say } = await tool.execute({ city: "Oslo", unit: "celsius" }, context);
    expect(say?.({ language: "en", locale: "en-GB" })).toBe("Oslo (en): 12");
  });

  it.each([
    [
      "a field that the input has not",
      { ...english, asks: ["weather in {town}"] },
      'language.en.asks.0: the input has no field "town"; it has: city, date',
    ],
    [
      "a brace without a partner",
      { ...english, asks: ["weather in {city"] },
      "language.en.asks.0: a brace has no partner",
    ],
    ["no sentence", { ...english, asks: [] }, "language.en.asks: needs at least one sentence"],
    ["an empty sentence", { ...english, asks: [" "] }, "language.en.asks.0: is empty"],
    ["no question for what is needed", { ...english, slots: {} }, "language.en.slots.city.ask: the field is required"],
    [
      "a value that the field has not",
      { ...english, slots: { ...english.slots, unit: { names: { kelvin: ["K"] } } } },
      'language.en.slots.unit.names.kelvin: the field has no value "kelvin"; it has: celsius, fahrenheit',
    ],
    ["a template without a field", { ...english, says: ["{} degrees"] }, "language.en.says.0: "],
  ])("is refused by path and remedy for %s", (_fault, words, told) => {
    expect(() => Reflect.apply(defineTool, undefined, taught(words))).toThrow(told);
  });

  it.each([
    ["a slot of no field", { slots: { town: { entity: "text" } } }, 'slots.town: the input has no field "town"'],
    [
      "a choice of nothing",
      { slots: { city: { entity: "choice" } } },
      "slots.city.entity: is for a field with fixed values",
    ],
    [
      "a kind that the field does not take",
      { slots: { city: { entity: "sums" } } },
      'slots.city.entity: the kind "sums" is given as an object, but the field takes string',
    ],
    [
      "money in a field that holds neither a sum nor words",
      { slots: { city: { entity: "text" }, days: { entity: "money" } } },
      'slots.days.entity: the kind "money" is given as an object or as a string such as "40.50 EUR", but the field takes integer',
    ],
    ["an unknown provenance", { slots: { city: { entity: "text", provenance: "model" } } }, "slots.city.provenance: "],
    ["no tag of a language", { language: { german: english } }, 'language.german: is no language tag such as "en"'],
    ["two ways to say it", { say: () => "words" }, 'language.en.says: is never said, because the tool has "say"'],
    [
      "a needed field that nothing fills",
      { input: z.strictObject({ city: z.string(), at: z.strictObject({}) }) },
      "slots.at: the field is required and nothing fills it",
    ],
  ])("is refused by path and remedy for %s", (_fault, change, told) => {
    expect(() => Reflect.apply(defineTool, undefined, [{ ...forecast, ...change }])).toThrow(told);
  });
});
