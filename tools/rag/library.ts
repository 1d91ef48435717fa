/** A directory of documents, kept searchable: ingestion in the background, searches, findings for `doctor`. */
import type { Check } from "../../core/check.ts";
import type { Clock } from "../../core/environment.ts";
import { describeError, ParleyError } from "../../core/errors.ts";
import type { Logger } from "../../core/telemetry.ts";
import { openDocumentIndex, type DocumentIndex } from "./document-index.ts";
import { ingestDirectory, type IngestLimits, type IngestSummary } from "./ingest.ts";
import { copySampleIndex } from "./sample-index.ts";
import { searchDocuments, type SearchResult } from "./search.ts";
import { createStemmer } from "./stems.ts";

export interface LibraryOptions {
  readonly directory: string;
  readonly indexPath: string;
  readonly limits: IngestLimits;
  /** How old the last look at the directory may be when a search comes, in ms. */
  readonly refreshMs: number;
  readonly clock: Clock;
  readonly log: Logger;
}

export type Library = ReturnType<typeof openLibrary>;

type Ingested = { readonly summary: IngestSummary } | { readonly failure: string };

/** After a failure the next search tries again so soon. */
const RETRY_MS = 5_000;

/** Opens the index and starts the first ingestion, which nobody has to wait for. */
export function openLibrary(options: LibraryOptions) {
  const { directory, clock, log } = options;
  copySampleIndex(directory, options.indexPath);
  const index = openDocumentIndex(options.indexPath);
  const stemmer = createStemmer();
  const closing = new AbortController();
  let ingestedAt = 0;
  let running: Promise<Ingested> | undefined;
  let failure: string | undefined;

  const ingest = async (): Promise<Ingested> => {
    try {
      const summary = await ingestDirectory({ directory, index, limits: options.limits, signal: closing.signal });
      if (summary.read > 0 || summary.removed > 0) log.info({ directory, ...summary }, "documents are indexed");
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

  return {
    /**
     * Waits for a first ingestion that is under way; later ones run beside the searches. Throws
     * `rag/incomplete` when nothing is found while documents could not be indexed: they may hold the answer.
     */
    search: async (question: { readonly text: string; readonly limit: number }): Promise<SearchResult> => {
      await first;
      const pauseMs = failure === undefined ? options.refreshMs : Math.min(options.refreshMs, RETRY_MS);
      if (running === undefined && clock() - ingestedAt >= pauseMs && !closing.signal.aborted) {
        running = ingest();
        last = running;
      }
      const result = searchDocuments(question, index, stemmer);
      if (failure !== undefined && result.passages.length === 0) {
        throw new ParleyError(
          "rag/incomplete",
          `The documents of ${directory} are not all indexed, so that nothing was found does not mean that nothing is there: ${failure}`,
          { retryable: true, status: 503 },
        );
      }
      return result;
    },
    check: async (): Promise<readonly Check[]> => checksOf(directory, index, await last),
    /** Stops a running ingestion and waits for its end. */
    close: async (): Promise<void> => {
      closing.abort();
      await last;
      stemmer.close();
      index.close();
    },
  };
}

const NAMED_FILES = 10;

function checksOf(directory: string, index: DocumentIndex, ingested: Ingested): readonly Check[] {
  const name = `documents ${directory}`;
  if ("failure" in ingested) {
    const remedy = "Set the directory of documents({ directory }) to an existing folder that Parley may read.";
    return [{ name, status: "error", detail: ingested.failure, remedy }];
  }
  const { documents, chunks } = index.counts();
  const checks: Check[] = [];
  if (documents === 0) {
    const remedy = "Put .md, .txt or .pdf files into the folder.";
    checks.push({ name, status: "warning", detail: "there is no readable document in it", remedy });
  } else {
    checks.push({ name, status: "ok", detail: `${documents} documents in ${chunks} chunks` });
  }
  const { leftOut } = ingested.summary;
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
