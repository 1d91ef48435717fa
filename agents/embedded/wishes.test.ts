import { describe, expect, it } from "vitest";
import { wishesIn } from "./wishes.ts";

const told = (...values: readonly string[]) =>
  values.map((value, index) => ({ key: `fact ${index}`, value, at: new Date(index).toISOString() }));

describe("how somebody wants to be spoken to", () => {
  it.each([
    ["answer in German", { language: "de" }],
    ["I prefer answers in German", { language: "de" }],
    ["auf Englisch", { language: "en" }],
    ["keep it short from now on", { answers: "short" }],
    ["dass ich gesiezt werden möchte", { formOfAddress: "formal" }],
    ["I eat no meat", {}],
  ])("%s", (value, wishes) => expect(wishesIn(told(value))).toEqual(wishes));

  it("is what they said last, whatever they said before", () => {
    expect(wishesIn(told("auf Deutsch antworten", "answer in English"))).toEqual({ language: "en" });
    expect(wishesIn(told("answer in English", "siezen", "auf Deutsch", "duzen"))).toEqual({
      language: "de",
      formOfAddress: "informal",
    });
  });
});
