/** Serves the documents themselves, so that a citation opens its source without the internet. */
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import { LRUCache } from "lru-cache";
import { z } from "zod";
import { ParleyError } from "../../core/errors.ts";
import type { HttpRoute } from "../../core/http.ts";
import { openDocumentIndex, type DocumentIndex, type StoredDocument } from "./document-index.ts";
import { chunksBody } from "./chunk-page.ts";
import { decodeText } from "./formats/decode.ts";
import { type DocumentBody, readDocumentBody, renderDocumentPage } from "./document-page.ts";

export interface ServedDocuments {
  /** Directory of the documents, absolute. */
  readonly directory: string;
  readonly indexPath: string;
  /** The bot whose documents they are. */
  readonly bot?: string;
  /** Path under which the documents are served, such as `/documents/harbour`. */
  readonly basePath: string;
  /** Where several hosts share the documents: the file that was read, whatever lies in this host's folder. */
  readonly original?: ((path: string, hash: string) => Promise<Uint8Array | undefined>) | undefined;
}

const Parameters = z.object({ id: z.string().min(1).max(200) });
const Query = z.object({ quote: z.string().max(1_000).optional() });
/** Documents that are kept as they were read: a large table takes seconds to read, and a moment to show. */
const KEPT = 20;

/** Gives what was read of a file with these bytes. */
type ReadBody = (bytes: Uint8Array, format: "markdown" | "text") => DocumentBody;

function keptBodies(): ReadBody {
  const bodies = new LRUCache<string, DocumentBody>({ max: KEPT });
  return (bytes, format) => {
    const key = `${format}:${createHash("sha256").update(bytes).digest("base64")}`;
    const body = bodies.get(key) ?? readDocumentBody(decodeText(bytes), format);
    bodies.set(key, body);
    return body;
  };
}

/**
 * `GET <basePath>/:id`: PDF files as they are, all others as a page: Markdown and text from the file, the rest as it was read. Only files of the index can be reached: the
 * id is looked up there and never used as a path. Opens the index for each request, so that a route that was mounted
 * before a reload of the configuration goes on working.
 */
export function documentRoute(served: ServedDocuments): HttpRoute {
  const read = keptBodies();
  return {
    method: "GET",
    path: `${served.basePath}/:id`,
    summary: "A source document",
    parameters: Parameters,
    query: Query,
    hidden: true,
    permission: "documents:read",
    ...(served.bot === undefined ? {} : { bot: served.bot }),
    handle: async ({ parameters, query }) => {
      const asked = { ...Parameters.parse(parameters), ...Query.parse(query) };
      const index = openDocumentIndex(served.indexPath);
      try {
        const response = await documentResponse({ ...served, index, read }, asked);
        if (response !== undefined) return response;
        throw new ParleyError("rag/no-document", "There is no such document.", { status: 404 });
      } finally {
        index.close();
      }
    },
  };
}

async function documentResponse(
  {
    directory,
    basePath,
    original,
    index,
    read,
  }: ServedDocuments & { readonly index: DocumentIndex; readonly read: ReadBody },
  { id, quote }: { readonly id: string; readonly quote?: string | undefined },
): Promise<Response | undefined> {
  const document = index.find(id);
  if (document === undefined) return undefined;
  const { title, updated, url, format, path } = document;
  const resolve = (link: string): string | undefined => linkTarget(link, path, { index, basePath });
  const page = { title, updated, url, resolve, quote };
  if (format !== "pdf" && format !== "markdown" && format !== "text")
    return pageResponse(renderDocumentPage({ ...page, body: chunksBody(index.chunksOf(id)) }));
  const shared = await original?.(document.path, index.hashOf(document.path) ?? "");
  const bytes = shared ?? (await readRegularFile(join(directory, document.path)));
  if (bytes === undefined) return undefined;
  if (format === "pdf") return pdfResponse(document, bytes);
  return pageResponse(renderDocumentPage({ ...page, body: read(bytes, format) }));
}

/** Undefined when the file is gone or was replaced by a link or a folder since it was read. */
async function readRegularFile(path: string): Promise<Uint8Array | undefined> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    return (await file.stat()).isFile() ? await file.readFile() : undefined;
  } finally {
    await file.close();
  }
}

/** The page of the document that a relative link in another document means. */
function linkTarget(
  link: string,
  from: string,
  { index, basePath }: { readonly index: DocumentIndex; readonly basePath: string },
): string | undefined {
  const [path = "", fragment] = link.split("#");
  const target = index.findByPath(posix.normalize(posix.join(dirname(from), decoded(path))));
  if (target === undefined) return undefined;
  return `${basePath}/${encodeURIComponent(target.id)}${fragment === undefined ? "" : `#${fragment}`}`;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // A stray % is part of the name.
    return path;
  }
}

function pageResponse(html: string): Response {
  const style = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? "";
  const hash = createHash("sha256").update(style).digest("base64");
  return new Response(html, {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'`,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "private, max-age=60",
    },
  });
}

function pdfResponse(document: StoredDocument, bytes: Uint8Array): Response {
  const name = document.path.split("/").at(-1) ?? "document.pdf";
  return new Response(Uint8Array.from(bytes), {
    headers: {
      "content-type": "application/pdf",
      "content-disposition": `inline; filename*=UTF-8''${encodeURIComponent(name)}`,
      "x-content-type-options": "nosniff",
      "cache-control": "private, max-age=60",
    },
  });
}
