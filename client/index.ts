/**
 * A client of Parley's calls, typed by the OpenAPI document. It needs `fetch` and nothing else, in browsers as on Node:
 *
 * ```ts
 * const parley = createClient({ url: "http://127.0.0.1:8080", token: "…" });
 * const { replies } = await parley.call("postChat", { body: { text: "Hello" } });
 * ```
 */
import { calls } from "./operations.ts";
import type { AnswerOf, OperationId, SentOf } from "./shapes.ts";

export type { AnswerOf, OperationId, SentOf } from "./shapes.ts";

export interface ClientOptions {
  /** Where the gateway is: `https://bot.example.com`. In a page of the gateway itself, leave it out. */
  readonly url?: string;
  /** An access token or an API key; a function where it changes. Left out in pages that are signed in by a cookie. */
  readonly token?: string | (() => string | undefined);
  readonly fetch?: typeof fetch;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Sent again under the same key, the call is answered as before and not done again. */
  readonly idempotencyKey?: string;
}

export interface Client {
  /** Makes a call by its `operationId`. Rejects with a `ProblemError` where it is refused. */
  readonly call: <Id extends OperationId>(id: Id, sent: SentOf<Id>, options?: CallOptions) => Promise<AnswerOf<Id>>;
  /** The address of a WebSocket, for one opening: with a ticket where there is a token, which never stands there itself. */
  readonly socketAddress: (path: string, query?: Readonly<Record<string, string>>) => Promise<string>;
}

/** What a refused call was answered with (RFC 9457). */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly correlationId: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

/** A call that was refused. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly problem: Problem;
  /** When it may be made again, in ms. */
  readonly retryAfterMs: number | undefined;

  constructor(problem: Problem, retryAfterMs: number | undefined) {
    super(`${problem.code}: ${problem.detail}`);
    this.problem = problem;
    this.retryAfterMs = retryAfterMs;
  }
}

interface Call {
  readonly method: string;
  readonly path: string;
}

/** Values of an address and a body, before it is known of which call. */
interface Sent {
  readonly path?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
}

/** Makes a client. Nothing is called yet. */
export function createClient({ url = "", token, fetch: request = fetch }: ClientOptions = {}): Client {
  const authorization = (): Readonly<Record<string, string>> => {
    const given = typeof token === "function" ? token() : token;
    return given === undefined ? {} : { authorization: `Bearer ${given}` };
  };
  const send = async (call: Call, sent: Sent, { signal, idempotencyKey }: CallOptions): Promise<Response> => {
    const { body, headers } = bodyOf(sent.body);
    const key = idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey };
    const response = await request(`${url}${addressOf(call.path, sent)}`, {
      method: call.method,
      headers: { ...authorization(), ...headers, ...key },
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    });
    if (response.ok) return response;
    const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
    throw new ProblemError(await problemOf(response), Number.isNaN(seconds) ? undefined : seconds * 1_000);
  };
  return {
    call: async (id, sent, options = {}) => await read(await send(calls[id], sent, options)),
    socketAddress: async (path, query = {}) => {
      const asked = new URLSearchParams(query);
      if ("authorization" in authorization()) {
        const got = await send({ method: "POST", path: "/api/v1/tickets" }, { body: { path } }, {});
        asked.set("ticket", (await read<{ readonly ticket: string }>(got)).ticket);
      }
      return `${url.replace(/^http/u, "ws")}${path}?${asked.toString()}`;
    },
  };
}

/** `/api/v1/sessions/{id}` with its values. */
function addressOf(path: string, { path: inPath, query }: Sent): string {
  const parameters = valuesOf(inPath);
  const filled = path.replaceAll(/\{(\w+)\}/gu, (_whole, name: string) =>
    encodeURIComponent(written(parameters[name])),
  );
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(valuesOf(query))) if (value !== undefined) given.set(name, written(value));
  const asked = given.toString();
  return asked === "" ? filled : `${filled}?${asked}`;
}

function written(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function valuesOf(part: unknown): Readonly<Record<string, unknown>> {
  return typeof part === "object" && part !== null ? { ...part } : {};
}

/** Bytes go as they are, everything else as JSON. */
function bodyOf(body: unknown): { readonly body?: Blob | string; readonly headers: Readonly<Record<string, string>> } {
  if (body === undefined) return { headers: {} };
  if (body instanceof Blob) return { body, headers: { "content-type": body.type || "application/octet-stream" } };
  return { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
}

/** The gateway makes its answers and the document of the same schemas: here alone the one is taken for the other. */
async function read<Answer>(response: Response): Promise<Answer> {
  return JSON.parse((await response.text()) || "null");
}

/** A proxy in between may answer in words of its own. */
async function problemOf(response: Response): Promise<Problem> {
  const { status, statusText } = response;
  const isProblem = response.headers.get("content-type")?.includes("problem+json") === true;
  if (isProblem) return await read<Problem>(response);
  const detail = `The answer was ${status} and no problem of the gateway.`;
  return { type: "about:blank", title: statusText, status, detail, code: "client/no-problem", correlationId: "" };
}
