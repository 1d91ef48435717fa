import { z } from "zod";
import { defineTool } from "../../core/define-tool.ts";
import type { Json } from "../../core/json.ts";
import type { Source } from "../../core/reply.ts";
import type { Tool } from "../../core/tool.ts";
import type { Tracer } from "../../core/trace.ts";
import type { Told } from "./answer/compose.ts";
import { LEAST_EVIDENCE } from "./evidence.ts";
import type { Library } from "./library.ts";
import type { Passage } from "./search.ts";

const Input = z.object({
  query: z
    .string()
    .min(1)
    .max(100_000)
    .describe("The question in the user's own words, complete enough to be understood alone"),
  topics: z
    .array(
      z.object({
        words: z.string().max(500).describe("Words of the topic, as documents call it"),
        confidence: z.number().min(0).max(1).describe("How likely the question is about it"),
      }),
    )
    .max(10)
    .optional()
    .describe("What the question is likely about, where it says it otherwise than documents do"),
  limit: z.number().int().min(1).max(10).default(5).describe("Most passages to return"),
});

/** A passage with literal words of it. */
export type Quoted = Pick<Passage, "document" | "chunk" | "quote">;

/** The tool that finds passages and quotes; `urlOf` gives the address at which a passage can be read. */
export function searchDocumentsTool(
  library: Library,
  urlOf: (passage: Quoted) => string | undefined,
  samples: Tool["samples"] = {},
): Tool {
  return defineTool({
    samples,
    name: "search_documents",
    description:
      "Searches the documents (help articles, terms, price lists) and returns the passages that answer a question, each " +
      "with a literal quote and its place. Use it for every question about products, prices, rules and procedures, and " +
      "cite what it returns. `found: false` means that the documents most likely do not answer: say so and do not guess, " +
      "unless a passage says it literally.",
    input: Input,
    purpose: "documents",
    risk: "low",
    confirmation: "never",
    scopes: ["public"],
    depends: "public",
    execute: async ({ query, topics, limit }, { trace }) => {
      const { passages, answer, evidence } = await library.search({ text: query, topics, limit });
      const found = evidence >= LEAST_EVIDENCE;
      traceDocuments(trace, found ? passages : [], evidence);
      const cited = passages.map((passage) => ({ passage, source: sourceOf(passage, urlOf(passage)) }));
      return {
        value: {
          found,
          passages: cited.map(({ passage, source }) => valueOf(passage, source)),
          answer: answer.map((told) => toldOf(told, urlOf({ ...told.passage, quote: told.quote }))),
        },
        sources: cited.map(({ source }) => source),
      };
    },
  });
}

function toldOf({ passage, kind, cells, quote, calculation }: Told, address: string | undefined): Json {
  const { title, location, url } = sourceOf({ ...passage, quote }, address);
  const named = cells.map((cell) => ({ title: cell.title, text: cell.text }));
  return {
    title,
    location,
    quote,
    kind,
    cells: named,
    ...(calculation !== undefined && { calculation }),
    ...(url !== undefined && { url }),
  };
}

function sourceOf(passage: Quoted, url: string | undefined): Source {
  const { document, chunk, quote } = passage;
  const page = chunk.page === undefined ? [] : [`page ${chunk.page}`];
  const location = [...page, ...(chunk.section === "" ? [] : [chunk.section])].join(", ");
  return { title: document.title, location: location === "" ? "beginning" : location, ...(url && { url }), quote };
}

function valueOf({ chunk, score }: Passage, { title, location, url, quote }: Source): Record<string, Json> {
  const text = chunk.blocks.map((block) => (block.kind === "item" ? `- ${block.text}` : block.text)).join("\n");
  return { title, location, text, quote, score: rounded(score), ...(url !== undefined && { url }) };
}

function traceDocuments(trace: Tracer, passages: readonly Passage[], evidence: number): void {
  if (passages.length === 0) {
    const detail = "no document answers the question well enough";
    trace({ kind: "document", name: "search", outcome: "no-evidence", detail, data: { evidence: rounded(evidence) } });
  }
  for (const { document, chunk, score } of passages) {
    trace({
      kind: "document",
      name: document.id,
      outcome: "found",
      detail: `${document.title}${chunk.section === "" ? "" : `, ${chunk.section}`}`,
      data: { score: rounded(score), ...(chunk.page !== undefined && { page: chunk.page }) },
    });
  }
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
