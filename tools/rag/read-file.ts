import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { describeError } from "../../core/errors.ts";
import { Chunk, chunkDocument } from "./chunk.ts";
import { DocumentFacts, Format, type ReadDocument } from "./document.ts";
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
    const { problem, ...document } = await readBytes(bytes, request);
    const chunks = [...chunkDocument(document)];
    if (chunks.length === 0) return { hash, problem: "there is no text in it" };
    const content = { document: DocumentFacts.parse(document), chunks };
    return { hash, content, ...(problem !== undefined && { problem }) };
  } catch (thrown) {
    return { ...(hash !== undefined && { hash }), problem: cutText(describeError(thrown), 400, "…") };
  }
}

async function readBytes(
  bytes: Uint8Array,
  { name, format, maxPages }: ReadRequest,
): Promise<ReadDocument & { readonly problem?: string }> {
  if (format === "pdf") {
    const content = await readPages(bytes, maxPages);
    const { pageCount } = content;
    const document = readPdf(content, name);
    return pageCount > maxPages
      ? { ...document, problem: `only the first ${maxPages} of ${pageCount} pages are read` }
      : document;
  }
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  return format === "markdown" ? readMarkdown(text, name) : readText(text, name);
}
