import { readdir, readFile } from "node:fs/promises";
import { extractText, getDocumentProxy } from "unpdf";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Product, SampleQuestion } from "./schema.ts";

const folder = new URL("documents/", import.meta.url);
const names = (await readdir(folder)).toSorted();
const FrontMatter = z.strictObject({
  title: z.string().min(3),
  category: z.enum([
    "accounts",
    "cards",
    "payments",
    "borrowing",
    "savings",
    "investing",
    "security",
    "service",
    "business",
  ]),
  updated: z.iso.date(),
  url: z.url().startsWith("https://help.harbour.example/"),
});
const FIGURE = /€[\d.,]*\d|\d+(?:\.\d+)?%/g;

interface Article {
  readonly name: string;
  readonly matter: z.infer<typeof FrontMatter>;
  readonly body: string;
}

async function readArticle(name: string): Promise<Article> {
  const source = await readFile(new URL(name, folder), "utf8");
  const [, head = "", body = ""] = /^---\n(.+?)\n---\n(.+)$/s.exec(source) ?? [];
  const pairs = head.split("\n").map((line) => {
    const [key = "", ...value] = line.split(": ");
    return [key, value.join(": ").replaceAll('"', "")] as const;
  });
  return { name, matter: FrontMatter.parse(Object.fromEntries(pairs)), body };
}

async function readPdf(name: string): Promise<{ pages: number; text: string }> {
  const pdf = await getDocumentProxy(new Uint8Array(await readFile(new URL(name, folder))));
  const { totalPages, text } = await extractText(pdf, { mergePages: true });
  return { pages: totalPages, text: text.replaceAll(/\s+/g, " ") };
}

const json = async (name: string): Promise<unknown> =>
  JSON.parse(await readFile(new URL(name, import.meta.url), "utf8"));
const products = z.array(Product).parse(await json("products.json"));
const questions = z.array(SampleQuestion).parse(await json("questions.json"));
const articles = await Promise.all(names.filter((name) => name.endsWith(".md")).map(readArticle));
const pdfNames = names.filter((name) => name.endsWith(".pdf"));
const pdfs = new Map(await Promise.all(pdfNames.map(async (name) => [name, await readPdf(name)] as const)));
const textOf = (name: string): string =>
  articles.find((article) => article.name === name)?.body ?? pdfs.get(name)?.text ?? `no document ${name}`;
const everything = [
  ...articles.map(({ name, body }) => ({ name, text: body })),
  ...pdfNames.map((name) => ({ name, text: textOf(name) })),
];

/** All amounts and percentages: €4.90, 1.75%. */
const figuresOf = (text: string): readonly string[] => text.match(FIGURE) ?? [];
/** A figure stands in the text as such, not as the beginning or the end of another one. */
const hasFigure = (text: string, figure: string): boolean => figuresOf(text).includes(figure);

describe("help centre articles", () => {
  it("are at least 27, each with front matter, one title, sections, a table and 350 to 900 words", () => {
    expect(articles.length).toBeGreaterThanOrEqual(27);
    for (const { name, body } of articles) {
      const words = body.split(/[\s|]+/).filter((word) => /[\p{L}\d]/u.test(word)).length;
      expect(words).toBeGreaterThanOrEqual(350);
      expect(words).toBeLessThanOrEqual(900);
      expect(body.match(/^# /gm)).toHaveLength(1);
      expect(body.match(/^## /gm)?.length).toBeGreaterThanOrEqual(3);
      expect(`${name}: ${body}`).toMatch(/^\| -+ \|/m);
    }
  });

  it("have unique titles and addresses that end in the file name, and are dated before the sample day", () => {
    expect(new Set(articles.map(({ matter }) => matter.title)).size).toBe(articles.length);
    for (const { name, matter } of articles) {
      expect(matter.url).toBe(`https://help.harbour.example/${matter.category}/${name.replace(".md", "")}`);
      expect(matter.updated <= "2026-11-20").toBe(true);
    }
  });

  it("link only to documents that exist", () => {
    const links = articles.flatMap(({ body }) => [...body.matchAll(/\]\(([^)]+)\)/g)].map((match) => match[1] ?? ""));
    expect(links.length).toBeGreaterThan(100);
    expect(links.filter((link) => !names.includes(link))).toEqual([]);
  });
});

describe("fees", () => {
  const rows = [...textOf("fees-overview.md").matchAll(/^\| (.+?) +\| (.+?) +\| \[.+?\]\((.+?)\) +\|$/gm)].map(
    ([, service = "", price = "", details = ""]) => ({ service, price, details }),
  );

  it("of the overview stand with the same figures in the documents to which they link", () => {
    expect(rows.length).toBeGreaterThan(40);
    expect(rows.filter(({ price }) => figuresOf(price).length === 0)).toEqual([]);
    const contradicted = rows.filter(({ price, details }) =>
      figuresOf(price).some((figure) => !hasFigure(textOf(details), figure)),
    );
    expect(contradicted).toEqual([]);
  });

  it("of the overview stand word for word in the price list", () => {
    const priceList = textOf("price-list.pdf");
    for (const { service, price } of rows) expect(priceList).toContain(`${service} ${price}`);
  });

  it.each([
    ["foreign currency fee", /foreign currency(?: fee of)?[ |]*(\d[\d.]*%)/gi, ["1.75%"]],
    ["arranged overdraft", /(?<!Un)[Aa]rranged overdraft(?:, per year)? *\|? *(\d[\d.]*%)/g, ["10.9%"]],
    ["international transfer", /at least (€[\d.]+)(?: and|,) at most €60\.00/g, ["€12.00"]],
    ["liability before a card is blocked", /liable[^.]*? up to (€\d+)/g, ["€50"]],
    ["cash outside the euro area", /[Oo]utside the euro area *\|? (€[\d.]+)/g, ["€5.00"]],
    ["tax on interest and gains", /(\d[\d.]*%) (?:is deducted )?from (?:interest|gains)/g, ["26.375%"]],
    ["protected deposits", /protected[^.|]*? up to (€\d+,\d+)(?! are)/g, ["€100,000"]],
  ])("for %s are the same wherever they are named", (_, pattern, expected) => {
    const found = everything.flatMap(({ text }) => [...text.matchAll(pattern)].map((match) => match[1]));
    expect(found.length).toBeGreaterThanOrEqual(2);
    expect([...new Set(found)]).toEqual(expected);
  });
});

describe("PDF documents", () => {
  it("are at least three with two pages or more", () => {
    expect(pdfs.size).toBeGreaterThanOrEqual(3);
    for (const { pages } of pdfs.values()) expect(pages).toBeGreaterThanOrEqual(2);
  });

  it("were printed from the HTML in document-sources: same figures in the same order", async () => {
    for (const [name, { text }] of pdfs) {
      const html = await readFile(
        new URL(`document-sources/${name.replace(".pdf", ".html")}`, import.meta.url),
        "utf8",
      );
      const body = html.slice(html.indexOf("<body>")).replaceAll(/<[^>]+>/g, " ");
      expect(figuresOf(text)).toEqual(figuresOf(body));
      expect(figuresOf(text).length).toBeGreaterThanOrEqual(2);
    }
  });
});

describe("product figures", () => {
  it("stand in the article that the product links to", () => {
    const articleAt = new Map(articles.map(({ matter, body }) => [matter.url, body]));
    const strayFigures = products.flatMap(({ id, url, description, features }) =>
      figuresOf([description, ...features].join(" "))
        .filter((figure) => !hasFigure(articleAt.get(url) ?? "", figure))
        .map((figure) => `${id}: ${figure}`),
    );
    expect(products.filter(({ url }) => !articleAt.has(url))).toEqual([]);
    expect(strayFigures).toEqual([]);
  });

  it("give the rates of savings and deposits as the articles do", () => {
    for (const { category, expectedReturn } of products.filter((one) =>
      ["savings", "deposit"].includes(one.category),
    )) {
      const rate = `${((expectedReturn ?? 0) * 100).toFixed(2)}%`;
      expect(textOf(category === "savings" ? "savings-accounts.md" : "fixed-term-deposits.md")).toContain(rate);
    }
  });

  it("give the risk classes of funds and pensions as the articles do", () => {
    for (const { name, riskLevel } of products.filter((one) => ["fund", "pension"].includes(one.category))) {
      const row = new RegExp(`^\\| ${name} +\\| (\\d)`, "m");
      expect(row.exec(`${textOf("funds.md")}\n${textOf("pension.md")}`)?.[1]).toBe(String(riskLevel));
    }
  });
});

describe("questions", () => {
  const answerable = questions.filter((question) => question.expectedDocument !== null);

  it("are at least 60 with an answer and 12 without, each asked once", () => {
    expect(answerable.length).toBeGreaterThanOrEqual(60);
    expect(questions.length - answerable.length).toBe(12);
    expect(new Set(questions.map((question) => question.question)).size).toBe(questions.length);
    expect(new Set(questions.map((question) => question.id)).size).toBe(questions.length);
  });

  it("are answered literally in the document they name and in each other one they accept", () => {
    const unanswered = questions.flatMap((question) => {
      if (question.expectedDocument === null) return [];
      return [question.expectedDocument, ...(question.alsoAnsweredBy ?? [])]
        .filter((name) => !textOf(name).includes(question.mustContain))
        .map((name) => `${question.id}: ${name}`);
    });
    expect(unanswered).toEqual([]);
  });

  it("ask something of every document", () => {
    const asked = new Set(answerable.map((question) => question.expectedDocument));
    expect(names.filter((name) => /\.(?:md|pdf)$/.test(name) && !asked.has(name))).toEqual([]);
  });
});
