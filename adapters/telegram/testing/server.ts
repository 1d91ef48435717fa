/** The Bot API over HTTP: `/bot<token>/<method>` and `/file/bot<token>/<path>`, with faults and outages. */
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import type { CallFault, LocalServer } from "../../../testing.ts";
import { openLocalServer, respond } from "../../../testing.ts";
import { accountMethods } from "./account-methods.ts";
import type { Faults } from "./faults.ts";
import type { Method, MethodContext } from "./methods.ts";
import { Refusal } from "./refusal.ts";
import type { CallBody } from "./requests.ts";
import { readCall } from "./requests.ts";
import { sendMethods } from "./send-methods.ts";

export interface ApiServer extends LocalServer {
  readonly token: string;
  readonly revoke: () => void;
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
  const server = await openLocalServer({
    port: options.port,
    handle: async (request, response) => await answer({ request, response, options, state }),
  });
  return {
    ...server,
    token: options.token,
    calls: state.calls,
    refusedCalls: state.refusedCalls,
    revoke: () => {
      state.revoked = true;
      server.cut();
    },
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
  if (!isAllowed(token)) refuseCall(response, 401, "Unauthorized");
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
    if (fault === undefined) respond(response, { status: 200, body: { ok: true, result } });
    else request.socket.destroy();
  } catch (thrown) {
    const { status, message, parameters } = toRefusal(thrown);
    if (status !== 409 && status !== 429) state.refusedCalls.push(`${method}: ${status} ${message}`);
    refuseCall(response, status, message, parameters);
  }
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

const UNREADABLE = "Bad Request: can't parse entities: Can't find end of the entity starting at byte offset 0";
const NO_DOCUMENTS = "Bad Request: not enough rights to send documents to the chat";

/** A call that is not executed. */
function fail(fault: Exclude<CallFault, { kind: "cut-after" }>, response: ServerResponse): void {
  switch (fault.kind) {
    case "rate-limited": {
      const seconds = Math.ceil(fault.retryAfterMs / 1_000);
      return refuseCall(response, 429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds });
    }
    case "server-error":
      return refuseCall(response, fault.status, "Internal Server Error");
    case "markup-refused":
      return refuseCall(response, 400, UNREADABLE);
    case "file-refused":
      return refuseCall(response, 400, NO_DOCUMENTS);
    case "place-gone":
      return refuseCall(response, 400, "Bad Request: message thread not found");
    case "cut-before":
      response.destroy();
  }
}

function refuseCall(
  response: ServerResponse,
  status: number,
  description: string,
  parameters?: Readonly<Record<string, number>>,
): void {
  respond(response, {
    status,
    body: { ok: false, error_code: status, description, ...(parameters && { parameters }) },
  });
}

function sendBytes(response: ServerResponse, bytes: Uint8Array | undefined): void {
  const status = bytes === undefined ? 404 : 200;
  respond(response, { status, body: bytes, headers: { "content-type": "application/octet-stream" } });
}
