import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../test/support/tool-pack.ts";
import { formatOf } from "../document.ts";
import { readDocumentFile } from "../read-file.ts";

/** Reads a file of this name and content. */
async function read(name: string, content: string | Uint8Array) {
  const file = join(await temporaryFolder(), name);
  await writeFile(file, content);
  const response = await readDocumentFile({ file, name, format: formatOf(name) ?? "text", maxPages: 10 });
  const chunks = response.content?.chunks ?? [];
  const blocks = chunks.flatMap((chunk) => chunk.blocks.map(({ kind, text }) => `${kind}: ${text}`));
  return { ...response, blocks, sections: chunks.map(({ section }) => section), facts: response.content?.document };
}

function zip(files: Readonly<Record<string, string>>): Uint8Array {
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));
}

const PAGE = `<!doctype html><html lang="de-AT"><head><title>Gebühren | Bank</title>
<meta name="author" content="Ada"><meta property="article:modified_time" content="2026-02-03T10:00:00Z">
<link rel="canonical" href="https://bank.example/fees"><style>p{}</style></head><body>
<nav><a href="/">Home</a></nav><div class="cookie-banner"><p>We use cookies.</p></div>
<main><h1>Fees</h1><p>What our <b>accounts</b> cost you each month, and what is free.</p>
<h2>Cards</h2><ul><li>Debit<ul><li>free</li></ul></li><li>Credit</li></ul>
<table><caption>Prices</caption><thead><tr><th rowspan="2"></th><th colspan="2">Price</th></tr><tr><th>first</th><th>later</th></tr></thead>
<tbody><tr><td colspan="3">Private</td></tr><tr><th>Gold</th><td>€ 1</td><td>€ 2</td></tr></tbody></table>
<dl><dt>PIN</dt><dd>Four digits.</dd></dl><p hidden>secret</p><script>alert(1)</script></main>
<footer>Imprint</footer></body></html>`;

describe("HTML", () => {
  it("is read without menus, banners and scripts; spans name each column", async () => {
    const { blocks, facts, problem } = await read("fees.html", PAGE);
    expect(problem).toBeUndefined();
    expect(facts).toEqual({
      title: "Fees",
      language: "de-AT",
      author: "Ada",
      updated: "2026-02-03",
      url: "https://bank.example/fees",
    });
    expect(blocks).toEqual([
      "text: What our accounts cost you each month, and what is free.",
      "item: Debit",
      "item: free",
      "item: Credit",
      "text: Prices",
      "text: Private",
      "header:  | Price first | Price later",
      "row: Gold | € 1 | € 2",
      "item: PIN: Four digits.",
    ]);
  });

  it("is read whole where nothing but furniture is found, and laid-out tables are text", async () => {
    expect((await read("a.html", "<footer><p>All is here</p></footer>")).blocks).toEqual(["text: All is here"]);
    const layout =
      "<table><tr><td><h2>News</h2><p>One</p></td><td><table><tr><td>Two</td></tr></table></td></tr></table>";
    expect((await read("a.html", layout)).blocks).toEqual(["text: One", "row: Two"]);
  });

  it("nested deeply is refused, not a crash", async () => {
    expect((await read("deep.html", "<div>".repeat(100_000))).problem).toContain("deep");
  });

  it.each([
    ["UTF-16 with a mark", Buffer.from("\u{feff}<html><p>Gebühr: 5 €</p></html>", "utf16le")],
    ["UTF-16 without one", Buffer.from("<html><body><p>Gebühr: 5 €</p></body></html>", "utf16le")],
    ["Windows-1252, declared", Buffer.from('<meta charset="windows-1252"><p>Geb\u{fc}hr: 5 \u{80}</p>', "latin1")],
    ["Windows-1252, not declared", Buffer.from("<p>Geb\u{fc}hr: 5 \u{80}</p>", "latin1")],
    ["UTF-8, declared as another", Buffer.from('<meta charset="iso-8859-1"><p>Gebühr: 5 €</p>')],
  ])("in %s is decoded", async (_encoding, bytes) => {
    expect((await read("a.html", bytes)).blocks).toEqual(["text: Gebühr: 5 €"]);
  });
});

describe("CSV", () => {
  it("tells the delimiter, quotes, a title above and the header", async () => {
    const { blocks } = await read(
      "fees.csv",
      'Fees 2026\n\nCase;Price;Note\nCard;1,50;"lost; or ""stolen"""\nPIN;5,00;\n',
    );
    expect(blocks).toEqual([
      "text: Fees 2026",
      "header: Case | Price | Note",
      'row: Card | 1,50 | lost; or "stolen"',
      "row: PIN | 5,00",
    ]);
  });

  it("with tabs, without a header, and far too long", async () => {
    expect((await read("a.tsv", "1\t2\n3\t4\n")).blocks).toEqual(["row: 1 | 2", "row: 3 | 4"]);
    const { problem } = await read("long.csv", `a,b\n${"x,1\n".repeat(25_000)}`);
    expect(problem).toBe("only the first 20000 rows are read");
  });

  it("with a quote that never ends is refused", async () => {
    expect((await read("a.csv", 'a,b\n"never,1\n')).problem).toContain("Quote");
  });
});

const SHEET = (rows: string, more = ""): string => `<worksheet><sheetData>${rows}</sheetData>${more}</worksheet>`;
const workbook = (sheet: string): Uint8Array =>
  zip({
    "[Content_Types].xml": "<Types/>",
    "xl/workbook.xml": `<workbook><sheets><sheet name="Fees" r:id="a"/><sheet name="Old" state="hidden" r:id="b"/></sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="a" Target="worksheets/s1.xml"/></Relationships>`,
    "xl/sharedStrings.xml": "<sst><si><t>Case</t></si><si><r><t>Pri</t></r><r><t>ce</t></r></si></sst>",
    "xl/styles.xml": `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="#,##0.00\\ [$€-407]"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="10"/><xf numFmtId="14"/></cellXfs></styleSheet>`,
    "docProps/core.xml":
      "<p><dc:title>Our fees</dc:title><dcterms:modified>2026-01-02T00:00:00Z</dcterms:modified></p>",
    "xl/worksheets/s1.xml": sheet,
  });

describe("XLSX", () => {
  it("shows figures as the sheet does", async () => {
    const rows =
      `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>` +
      `<row r="2"><c r="A2" t="inlineStr"><is><t>Card</t></is></c><c r="B2" s="1"><v>1234.5</v></c></row>` +
      `<row r="3"><c r="A3" t="str"><v>Interest</v></c><c r="B3" s="2"><v>0.025</v></c></row>` +
      `<row r="4"><c r="A4" t="str"><v>Since</v></c><c r="B4" s="3"><v>45000</v></c></row>`;
    const { blocks, facts, problem } = await read("fees.xlsx", workbook(SHEET(rows)));
    expect(blocks).toEqual([
      "header: Case | Price",
      "row: Card | 1234.50 €",
      "row: Interest | 2.50 %",
      "row: Since | 2023-03-15",
    ]);
    expect(facts).toEqual({ title: "Our fees", updated: "2026-01-02" });
    expect(problem).toBe("1 hidden sheets are not read");
  });

  it("repeats a cell over several rows", async () => {
    const cell = (at: string, text: string): string => `<c r="${at}" t="str"><v>${text}</v></c>`;
    const rows = `<row r="1">${cell("A1", "Gold")}${cell("B1", "one")}</row><row r="2">${cell("B2", "two")}</row>`;
    const merged = '<mergeCells><mergeCell ref="A1:A2"/></mergeCells>';
    expect((await read("a.xlsx", workbook(SHEET(rows, merged)))).blocks.at(-1)).toBe("row: Gold | two");
  });
});

const WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
const RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument";
const docx = (body: string, more: Readonly<Record<string, string>> = {}): Uint8Array =>
  zip({
    "[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
    "_rels/.rels": `<Relationships xmlns="${RELATIONS}"><Relationship Id="r" Type="${OFFICE}" Target="word/document.xml"/></Relationships>`,
    "word/document.xml": `<w:document ${WORD}><w:body>${body}</w:body></w:document>`,
    ...more,
  });
const paragraph = (text: string): string => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`;
const wordRow = (...cells: readonly string[]): string =>
  `<w:tr>${cells.map((cell) => `<w:tc>${paragraph(cell)}</w:tc>`).join("")}</w:tr>`;

describe("DOCX", () => {
  it("keeps its tables", async () => {
    const table = `<w:tbl>${wordRow("Case", "Price")}${wordRow("Card", "€ 9")}</w:tbl>`;
    const { blocks, facts } = await read("card-fees.docx", docx(paragraph("What it costs.") + table));
    expect(blocks).toEqual(["text: What it costs.", "header: Case | Price", "row: Card | € 9"]);
    expect(facts?.title).toBe("Card fees");
  });

  it.each([
    ["entities of its own", docx("", { "word/styles.xml": '<!DOCTYPE a [<!ENTITY b "cccc">]><a>&b;</a>' }), "entities"],
    ["a bomb", docx("", { "word/bomb.xml": "0".repeat(4_000_000) }), "100 times its size"],
    [
      "thousands of files",
      docx("", Object.fromEntries(Array.from({ length: 5_001 }, (_, at) => [`word/${at}.xml`, ""]))),
      "5000 files",
    ],
    ["half a file", docx(paragraph("One")).slice(0, 300), "invalid zip"],
  ])("with %s is refused", async (_fault, bytes, problem) => {
    const response = await read("a.docx", bytes);
    expect(response.content).toBeUndefined();
    expect(response.problem).toContain(problem);
  });
});

const MAIL = `From: Ada <ada@bank.example>\r\nTo: Bob <bob@bank.example>\r\nSubject: =?utf-8?Q?Geb=C3=BChren?=
Date: Tue, 03 Feb 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r
--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>A card costs <b>€ 9</b>.</p>\r
--b\r\nContent-Type: application/zip; name="fees.zip"\r\nContent-Disposition: attachment; filename="fees.zip"\r\n\r\nx\r\n--b--\r\n`;

describe("e-mails", () => {
  it("are read with who wrote them; attachments are named", async () => {
    const { blocks, facts, problem } = await read("mail.eml", MAIL);
    expect(blocks).toEqual([
      "text: From: Ada <ada@bank.example>",
      "text: To: Bob <bob@bank.example>",
      "text: Date: 2026-02-03",
      "text: A card costs € 9.",
      "item: fees.zip (application/zip)",
    ]);
    expect(facts).toEqual({ title: "Gebühren", author: "Ada <ada@bank.example>", updated: "2026-02-03" });
    expect(problem).toContain("named and not read");
  });

  it("of parts within parts without end are refused", async () => {
    const deep = Array.from(
      { length: 40 },
      (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}\r\n`,
    );
    expect((await read("deep.eml", `From: a@b.example\r\nSubject: x\r\n${deep.join("")}\r\ntext`)).problem).toMatch(
      /nesting/iu,
    );
  });
});

describe("what a file is", () => {
  it("is told by its content, and said where its name says something else", async () => {
    const { format, blocks, problem } = await read("page.pdf", "<!doctype html><p>No PDF at all</p>");
    expect([format, blocks]).toEqual(["html", ["text: No PDF at all"]]);
    expect(problem).toBe("its name says pdf, its content is html: it is read as that");
    expect((await read("a.txt", docx(paragraph("Word")))).format).toBe("docx");
  });

  it.each([
    ["an old Office file", "d0cf11e0a1b11ae1000000", "save it as .docx"],
    ["a picture", "89504e470d0a1a0a0000", "picture"],
    ["anything binary", "0001020304050607ff00", "binary"],
  ])("%s is refused with what it is", async (_kind, hex, problem) => {
    expect((await read("a.docx", Buffer.from(hex, "hex"))).problem).toContain(problem);
  });

  it("an archive of something else is refused", async () => {
    expect((await read("a.docx", zip({ "ppt/presentation.xml": "<a/>" }))).problem).toContain("presentation");
    expect((await read("a.docx", zip({ "a.txt": "a" }))).problem).toContain("archive");
  });
});
