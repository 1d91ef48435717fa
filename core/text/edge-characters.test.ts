import fc from "fast-check";
import { expect, it } from "vitest";
import { firstCharacter, lastCharacter } from "./edge-characters.ts";

it("gives whole characters, as iterating over the text does", () => {
  expect([firstCharacter("𝒳a"), lastCharacter("a𝒳"), lastCharacter("𝒳")]).toEqual(["𝒳", "𝒳", "𝒳"]);
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect([firstCharacter(text), lastCharacter(text)]).toEqual([Array.from(text).at(0), Array.from(text).at(-1)]);
    }),
  );
});
