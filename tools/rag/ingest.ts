/** Brings the index in line with the directory: reads what is new or changed, forgets what is gone. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { setImmediate as nextTick } from "node:timers/promises";
import { type DocumentIndex, type FileRecord, FOLLOWED } from "./document-index.ts";
import { formatOf, type Format } from "./document.ts";
import { detectFormat } from "./formats/detect.ts";
import { createReaderApart, type FileReader } from "./file-reader.ts";
import { readDocumentFile } from "./read-file.ts";
import type { SharedDocuments } from "./shared-documents.ts";

/** Raise it when reading or chunking changes: all files are then read again. */
const READER_VERSION = 3;

export interface IngestLimits {
  /** A larger file is not read. */
  readonly maxFileBytes: number;
  /** Further pages of a PDF are left out, and the check says so. */
  readonly maxPages: number;
  /** Further files of the directory are left out, and the check says so. */
  readonly maxFiles: number;
  /** The longest time for one file that is read in a process of its own. */
  readonly pdfTimeoutMs: number;
}

interface Ingestion {
  readonly directory: string;
  readonly index: DocumentIndex;
  readonly limits: IngestLimits;
  readonly signal: AbortSignal;
  /** Where what changed in the folder is brought in for other hosts. */
  readonly shared?: SharedDocuments | undefined;
}

/** What became of a document in one pass. */
export interface DocumentChange {
  /** In the folder, with forward slashes. */
  readonly path: string;
  readonly hash: string;
  readonly change: "added" | "updated" | "removed";
}

export type IngestSummary = Awaited<ReturnType<typeof ingestDirectory>>;

interface FoundFile {
  readonly path: string;
  readonly format: Format;
  readonly bytes: number;
  readonly stamp: string;
}

/** Changed files of more than this in sum are read in a process of their own, whose memory is given back. */
const READ_HERE_BYTES = 64 * 1024;

/**
 * One pass over the directory and the folders in it; hidden files and links are left alone. Throws when the directory
 * cannot be listed; a file that cannot be read becomes a named problem in the index. Stops early, in a consistent
 * state, when `signal` aborts.
 */
export async function ingestDirectory(ingestion: Ingestion) {
  const { directory, index, limits, signal, shared } = ingestion;
  const all = await findFiles(directory);
  const found = all.slice(0, limits.maxFiles);
  const known = index.files();
  const paths = new Set(found.map((file) => file.path));
  const gone = shared === undefined ? missingFrom(paths, known) : takenOut(paths, known, shared.isComplete);
  const changes: DocumentChange[] = [];
  for (const path of gone) {
    changes.push({ path, hash: known.get(path)?.hash ?? "", change: "removed" });
    await shared?.withdraw(path);
    index.remove(path);
  }
  const changed: FoundFile[] = [];
  for (const file of found) {
    const record = currentRecord(known.get(file.path));
    if (record?.stamp === file.stamp) continue;
    // Copied, or written again as it was: only its times are new.
    if (record !== undefined && (await hasContent(join(directory, file.path), record.hash)))
      index.setStamp(file.path, file.stamp);
    else changed.push(file);
  }
  const reader = await readerFor(changed, ingestion);
  // A file that hangs must not hold up the end of the program.
  signal.addEventListener("abort", reader.close);
  try {
    changes.push(...(await ingestFiles(changed, reader, ingestion)));
  } finally {
    signal.removeEventListener("abort", reader.close);
    reader.close();
  }
  const read = changes.length - gone.length;
  const ofOthers = missingFrom(paths, index.files()).length;
  // Files beyond `maxFiles` are left out.
  const unchanged = found.length - read;
  return { read, unchanged, removed: gone.length, leftOut: all.length - found.length, ofOthers, changes };
}

/** What is in the index and not in the folder. */
function missingFrom(paths: ReadonlySet<string>, known: ReadonlyMap<string, FileRecord>): readonly string[] {
  return [...known.keys()].filter((path) => !paths.has(path));
}

/**
 * What a host takes out for all: what was in its own folder, and is not there any more. What others brought in was never in it,
 * and stays, also where the host is new and knows nothing of its own yet; unless its folder is complete. A folder without any
 * document is one that is not there: a volume that is not mounted takes nothing out.
 */
function takenOut(
  paths: ReadonlySet<string>,
  known: ReadonlyMap<string, FileRecord>,
  isComplete: boolean,
): readonly string[] {
  if (paths.size === 0) return [];
  const isNew = [...known.values()].every(({ stamp }) => stamp === FOLLOWED);
  const missing = missingFrom(paths, known);
  return isNew && isComplete ? missing : missing.filter((path) => known.get(path)?.stamp !== FOLLOWED);
}

/** What an older version of the reader made counts as unknown. */
function currentRecord(record: FileRecord | undefined): FileRecord | undefined {
  return record !== undefined && record.reader >= READER_VERSION ? record : undefined;
}

async function hasContent(file: string, hash: string): Promise<boolean> {
  if (hash === "") return false;
  const digest = createHash("sha256");
  try {
    for await (const part of createReadStream(file)) digest.update(part);
  } catch {
    // Whoever reads it will say why it cannot be opened.
    return false;
  }
  return digest.digest("hex") === hash;
}

/** A few small texts can be read in this process; whatever needs more than that to be read never, for the harm it can do. */
async function readerFor(files: readonly FoundFile[], { directory, limits }: Ingestion): Promise<FileReader> {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const isLight = bytes <= READ_HERE_BYTES && (await areTexts(files, directory));
  return isLight ? { read: readDocumentFile, close: () => undefined } : createReaderApart(limits.pdfTimeoutMs);
}

/** By name and by content. */
async function areTexts(files: readonly FoundFile[], directory: string): Promise<boolean> {
  for (const { path, format } of files) {
    if (format !== "markdown" && format !== "text") return false;
    const found = await readFile(join(directory, path))
      .then(async (bytes) => await detectFormat(bytes, format))
      .catch(() => undefined);
    if (found?.format !== format) return false;
  }
  return true;
}

/** Reads them one after the other; ends early when it is stopped. */
async function ingestFiles(
  files: readonly FoundFile[],
  reader: FileReader,
  ingestion: Ingestion,
): Promise<readonly DocumentChange[]> {
  const known = ingestion.index.files();
  const changes: DocumentChange[] = [];
  for (const file of files) {
    // Other work of the process goes on between two files.
    await nextTick();
    if (ingestion.signal.aborted) break;
    const hash = await ingestFile(file, reader, ingestion);
    if (hash !== undefined) changes.push({ path: file.path, hash, change: known.has(file.path) ? "updated" : "added" });
  }
  return changes;
}

/** Gives the hash of the file's content where it was read anew. */
async function ingestFile(file: FoundFile, reader: FileReader, ingestion: Ingestion): Promise<string | undefined> {
  const { path, format, stamp, bytes } = file;
  const { directory, index, limits, signal, shared } = ingestion;
  const record = { path, stamp, hash: "", reader: READER_VERSION };
  const source = join(directory, path);
  if (bytes > limits.maxFileBytes) return await refuseLarge(file, ingestion);
  const request = { file: source, name: path, format, maxPages: limits.maxPages };
  const { hash = "", format: found = format, content, problem } = await reader.read(request);
  // The reader may have been stopped in the middle: then what it says is about that, and not about the file.
  if (signal.aborted) return undefined;
  const original = shared === undefined || content === undefined ? new Uint8Array() : await readFile(source);
  // It changed since it was read; the next pass reads it again.
  if (shared !== undefined && content !== undefined && hashOf(original) !== hash) return undefined;
  const id = await shared?.offer({ ...record, hash, format: found, problem, content, bytes: original });
  if (content === undefined) index.putUnreadable({ ...record, hash, problem });
  else index.put({ ...record, hash, problem }, found, content, id);
  return hash;
}

async function refuseLarge(
  { path, format, stamp }: FoundFile,
  { index, limits, shared }: Ingestion,
): Promise<undefined> {
  const problem = `larger than ${limits.maxFileBytes} bytes`;
  const record = { path, stamp, hash: "", reader: READER_VERSION, problem };
  await shared?.offer({ ...record, format, bytes: new Uint8Array() });
  index.putUnreadable(record);
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
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
