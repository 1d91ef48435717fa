import { describe, expect, it } from "vitest";
import { withoutNames } from "./known-names.ts";

const words = { kinds: new Set(["payee"]), common: new Set(["savings", "music", "school", "send", "market"]) };
const named = [
  { kind: "payee", value: "Jana Novak", names: ["Jana Novak", "jana", "novak"] },
  { kind: "payee", value: "Harbour Music School", names: ["Harbour Music School", "music school"] },
  { kind: "payee", value: "Marek Ito", names: ["marek"] },
  { kind: "account", value: "Savings", names: ["Savings"] },
];

describe("names as the classifier sees them", () => {
  it.each([
    ["send 20 to Jana", "send 20 to xname"],
    ["20 jana novak, 30 Harbour Music School", "20 xname, 30 xname"],
    ["jnana? jana!", "jnana? xname!"],
    ["pay the music school and marrek", "pay the xname and xname"],
    // Of other kinds what a value is called says something by itself.
    ["from savings", "from savings"],
    // A word of its own is no slip.
    ["at market price", "at market price"],
    ["send 20 to Mia", "send 20 to Mia"],
    ["", ""],
  ])("%s", (text, expected) => {
    expect(withoutNames(text, named, words)).toBe(expected);
  });
});
