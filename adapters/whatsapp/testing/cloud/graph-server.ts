/** The Graph API on this machine. */
import { randomBytes } from "node:crypto";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { FaultQueue } from "../faults.ts";
import type { GraphCall, GraphFacts, GraphRoutes } from "./graph-routes.ts";
import { createGraphRoutes, faultAnswer } from "./graph-routes.ts";
import type { GraphRefusal } from "./graph-rules.ts";

export interface GraphServerOptions extends GraphFacts {
  readonly accessToken: string;
  readonly port: number;
  readonly faults: FaultQueue;
}

export interface GraphServer extends Pick<GraphRoutes, "media" | "addMedia" | "refused"> {
  readonly url: string;
  /** From now on every call answers that the token is invalid. */
  readonly revoke: () => void;
  readonly cut: () => void;
  readonly stop: () => Promise<void>;
  readonly start: () => Promise<void>;
}

const NO_TOKEN: GraphRefusal = {
  status: 401,
  code: 190,
  message: "Error validating access token: The session has been invalidated.",
};

/** Starts the server. */
export async function openGraphServer(options: GraphServerOptions): Promise<GraphServer> {
  const routes = createGraphRoutes(options);
  const state = { revoked: false, port: options.port };
  const isAuthorised = ({ headers }: IncomingMessage): boolean =>
    !state.revoked && headers.authorization === `Bearer ${options.accessToken}`;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = await callOf(request, urlOf(state.port));
    const fault = options.faults.take(isSend(call) ? "send" : "other");
    if (fault?.kind === "cut-before") return void request.socket.destroy();
    const answer = faultAnswer(fault) ?? (isAuthorised(request) ? routes.answer(call) : routes.refuse(NO_TOKEN));
    if (fault?.kind === "cut-after") return void request.socket.destroy();
    const bytes = answer.body instanceof Uint8Array ? answer.body : Buffer.from(JSON.stringify(answer.body));
    response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers }).end(bytes);
  }

  const server = createServer((request, response) => {
    void serve(request, response).catch(() => response.destroy());
  });
  const start = async (): Promise<void> => {
    state.port = await listen(server, state.port);
  };
  await start();
  return {
    ...routes,
    url: urlOf(state.port),
    revoke: () => {
      state.revoked = true;
    },
    cut: () => server.closeAllConnections(),
    start,
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function callOf(request: IncomingMessage, url: string): Promise<GraphCall> {
  const { method = "GET", headers, url: address = "/" } = request;
  const path = address.replace(/^\/v\d+\.\d/u, "");
  return { method, path, body: await bodyOf(request), contentType: headers["content-type"] ?? "", url };
}

function isSend({ method, path, body }: GraphCall): boolean {
  return method === "POST" && path.endsWith("/messages") && !body.includes('"status":"read"');
}

function urlOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address: AddressInfo | string | null = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** A new message id, as the Cloud API writes them. */
export function newWamid(): string {
  return `wamid.${randomBytes(24).toString("base64")}`;
}
