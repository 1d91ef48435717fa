import { describe, expect, it } from "vitest";
import { checkAnswer } from "./check-answer.ts";
import { NO_EVIDENCE } from "./evidence.ts";
import { untangled } from "../../core/markdown/index.ts";

function shown(pieces: readonly string[]): { readonly whole: string; readonly streamed: string } {
  const check = checkAnswer({ ...NO_EVIDENCE, hosts: new Set(["bank.example"]) });
  const streamed = pieces.map((piece) => check.add(piece)).join("");
  const { text, rest } = check.finish();
  return { whole: text, streamed: streamed + rest };
}

describe("an answer of more marks than words", () => {
  it.each(["> ", "1. ", "- ", "*_`", "[a](", "[", "~a", "*a_", "- a\n  ", "[1]: a\n"])(
    "such as %j again and again never reaches the parser of Markdown with its marks",
    (unit) => {
      const plain = untangled(unit.repeat(5_000));
      expect(plain.match(/[[*_~`>]/gu)?.length ?? 0).toBeLessThan(unit.length);
      expect(/^(?:[-+*>]|\d+[.)])/mu.test(plain)).toBe(false);
      expect(shown([unit.repeat(5_000)]).whole.length).toBeLessThanOrEqual(20_000);
    },
  );

  it("keeps an honest list, table and quote as they are", () => {
    const rows = Array.from({ length: 60 }, (_, row) => `| ${row} | **bold** |`).join("\n");
    const text = `> > quoted\n\n- a\n  - b\n    - c\n\n| a | b |\n|---|---|\n${rows}\n\n1. one\n2. two [see](https://bank.example/x)`;
    expect(untangled(text)).toBe(text);
  });

  it("still loses its foreign links", () => {
    const { whole } = shown([`${"*_`".repeat(500)} see https://evil.test/x now`]);
    expect(whole).not.toMatch(/https:/u);
  });
});

it("an answer ends at 20,000 characters, however it arrives", () => {
  expect(shown(["A ".repeat(30_000)]).whole.length).toBeLessThanOrEqual(20_000);
  const pieces = Array.from({ length: 3_000 }, () => "All is well here. ");
  const { whole, streamed } = shown(pieces);
  expect(whole.length).toBeLessThanOrEqual(20_000);
  expect(streamed.trim()).toBe(whole);
});
