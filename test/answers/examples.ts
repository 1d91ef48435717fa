/** What the search finds for each question, with the facts that it holds: what weights are fitted to. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageDirectory } from "../../core/package-directory.ts";
import { partsOf } from "../../tools/rag/answer/parts.ts";
import { openDocumentIndex } from "../../tools/rag/document-index.ts";
import { ingestDirectory } from "../../tools/rag/ingest.ts";
import { questionOf } from "../../tools/rag/question.ts";
import { COMPOSED_OF, passagesFor } from "../../tools/rag/search.ts";
import { createStemmer } from "../../tools/rag/stems.ts";
import { synonymsBy } from "../../tools/rag/synonyms.ts";
import type { Answerable, Case } from "./cases.ts";
import { type Example, rowOf } from "./fit.ts";
import { says } from "./spelling.ts";

const LIMITS = { maxFileBytes: 2 ** 25, maxPages: 1_000, maxFiles: 1_000, pdfTimeoutMs: 120_000 };

/** One of each question that the documents answer. */
export async function examplesOf(cases: readonly Case[]): Promise<readonly Example[]> {
  const folder = await mkdtemp(join(tmpdir(), "parley-fit-"));
  const index = openDocumentIndex(join(folder, "index.sqlite"));
  const stemmer = createStemmer();
  try {
    const directory = join(packageDirectory(), "samples", "bank", "documents");
    await ingestDirectory({ directory, index, limits: LIMITS, signal: new AbortController().signal });
    const reader = { stemmer, synonymsIn: synonymsBy(stemmer) };
    return cases.flatMap((asked): readonly Example[] => {
      if (!("required" in asked)) return [];
      const question = questionOf(asked.question, [], index, reader);
      if (question === undefined) return [];
      const { passages } = passagesFor(question, index, reader);
      const parts = passages
        .slice(0, COMPOSED_OF)
        .flatMap((passage, rank) => partsOf({ passage, rank }, { question, stemmer }));
      const shares = parts.map(({ text, passage }) => shareOf(text, passage.document.path, asked));
      return [{ rows: parts.map(rowOf), shares }];
    });
  } finally {
    stemmer.close();
    index.close();
    await rm(folder, { recursive: true });
  }
}

/** Of the facts asked for, the share that words of a right document hold; none where they hold what is wrong. */
function shareOf(text: string, path: string, { documents, required, forbidden }: Answerable): number {
  const isRight = documents.includes(path) || documents.includes(path.replace(/^de\//u, ""));
  if (!isRight || forbidden.some((one) => says(text, [one]))) return 0;
  return required.filter((spellings) => says(text, spellings)).length / required.length;
}
