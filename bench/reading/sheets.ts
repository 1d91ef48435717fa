/** Documents that are awkward to read, each with what a person would read in it. */

export interface Sheet {
  readonly name: string;
  readonly html: string;
  /** Rows of tables: their cells, the label first, as they should come out. */
  readonly rows: readonly (readonly string[])[];
  /** What the header of the tables should be, and where it is looked for. */
  readonly header?: readonly string[];
  /** Sentences that should stand in one piece. */
  readonly sentences?: readonly string[];
  /** The headings above the sentence with the same number. */
  readonly sections?: readonly string[];
  /** What should be gone. */
  readonly running?: readonly string[];
  /** Printed by the browser on each page. */
  readonly print?: { readonly header: string; readonly footer: string };
}

const FRAME = "td,th{border:1px solid #444;padding:3px 5px}";

const page = (body: string, css = ""): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Sheet</title><style>
  @page{size:A4;margin:22mm 18mm} body{font:10.5pt/1.35 "Liberation Sans",sans-serif} table{border-collapse:collapse}
  th{text-align:left} .n{text-align:right} ${css}</style><body>${body}</body></html>`;

const table = (rows: readonly (readonly string[])[], header: readonly string[] = [], attributes = ""): string => {
  const line = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map((cell, index) => `<${tag}${index > 0 && /^[\d€−.,%-]+$/u.test(cell) ? ' class="n"' : ""}>${cell}</${tag}>`).join("")}</tr>`;
  const head = header.length === 0 ? "" : `<thead>${line(header, "th")}</thead>`;
  return `<table ${attributes}>${head}<tbody>${rows.map((row) => line(row, "td")).join("")}</tbody></table>`;
};

const prose = (count: number): string =>
  Array.from(
    { length: count },
    (_, index) =>
      `<p>Paragraph ${index + 1} says at some length what nobody reads, so that the page is as full as pages are.</p>`,
  ).join("");

const KINDS = ["Transfer", "Withdrawal", "Deposit", "Statement", "Certificate", "Reminder", "Recall", "Replacement"];
const WRAPPED = KINDS.map((kind, index) => [
  `${kind} at the counter or by telephone, for each single order of a customer`,
  `€${index + 2}.50`,
  index % 2 === 0
    ? "free for the first three orders of a calendar month where the account has a monthly price"
    : "none",
]);
const LONG = Array.from({ length: 90 }, (_, index) => [
  `${KINDS[index % 8] ?? ""} of class ${index + 1}`,
  `€${index + 1}.25`,
  `${index + 3}.10%`,
]);
const TALL = Array.from({ length: 60 }, (_, index) => [
  `${KINDS[index % 8] ?? ""} number ${index + 1}, as agreed with the customer beforehand`,
  `€${index + 1}.75 for each order that is received on a working day`,
]);
const QUARTERS = [
  ["North", "10.1", "10.2", "20.1", "20.2"],
  ["South", "11.1", "11.2", "21.1", "21.2"],
  ["West", "12.1", "12.2", "22.1", "22.2"],
];
const PRICES = KINDS.map((kind, index) => [`${kind}, per year`, `€${index + 1}.90`, `${index}.75%`]);

const COLUMN_TEXT = [
  "The first part of the text tells how an order is given and what the customer has to check before it is confirmed by the bank.",
  "The second part tells how an order is taken back, and that this is no longer possible once it has been carried out completely.",
  "The third part tells what happens if there is not enough money, and whom the bank informs when an order cannot be carried out.",
  "The fourth part tells how complaints are made, and that an answer is given within fifteen working days in the usual case.",
];
const columns = (count: number, gap: string): string =>
  `<h1>Conditions</h1><div style="columns:${count};column-gap:${gap};text-align:justify">${COLUMN_TEXT.map((text) => `<p>${text}</p>`).join("")}</div>`;
/** Two columns of which each line is drawn before the next one, as some programs do. */
const crossed = (): string => {
  const cut = (text: string): readonly string[] => text.match(/.{1,48}(?:\s|$)/gu) ?? [];
  const [left = [], right = []] = [COLUMN_TEXT.slice(0, 2), COLUMN_TEXT.slice(2)].map((some) => cut(some.join(" ")));
  return `<div style="position:relative;height:200px">${left
    .map((text, index) => {
      const at = (line: string, x: number): string =>
        `<div style="position:absolute;white-space:nowrap;top:${index * 19}px;left:${x}px">${line}</div>`;
      return at(text, 0) + at(right[index] ?? "", 340);
    })
    .join("")}</div>`;
};

const HYPHENS = [
  "Die Kontoführungsgebühr entfällt bei regelmäßigen Eingängen.",
  "Ein- und Auszahlung sind an allen Kassen möglich.",
  "Der Euro-Bond wird an der Börse gehandelt.",
  "Die Rechnungsabschlüsse kommen vierteljährlich.",
];

export const sheets: readonly Sheet[] = [
  {
    name: "wrapped cells, framed",
    html: page(table(WRAPPED, ["Service", "Price", "Note"], 'style="width:75%"'), FRAME),
    rows: WRAPPED,
    header: ["Service", "Price", "Note"],
  },
  {
    name: "wrapped cells, no lines",
    html: page(table(WRAPPED, ["Service", "Price", "Note"], 'style="width:75%"'), "td,th{padding:3px 6px}"),
    rows: WRAPPED,
    header: ["Service", "Price", "Note"],
  },
  {
    name: "cells set at the top",
    html: page(
      table(WRAPPED, ["Service", "Price", "Note"], 'style="width:75%"'),
      "td{vertical-align:top;padding:2px 6px}",
    ),
    rows: WRAPPED,
    header: ["Service", "Price", "Note"],
  },
  {
    name: "tight rows, plain header",
    html: page(
      table(PRICES, ["Service", "Price", "Rate"], 'style="width:60%"'),
      "th{font-weight:normal} td,th{padding:0 6px}",
    ),
    rows: PRICES,
    header: ["Service", "Price", "Rate"],
  },
  {
    name: "a table over pages",
    html: page(
      prose(3) + table(LONG, ["Service", "Price", "Rate"], 'style="width:100%"'),
      "td{border-bottom:1px solid #ccc;padding:4px}",
    ),
    rows: LONG,
    header: ["Service", "Price", "Rate"],
  },
  {
    name: "over pages, header once",
    html: page(table(TALL, ["Service", "Price"], 'style="width:70%"'), `${FRAME} thead{display:table-row-group}`),
    rows: TALL,
    header: ["Service", "Price"],
  },
  {
    name: "merged header cells",
    html: page(
      `<table><tr><th rowspan=2></th><th colspan=2 style="text-align:center">2024</th><th colspan=2 style="text-align:center">2025</th></tr><tr><th>first half</th><th>second half</th><th>first half</th><th>second half</th></tr>${QUARTERS.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join("")}</tr>`).join("")}</table>`,
      FRAME,
    ),
    rows: QUARTERS,
    header: ["", "2024 first half", "2024 second half", "2025 first half", "2025 second half"],
  },
  {
    name: "merged header, no lines",
    html: page(
      `<table><tr><th></th><th colspan=2 style="text-align:center">2024</th><th colspan=2 style="text-align:center">2025</th></tr><tr><th></th><th>first half</th><th>second half</th><th>first half</th><th>second half</th></tr>${QUARTERS.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join("")}</tr>`).join("")}</table>`,
      "td,th{padding:4px 12px}",
    ),
    rows: QUARTERS,
    header: ["", "2024 first half", "2024 second half", "2025 first half", "2025 second half"],
  },
  {
    name: "figures to the right",
    html: page(
      prose(1) + table(PRICES, ["Service", "Price", "Rate"], 'style="width:100%"') + prose(1),
      ".n{width:20%} td,th{padding:3px}",
    ),
    rows: PRICES,
    header: ["Service", "Price", "Rate"],
  },
  {
    name: "leading dots",
    html: page(
      PRICES.map(
        ([label = "", price = ""]) =>
          `<div style="display:flex;width:90mm"><span>${label}</span><span style="flex:1;overflow:hidden;white-space:nowrap">${" .".repeat(20)}</span><span>${price}</span></div>`,
      ).join(""),
    ),
    rows: PRICES.map((row) => row.slice(0, 2)),
  },
  { name: "two columns", html: page(columns(2, "8mm")), rows: [], sentences: COLUMN_TEXT },
  { name: "three columns", html: page(columns(3, "6mm"), "body{font-size:9pt}"), rows: [], sentences: COLUMN_TEXT },
  { name: "two columns, line by line", html: page(crossed()), rows: [], sentences: COLUMN_TEXT },
  {
    name: "columns around a table",
    html: page(
      `${columns(2, "8mm")}<h2>Prices</h2>${table(PRICES, ["Service", "Price", "Rate"], 'style="width:100%"')}`,
      FRAME,
    ),
    rows: PRICES,
    header: ["Service", "Price", "Rate"],
    sentences: COLUMN_TEXT,
  },
  {
    name: "running titles and numbers",
    html: page(prose(70)),
    rows: [],
    sentences: ["Paragraph 70 says at some length what nobody reads, so that the page is as full as pages are."],
    running: ["Conditions of the bank", "Page 2 of", "Registered office"],
    print: {
      header: '<div style="font-size:8pt;width:100%;padding:0 18mm">Conditions of the bank</div>',
      footer:
        '<div style="font-size:8pt;width:100%;padding:0 18mm;display:flex;justify-content:space-between"><span>Registered office: Quay 1</span><span>Page <span class="pageNumber"></span> of <span class="totalPages"></span></span></div>',
    },
  },
  {
    name: "hyphens",
    html: page(
      '<div style="width:60mm;white-space:pre">Die Kontoführungs-\ngebühr entfällt bei regel-\nmäßigen Eingängen.\n\nEin-\nund Auszahlung sind an allen Kassen möglich.\n\nDer Euro-\nBond wird an der Börse gehandelt.</div><p style="width:24mm">Die Rechnungs&shy;abschlüsse kommen viertel&shy;jährlich.</p>',
    ),
    rows: [],
    sentences: HYPHENS,
  },
  {
    name: "ligatures",
    html: page(
      "<p>Offenlegung, Auflage, finanziell und Pfiff, effizient.</p>",
      'body{font-family:"DejaVu Serif",serif;font-variant-ligatures:common-ligatures}',
    ),
    rows: [],
    sentences: ["Offenlegung, Auflage, finanziell und Pfiff, effizient."],
  },
  {
    name: "nested headings",
    html: page(
      "<h1>Handbook</h1><h2>Cards</h2><h3>Replacement</h3><p>A new card comes by post.</p><h3>Blocking</h3><p>A lost card is blocked.</p><h2>Loans</h2><p>A loan has a rate.</p>",
    ),
    rows: [],
    sentences: ["A new card comes by post.", "A lost card is blocked.", "A loan has a rate."],
    sections: ["Handbook › Cards › Replacement", "Handbook › Cards › Blocking", "Handbook › Loans"],
  },
];
