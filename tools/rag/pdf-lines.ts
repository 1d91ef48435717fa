/** Turns a PDF file into lines of text. */
import { z } from "zod";
import { needPackages } from "../../core/config/missing-package.ts";

/** A line of a PDF, with what is needed to find headings and rows. */
export interface PdfLine {
  readonly text: string;
  /** Font height of the line in points. */
  readonly size: number;
  /** Name of the font within the file; tells that two lines are set alike, not how. */
  readonly font: string;
  /** Baseline, in points from the bottom of the page. */
  readonly y: number;
  /** Has a wide gap inside, as the rows of a table have. */
  readonly hasCells: boolean;
}

export type PdfContent = Awaited<ReturnType<typeof readPdfLines>>;

/** What reads them, and whose it is. */
export const PDF_DOCUMENTS = "A PDF among the documents";
export const PDF_PACKAGES = ["unpdf"];

/** A gap inside a line wider than this many font heights parts two cells. */
const CELL_GAP = 1.2;

const TextItem = z.object({
  str: z.string(),
  hasEOL: z.boolean(),
  width: z.number(),
  height: z.number(),
  transform: z.array(z.number()).length(6),
  fontName: z.string(),
});
type TextItem = z.infer<typeof TextItem>;

const Information = z.object({ info: z.object({ Title: z.string().optional() }) });

/**
 * Reads the first pages of a PDF. Needs much memory, and can hang or crash the process on a broken file: call it in a
 * process of its own.
 */
export async function readPdfLines(bytes: Uint8Array, maxPages: number) {
  needPackages(PDF_DOCUMENTS, PDF_PACKAGES);
  const { getDocumentProxy } = await import("unpdf");
  const pdf = await getDocumentProxy(Uint8Array.from(bytes));
  const title = Information.safeParse(await pdf.getMetadata()).data?.info.Title;
  const pages: (readonly PdfLine[])[] = [];
  for (let number = 1; number <= Math.min(pdf.numPages, maxPages); number += 1) {
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent();
    pages.push(linesOf(items.flatMap((item) => TextItem.safeParse(item).data ?? [])));
    page.cleanup();
  }
  // All pages of the file; only the first ones are read when there are too many.
  const pageCount = pdf.numPages;
  await pdf.cleanup();
  return { title, pageCount, pages };
}

function linesOf(items: readonly TextItem[]): readonly PdfLine[] {
  const lines: PdfLine[] = [];
  let line: TextItem[] = [];
  for (const item of items) {
    if (item.str !== "") line.push(item);
    if (!item.hasEOL) continue;
    lines.push(...asLine(line));
    line = [];
  }
  return [...lines, ...asLine(line)];
}

function asLine(items: readonly TextItem[]): readonly PdfLine[] {
  const first = items.find((item) => item.str.trim() !== "");
  if (first === undefined) return [];
  const gap = items.some((item) => item.str.trim() === "" && item.width > first.height * CELL_GAP);
  const text = items.map((item) => item.str).join("");
  return [
    {
      text: text.replaceAll(/\s+/g, " ").trim(),
      size: first.height,
      font: first.fontName,
      y: first.transform[5] ?? 0,
      hasCells: gap,
    },
  ];
}
