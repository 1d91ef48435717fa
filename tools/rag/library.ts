/** A directory of documents, kept searchable: ingestion in the background, searches, findings for `doctor`. */
import { existsSync } from "node:fs";
import { access } from "node:fs/promises";
import type { Check } from "../../core/check.ts";
import type { Clock } from "../../core/environment.ts";
import { describeError, ParleyError } from "../../core/errors.ts";
import type { Logger } from "../../core/telemetry.ts";
import { openDocumentIndex, type DocumentIndex } from "./document-index.ts";
import { type DocumentChange, ingestDirectory, type IngestLimits, type IngestSummary } from "./ingest.ts";
import { copySampleIndex } from "./sample-index.ts";
import { type Query, searchDocuments, type SearchResult } from "./search.ts";
import type { SharedDocuments } from "./shared-documents.ts";
import { createStemmer } from "./stems.ts";
import { synonymsBy } from "./synonyms.ts";

export interface LibraryOptions {
  readonly directory: string;
  readonly indexPath: string;
  readonly limits: IngestLimits;
  /** How old the last look at the directory may be when a search comes, in ms. */
  readonly refreshMs: number;
  readonly clock: Clock;
  readonly log: Logger;
  /** What other hosts have. */
  readonly shared?: SharedDocuments | undefined;
  /** True where others bring in what changed in the folder that hosts share. @default false */
  readonly leavesWork?: boolean | undefined;
  /** Hears of each change that a look at the folder brought. */
  readonly changed?: ((changes: readonly DocumentChange[]) => Promise<void>) | undefined;
}

export type Library = ReturnType<typeof openLibrary>;

type Ingested = { readonly summary: Omit<IngestSummary, "changes"> } | { readonly failure: string };

/** After a failure the next search tries again so soon. */
const RETRY_MS = 5_000;

function openIndex({ directory, indexPath, shared }: LibraryOptions): DocumentIndex {
  // What the build made of the sample names no host's folder, and nobody else would hear of it.
  if (shared === undefined) copySampleIndex(directory, indexPath);
  return openDocumentIndex(indexPath);
}

/** Opens the index and starts the first ingestion, which nobody has to wait for. */
export function openLibrary(options: LibraryOptions) {
  const { directory, clock, log, shared } = options;
  const index = openIndex(options);
  const stemmer = createStemmer();
  const reader = { stemmer, synonymsIn: synonymsBy(stemmer) };
  const closing = new AbortController();
  let ingestedAt: number | undefined;
  let running: Promise<Ingested> | undefined;
  let failure: string | undefined;

  const follow = createFollow(index, shared);
  const ingest = async (): Promise<Ingested> => {
    try {
      await follow();
      const { changes, ...summary } = await look(options, index, closing.signal);
      if (changes.length > 0) log.info({ directory, ...summary }, "documents are indexed");
      await options.changed?.(changes);
      failure = undefined;
      return { summary };
    } catch (thrown) {
      failure = describeError(thrown);
      log.error({ directory, error: failure }, "the documents cannot be indexed");
      return { failure };
    } finally {
      ingestedAt = clock();
      running = undefined;
    }
  };
  const first = ingest();
  let last = first;
  /** Begins another look at the folder where the last one is too old. */
  const refresh = (): void => {
    const pauseMs = failure === undefined ? options.refreshMs : Math.min(options.refreshMs, RETRY_MS);
    if (running !== undefined || clock() - (ingestedAt ?? 0) < pauseMs || closing.signal.aborted) return;
    running = ingest();
    last = running;
  };
  const watching = shared?.watch(follow);

  return {
    /**
     * Waits for a first ingestion that is under way; later ones run beside the searches. Throws
     * `rag/incomplete` when nothing is found while documents could not be indexed: they may hold the answer.
     */
    search: async (question: Query): Promise<SearchResult> => {
      await first;
      refresh();
      const result = searchDocuments(question, index, reader);
      if (failure !== undefined && result.passages.length === 0) throw incomplete(directory, failure);
      return result;
    },
    /**
     * Names what is indexed. A question whose answer is known already is a reason to look for changes as well. Undefined during
     * the first ingestion, and while documents cannot be indexed.
     */
    edition: (): string | undefined => {
      if (ingestedAt === undefined || closing.signal.aborted) return undefined;
      refresh();
      return failure === undefined ? editionOf(index) : undefined;
    },
    check: async (): Promise<readonly Check[]> => checksOf(directory, index, await last),
    /** Stops a running ingestion and waits for its end. */
    close: async (): Promise<void> => {
      closing.abort();
      await watching?.close();
      await last;
      stemmer.close();
      index.close();
      await shared?.close();
    },
  };
}

async function look(
  { directory, limits, shared, leavesWork = false }: LibraryOptions,
  index: DocumentIndex,
  signal: AbortSignal,
): Promise<IngestSummary> {
  if (shared !== undefined && (leavesWork || !existsSync(directory))) return await followedOnly(index, directory);
  return await ingestDirectory({ directory, index, limits, signal, shared });
}

function editionOf(index: DocumentIndex): string | undefined {
  try {
    return index.edition();
  } catch {
    // The next search says what is wrong with the index.
    return undefined;
  }
}

/** Brings the index in line with what other hosts brought in, once at a time. */
function createFollow(index: DocumentIndex, shared: SharedDocuments | undefined): () => Promise<void> {
  let latest = Promise.resolve();
  return async () => {
    latest = latest.catch(() => undefined).then(async () => await shared?.follow(index));
    await latest;
  };
}

function incomplete(directory: string, failure: string): ParleyError {
  return new ParleyError(
    "rag/incomplete",
    `The documents of ${directory} are not all indexed, so that nothing was found does not mean that nothing is there: ${failure}`,
    { retryable: true, status: 503 },
  );
}

/** A host without the folder, or with nobody to read it, has what the others bring in. Throws when they brought nothing. */
async function followedOnly(index: DocumentIndex, directory: string): Promise<IngestSummary> {
  const { documents } = index.counts();
  if (documents === 0) await access(directory);
  return { read: 0, unchanged: 0, removed: 0, leftOut: 0, ofOthers: documents, changes: [] };
}

const NAMED_FILES = 10;

function checksOf(directory: string, index: DocumentIndex, ingested: Ingested): readonly Check[] {
  const name = `documents ${directory}`;
  if ("failure" in ingested) {
    const remedy = "Set the directory of documents({ directory }) to an existing folder that Parley may read.";
    return [{ name, status: "error", detail: ingested.failure, remedy }];
  }
  const { documents, chunks } = index.counts();
  const { leftOut, ofOthers } = ingested.summary;
  const checks: Check[] = [];
  if (documents === 0) {
    const remedy = "Put documents into the folder: .md, .txt, .pdf, .html, .docx, .xlsx, .csv, .tsv or .eml.";
    checks.push({ name, status: "warning", detail: "there is no readable document in it", remedy });
  } else {
    const others = ofOthers === 0 ? "" : `; ${ofOthers} are not in this host's folder: other hosts brought them in`;
    checks.push({ name, status: "ok", detail: `${documents} documents in ${chunks} chunks${others}` });
  }
  if (leftOut > 0) {
    const remedy = "Raise maxFiles in documents({ … }).";
    checks.push({ name, status: "warning", detail: `${leftOut} files are left out: there are too many`, remedy });
  }
  const problems = [...index.files().values()].flatMap(({ path, problem }) =>
    problem === undefined ? [] : [`${path}: ${problem}`],
  );
  if (problems.length > 0) {
    const more = problems.length > NAMED_FILES ? ` (and ${problems.length - NAMED_FILES} more)` : "";
    const remedy = "Repair or remove the files; they are tried again when they change.";
    checks.push({ name, status: "warning", detail: problems.slice(0, NAMED_FILES).join("; ") + more, remedy });
  }
  return checks;
}
