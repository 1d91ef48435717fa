import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DocumentIndex, openDocumentIndex } from "../document-index.ts";
import { ingestDirectory } from "../ingest.ts";
import { searchDocuments } from "../search.ts";
import { createStemmer } from "../stems.ts";
import { synonymsBy } from "../synonyms.ts";

const LOANS = `# Boat loans

## Rates

| Fixed for | Nominal rate | Effective rate |
| --- | --- | --- |
| 10 years | 3.45% | 3.51% |
| 15 years | 3.70% | 3.76% |
| 20 years | 3.85% | 3.92% |

## Repaying early

Every year you may repay 5% of the boat loan in addition, free of charge.

## Harbour places

| | Small harbour | Large harbour |
| --- | --- | --- |
| Berths | 40 | 300 |
| Price of a place | €90 | €140 |

## Prices

| Service | Price |
| --- | --- |
| Survey of a hull | €40.00 plus 0.5% |
| Valet service, per month | €12.50 |
| Valet service large, per month | €20.00 |
| Harbour gate, per month | €8.00 with 30 openings, then €0.20 each |

Anchor insurance costs 2% of the value of the anchor, at least €15.00.

## How to apply

- Open the app.
- Choose Boats > Loan.
- Send the papers of the boat. Do you have none? Write to us.
`;

const stemmer = createStemmer();
let folder: string;
let index: DocumentIndex;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "parley-answer-"));
  const directory = join(folder, "docs");
  await mkdir(directory);
  await writeFile(join(directory, "loans.md"), LOANS);
  index = openDocumentIndex(join(folder, "index.sqlite"));
  const limits = { maxFileBytes: 2 ** 20, maxPages: 10, maxFiles: 10, pdfTimeoutMs: 60_000 };
  await ingestDirectory({ directory, index, limits, signal: new AbortController().signal });
});
afterAll(async () => {
  index.close();
  stemmer.close();
  await rm(folder, { recursive: true });
});

function told(text: string) {
  const reader = { stemmer, synonymsIn: synonymsBy(stemmer) };
  return searchDocuments({ text, limit: 5 }, index, reader).answer;
}
const quotes = (text: string): readonly string[] => told(text).map(({ quote }) => quote);

describe("an answer", () => {
  it("is the row that was asked for, and none named by another figure", () => {
    expect(quotes("What is the nominal rate fixed for 15 years?")).toEqual(["15 years | 3.70% | 3.76%"]);
  });

  it.each(["fixed for fifteen years", "fixed for 15 yrs", "180 months fixed", "15 Jahre fixed"])(
    "knows a figure however it is said: %s",
    (words) => {
      expect(quotes(`nominal rate, ${words}`)).toContain("15 years | 3.70% | 3.76%");
      expect(quotes(`nominal rate, ${words}`)).not.toContain("10 years | 3.45% | 3.51%");
    },
  );

  it("has the title of each column, also where the corner is empty", () => {
    const [row] = told("What is the price of a place in the large harbour?");
    expect(row).toMatchObject({
      kind: "row",
      cells: [
        { title: "", text: "Price of a place" },
        { title: "Small harbour", text: "€90" },
        { title: "Large harbour", text: "€140" },
      ],
    });
  });

  it("is never a question of the document's", () => {
    expect(quotes("How do I apply for a boat loan, which papers?")).not.toContain("Do you have none?");
  });

  it("stays within sixty words or five rows", () => {
    const answer = told("boat loan rate harbour price place apply papers repay early");
    const words = answer.filter(({ kind }) => kind !== "row").flatMap(({ quote }) => quote.split(" "));
    expect(words.length).toBeLessThanOrEqual(60);
    expect(answer.filter(({ kind }) => kind === "row").length).toBeLessThanOrEqual(5);
  });

  it("is empty where no word of the question stands anywhere", () => {
    expect(told("Wer hat die Sixtinische Kapelle ausgemalt?")).toEqual([]);
  });
});

describe("a sum", () => {
  const calculated = (text: string): string | undefined => told(text)[0]?.calculation;

  it.each([
    { asked: "What does the valet service cost for a whole year?", sum: "12 × €12.50 = €150.00" },
    {
      asked: "How much more per year is valet service large than valet service?",
      sum: "12 × (€20.00 − €12.50) = €90.00",
    },
    { asked: "What do I pay for 45 openings of the harbour gate?", sum: "€8.00 + 15 × €0.20 = €11.00" },
    {
      asked: "What is the fee for the survey of a hull worth €30,000?",
      sum: "€40.00 + €30,000.00 × 0.5% = €190.00",
    },
    { asked: "What does anchor insurance cost for an anchor of €500?", sum: "€500.00 × 2% = €10.00; ≥ €15.00" },
    { asked: "What does anchor insurance cost for an anchor of €5,000?", sum: "€5,000.00 × 2% = €100.00" },
  ])("is calculated over the figures that stand there: $asked", ({ asked, sum }) => {
    expect(calculated(asked)).toBe(sum);
  });

  it.each([
    { asked: "What does the valet service cost per month?" },
    { asked: "How many openings of the harbour gate are included?" },
    { asked: "What do I pay for 20 openings of the harbour gate?" },
    { asked: "What is the rate of anchor insurance?" },
  ])("is not calculated where none is asked for: $asked", ({ asked }) => {
    expect(told(asked).map(({ calculation }) => calculation)).not.toContainEqual(expect.any(String));
  });

  it("cites the row that it was calculated with, and nothing else", () => {
    expect(told("What does the valet service cost for a whole year?").map(({ quote }) => quote)).toEqual([
      "Valet service, per month | €12.50",
    ]);
  });
});
