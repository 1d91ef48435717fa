/** Documents of LangChain as passages with citations, in the form that `search_documents` gives them. */
import { basename } from "node:path";
import { z } from "zod";
import type { Json } from "../json.ts";
import type { Source } from "../reply.ts";
import { cleanText } from "../text/clean-text.ts";
import { cutText, oneLine } from "../text/cut.ts";
import { splitSentences } from "../text/sentences.ts";
import type { ToolResult } from "../tool.ts";
import type { Tracer } from "../trace.ts";

const MOST_PASSAGES = 10;
const LONGEST_PASSAGE = 6_000;
const LONGEST_QUOTE = 400;
const LONGEST_NAME = 200;

const Metadata = z.looseObject({
  title: z.string().optional().catch(undefined),
  source: z.string().optional().catch(undefined),
  url: z.string().optional().catch(undefined),
  section: z.string().optional().catch(undefined),
  page: z.number().optional().catch(undefined),
  score: z.number().optional().catch(undefined),
  loc: z
    .looseObject({
      pageNumber: z.number().optional(),
      lines: z.object({ from: z.number(), to: z.number() }).optional(),
    })
    .optional()
    .catch(undefined),
});
const Document = z.object({ pageContent: z.string(), metadata: Metadata.default({}), id: z.string().optional() });
type Document = z.infer<typeof Document>;

/** Documents, where a value is a list of them. */
export function readDocuments(value: unknown): readonly Document[] | undefined {
  return Array.isArray(value) && value.length > 0 ? z.array(Document).safeParse(value).data : undefined;
}

interface Cited {
  readonly name: string;
  /** In the person's words; empty where they are not known. */
  readonly question: string;
  readonly trace: Tracer;
}

/** The passages, each with a literal quote and its place. */
export function citedPassages(documents: readonly Document[], { name, question, trace }: Cited): ToolResult {
  const passages = documents
    .filter(({ pageContent }) => pageContent.trim() !== "")
    .slice(0, MOST_PASSAGES)
    .map((document, index) => passageOf(document, index, question));
  if (passages.length === 0) trace({ kind: "document", name, outcome: "no-evidence", detail: "nothing was found" });
  for (const { source } of passages)
    trace({
      kind: "document",
      name,
      outcome: "found",
      detail: [source.title, source.location].filter(Boolean).join(", "),
    });
  return {
    value: { found: passages.length > 0, passages: passages.map(({ value }) => value) },
    sources: passages.map(({ source }) => source),
  };
}

function passageOf(
  { pageContent, metadata, id }: Document,
  index: number,
  question: string,
): { readonly source: Source; readonly value: Record<string, Json> } {
  const text = cleanText(pageContent, LONGEST_PASSAGE).trim();
  const title = nameOf(metadata) ?? id ?? `${index + 1}`;
  const url = [metadata.url, metadata.source].find((one) => one !== undefined && isPage(one));
  const quote = quoteOf(text, question);
  const location = locationOf(metadata);
  const source = { title: short(title), location, quote, ...(url === undefined ? {} : { url }) };
  const { score } = metadata;
  return { source, value: { ...source, text, ...(score === undefined ? {} : { score }) } };
}

/** A file is called by its name: where it lies is nobody's business. */
function nameOf({ title, source, url }: Document["metadata"]): string | undefined {
  if (title !== undefined && title.trim() !== "") return title;
  const address = source ?? url;
  if (address === undefined || address.trim() === "") return undefined;
  return isPage(address) ? new URL(address).host : basename(address.replaceAll("\\", "/"));
}

function locationOf({ section, page, loc }: Document["metadata"]): string {
  const number = page ?? loc?.pageNumber;
  const lines = loc?.lines;
  const parts = [
    ...(number === undefined ? [] : [`page ${number}`]),
    ...(section === undefined ? [] : [section]),
    ...(lines === undefined || number !== undefined ? [] : [`lines ${lines.from}–${lines.to}`]),
  ];
  return short(parts.join(", "));
}

function isPage(address: string): boolean {
  if (!/^https?:/u.test(address) || !URL.canParse(address)) return false;
  const { username, password } = new URL(address);
  return username === "" && password === "";
}

const short = (text: string): string => cutText(oneLine(cleanText(text, LONGEST_NAME)), LONGEST_NAME, "…");

/** The sentence that shares most words with the question; the first one where none does. Literal, as it stands there. */
function quoteOf(text: string, question: string): string {
  const asked = new Set(wordsOf(question));
  let best = { sentence: "", shared: -1 };
  for (const sentence of text.split("\n").flatMap(splitSentences)) {
    const shared = new Set(wordsOf(sentence).filter((word) => asked.has(word))).size;
    if (shared > best.shared) best = { sentence, shared };
  }
  return cutText(best.sentence, LONGEST_QUOTE).replace(best.sentence.length > LONGEST_QUOTE ? /\s+\S*$/u : /\s+$/u, "");
}

const wordsOf = (text: string): readonly string[] => text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? [];
