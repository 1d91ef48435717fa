import { describe, expect, it } from "vitest";
import { permittedFacts } from "../../core/turn/permitted-facts.ts";
import { factsToForget } from "./facts.ts";

const at = "2026-11-21T10:00:00.000Z";
const memory = [
  { key: "cat", value: "Mimi", at },
  { key: "sparziel", value: "ein Rad", at },
];

describe("what is said to be forgotten", () => {
  it.each([
    ["forget my cat", ["cat"]],
    ["vergiss das Rad", ["sparziel"]],
    ["forget everything you know about me", ["cat", "sparziel"]],
    ["forget my dog", []],
    ["forget the Sparziele", ["sparziel"]],
    ["forget the spar", []],
  ])("%s: is what the turn forgets", (text, keys) => {
    const told = factsToForget(text, memory).map(({ key }) => key);
    const done = permittedFacts(
      told.map((key) => ({ key, value: "" })),
      { texts: [text], memory },
    ).map(({ key }) => key);
    expect([told, done]).toEqual([keys, keys]);
  });
});
