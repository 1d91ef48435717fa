import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { parseMarkdown } from "./parse.ts";
import { toPlainText } from "./plain.ts";

const plain = (text: string): string => toPlainText(parseMarkdown(text));

describe("toPlainText", () => {
  it("writes links as label and address, once where they are the same", () => {
    expect(plain("[Fees](https://bank.example/fees), https://a.b, <mailto:a@b.c>, [a.b](http://a.b/)")).toBe(
      "Fees (https://bank.example/fees), https://a.b, mailto:a@b.c, a.b",
    );
    expect(toPlainText(parseMarkdown("[Fees](https://a.b)"), { urls: false })).toBe("Fees");
    expect(plain("![A chart](http://a.b/c.png)")).toBe("A chart (http://a.b/c.png)");
  });

  it("keeps bullets, numbers, boxes and nesting of lists", () => {
    expect(plain("3. three\n4. four\n   - nested\n\n     more\n- [x] done\n- [ ] open")).toBe(
      "3. three\n4. four\n   • nested\n\n     more\n\n• [x] done\n• [ ] open",
    );
  });

  it("aligns tables, and writes the ones that are too wide as lines", () => {
    const text = "| Fee | EUR |\n| - | -: |\n| Card | 12.00 |\n| 很长 | 0 |";
    expect(plain(text)).toBe("Fee     EUR\n----  -----\nCard  12.00\n很长        0");
    expect(toPlainText(parseMarkdown(text), { tableWidth: 5 })).toBe("Fee | EUR\nCard | 12.00\n很长 | 0");
  });

  it("keeps code as it is and marks quotes", () => {
    expect(plain("> said\n> > again\n\n```ts\n  a *b* c\n```\n\n`x_y_z`")).toBe(
      "> said\n>\n> > again\n\n  a *b* c\n\nx_y_z",
    );
  });

  it("shows every word of any Markdown", () => {
    const letters = (text: string): string => text.replace(/[^a-z]/g, "");
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{3,8}$/), { minLength: 4, maxLength: 4 }), (words) => {
        const [a = "", b = "", c = "", d = ""] = words;
        const text = `**${a}** *${b}* \`${c}\`\n\n- ${d}\n\n| ${a} | ${b} |\n| - | - |\n| ${c} | ${d} |`;
        expect(letters(plain(text))).toBe(a + b + c + d + a + b + c + d);
      }),
    );
  });
});
