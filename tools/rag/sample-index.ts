/** The index of the sample's documents, made by the build: the first start copies it and reads nothing. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packageDirectory } from "../../core/package-directory.ts";
import { copyBuilt } from "../../core/store/sqlite/copy-built.ts";
import { openDocumentIndex } from "./document-index.ts";
import { ingestDirectory } from "./ingest.ts";

const BUILT = new URL("sample-index.sqlite", import.meta.url);

const samples = (): string => join(packageDirectory(), "samples", "bank", "documents");

const LIMITS = { maxFileBytes: 2 ** 25, maxPages: 1_000, maxFiles: 1_000, pdfTimeoutMs: 120_000 };

/** For the build. */
export async function writeSampleIndex(): Promise<void> {
  rmSync(BUILT, { force: true });
  const index = openDocumentIndex(fileURLToPath(BUILT));
  try {
    const { signal } = new AbortController();
    await ingestDirectory({ directory: samples(), index, limits: LIMITS, signal });
  } finally {
    index.close();
  }
}

/** Puts the built index where an index of the sample's documents is to be and is not yet. */
export function copySampleIndex(directory: string, indexPath: string): void {
  if (directory === samples()) copyBuilt(BUILT, indexPath);
}
