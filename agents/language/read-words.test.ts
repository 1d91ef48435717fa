import { expect, it } from "vitest";
import { LONGEST_READ_TEXT } from "../../core/language/index.ts";
import { readTogether, readWords } from "./read-words.ts";

it("reads what people say whole", () => {
  expect(readWords("send 20 to Jana")).toBe("send 20 to Jana");
});

it.each(["a@a.", "0x", "bc1q", ".", "<a ", "_*", "-", "/", "[a](", "a\u0301\u0301"])(
  "reads of 20,000 characters of %s no more than of 4,000, and never so little that an order could be read of it",
  (piece) => {
    const [short, long] = [4_000, 20_000].map((length) => readWords(piece.repeat(length / piece.length)).length);
    expect(long).toBe(short);
    expect(long).toBeGreaterThan(LONGEST_READ_TEXT);
    expect(readTogether(Array.from({ length: 9 }, () => piece.repeat(5_000))).length).toBeLessThanOrEqual(2_200);
  },
);

it("reads the start and the end of a long story", () => {
  const story = `My card is lost. ${"It was a long day. ".repeat(500)}What does a new one cost?`;
  expect(readWords(story)).toMatch(/^My card is lost\. .* … .*What does a new one cost\?$/u);
});
