/** One HTTP call of the bot, read: path, query, JSON or multipart body, files. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import type { StoredFile } from "./world.ts";

export interface Call {
  readonly method: string;
  /** Without `/api/v10`, decoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly files: readonly Omit<StoredFile, "id">[];
  readonly authorization: string | undefined;
}

/** What the server answers; without a body it is a 204 without a content type, as Discord's are. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const FileName = z.string().min(1);

/** Reads a call to its end. */
export async function readCall(request: IncomingMessage): Promise<Call> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(z.instanceof(Uint8Array).parse(chunk));
  const url = new URL(request.url ?? "/", "http://local");
  const type = request.headers["content-type"] ?? "";
  const raw = Buffer.concat(chunks);
  return {
    method: request.method ?? "GET",
    path: decodeURIComponent(url.pathname).replace(/^\/api(?:\/v\d+)?/, ""),
    query: url.searchParams,
    authorization: request.headers.authorization,
    ...(type.startsWith("multipart/form-data") ? await readForm(raw, type) : { body: readJson(raw), files: [] }),
  };
}

function readJson(raw: Buffer): unknown {
  if (raw.length === 0) return undefined;
  try {
    return JSON.parse(raw.toString("utf8"));
  } catch {
    return undefined;
  }
}

async function readForm(raw: Buffer, type: string): Promise<Pick<Call, "body" | "files">> {
  const form = await new Response(new Uint8Array(raw), { headers: { "content-type": type } }).formData();
  const files: Omit<StoredFile, "id">[] = [];
  for (const [field, value] of form) {
    if (!field.startsWith("files[") || typeof value === "string") continue;
    files.push({
      name: FileName.parse(value.name),
      mediaType: value.type === "" ? "application/octet-stream" : value.type,
      bytes: new Uint8Array(await value.arrayBuffer()),
    });
  }
  const json = form.get("payload_json");
  return { body: typeof json === "string" ? readJson(Buffer.from(json)) : undefined, files };
}

export function answerCall(response: ServerResponse, { status, body, headers = {} }: Answer): void {
  if (body === undefined) response.writeHead(status, headers).end();
  else if (body instanceof Uint8Array) response.writeHead(status, headers).end(body);
  else response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}
