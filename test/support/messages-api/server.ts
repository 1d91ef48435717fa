import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { errorBody, RefusedRequest, type ApiFailure } from "./api-error.ts";
import { readApiVersion, validateVersion, type ApiVersion } from "./api-version.ts";
import type { Step } from "./faults.ts";
import { listModels, showModel } from "./models-endpoint.ts";
import { readJsonBody } from "./read-body.ts";
import { createPromptCache } from "./prompt-cache.ts";
import {
  readCountTokensRequest,
  readMessagesRequest,
  type MessagesRequest,
  type RequestMessage,
} from "./request-schema.ts";
import { writeStream } from "./stream.ts";
import { countInputTokens } from "./tokens.ts";
import { answerOf, type Answer, type Turn } from "./turn.ts";
import { validatePrompt, validateRequest } from "./validation.ts";

/** Decides on the answer by looking at the request; `index` counts the answered requests from 0. */
export type Responder = (request: MessagesRequest, index: number) => Step;

interface MessagesApiOptions {
  /** The only key that is accepted. @default "test-key" */
  readonly apiKey?: string;
  /** Replaces every model's context window, so that a test can overflow it. */
  readonly contextWindow?: number;
  /** Code points per streamed piece. @default 12 */
  readonly pieceLength?: number;
}

/** One request as it arrived; the key is left out of `headers`. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
  /** Resolves when the exchange is over: answered to its end, or broken off by the client or by the script. */
  readonly outcome: Promise<"answered" | "broken-off">;
}

/** A local server of the Messages API that refuses what the real one refuses. */
export interface MessagesApi {
  /** Base URL for a client, without `/v1`. */
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  /** Replaces what is left of the script. A list is used up step by step; a function answers for ever. */
  readonly script: (steps: readonly Step[] | Responder) => void;
  /** Ends open streams and stops listening. */
  readonly close: () => Promise<void>;
}

/** Starts the server on a free loopback port. */
export async function startMessagesApi(options: MessagesApiOptions = {}): Promise<MessagesApi> {
  const closing = new AbortController();
  const requests: RecordedRequest[] = [];
  let respond: Responder = scriptOf([]);
  let answered = 0;
  const cached = createPromptCache();
  /** Texts of the answers that were paused. */
  const paused = new Set<string>();

  const handle = async (incoming: IncomingMessage, response: ServerResponse, requestId: string): Promise<void> => {
    const { method = "", url = "/" } = incoming;
    const { pathname: path, searchParams } = new URL(url, "http://localhost");
    const body = method === "POST" ? await readJsonBody(incoming) : undefined;
    const { "x-api-key": apiKey, authorization, ...headers } = incoming.headers;
    requests.push({ method, path, headers, body, outcome: outcomeOf(response) });
    // The 1.x client sends the key as a bearer token, the 0.x client as `x-api-key`; the API takes both.
    checkKey(apiKey ?? authorization?.replace(/^Bearer /, ""), options.apiKey ?? "test-key");
    const version = readApiVersion(headers["anthropic-version"]);
    switch (`${method} ${path}`) {
      case "POST /v1/messages":
        return answer(readMessagesRequest(body), { response, requestId, version });
      case "POST /v1/messages/count_tokens":
        return writeJson(response, 200, countTokensOf(body));
      case "GET /v1/models":
        return writeJson(response, 200, listModels(searchParams));
      default:
        return writeJson(response, 200, showModel(method, path));
    }
  };

  const answer = async (request: MessagesRequest, exchange: Exchange): Promise<void> => {
    validateVersion(request, exchange.version);
    const { contextWindow } = options;
    const rules = validateRequest(request, { contextWindow, isPaused: (message) => paused.has(textOf(message)) });
    const step = respond(request, answered++);
    if ("failure" in step) throw new RefusedRequest(step.failure);
    if ("dropConnection" in step) exchange.response.destroy();
    else {
      const whole = answerOf(step, request, { rules, cached: cached(request) });
      if (whole.stopReason === "pause_turn") paused.add(textOf({ role: "assistant", content: step.text ?? "" }));
      await writeTurn(step, whole, { ...exchange, stream: request.stream === true });
    }
  };

  const writeTurn = async (
    step: Turn,
    whole: Answer,
    { response, requestId, stream }: Exchange & { readonly stream: boolean },
  ): Promise<void> => {
    if (step.delayMs !== undefined) await wait(step.delayMs, undefined, { signal: closing.signal });
    if (!stream) return writeWhole(response, whole, step);
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" });
    await writeStream(response, whole, {
      pieceLength: options.pieceLength ?? 12,
      requestId,
      interruption: step.interruption,
      signal: closing.signal,
    });
  };

  // A test that was busy for long finds its connections still open.
  const server = createServer({ keepAliveTimeout: 60_000 }, (incoming, response) => {
    const requestId = `req_${randomBytes(12).toString("hex")}`;
    response.setHeader("request-id", requestId);
    handle(incoming, response, requestId).catch((thrown: unknown) => {
      if (closing.signal.aborted || response.headersSent) response.destroy();
      else writeFailure(response, failureOf(thrown), requestId);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");

  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    script: (steps) => {
      respond = typeof steps === "function" ? steps : scriptOf(steps);
    },
    close: async () => {
      closing.abort();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function textOf({ content }: RequestMessage): string {
  if (typeof content === "string") return content;
  return content.map((block) => (block.type === "text" ? block.text : "")).join("");
}

interface Exchange {
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly version: ApiVersion;
}

function countTokensOf(body: unknown) {
  const request = readCountTokensRequest(body);
  validatePrompt(request);
  return { input_tokens: countInputTokens(request) };
}

function scriptOf(steps: readonly Step[]): Responder {
  const left = [...steps];
  return () => {
    const step = left.shift();
    if (step !== undefined) return step;
    // A request that the test did not expect must fail at once, not be retried into a timeout.
    const message = "The script has no step left for this request.";
    return { failure: { status: 400, type: "invalid_request_error", message } };
  };
}

function checkKey(key: string | string[] | undefined, expected: string): void {
  if (key === expected) return;
  const message = key === undefined ? "x-api-key header is required" : "invalid x-api-key";
  throw new RefusedRequest({ status: 401, type: "authentication_error", message });
}

function writeWhole(response: ServerResponse, answer: Answer, turn: Turn): void {
  if (turn.interruption?.by === "cut" || turn.interruption?.by === "end") response.destroy();
  if (turn.interruption !== undefined) return;
  const content = answer.blocks.map((block) =>
    block.type === "tool_use" ? { type: block.type, id: block.id, name: block.name, input: block.input } : block,
  );
  writeJson(response, 200, {
    id: answer.id,
    type: "message",
    role: "assistant",
    model: answer.model,
    content,
    stop_reason: answer.stopReason,
    stop_sequence: null,
    stop_details: answer.stopDetails,
    usage: answer.usage,
  });
}

function writeJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

function writeFailure(response: ServerResponse, failure: ApiFailure, requestId: string): void {
  for (const [name, value] of Object.entries(failure.headers ?? {})) response.setHeader(name, value);
  if (failure.status < 500 && failure.status !== 429) response.setHeader("x-should-retry", "false");
  writeJson(response, failure.status, errorBody(failure, requestId));
}

function failureOf(thrown: unknown): ApiFailure {
  if (thrown instanceof RefusedRequest) return thrown.failure;
  return { status: 500, type: "api_error", message: `The local server itself failed: ${String(thrown)}` };
}

function outcomeOf(response: ServerResponse): RecordedRequest["outcome"] {
  return new Promise((resolve) => {
    response.once("close", () => resolve(response.writableFinished ? "answered" : "broken-off"));
  });
}
