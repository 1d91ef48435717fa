import pc from "picocolors";
import { expect, it } from "vitest";
import { wrapLines } from "./wrap.ts";

it("breaks lines between words, and goes on below the first word of an item", () => {
  expect(wrapLines("What comes here is long\nshort", 10)).toBe("What comes\nhere is\nlong\nshort");
  expect(wrapLines("• To: Jana Novak\n10. of Anna Berger", 12)).toBe("• To: Jana\n  Novak\n10. of Anna\n    Berger");
  expect(wrapLines("│ said by a person", 10)).toBe("│ said by\n│ a person");
});

it("counts no colours, and characters that are two columns wide twice", () => {
  const { bold, cyan } = pc.createColors(true);
  expect(wrapLines(`${cyan("• ")}${bold("Transfer")} to Jana`, 18)).toBe(`${cyan("• ")}${bold("Transfer")} to Jana`);
  expect(wrapLines(`${cyan("• ")}To: Jana Novak`, 12)).toBe(`${cyan("• ")}To: Jana\n  Novak`);
  expect(wrapLines("漢字 漢字 漢字", 10)).toBe("漢字 漢字\n漢字");
});

it("leaves addresses whole, and what fits as it is", () => {
  expect(wrapLines("see https://example.com/a/long/path now", 12)).toBe("see\nhttps://example.com/a/long/path\nnow");
  expect(wrapLines("  a  |  b\n\n", 12)).toBe("  a  |  b\n\n");
});
