import { describe, expect, it } from "vitest";
import { cutText, wellFormed } from "./cut.ts";

describe("platforms K: cutting a text", () => {
  it("never tears a surrogate pair", () => {
    const text = `${"x".repeat(79)}😀 and more`;
    expect(cutText(text, 80)).toBe("x".repeat(79));
    expect(cutText(text, 81)).toBe(`${"x".repeat(79)}😀`);
  });

  it.each([
    ["a family joined from four emoji", `${"a".repeat(10)}👨‍👩‍👧‍👦b`, 15, "a".repeat(10)],
    ["a flag of two letters", "🇩🇪🇫🇷", 6, "🇩🇪"],
    ["a letter with an accent of its own", "cafe\u0301s", 4, "caf"],
    ["a Devanagari conjunct", "क्षि!", 3, ""],
    ["a thumb with a skin tone", "ok 👍🏽", 6, "ok "],
  ])("keeps %s whole", (_name, text, most, kept) => {
    expect(cutText(text, most)).toBe(kept);
  });

  it("counts the mark", () => {
    expect(cutText("0123456789", 5, "…")).toBe("0123…");
    expect(cutText("01234", 5, "…")).toBe("01234");
  });

  it("tears a stack of accents that no script knows rather than giving nothing", () => {
    const cut = cutText(`a${"\u0301".repeat(500)}`, 100);
    expect(cut).toHaveLength(100);
    expect(cut.isWellFormed()).toBe(true);
  });

  it("mends what came in torn", () => {
    expect(cutText("a\uD83D", 10)).toBe("a\uFFFD");
    expect(wellFormed("\uDE00b")).toBe("\uFFFDb");
  });

  it("gives well-formed texts at every length", () => {
    const text = "x😀👨‍👩‍👧‍👦🇩🇪é\uD800क्षि".repeat(3);
    for (let most = 0; most <= text.length; most += 1) {
      const cut = cutText(text, most, "…");
      expect(cut.isWellFormed()).toBe(true);
      expect(cut.length).toBeLessThanOrEqual(Math.max(1, most));
    }
  });
});
