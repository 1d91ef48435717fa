/** Reads what a PDF file draws: pieces of text with their places, lines, and the outline. */
import type { getDocumentProxy } from "unpdf";
import { z } from "zod";
import { needPackages } from "../../../core/config/missing-package.ts";
import { type Drawing, type Mark, multiply, readDrawing, type Ruling } from "./drawing.ts";

/** Text that was drawn in one go. Places are in points, from the left and from the top of the page as it is shown. */
export interface Piece {
  readonly text: string;
  readonly x: number;
  readonly right: number;
  /** Baseline. */
  readonly y: number;
  /** Font height. */
  readonly size: number;
  /** Name of the font within the file; tells that two pieces are set alike. */
  readonly font: string;
  /** Undefined where the file does not tell. */
  readonly bold?: boolean | undefined;
}

export interface PdfPage {
  /** In the order in which the file draws them. */
  readonly pieces: readonly Piece[];
  /** What does not run from left to right, such as a note along the edge. */
  readonly turned: readonly string[];
  readonly rulings: readonly Ruling[];
  readonly marks: readonly Mark[];
  readonly height: number;
}

/** An entry of the outline that readers show beside the pages. */
export interface OutlineEntry {
  readonly title: string;
  readonly depth: number;
  /** Counted from 1. */
  readonly page: number;
}

export type PdfContent = Awaited<ReturnType<typeof readPages>>;

/** What reads them, and whose it is. */
export const PDF_DOCUMENTS = "A PDF among the documents";
export const PDF_PACKAGES = ["unpdf"];

/** Once a file has drawn more than this, its further pages are read without their lines and fonts. */
const MOST_STEPS = 400_000;
const MOST_OUTLINE_ENTRIES = 1_000;
const MOST_DEPTH = 8;

const Matrix = z.array(z.number()).length(6);
const TextItem = z.object({ str: z.string(), width: z.number(), transform: Matrix, fontName: z.string() });
type TextItem = z.infer<typeof TextItem>;
const Information = z.object({ info: z.object({ Title: z.string().optional() }) });

/**
 * Reads the first pages of a PDF. Needs much memory, and can hang or crash the process on a broken file: call it in a
 * process of its own.
 */
export async function readPages(bytes: Uint8Array, maxPages: number) {
  needPackages(PDF_DOCUMENTS, PDF_PACKAGES);
  const unpdf = await import("unpdf");
  // Images are not looked at, so they are not unpacked either.
  const pdf = await unpdf.getDocumentProxy(Uint8Array.from(bytes), { maxImageSize: 1 });
  const title = Information.safeParse(await pdf.getMetadata()).data?.info.Title;
  const pages: PdfPage[] = [];
  let steps = 0;
  for (let number = 1; number <= Math.min(pdf.numPages, maxPages); number += 1) {
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent();
    const read = items.flatMap((item) => TextItem.safeParse(item).data ?? []);
    const viewport = page.getViewport({ scale: 1 });
    const view = Matrix.parse(viewport.transform);
    const fonts = new Set(read.map((item) => item.fontName));
    const drawing = steps < MOST_STEPS && read.length > 0 ? await readDrawing(page, view, fonts) : NOTHING_DRAWN;
    steps += drawing.steps;
    const { rulings, marks } = drawing;
    pages.push({ ...placed(read, view, drawing), rulings, marks, height: viewport.height });
    page.cleanup();
  }
  // All pages of the file; only the first ones are read when there are too many.
  const pageCount = pdf.numPages;
  const outline = await readOutline(pdf);
  await pdf.cleanup();
  return { title, pageCount, pages, outline };
}

const NOTHING_DRAWN: Drawing = { rulings: [], marks: [], bold: new Map(), steps: 0 };

function placed(items: readonly TextItem[], view: readonly number[], { bold }: Drawing) {
  const pieces: Piece[] = [];
  const turned: string[] = [];
  for (const { str, width, transform, fontName } of items) {
    if (str === "") continue;
    const [a, b, c, d, x, y] = multiply(view, transform);
    if (a <= 0 || Math.abs(b) > a * 0.2) {
      if (str.trim() !== "") turned.push(str);
      continue;
    }
    const size = Math.hypot(c, d);
    pieces.push({ text: str, x, right: x + width, y, size, font: fontName, bold: bold.get(fontName) });
  }
  return { pieces, turned };
}

type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>;
type OutlineNode = Awaited<ReturnType<Pdf["getOutline"]>>[number];

async function readOutline(pdf: Pdf): Promise<readonly OutlineEntry[]> {
  const entries: OutlineEntry[] = [];
  const visit = async (nodes: readonly OutlineNode[], depth: number): Promise<void> => {
    for (const node of nodes) {
      if (entries.length >= MOST_OUTLINE_ENTRIES || depth > MOST_DEPTH) return;
      const page = await pageOf(pdf, node.dest);
      if (page !== undefined && node.title.trim() !== "") entries.push({ title: node.title, depth, page });
      await visit(node.items, depth + 1);
    }
  };
  // A broken outline is none.
  await pdf
    .getOutline()
    .then(async (nodes: OutlineNode[] | null) => await visit(nodes ?? [], 1))
    .catch(() => undefined);
  return entries;
}

async function pageOf(pdf: Pdf, target: OutlineNode["dest"]): Promise<number | undefined> {
  try {
    const destination: readonly unknown[] | null =
      typeof target === "string" ? await pdf.getDestination(target) : target;
    const reference = z.object({ num: z.number(), gen: z.number() }).safeParse(destination?.[0]).data;
    return reference === undefined ? undefined : (await pdf.getPageIndex(reference)) + 1;
  } catch {
    return undefined;
  }
}
