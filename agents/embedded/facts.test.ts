import { describe, expect, it } from "vitest";
import { permittedFacts } from "../../core/turn/permitted-facts.ts";
import { factIn, factsToForget } from "./facts.ts";

const at = "2026-11-21T10:00:00.000Z";
const memory = [
  { key: "cat", value: "Mimi", at },
  { key: "sparziel", value: "ein Rad", at },
];

describe("what is said to be remembered", () => {
  it.each([
    ["quick one for next time: keep in mind that I am moving to Lisbon", "I am moving to Lisbon"],
    ["could you make a quick note that I get paid on the 28th", "I get paid on the 28th"],
    ["please keep it on file that I like short answers", "I like short answers"],
    ["bear in mind, we eat no meat, ok?", "we eat no meat"],
    [
      "kannst du dir behalten dass ich ab Mai in Elternzeit bin? dann wird es knapp",
      "dass ich ab Mai in Elternzeit bin",
    ],
    ["schreib dir bitte auf, dass ich Linkshänder bin", "dass ich Linkshänder bin"],
    ["eins noch: merk dir, dass ich nachts arbeite", "dass ich nachts arbeite"],
    ["kannst du dir notieren, dass wir im Sommer umziehen?", "dass wir im Sommer umziehen"],
  ])("%s: keeps what stands behind the request", (text, value) => {
    expect(factIn(text)).toMatchObject({ value });
  });

  it.each([
    "Jana: remember that I hate fees",
    "do you remember that I hate fees?",
    "Emre meint, du sollst dir das merken",
    "Kannst du dir überhaupt etwas merken?",
    "kannst du dir eigentlich sachen merken",
    "können Sie sich alles merken?",
  ])("%s: asks for nothing to be kept", (text) => expect(factIn(text)).toBeUndefined());
});

describe("a name", () => {
  it.each([
    ["my name is Tim", "Tim"],
    ["Call me Tim instead", "Tim"],
    ["call me Tim from now on", "Tim"],
    ["ich heiße Tim", "Tim"],
  ])("%s: is kept by itself", (text, value) => expect(factIn(text)).toEqual({ key: "name", value }));

  it.each(["My name is not Tom", "ich heiße nicht Tom"])("%s: is none", (text) => expect(factIn(text)).toBeUndefined());

  it.each(["Vergiss meinen Namen", "forget my name", "bitte vergiss, wie ich heiße"])("%s: is forgotten", (text) => {
    const name = [{ key: "name", value: "Tom", at }];
    expect(factsToForget(text, name).map(({ key }) => key)).toEqual(["name"]);
  });
});

describe("what is said to be forgotten", () => {
  it.each([
    ["forget my cat", ["cat"]],
    ["vergiss das Rad", ["sparziel"]],
    ["forget everything you know about me", ["cat", "sparziel"]],
    ["forget my dog", []],
    ["actually no, scrap that note on Mimi", ["cat"]],
    ["streich die Notiz zum Rad", ["sparziel"]],
    ["drop it", []],
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
