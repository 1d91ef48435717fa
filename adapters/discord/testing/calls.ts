/** One HTTP call of the bot, read: path, query, JSON or multipart body, files. */
import type { IncomingMessage } from "node:http";
import { bodyOf, type Form, readForm } from "../../../testing.ts";
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

/** Reads a call to its end. */
export async function readCall(request: IncomingMessage): Promise<Call> {
  const url = new URL(request.url ?? "/", "http://local");
  const type = request.headers["content-type"] ?? "";
  const raw = await bodyOf(request);
  const form = readForm(raw, type);
  return {
    method: request.method ?? "GET",
    path: decodeURIComponent(url.pathname).replace(/^\/api(?:\/v\d+)?/, ""),
    query: url.searchParams,
    authorization: request.headers.authorization,
    ...(form === undefined ? { body: readJson(raw), files: [] } : contentOf(form)),
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

function contentOf({ fields, files }: Form): Pick<Call, "body" | "files"> {
  return {
    files: files.filter(({ field }) => field.startsWith("files[")),
    body: readJson(Buffer.from(fields["payload_json"] ?? "")),
  };
}
