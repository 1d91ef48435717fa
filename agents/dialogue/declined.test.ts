import { describe, expect, it } from "vitest";
import { withoutDeclined } from "./declined.ts";

describe("what is declined", () => {
  it.each([
    "I do not want to talk to a human",
    "I don't need a human",
    "no human please",
    "I'd rather not speak to an agent",
    "please don't tell me my balance",
    "I don't want to complain",
    "ich möchte nicht mit einem Menschen sprechen",
    "keinen Mitarbeiter bitte",
  ])("%s: asks for nothing", (text) => {
    expect(withoutDeclined(text)).toBe("");
  });

  it.each([
    ["not a person, I want the bot", "I want the bot"],
    ["I don't want to wait, what is my balance?", "what is my balance?"],
    ["ich will keine Karte sondern ein Konto", "sondern ein Konto"],
    ["no card I want an account", "I want an account"],
  ])("%s: the rest does", (text, rest) => {
    expect(withoutDeclined(text)).toBe(rest);
  });

  it.each([
    "I want to talk to a human",
    "I don't want to talk to a bot",
    "I don't know my balance",
    "don't you have a human?",
    "no, show my balance",
    "why don't you tell me my balance",
    "ich will nicht mit einem Bot reden",
    "don't forget that I like tea",
    "no thanks",
  ])("%s: declines nothing", (text) => {
    expect(withoutDeclined(text)).toBeUndefined();
  });
});
