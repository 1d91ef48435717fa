/** What is read of pages as a browser prints them. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Browser } from "playwright-core";
import { launchChromium } from "../../../test/support/chromium.ts";
import type { Block, ReadDocument } from "../document.ts";
import { readPages } from "./read-pages.ts";
import { readPdf } from "./read-pdf.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
});

interface Printing {
  readonly css?: string;
  readonly header?: string;
  readonly footer?: string;
  readonly outline?: boolean;
}

async function printed(body: string, { css = "", header, footer, outline = false }: Printing = {}) {
  const page = await browser.newPage();
  await page.setContent(`<!doctype html><html lang="en"><meta charset="utf-8"><title>Terms</title><style>
    @page{size:A4;margin:22mm 18mm} body{font:10.5pt/1.35 "Liberation Sans",sans-serif}
    table{border-collapse:collapse} th{text-align:left} td,th{padding:3px 6px} ${css}</style><body>${body}</body></html>`);
  const pdf = await page.pdf({
    preferCSSPageSize: true,
    displayHeaderFooter: header !== undefined || footer !== undefined,
    headerTemplate: header ?? "<i></i>",
    footerTemplate: footer ?? "<i></i>",
    ...(outline && { outline, tagged: true }),
  });
  await page.close();
  return pdf;
}

async function read(body: string, printing?: Printing): Promise<ReadDocument> {
  return readPdf(await readPages(await printed(body, printing), 100), "terms.pdf");
}

const blocksOf = ({ sections }: ReadDocument): readonly Block[] => sections.flatMap(({ blocks }) => blocks);
const textsOf = (document: ReadDocument, kind: Block["kind"]): readonly string[] =>
  blocksOf(document)
    .filter((block) => block.kind === kind)
    .map(({ text }) => text);

const cells = (row: readonly string[], tag: string): string =>
  `<tr>${row.map((cell) => `<${tag}>${cell}</${tag}>`).join("")}</tr>`;
const table = (head: readonly string[], rows: readonly (readonly string[])[], style = ""): string =>
  `<table style="${style}"><thead>${cells(head, "th")}</thead><tbody>${rows.map((row) => cells(row, "td")).join("")}</tbody></table>`;

const FRAME = "td,th{border:1px solid #444}";
const PRICES = [
  ["Transfer at the counter or by telephone, for each single order", "€2.50"],
  ["Statement on paper", "€1.00"],
  ["Certificate of the balance for an authority or a court", "€12.00"],
];

describe("text", () => {
  it("is put together over lines, with words that were hyphenated at their ends", async () => {
    const document = await read(
      `<p lang="de" style="width:55mm;hyphens:manual">Die Konto&shy;führungs&shy;gebühr entfällt bei regel&shy;mäßigen Ein&shy;gängen von min&shy;destens tausend Euro im Kalender&shy;monat.</p>`,
    );
    expect(textsOf(document, "text")).toEqual([
      "Die Kontoführungsgebühr entfällt bei regelmäßigen Eingängen von mindestens tausend Euro im Kalendermonat.",
    ]);
  });

  it("keeps its paragraphs apart, and list items", async () => {
    const document = await read("<p>One is said.</p><p>Two is said.</p><ul><li>An item</li><li>Another</li></ul>");
    expect(textsOf(document, "text")).toEqual(["One is said.", "Two is said."]);
    expect(textsOf(document, "item")).toEqual(["An item", "Another"]);
  });

  it("is read column by column", async () => {
    const left =
      "The first column tells how an order is given and what the customer has to check before it is confirmed.";
    const right =
      "The second column tells how an order is taken back, as long as it has not been carried out by the bank.";
    const document = await read(
      `<div style="columns:2;column-gap:10mm"><p>${left}</p><p style="break-before:column">${right}</p></div>`,
    );
    expect(textsOf(document, "text")).toEqual([left, right]);
  });

  it("has no ligatures", async () => {
    const document = await read(
      '<p style="font-family:serif;font-variant-ligatures:common-ligatures">The first office floor.</p>',
    );
    expect(textsOf(document, "text")).toEqual(["The first office floor."]);
  });
});

describe("a page", () => {
  it("is read without what runs along on all of them", async () => {
    const pages = ["Alpha", "Beta", "Gamma"].map((name) => `<p style="break-after:page">${name} has its own page.</p>`);
    const document = await read(pages.join(""), {
      header: '<span style="font-size:8pt;margin-left:20mm">Harbour Bank, price list</span>',
      footer:
        '<span style="font-size:8pt;margin-left:20mm">Page <i class="pageNumber"></i> of <i class="totalPages"></i></span>',
    });
    expect(textsOf(document, "text")).toEqual([
      "Alpha has its own page.",
      "Beta has its own page.",
      "Gamma has its own page.",
    ]);
    expect(document.sections.map(({ page, anchor }) => [page, anchor])).toEqual([
      [1, "page=1"],
      [2, "page=2"],
      [3, "page=3"],
    ]);
  });

  it("says under which headings its text stands", async () => {
    const document = await read(
      "<h1>Terms</h1><h2>Fees</h2><p>They are named here.</p><h3>Waivers</h3><p>Some need not pay.</p><h2>Notice</h2><p>One month.</p>",
      { outline: true },
    );
    expect(document.title).toBe("Terms");
    expect(document.sections.map(({ headings }) => headings)).toEqual([["Fees"], ["Fees", "Waivers"], ["Notice"]]);
  });
});

describe("a table", () => {
  it.each([
    { what: "with lines around its cells", css: FRAME },
    { what: "with a line below each row", css: "td,th{border-bottom:1px solid #ccc}" },
    { what: "without any line", css: "" },
  ])("$what keeps rows whole whose label takes two lines", async ({ css }) => {
    const document = await read(table(["Service", "Price"], PRICES, "width:60%"), { css });
    expect(textsOf(document, "header")).toEqual(["Service | Price"]);
    expect(textsOf(document, "row")).toEqual(PRICES.map((row) => row.join(" | ")));
  });

  it("keeps its empty cells, also the one in the corner", async () => {
    const document = await read(
      table(
        ["", "Start", "Pro"],
        [
          ["Fee", "€9.90", "€24.90"],
          ["Adviser", "", "yes"],
        ],
        "width:60%",
      ),
      { css: FRAME },
    );
    expect(textsOf(document, "header")).toEqual(["| Start | Pro"]);
    expect(textsOf(document, "row")).toEqual(["Fee | €9.90 | €24.90", "Adviser | | yes"]);
  });

  it("goes on over pages under the header that is printed on each", async () => {
    const rows = Array.from({ length: 70 }, (_, index) => [`Service of class ${index + 1}`, `€${index + 1}.25`]);
    const document = await read(table(["Service", "Price"], rows, "width:100%"), { css: FRAME });
    expect(document.pages).toBeGreaterThan(1);
    expect(textsOf(document, "row")).toEqual(rows.map((row) => row.join(" | ")));
  });
});

describe("a file that is no good", () => {
  it.each([
    { what: "text that says it is one", bytes: new TextEncoder().encode("%PDF-1.4 this is no PDF") },
    { what: "nothing", bytes: new Uint8Array() },
    { what: "a picture's beginning", bytes: Uint8Array.of(0x89, 0x50, 0x4e, 0x47) },
  ])("is refused: $what", async ({ bytes }) => {
    await expect(readPages(bytes, 100)).rejects.toThrow(Error);
  });

  it("is refused when it breaks off, or read as far as it goes", async () => {
    const whole = await printed("<p>All of it.</p>");
    for (let share = 1; share < 10; share += 1) {
      const part = whole.slice(0, Math.floor((whole.length * share) / 10));
      const outcome = await readPages(part, 100).then(
        (content) => textsOf(readPdf(content, "part.pdf"), "text"),
        () => [],
      );
      expect([[], ["All of it."]]).toContainEqual(outcome);
    }
  });
});
