import { describe, expect, it } from "vitest";
import { parseMarkdown, toMarkdown, toPlainText } from "./index.ts";

const shown = (markdown: string): string => toPlainText(parseMarkdown(markdown));

describe("web-and-operations A: links that name another host", () => {
  it.each([
    ["[https://harbourbank.example](http://evil.test)", "evil.test"],
    ["[harbourbank.example/login](https://evil.test/harbourbank.example)", "evil.test"],
    ["[**www.harbourbank.example**](https://harbourbank.example.evil.test)", "harbourbank.example.evil.test"],
    ["[help@harbourbank.example](//evil.test)", "evil.test"],
    ["- [harbourbank.example](https://harbourbank.example@evil.test/)", "evil.test"],
    ["[harbourbank.example](https://hаrbourbank.example)", "xn--"],
  ])("%s shows where it leads", (markdown, host) => {
    expect(shown(markdown)).toContain(`(${host}`);
    const written = toMarkdown(parseMarkdown(markdown));
    expect(toMarkdown(parseMarkdown(written))).toBe(written);
  });

  it.each([
    "[https://harbourbank.example/fees](https://harbourbank.example/fees)",
    "[harbourbank.example](https://www.harbourbank.example/)",
    "[our fees](https://harbourbank.example/fees)",
    "https://harbourbank.example/fees",
    "[page 2](/documents/harbour/fees)",
  ])("%s is left as it is", (markdown) => {
    expect(shown(markdown)).not.toMatch(/\((?:www\.)?harbourbank\.example\)/u);
  });
});
