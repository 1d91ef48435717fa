/** The documents over HTTP: which there are, what became of each file, and the passages that a search finds. */
import { z } from "zod";
import { ParleyError } from "../../core/errors.ts";
import type { HttpRoute } from "../../core/http.ts";
import { Next, pagesOf } from "../../core/paging.ts";
import { openDocumentIndex, type DocumentIndex, type FileRecord } from "./document-index.ts";
import { DocumentFacts, Format } from "./document.ts";
import { searchDocuments } from "./search.ts";
import { createStemmer } from "./stems.ts";
import { synonymsBy } from "./synonyms.ts";

export interface DocumentApi {
  readonly indexPath: string;
  /** The bot whose documents they are. */
  readonly bot: string;
}

/** `partly`: something of it was left out; `problem` says what. */
const State = z.enum(["indexed", "partly", "unreadable"]);
const pages = pagesOf(z.string());
const ListQuery = pages.query.extend({ state: State.optional() });
const Listed = z.object({
  ...DocumentFacts.partial().shape,
  /** Of what could be read. */
  id: z.string().optional(),
  path: z.string(),
  format: Format.optional(),
  state: State,
  problem: z.string().optional(),
});
type Listed = z.infer<typeof Listed>;
const List = z.object({ documents: z.array(Listed), next: Next });
const Parameters = z.object({ id: z.string().min(1).max(200) });
const SearchQuery = z.strictObject({
  q: z.string().min(1).max(2_000).describe("The question, or words that it is about."),
  limit: z.coerce.number().int().min(1).max(20).default(5),
});
const Found = z.object({
  passages: z.array(
    z.object({
      document: z.string(),
      title: z.string(),
      section: z.string(),
      page: z.int().optional(),
      text: z.string(),
      /** The words of it that answer best. */
      quote: z.string(),
      score: z.number().describe("Evidence that it answers, 0 to 1."),
    }),
  ),
  evidence: z.number().describe("That the best passages answer, 0 to 1."),
});

const BASE = "/api/v1/documents";

/** Each call under the bot's own address; and under the short one, for whoever has one bot with documents. */
export function documentApi({ indexPath, bot }: DocumentApi): readonly HttpRoute[] {
  const withIndex = async (answer: (index: DocumentIndex) => unknown): Promise<Response> => {
    // Opened for each call: one that was mounted before a reload of the configuration goes on working.
    const index = openDocumentIndex(indexPath);
    try {
      return Response.json(await answer(index), { headers: { "cache-control": "no-store" } });
    } finally {
      index.close();
    }
  };
  const base = { method: "GET", tags: ["documents"], permission: "documents:read", bot } as const;
  const routes: readonly HttpRoute[] = [
    {
      ...base,
      path: BASE,
      summary: "The files of a bot's documents, by path, with what became of each",
      query: ListQuery,
      responses: { 200: List },
      handle: async ({ query }) => await withIndex((index) => list(index, ListQuery.parse(query))),
    },
    {
      ...base,
      path: `${BASE}/search`,
      summary: "The passages of the documents that answer a question best",
      query: SearchQuery,
      responses: { 200: Found },
      handle: async ({ query }) => await withIndex((index) => search(index, SearchQuery.parse(query))),
    },
    {
      ...base,
      path: `${BASE}/:id`,
      summary: "What is known of one document",
      parameters: Parameters,
      responses: { 200: Listed },
      handle: async ({ parameters }) => await withIndex((index) => one(index, Parameters.parse(parameters).id)),
    },
  ];
  return routes.flatMap((route) => {
    const named = `/api/v1/bots/${bot}/documents${route.path.slice(BASE.length)}`;
    return [
      { ...route, sharedBy: { bot, named } },
      { ...route, path: named },
    ];
  });
}

function list(index: DocumentIndex, { state, limit, cursor }: z.output<typeof ListQuery>): z.input<typeof List> {
  const behind = pages.placeOf(cursor) ?? "";
  const listed = [...index.files().values()]
    .filter(({ path }) => path > behind)
    .toSorted((left, right) => (left.path < right.path ? -1 : 1))
    .map((file) => shown(index, file))
    .filter((file) => state === undefined || file.state === state);
  const { items, ...more } = pages.page(listed, limit, ({ path }) => path);
  return { documents: items, ...more };
}

function one(index: DocumentIndex, id: string): Listed {
  const document = index.find(id);
  const file = document === undefined ? undefined : index.files().get(document.path);
  if (file === undefined) throw new ParleyError("rag/no-document", "There is no such document.", { status: 404 });
  return shown(index, file);
}

function shown(index: DocumentIndex, { path, problem }: FileRecord): Listed {
  const document = index.findByPath(path);
  const read = problem === undefined ? "indexed" : "partly";
  const state = document === undefined ? "unreadable" : read;
  return { ...document, path, state, ...(problem !== undefined && { problem }) };
}

function search(index: DocumentIndex, { q, limit }: z.output<typeof SearchQuery>): z.input<typeof Found> {
  const stemmer = createStemmer();
  try {
    const { passages, evidence } = searchDocuments({ text: q, limit }, index, {
      stemmer,
      synonymsIn: synonymsBy(stemmer),
    });
    return {
      passages: passages.map(({ document, chunk, quote, score }) => ({
        document: document.id,
        title: document.title,
        section: chunk.section,
        ...(chunk.page !== undefined && { page: chunk.page }),
        text: chunk.blocks.map(({ text }) => text).join("\n"),
        quote,
        score,
      })),
      evidence,
    };
  } finally {
    stemmer.close();
  }
}
