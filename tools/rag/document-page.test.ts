import { describe, expect, it } from "vitest";
import { readDocumentBody, renderDocumentPage } from "./document-page.ts";
import { quoteForAddress } from "./mark-quote.ts";

const SOURCE = `# Cards

## Replacement

First words. A **replacement** card costs
€9.00 [a link](fees.md). It arrives within 4 working days. Last words.

- Lost cards are blocked at once. Call us.

| Case | Price | Delivery |
| --- | ---: | --- |
| Lost or damaged card | €9.00 | 4–6 working days |
| Express delivery | -€18.00 | 2 days |
`;
const pageOf = (quote: string, source = SOURCE, format: "markdown" | "text" = "markdown"): string =>
  renderDocumentPage({ title: "Cards", body: readDocumentBody(source, format), resolve: () => "/fees", quote });
const markedIn = (html: string): string =>
  [...html.matchAll(/<mark[^>]*>(.*?)<\/mark>/gsu)].map(([, words]) => words).join("");

describe("web-and-operations E: a source page marks the sentence that is cited", () => {
  it.each([
    ["A replacement card costs €9.00 a link.", "A replacement card costs\n€9.00 a link."],
    ["It arrives within 4 working days.", "It arrives within 4 working days."],
    ["It arrives within", "It arrives within 4 working days."],
    ["Lost cards are blocked at once.", "Lost cards are blocked at once."],
  ])("%s", (quote, words) => {
    const html = pageOf(quote);
    expect(markedIn(html)).toBe(words);
    expect(html.match(/id="quote"/gu)).toHaveLength(1);
    expect(html).toContain('<h2 id="replacement">Replacement</h2>');
  });

  it("marks the row of a table, and a sentence of a text without markup", () => {
    expect(pageOf("Lost or damaged card | €9.00 | 4–6 working days")).toMatch(
      /<tr id="quote">\s*<td>Lost or damaged card/u,
    );
    expect(markedIn(pageOf("Second one.", "First one.  Second\none. Third.", "text"))).toBe("Second\none.");
  });

  it("marks nothing where the document has other words by now, and shows markup in a quote as text", () => {
    expect(pageOf("It costs €12.00.")).not.toContain("<mark");
    expect(pageOf("<img src=x onerror=alert(1)>")).not.toContain("<img");
  });

  it("carries the beginning of a long quote in the address, cut between words", () => {
    const quote = "Nine words ".repeat(30).trim();
    expect(quoteForAddress(quote).length).toBeLessThanOrEqual(120);
    expect(quote.startsWith(`${quoteForAddress(quote)} `)).toBe(true);
  });

  it("puts tables into a box of their own, with whole figures", () => {
    expect(pageOf("")).toContain('<div class="table" role="region" aria-label="Table" tabindex="0"><table>');
    expect(pageOf("")).toContain('<td align="right"><span class="whole">-€18.00</span></td>');
  });
});

describe("web-and-operations A: large tables", () => {
  const cells = (count: number, cell: string): string => `|${Array.from({ length: count }, () => cell).join("|")}|`;
  const table = (rows: number, columns: number): string =>
    [cells(columns, "h"), cells(columns, "---"), ...Array.from({ length: rows }, () => cells(columns, "a"))].join("\n");

  it.each([
    [300, 80],
    [4_000, 5],
  ])("of %i × %i cells are shown as their lines, every character in place", (rows, columns) => {
    const html = pageOf("", table(rows, columns));
    expect(html).not.toContain("<table");
    expect(html.match(/\|a\|a\|/gu)?.length).toBeGreaterThanOrEqual(rows);
  });

  it("up to the limit stay tables", () => {
    expect(pageOf("", table(300, 20))).toContain("<table");
  });
});
