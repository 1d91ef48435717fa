/** Brings the index in line with the directory: reads what is new or changed, forgets what is gone. */
import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import { setImmediate as nextTick } from "node:timers/promises";
import { describeError } from "../../core/errors.ts";
import { chunkDocument } from "./chunk.ts";
import type { DocumentIndex, FileRecord } from "./document-index.ts";
import { FORMATS, type Format, type ReadDocument } from "./document.ts";
import { createPdfReader, type PdfReader } from "./pdf-reader.ts";
import { readMarkdown } from "./read-markdown.ts";
import { readPdf } from "./read-pdf.ts";
import { readText } from "./read-text.ts";

/** Raise it when reading or chunking changes: all files are then read again. */
const READER_VERSION = 1;

export interface IngestLimits {
  /** A larger file is not read. */
  readonly maxFileBytes: number;
  /** Further pages of a PDF are left out, and the check says so. */
  readonly maxPages: number;
  /** Further files of the directory are left out, and the check says so. */
  readonly maxFiles: number;
  /** The longest time for one PDF. */
  readonly pdfTimeoutMs: number;
}

export interface IngestSummary {
  readonly read: number;
  readonly unchanged: number;
  readonly removed: number;
  /** Files beyond `maxFiles`. */
  readonly leftOut: number;
}

interface FoundFile {
  readonly path: string;
  readonly format: Format;
  readonly bytes: number;
  readonly stamp: string;
}

/**
 * One pass over the directory and the folders in it; hidden files and links are left alone. Throws when the directory
 * cannot be listed; a file that cannot be read becomes a named problem in the index. Stops early, in a consistent
 * state, when `signal` aborts.
 */
export async function ingestDirectory(
  directory: string,
  index: DocumentIndex,
  options: { readonly limits: IngestLimits; readonly signal: AbortSignal },
): Promise<IngestSummary> {
  const { limits, signal } = options;
  const all = await findFiles(directory);
  const found = all.slice(0, limits.maxFiles);
  const known = index.files();
  const paths = new Set(found.map((file) => file.path));
  const gone = [...known.keys()].filter((path) => !paths.has(path));
  for (const path of gone) index.remove(path);
  const pdfReader = createPdfReader({ timeoutMs: limits.pdfTimeoutMs });
  // A reader that hangs must not hold up the end of the program.
  const stop = (): void => pdfReader.close();
  signal.addEventListener("abort", stop);
  let read = 0;
  try {
    for (const file of found) {
      // Other work of the process goes on between two files.
      await nextTick();
      if (signal.aborted) break;
      if (await ingestFile(file, known.get(file.path), { directory, index, limits, pdfReader, signal })) read += 1;
    }
  } finally {
    signal.removeEventListener("abort", stop);
    pdfReader.close();
  }
  return { read, unchanged: found.length - read, removed: gone.length, leftOut: all.length - found.length };
}

interface Ingestion {
  readonly directory: string;
  readonly index: DocumentIndex;
  readonly limits: IngestLimits;
  readonly pdfReader: PdfReader;
  readonly signal: AbortSignal;
}

/** Gives whether the file's content was read anew. */
async function ingestFile(file: FoundFile, known: FileRecord | undefined, ingestion: Ingestion): Promise<boolean> {
  const { index, limits, signal } = ingestion;
  const current = known?.reader === READER_VERSION ? known : undefined;
  if (current?.stamp === file.stamp) return false;
  const record = { path: file.path, stamp: file.stamp, hash: "", reader: READER_VERSION };
  if (file.bytes > limits.maxFileBytes) {
    index.putUnreadable({ ...record, problem: `larger than ${limits.maxFileBytes} bytes` });
    return false;
  }
  try {
    const bytes = await readFile(join(ingestion.directory, file.path));
    const hash = createHash("sha256").update(bytes).digest("hex");
    if (current?.hash === hash) {
      index.setStamp(file.path, file.stamp);
      return false;
    }
    const { document, problem } = await readDocument(file, bytes, ingestion);
    if (signal.aborted) return false;
    const chunks = chunkDocument(document);
    if (chunks.length === 0) throw new Error("no text was found in it");
    index.put({ ...record, hash, problem }, file.format, { document, chunks });
  } catch (thrown) {
    if (signal.aborted) return false;
    index.putUnreadable({ ...record, problem: describeError(thrown).slice(0, 400) });
  }
  return true;
}

interface ReadResult {
  readonly document: ReadDocument;
  readonly problem?: string;
}

async function readDocument(file: FoundFile, bytes: Uint8Array, ingestion: Ingestion): Promise<ReadResult> {
  if (file.format === "pdf") return await readPdfFile(file, ingestion);
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  return { document: file.format === "markdown" ? readMarkdown(text, file.path) : readText(text, file.path) };
}

async function readPdfFile(file: FoundFile, { directory, limits, pdfReader }: Ingestion): Promise<ReadResult> {
  const { maxPages } = limits;
  const response = await pdfReader.read({ path: join(directory, file.path), maxPages });
  if ("problem" in response) throw new Error(response.problem);
  const { content } = response;
  return {
    document: readPdf(content, file.path),
    ...(content.pageCount > maxPages && {
      problem: `only the first ${maxPages} of ${content.pageCount} pages are read`,
    }),
  };
}

async function findFiles(directory: string): Promise<readonly FoundFile[]> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true });
  const files = entries.flatMap((entry) => {
    const format = formatOf(entry.name);
    const path = relative(directory, join(entry.parentPath, entry.name)).split(sep).join("/");
    const hidden = path.split("/").some((part) => part.startsWith("."));
    return format === undefined || hidden || !entry.isFile() ? [] : [{ path, format }];
  });
  const found: FoundFile[] = [];
  for (const { path, format } of files.toSorted((left, right) => (left.path < right.path ? -1 : 1))) {
    const status = await stat(join(directory, path)).catch(() => undefined);
    // Removed since it was listed.
    if (status === undefined) continue;
    found.push({ path, format, bytes: status.size, stamp: `${status.size} ${status.mtimeMs} ${status.ctimeMs}` });
  }
  return found;
}

function formatOf(name: string): Format | undefined {
  const extension = extname(name).toLowerCase();
  return Object.entries(FORMATS).find(([known]) => known === extension)?.[1];
}
