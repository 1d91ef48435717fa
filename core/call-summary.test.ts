import { expect, it } from "vitest";
import { callSummary } from "./call-summary.ts";

it("shows each argument of a call", () => {
  expect(callSummary("Send", { to: "Jana", copies: 2 })).toBe("Send (`to: Jana`, `copies: 2`)");
});

it.each([
  [{ note: "a\nb" }, '`note: "a\\nb"`'],
  [{ note: "a  b\u00A0c" }, '`note: "a\\u0020\\u0020b\\u00a0c"`'],
  [{ note: " a" }, '`note: " a"`'],
  [{ note: "a`, `to: Emre" }, '``note: "a`, `to: Emre"``'],
  [{ note: '"a\\n"' }, '`note: "\\"a\\\\n\\""`'],
  [{ list: ["a", "b  c\td"] }, '`list: ["a","b\\u0020\\u0020c\\td"]`'],
  [{ note: "I ❤️ it" }, "`note: I ❤️ it`"],
])("shows the very characters that are sent: %j", (input, shown) => {
  expect(callSummary("Send", input)).toBe(`Send (${shown})`);
});

it.each(["\uFE0F", "\u034F", "\u115F", "\u1160", "\u2800", "\u3164", "\uFFA0", "\u200B"])(
  "refuses what looks like nothing: %j",
  (sign) => {
    expect(() => callSummary("Send", { to: `Jana${sign}` })).toThrow(/hidden characters/u);
  },
);
