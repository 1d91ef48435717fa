import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineTool } from "../../core/define-tool.ts";
import { hashOfLesson, lessonOf, type Taught } from "./lesson.ts";
import { hashOfModel, readModel, writeModel } from "./model.ts";
import { FOREIGN, recognize } from "./recognize.ts";
import { trainModel } from "./train-model.ts";

const alarm = defineTool({
  name: "set_alarm",
  description: "Wakes somebody.",
  input: z.strictObject({ day: z.iso.date(), tune: z.enum(["bell", "birdsong"]).optional() }),
  language: {
    en: {
      title: "wake you",
      asks: [
        "wake me on {day}",
        "set an alarm for {day}",
        "alarm clock with {tune}",
        "get me up {day} please",
        "i must not oversleep",
      ],
      slots: { day: { ask: "On which day?" }, tune: { names: { birdsong: ["the birds", "birdsong"] } } },
    },
    de: {
      title: "dich wecken",
      asks: ["weck mich {day}", "stell den Wecker auf {day}", "ich darf nicht verschlafen", "Wecker mit {tune}"],
      slots: { day: { ask: "An welchem Tag?" } },
    },
  },
  risk: "low",
  confirmation: "never",
  scopes: ["public"],
  depends: "user",
  execute: async () => ({ value: "set" }),
});

const taught: Taught = {
  tools: [alarm],
  intents: {
    "opening hours": {
      examples: ["when are you open", "are you open on saturdays", "habt ihr offen"],
      answer: "9 to 5",
    },
  },
  requests: [
    { name: "parking", examples: { en: ["where can I park", "is there a car park"] }, documents: true },
    {
      name: "rooms",
      examples: { en: ["what rooms are there", "a {size} room"] },
      values: { en: { size: ["large"] } },
      documents: true,
    },
  ],
};

describe("what a bot learns", () => {
  const lesson = lessonOf(taught);
  const sentencesOf = (label: string): readonly string[] =>
    lesson.examples.filter((one) => one.label === label).map(({ text }) => text);

  it("is everything that it can be asked, in all languages, with made-up values in the braces", () => {
    expect(sentencesOf("tool:set_alarm")).toContain("alarm clock with the birds");
    expect(sentencesOf("tool:set_alarm").filter((text) => text.startsWith("weck mich "))).toHaveLength(3);
    expect(sentencesOf("tool:set_alarm")).toContain("weck mich");
    expect(sentencesOf("intent:opening hours")).toEqual(taught.intents["opening hours"]?.examples);
    expect(sentencesOf("request:rooms")).toContain("a large room");
    expect(sentencesOf("greet").length).toBeGreaterThan(50);
    expect(lesson.examples.filter(({ text }) => text.includes("{"))).toEqual([]);
  });

  it("knows the ways of a tool pack to say what is said to every bot", () => {
    const request = { name: "greet", examples: { en: ["ahoy library"] }, documents: false };
    const { examples } = lessonOf({ ...taught, requests: [request] });
    expect(examples.find(({ text }) => text === "ahoy library")?.label).toBe("greet");
    const served = { ...alarm, name: "hand_over" };
    const asked = { ...request, name: "hand_over" };
    const taken = lessonOf({ ...taught, tools: [served], requests: [asked] }).examples;
    expect(taken.find(({ text }) => text === "ahoy library")?.label).toBe("tool:hand_over");
  });

  it("has one word for names, and others for what values of another kind are called", () => {
    const called = defineTool({
      name: "call_friend",
      description: "Calls somebody.",
      input: z.strictObject({ friend: z.string(), phone: z.string() }),
      slots: { friend: { entity: "friend", proper: true }, phone: { entity: "device" } },
      language: {
        en: {
          title: "call",
          asks: ["call {friend} with {phone}"],
          slots: {
            friend: { ask: "Whom?", examples: ["Zofia", "the kitchen"] },
            phone: { ask: "With which one?", examples: ["the kitchen"] },
          },
        },
      },
      risk: "low",
      confirmation: "never",
      scopes: ["public"],
      depends: "user",
      execute: async () => ({ value: "called" }),
    });
    const { examples } = lessonOf({ ...taught, tools: [called] });
    const texts = examples.filter(({ label }) => label === "tool:call_friend").map(({ text }) => text);
    expect(texts).toContain("call xname with the kitchen");
    expect(texts).toContain("call the kitchen with the kitchen");
    expect(texts.join(" ")).not.toContain("Zofia");
  });

  it("takes questions to documents as one", () => {
    expect(lesson.alike).toEqual([["request:parking", "request:rooms"]]);
  });

  it("is the same lesson whatever the order of its parts, and another one with another sentence", () => {
    expect(hashOfLesson(lessonOf({ ...taught, requests: taught.requests.toReversed() }))).toBe(hashOfLesson(lesson));
    expect(hashOfLesson(lessonOf({ ...taught, tools: [] }))).not.toBe(hashOfLesson(lesson));
  });
});

describe("a bot that learned", () => {
  const lesson = lessonOf(taught);
  const model = trainModel(lesson);
  const read = (text: string): string => recognize(model, text).label;

  it.each([
    ["please wake me on Monday", "tool:set_alarm"],
    ["bitte weck mich um sieben", "tool:set_alarm"],
    ["are you open today", "intent:opening hours"],
    ["can i park my car somewhere", "request:parking"],
    ["hi, are you open today?", "intent:opening hours"],
    ["hello there", "greet"],
    ["danke dir", "thanks"],
    ["who won the football match last night", FOREIGN],
  ])("understands “%s” as %s", (text, label) => {
    expect(read(text)).toBe(label);
  });

  it("offers what a foreign message might have meant", () => {
    const { label, alternatives } = recognize(model, "colourless green ideas sleep furiously");
    expect(label).toBe(FOREIGN);
    expect(alternatives.length).toBeGreaterThan(3);
    expect(alternatives.map((guess) => guess.label)).not.toContain(FOREIGN);
  });

  it("is the same after it was written and read", () => {
    const file = writeModel(model);
    expect(hashOfModel(file)).toBe(hashOfLesson(lesson));
    expect(readModel(file)).toEqual(model);
    expect(hashOfModel(file.slice(10))).toBeUndefined();
    expect(() => readModel(file.slice(0, -1))).toThrow("damaged");
  });
});
