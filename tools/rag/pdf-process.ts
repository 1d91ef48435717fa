/**
 * A process of its own that turns PDF files into lines of text. A PDF library needs much memory and can hang or crash
 * on a broken file: here it harms nobody, and its memory is gone when the process ends.
 */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { describeError } from "../../core/errors.ts";
import { PdfRequest, type PdfContent, type PdfLine, type PdfResponse } from "./pdf-page.ts";

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

async function readContent({ path, maxPages }: PdfRequest): Promise<PdfContent> {
  const { getDocumentProxy } = await import("unpdf");
  const pdf = await getDocumentProxy(new Uint8Array(await readFile(path)));
  const title = Information.safeParse(await pdf.getMetadata()).data?.info.Title;
  const pages: PdfLine[][] = [];
  for (let number = 1; number <= Math.min(pdf.numPages, maxPages); number += 1) {
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent();
    pages.push(linesOf(items.flatMap((item) => TextItem.safeParse(item).data ?? [])));
    page.cleanup();
  }
  const pageCount = pdf.numPages;
  await pdf.cleanup();
  return { ...(title !== undefined && { title }), pageCount, pages };
}

function linesOf(items: readonly TextItem[]): PdfLine[] {
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

async function answer(request: unknown): Promise<PdfResponse> {
  try {
    return { content: await readContent(PdfRequest.parse(request)) };
  } catch (thrown) {
    return { problem: describeError(thrown).slice(0, 300) };
  }
}

process.on("message", (request: unknown) => {
  void answer(request).then((response) => process.send?.(response));
});
// The parent is gone: there is nobody left to read for.
process.on("disconnect", () => process.exit(0));
