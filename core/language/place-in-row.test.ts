import { describe, expect, it } from "vitest";
import { wordsOfText } from "./phrases.ts";
import { byPlace } from "./place-in-row.ts";

describe("which of several requests is meant", () => {
  it.each([
    ["cancel the first one", ["oldest"]],
    ["scrap the earlier one", ["oldest"]],
    ["the second, please", ["newest"]],
    ["not the last one", ["newest"]],
    ["make the other one 25", ["oldest"]],
    ["brich die erste ab", ["oldest"]],
    ["storniere die frühere", ["oldest"]],
    ["die andere nicht", ["oldest"]],
    ["den letzten bitte streichen", ["newest"]],
    ["cancel it", []],
    ["take it from the other account", []],
    ["as in the last week", []],
  ])("%s", (text, expected) => {
    expect(byPlace(wordsOfText(text), ["newest", "oldest"])).toEqual(expected);
  });

  it("leaves open which is the other one of three", () => {
    expect(byPlace(["other"], [1, 2, 3])).toEqual([]);
  });
});
