/** The sample bank's documents as a citation is held against them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Source } from "../../core/reply.ts";
import { packageDirectory } from "../../core/package-directory.ts";
import { documentIds, formatOf } from "../../tools/rag/document.ts";
import { type Content, readDocumentFile } from "../../tools/rag/read-file.ts";

const folder = join(packageDirectory(), "samples", "bank", "documents");

interface Sample {
  /** Its path in the folder. */
  readonly path: string;
  readonly text: string;
  readonly chunks: Content["chunks"];
}

/** What a citation is held against. */
export interface Documents {
  /** The document that a citation names; undefined where it names none of these. */
  readonly cited: (source: Source) => Sample | undefined;
  /** The text of files, and of their translations. */
  readonly textsOf: (paths: readonly string[]) => string;
}

export async function readDocuments(): Promise<Documents> {
  const paths = ["", "de/"]
    .flatMap((under) => readdirSync(join(folder, under)).map((name) => `${under}${name}`))
    .filter((path) => formatOf(path) !== undefined);
  const samples = await Promise.all(paths.map(read));
  const byId = new Map(samples.map((sample) => [documentIds(sample.path)[0], sample]));
  return {
    cited: ({ url }) => byId.get(/^\/documents\/[^/]+\/([^?#]+)/u.exec(url ?? "")?.[1] ?? ""),
    textsOf: (wanted) =>
      samples
        .filter(({ path }) => wanted.includes(path.replace(/^de\//u, "")))
        .map(({ text }) => text)
        .join("\n"),
  };
}

/** What was written, where it can be read as it is; of a PDF what the reader finds. */
async function read(path: string): Promise<Sample> {
  const file = join(folder, path);
  const { content, problem } = await readDocumentFile({
    file,
    name: path,
    format: formatOf(path) ?? "text",
    maxPages: 50,
  });
  if (content === undefined) throw new Error(`${path} cannot be read: ${problem ?? "no text"}.`);
  const text = path.endsWith(".md") ? readFileSync(file, "utf8") : content.chunks.map(textOf).join("\n");
  return { path, text, chunks: content.chunks };
}

const textOf = ({ section, blocks }: Content["chunks"][number]): string =>
  [section, ...blocks.map((block) => block.text)].join("\n");

/** True where the quoted words stand in the document one after the other, whatever marks are between them. */
export function stands(quote: string, { text }: Pick<Sample, "text">): boolean {
  const words = wordsOf(quote);
  return words !== "" && ` ${wordsOf(text.replaceAll(/\]\([^)]*\)/gu, "]"))} `.includes(` ${words} `);
}

const wordsOf = (text: string): string => (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(" ");

/** The section that a citation names, with the quote. */
export function citedText({ quote, location }: Source, { chunks }: Pick<Sample, "chunks">): string {
  const named = chunks.filter(({ section, page }) => {
    const place = [...(page === undefined ? [] : [`page ${page}`]), ...(section === "" ? [] : [section])].join(", ");
    return (place || "beginning") === location;
  });
  return [quote, ...named.map(textOf)].join("\n");
}
