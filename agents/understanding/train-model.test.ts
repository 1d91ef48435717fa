import { describe, expect, it } from "vitest";
import { generalRequests } from "./language.ts";
import { hashOfLesson } from "./lesson.ts";
import { readModel, writeModel } from "./model.ts";
import { FOREIGN, recognize } from "./recognize.ts";
import { extendModel, trainModel } from "./train-model.ts";

const general = generalRequests()
  .flatMap(({ name, sentences }) => sentences.map((text) => ({ text, label: name })))
  .filter(({ text }) => !text.includes("{"));
const weather = [
  "will it rain",
  "what's the weather",
  "weather tomorrow",
  "is it going to be sunny",
  "do I need an umbrella",
  "forecast for the weekend",
  "how warm is it in Kiel",
  "wird es regnen",
].map((text) => ({ text, label: "tool:get_weather" }));
const byLabel = <One extends { readonly label: string }>(examples: readonly One[]): readonly One[] =>
  examples.toSorted((left, right) => (left.label < right.label ? -1 : left.label > right.label ? 1 : 0));
const lesson = { examples: byLabel(general), alike: [] };
const bot = { examples: byLabel([...general, ...weather]), alike: [] };
const shipped = readModel(writeModel(trainModel(lesson)));

describe("a model that is extended", () => {
  const extended = extendModel(shipped, bot) ?? expect.fail("too little was known");

  it("knows what is new, which was foreign before", () => {
    expect(recognize(shipped, "will it rain in Berlin tomorrow?").label).toBe(FOREIGN);
    expect(recognize(extended, "will it rain in Berlin tomorrow?").label).toBe("tool:get_weather");
  });

  it("reads everything else as before", () => {
    const others = general.filter(({ label }, row) => row % 5 === 0 && label !== FOREIGN && label !== "small_talk");
    const same = others.filter(({ text }) => recognize(extended, text).label === recognize(shipped, text).label);
    expect(same.length / others.length).toBeGreaterThan(0.99);
  });

  it("has the hash of its own lesson, and is extended again from there", () => {
    expect(extended.hash).toBe(hashOfLesson(bot));
    const again = extendModel(readModel(writeModel(extended)), bot) ?? expect.fail("too little was known");
    expect(recognize(again, "weather in Kiel?").label).toBe("tool:get_weather");
  });

  it("forgets what the bot no longer has", () => {
    const without = { ...lesson, examples: lesson.examples.filter(({ label }) => label !== "greet") };
    expect(extendModel(shipped, without)?.classifier.labels).not.toContain("greet");
  });

  it("is none where most of it is new", () => {
    expect(extendModel(shipped, { examples: weather, alike: [] })).toBeUndefined();
  });
});
