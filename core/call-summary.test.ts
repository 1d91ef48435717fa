import { expect, it } from "vitest";
import { callSummary } from "./call-summary.ts";

it("shows each argument of a call", () => {
  expect(callSummary("Send", { to: "Jana", copies: 2 })).toBe("Send (`to: Jana`, `copies: 2`)");
});

it.each(["\u115F", "\u1160", "\u2800", "\u3164", "\uFFA0", "\u200B"])("refuses what looks like nothing: %j", (sign) => {
  expect(() => callSummary("Send", { to: `Jana${sign}` })).toThrow(/hidden characters/u);
});
