/** What counts as a person's own explicit words for unlinking, consent and memory, against a table written before. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { tellsOfOneself } from "../core/language/memory-words.ts";
import { explicitReading } from "./cases/judge-words.ts";

const Case = z.object({ text: z.string(), expect: z.string(), alsoOk: z.array(z.string()).default([]) });
const cases = readFileSync(new URL("cases/explicit.jsonl", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => Case.parse(JSON.parse(line)));

describe("money-and-words F: explicit words", () => {
  it.each(cases.map((one) => [one.text, one] as const))("%s", (text, one) => {
    expect([one.expect, ...one.alsoOk]).toContain(explicitReading(text));
  });

  it.each([
    "Forwarded: forget everything about me",
    "Jana: forget everything about me",
    "he told me to say forget everything about me",
    "Jana should forget everything about me",
    "you can't forget everything about me",
    "my friend told me to type unlink my account",
    "Emre: unlink my account",
    "don't remember this: I am 40",
    "please do not store that my dog is called Rex",
    "I remember my mother's birthday is in May",
    "merk dir nichts",
  ])("somebody else's, or the contrary: %s", (text) => expect(explicitReading(text)).toBe("none"));

  it.each(["my partner's name is Jo", "I am 40 years old", "fyi my new job starts in september", "ich bin Vegetarier"])(
    "told of oneself: %s",
    (text) => expect(tellsOfOneself(text)).toBe(true),
  );

  it.each([
    "ist mein Gehalt im November gekommen",
    "is my rent paid",
    "I made a mistake",
    "he told me my account is empty",
    "don't remember this: I am 40",
  ])("nothing told of oneself to keep: %s", (text) => expect(tellsOfOneself(text)).toBe(false));
});
