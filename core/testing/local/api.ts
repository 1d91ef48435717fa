/** A platform's HTTP API: calls are read, meet the faults that wait for them, and are answered. */
import type { IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import type { CallFault } from "../local-platform.ts";
import type { CallKind, FaultQueue } from "./faults.ts";
import { type FormFile, readForm } from "./form.ts";
import { type ApiAnswer, type LocalServer, openLocalServer, respond } from "./server.ts";

/** One call of the bot, read to its end. */
export interface ApiCall {
  readonly method: string;
  /** Decoded, without what all paths begin with, and without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string;
  /** JSON, or the fields of a form; undefined where it is neither. */
  readonly body: unknown;
  readonly files: readonly FormFile[];
  readonly raw: Buffer;
  /** Where this server is. */
  readonly url: string;
  /** Aborted when the caller hangs up. */
  readonly gone: AbortSignal;
}

/** How the platform words what it does not carry out. */
export interface FaultAnswers {
  readonly rateLimited: (seconds: number) => ApiAnswer;
  readonly serverError: (status: number) => ApiAnswer;
  readonly markupRefused: (call: ApiCall) => ApiAnswer;
  readonly fileRefused: ApiAnswer;
  readonly placeGone: ApiAnswer;
}

/** A call, and the status that it was answered with: 0 for a fault, and as long as there is no answer. */
export interface SeenCall extends Pick<ApiCall, "method" | "path" | "body"> {
  status: number;
}

export interface LocalApiOptions {
  /** @default any free one */
  readonly port?: number | undefined;
  /** What all paths begin with. @default nothing */
  readonly root?: RegExp;
  readonly faults: FaultQueue;
  readonly faultAnswers: FaultAnswers;
  /** Which faults a call meets; undefined: none. */
  readonly kindOf: (call: ApiCall) => CallKind | undefined;
  /** Which texts of a form are JSON. @default none */
  readonly isJson?: (field: string, value: string) => boolean;
  readonly answer: (call: ApiCall) => Promise<ApiAnswer> | ApiAnswer;
}

export interface LocalApi extends LocalServer {
  readonly calls: readonly SeenCall[];
  /** Why calls were refused as invalid. */
  readonly refused: readonly string[];
}

/** Starts the API on this machine. */
export async function openLocalApi(options: LocalApiOptions): Promise<LocalApi> {
  const { port, faults, faultAnswers, kindOf, answer, isJson = () => false, root = /^/u } = options;
  const calls: SeenCall[] = [];
  const refused: string[] = [];
  const server = await openLocalServer({
    port,
    handle: async (request, response, url) => {
      const gone = new AbortController();
      response.on("close", () => gone.abort());
      const call = await readCall(request, { isJson, root, url, gone: gone.signal });
      const { method, path, body } = call;
      const seen: SeenCall = { method, path, body, status: 0 };
      calls.push(seen);
      const kind = kindOf(call);
      const fault = kind === undefined ? undefined : faults.take(kind, kind === "upload" || call.files.length > 0);
      if (fault?.kind === "cut-before") return void request.socket.destroy();
      if (fault !== undefined && fault.kind !== "cut-after")
        return respond(response, faultAnswer(fault, call, faultAnswers));
      const given = await answer(call);
      seen.status = given.status;
      if (given.refused !== undefined) refused.push(given.refused);
      if (fault === undefined) respond(response, given);
      else request.socket.destroy();
    },
  });
  return { ...server, calls, refused };
}

async function readCall(
  request: IncomingMessage,
  { isJson, root, ...known }: Required<Pick<LocalApiOptions, "isJson" | "root">> & Pick<ApiCall, "url" | "gone">,
): Promise<ApiCall> {
  const { method = "GET", headers } = request;
  const { pathname, searchParams: query } = new URL(request.url ?? "/", known.url);
  const raw = await buffer(request);
  const type = headers["content-type"] ?? "";
  const form = readForm(raw, type);
  const fields =
    form?.fields ?? (type.includes("urlencoded") ? Object.fromEntries(new URLSearchParams(raw.toString())) : undefined);
  const { authorization = "" } = headers;
  return {
    ...known,
    method,
    path: decodeURIComponent(pathname).replace(root, ""),
    query,
    authorization,
    body:
      fields === undefined
        ? jsonIn(raw.toString())
        : Object.fromEntries(
            Object.entries(fields).map(([name, text]) => [name, isJson(name, text) ? (jsonIn(text) ?? text) : text]),
          ),
    files: form?.files ?? [],
    raw,
  };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function faultAnswer(
  fault: Exclude<CallFault, { kind: "cut-before" | "cut-after" }>,
  call: ApiCall,
  answers: FaultAnswers,
): ApiAnswer {
  switch (fault.kind) {
    case "rate-limited":
      return answers.rateLimited(fault.retryAfterMs / 1_000);
    case "server-error":
      return answers.serverError(fault.status);
    case "markup-refused":
      return answers.markupRefused(call);
    case "file-refused":
      return answers.fileRefused;
    case "place-gone":
      return answers.placeGone;
  }
}
