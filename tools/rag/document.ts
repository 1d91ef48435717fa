/** A document as it is read, whatever its format: sections of blocks, each with a place a person can find. */
import { createHash } from "node:crypto";
import { z } from "zod";

/** The smallest piece that is never cut in the middle of its meaning. */
export const Block = z.object({
  /** `header` is a table's first row; it is repeated where a table is cut. */
  kind: z.enum(["text", "item", "header", "row"]),
  text: z.string(),
});
export type Block = z.infer<typeof Block>;

/** What stands under one heading, on one page. */
export interface Section {
  /** Headings from the outermost to this one, without the document's title; empty for what stands before the first. */
  readonly headings: readonly string[];
  /** Fragment of the document's URL that scrolls here, or empty for its beginning. */
  readonly anchor: string;
  /** Counted from 1, in documents that have pages. */
  readonly page?: number;
  readonly blocks: readonly Block[];
}

/** What is known of a document as a whole. */
export const DocumentFacts = z.object({
  title: z.string(),
  category: z.string().optional(),
  /** As the author wrote it, normally YYYY-MM-DD. */
  updated: z.string().optional(),
  /** As a tag such as `de` or `en-GB`, where the document names it. */
  language: z.string().optional(),
  author: z.string().optional(),
  /** Where the original is published. */
  url: z.string().optional(),
  pages: z.number().int().nonnegative().optional(),
});
export type DocumentFacts = z.infer<typeof DocumentFacts>;

export interface ReadDocument extends DocumentFacts {
  readonly sections: readonly Section[];
}

export const Format = z.enum(["markdown", "text", "pdf", "html", "docx", "xlsx", "csv", "mail"]);
export type Format = z.infer<typeof Format>;

/** How many words a text has, counted roughly as a reader would. */
export function countWords(text: string): number {
  return text.split(/\s+/).filter((word) => word !== "").length;
}

/** A title for a document that names none: its file name in words. */
export function titleFromPath(path: string): string {
  const name = path.split("/").at(-1) ?? path;
  const words = name
    .replace(/\.[^.]+$/, "")
    .replaceAll(/[-_]+/g, " ")
    .trim();
  return words === "" ? name : words.charAt(0).toUpperCase() + words.slice(1);
}

/** By the extension of a file's name. */
const EXTENSIONS: Readonly<Record<string, Format>> = {
  md: "markdown",
  markdown: "markdown",
  txt: "text",
  pdf: "pdf",
  html: "html",
  htm: "html",
  xhtml: "html",
  docx: "docx",
  xlsx: "xlsx",
  csv: "csv",
  tsv: "csv",
  eml: "mail",
};

/** What the file's name says it is; undefined where it is none that can be read. */
export function formatOf(path: string): Format | undefined {
  return EXTENSIONS[/\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? ""];
}

/**
 * The ids that a document may have, by its path, the best first: `fees/price-list.pdf` is `fees-price-list.pdf`, or that with
 * a digest where another document has it.
 */
export function documentIds(path: string): readonly [string, string] {
  const readable = path
    .toLowerCase()
    .replace(/\.(?:md|markdown)$/, "")
    .replaceAll(/[^a-z0-9.]+/g, "-")
    .replaceAll(/^[-.]+|[-.]+$/g, "")
    .slice(0, 100);
  const id = readable === "" ? "document" : readable;
  return [id, `${id}-${createHash("sha256").update(path).digest("hex").slice(0, 8)}`];
}
