/** The Bot API over HTTP: `/bot<token>/<method>` and `/file/bot<token>/<path>`, with faults and outages. */
import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { z } from "zod";
import type { CallFault } from "../../../core/testing/index.ts";
import { accountMethods } from "./account-methods.ts";
import type { Faults } from "./faults.ts";
import type { Method, MethodContext } from "./methods.ts";
import { Refusal } from "./refusal.ts";
import type { CallBody } from "./requests.ts";
import { readCall } from "./requests.ts";
import { sendMethods } from "./send-methods.ts";

export interface ApiServer {
  readonly url: string;
  readonly token: string;
  readonly revoke: () => void;
  readonly cutConnections: () => void;
  readonly goDown: () => Promise<void>;
  readonly comeBack: () => Promise<void>;
  /** Polls are taken and never answered, as by a connection that died without a word; and answered again. */
  readonly freezePolls: (frozen: boolean) => void;
  /** Methods that this server does not have, as an older one has not. */
  readonly withdraw: (method: string) => void;
  readonly calls: readonly string[];
  readonly refusedCalls: readonly string[];
}

const methods: Readonly<Record<string, Method>> = { ...sendMethods, ...accountMethods };

type ServerOptions = Omit<MethodContext, "gone"> & {
  readonly faults: Faults;
  readonly token: string;
  readonly port: number;
};

interface State {
  revoked: boolean;
  frozen: boolean;
  readonly withdrawn: Set<string>;
  readonly calls: string[];
  readonly refusedCalls: string[];
}

/** Starts the server on this machine. */
export async function startServer(options: ServerOptions): Promise<ApiServer> {
  const state: State = { revoked: false, frozen: false, withdrawn: new Set(), calls: [], refusedCalls: [] };
  const server = createServer((request, response) => {
    answer({ request, response, options, state }).catch((thrown: unknown) => {
      respond(response, 500, { ok: false, error_code: 500, description: `Internal Server Error: ${String(thrown)}` });
    });
  });
  const port = await listen(server, options.port);
  return {
    url: `http://127.0.0.1:${port}`,
    token: options.token,
    calls: state.calls,
    refusedCalls: state.refusedCalls,
    revoke: () => {
      state.revoked = true;
      server.closeAllConnections();
    },
    cutConnections: () => server.closeAllConnections(),
    goDown: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
    comeBack: async () => void (await listen(server, port)),
    freezePolls: (frozen) => {
      state.frozen = frozen;
    },
    withdraw: (method) => void state.withdrawn.add(method),
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly options: ServerOptions;
  readonly state: State;
}

async function answer(exchange: Exchange): Promise<void> {
  const { request, response, options, state } = exchange;
  const path = request.url ?? "";
  const isAllowed = (given: string | undefined): boolean => given === options.token && !state.revoked;
  const [isFile, fileToken, fileId = ""] = /^\/file\/bot([^/]+)\/files\/(.+)$/u.exec(path) ?? [];
  if (isFile !== undefined) {
    sendBytes(response, isAllowed(fileToken) ? options.world.files.get(fileId)?.bytes : undefined);
    return;
  }
  const [, token, method = ""] = /^\/bot([^/]+)\/(\w+)/u.exec(path) ?? [];
  const body = await readCall(request);
  state.calls.push(method);
  if (!isAllowed(token)) respond(response, 401, { ok: false, error_code: 401, description: "Unauthorized" });
  else if (method === "getUpdates" && state.frozen) await once(request.socket, "close");
  else await call(method, body, exchange);
}

async function call(method: string, body: CallBody, { request, response, options, state }: Exchange): Promise<void> {
  const fault = options.faults.take(method);
  if (fault !== undefined && fault.kind !== "cut-after") {
    fail(fault, response);
    return;
  }
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  try {
    const handle = state.withdrawn.has(method) ? undefined : methods[method];
    if (handle === undefined) throw new Refusal(404, "Not Found: method not found");
    const result = await handle(body.fields, { ...options, gone: gone.signal }, body.files);
    if (fault === undefined) respond(response, 200, { ok: true, result });
    else request.socket.destroy();
  } catch (thrown) {
    const { status, message, parameters } = toRefusal(thrown);
    if (status !== 409 && status !== 429) state.refusedCalls.push(`${method}: ${status} ${message}`);
    respond(response, status, {
      ok: false,
      error_code: status,
      description: message,
      ...(parameters === undefined ? {} : { parameters }),
    });
  }
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

function toRefusal(thrown: unknown): Refusal {
  if (thrown instanceof Refusal) return thrown;
  if (thrown instanceof z.ZodError) {
    return new Refusal(
      400,
      `Bad Request: ${thrown.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ")}`,
    );
  }
  throw thrown;
}

/** A call that is not executed. */
function fail(fault: Exclude<CallFault, { kind: "cut-after" }>, response: ServerResponse): void {
  switch (fault.kind) {
    case "rate-limited": {
      const seconds = Math.ceil(fault.retryAfterMs / 1_000);
      const description = `Too Many Requests: retry after ${seconds}`;
      respond(response, 429, { ok: false, error_code: 429, description, parameters: { retry_after: seconds } });
      return;
    }
    case "server-error":
      respond(response, fault.status, { ok: false, error_code: fault.status, description: "Internal Server Error" });
      return;
    case "markup-refused": {
      const description = "Bad Request: can't parse entities: Can't find end of the entity starting at byte offset 0";
      respond(response, 400, { ok: false, error_code: 400, description });
      return;
    }
    case "cut-before":
      response.destroy();
  }
}

function respond(response: ServerResponse, status: number, body: object): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

function sendBytes(response: ServerResponse, bytes: Uint8Array | undefined): void {
  response.writeHead(bytes === undefined ? 404 : 200, { "content-type": "application/octet-stream" });
  response.end(bytes);
}
