/** The port of a local platform: opened, cut, stopped, and opened again at the same place. */
import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Socket } from "node:net";
import type { HttpRequest } from "../../http.ts";
import type { LocalPlatformOptions } from "../local-platform.ts";

export interface LocalServerOptions {
  /** @default any free one, kept from then on */
  readonly port?: number | undefined;
  /** Serves HTTPS with this certificate. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Answers a request, `url` being the server's own; when it throws, the connection ends without an answer. */
  readonly handle: (request: IncomingMessage, response: ServerResponse, url: string) => Promise<void> | void;
}

export interface LocalServer {
  /** For WebSockets: `new WebSocketServer({ noServer: true })` on its `upgrade`. */
  readonly server: Server;
  readonly port: number;
  readonly url: string;
  /** Ends every connection at once, those that are still shaking hands as well. */
  readonly cut: () => void;
  readonly stop: () => Promise<void>;
  /** Listens again where it did. */
  readonly start: () => Promise<void>;
}

/** Starts a server on this machine. */
export async function openLocalServer({ port = 0, tls, handle }: LocalServerOptions): Promise<LocalServer> {
  const state = { port };
  const urlOf = (): string => `${tls === undefined ? "http" : "https"}://127.0.0.1:${state.port}`;
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    void (async () => await handle(request, response, urlOf()))().catch(() => response.destroy());
  };
  // A test that was busy for long finds its connections still open.
  const options = { keepAliveTimeout: 60_000 };
  const server = tls === undefined ? createServer(options, answer) : createTlsServer({ ...options, ...tls }, answer);
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  const start = async (): Promise<void> => {
    server.listen(state.port, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (typeof address === "object" && address !== null) state.port = address.port;
  };
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  await start();
  return {
    server,
    port: state.port,
    url: urlOf(),
    cut,
    stop: async () => {
      if (!server.listening) return;
      const closed = new Promise((resolve) => server.close(resolve));
      cut();
      await closed;
    },
    start,
  };
}

/** What a call is answered. */
export interface ApiAnswer {
  readonly status: number;
  /** JSON, or bytes as they are. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Why an invalid call is refused: this is noted. */
  readonly refused?: string | undefined;
}

/** Answers with JSON, with bytes as they are, or with nothing. */
export function respond(response: ServerResponse, { status, body, headers }: ApiAnswer): void {
  if (response.destroyed || response.headersSent) return;
  if (body === undefined || body instanceof Uint8Array) response.writeHead(status, headers).end(body);
  else response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}
/**
 * Delivers to the bot's webhook: over HTTP, or straight into the adapter's routes of this process. Undefined where
 * nobody answers. Of a `url` in `request` only the path and the query count when the routes are at hand.
 */
export async function callWebhook(
  webhook: LocalPlatformOptions["webhook"],
  request: Request,
  isMeant: (path: string) => boolean = (path) => path === new URL(request.url).pathname,
): Promise<Response | undefined> {
  if (webhook === undefined) return undefined;
  try {
    if ("url" in webhook) return await fetch(request);
    const route = webhook.routes().find(({ method, path }) => method === request.method && isMeant(path));
    return route === undefined ? undefined : await route.handle(asHandled(request));
  } catch {
    // Refused, broken off or too late: platforms try again.
    return undefined;
  }
}

function asHandled(raw: Request): HttpRequest {
  return {
    parameters: {},
    query: {},
    body: undefined,
    raw,
    correlationId: crypto.randomUUID(),
    caller: { address: "127.0.0.1", mayNameUsers: false },
    signal: raw.signal,
  };
}
