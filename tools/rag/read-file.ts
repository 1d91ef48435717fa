import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { describeError } from "../../core/errors.ts";
import { Chunk, chunkDocument } from "./chunk.ts";
import { DocumentFacts, Format, type ReadDocument } from "./document.ts";
import { readCsv } from "./formats/csv.ts";
import { detectFormat } from "./formats/detect.ts";
import { readDocx } from "./formats/docx.ts";
import { readHtml } from "./formats/html.ts";
import { readMail } from "./formats/mail.ts";
import { readXlsx } from "./formats/xlsx.ts";
import { readPages } from "./pdf/read-pages.ts";
import { readMarkdown } from "./read-markdown.ts";
import { readPdf } from "./pdf/read-pdf.ts";
import { readText } from "./read-text.ts";
import { cutText } from "../../core/text/cut.ts";

export const ReadRequest = z.object({
  /** Where the file is. */
  file: z.string(),
  /** What it is called: its path within the directory. */
  name: z.string(),
  /** What its name says it is. */
  format: Format,
  maxPages: z.number().int().positive(),
});
export type ReadRequest = z.infer<typeof ReadRequest>;

/** What was read of a file. */
export const Content = z.object({ document: DocumentFacts, chunks: z.array(Chunk) });
export type Content = z.infer<typeof Content>;

export const ReadResponse = z.object({
  /** SHA-256 of the content; absent when the file could not be opened. */
  hash: z.string().optional(),
  /** What its content says it is; absent when it cannot be read. */
  format: Format.optional(),
  /** Absent when it cannot be read. */
  content: Content.optional(),
  /** Why the file cannot be read, or what of it was left out. */
  problem: z.string().optional(),
});
export type ReadResponse = z.infer<typeof ReadResponse>;

/** Reads and cuts one file. Never throws: what is wrong with the file is in the response. */
export async function readDocumentFile(request: ReadRequest): Promise<ReadResponse> {
  let hash: string | undefined;
  try {
    const bytes = await readFile(request.file);
    hash = createHash("sha256").update(bytes).digest("hex");
    const { format, read } = await readBytes(bytes, request);
    const { problem, ...document } = read;
    const chunks = [...chunkDocument(document)];
    if (chunks.length === 0) return { hash, problem: "there is no text in it" };
    const content = { document: DocumentFacts.parse(document), chunks };
    return { hash, format, content, ...(problem !== undefined && { problem }) };
  } catch (thrown) {
    return { ...(hash !== undefined && { hash }), problem: cutText(describeError(thrown), 400, "…") };
  }
}

type Reading = ReadDocument & { readonly problem?: string };

/** Tells by its content what it is, and reads it as that. */
async function readBytes(
  bytes: Uint8Array,
  { name, format: named, maxPages }: ReadRequest,
): Promise<{ readonly format: Format; readonly read: Reading }> {
  const { format, text = "" } = await detectFormat(bytes, named);
  const read = await readAs(format, { bytes, text, name, maxPages });
  if (format === named) return { format, read };
  const told = `its name says ${named}, its content is ${format}: it is read as that`;
  return { format, read: { ...read, problem: [told, read.problem ?? []].flat().join("; ") } };
}

interface Source {
  readonly bytes: Uint8Array;
  /** Of a format that is text. */
  readonly text: string;
  readonly name: string;
  readonly maxPages: number;
}

const READERS: Readonly<Record<Format, (source: Source) => Reading | Promise<Reading>>> = {
  markdown: ({ text, name }) => readMarkdown(text, name),
  text: ({ text, name }) => readText(text, name),
  pdf: readPdfFile,
  html: ({ text, name }) => readHtml(text, name),
  docx: ({ bytes, name }) => readDocx(bytes, name),
  xlsx: ({ bytes, name }) => readXlsx(bytes, name),
  csv: ({ text, name }) => readCsv(text, name),
  mail: ({ bytes, name }) => readMail(bytes, name),
};

async function readAs(format: Format, source: Source): Promise<Reading> {
  return await READERS[format](source);
}

async function readPdfFile({ bytes, name, maxPages }: Source): Promise<Reading> {
  const content = await readPages(bytes, maxPages);
  const { pageCount } = content;
  const document = readPdf(content, name);
  return pageCount > maxPages
    ? { ...document, problem: `only the first ${maxPages} of ${pageCount} pages are read` }
    : document;
}
