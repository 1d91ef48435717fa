import compress from "@fastify/compress";
import websocket from "@fastify/websocket";
import type { FastifyInstance } from "fastify";
import fastify from "fastify";
import { isIP } from "node:net";
import type { WebSocketServer } from "ws";
import { ParleyError } from "../core/errors.ts";
import type { HttpRoute, SocketRoute } from "../core/http.ts";
import { type Guard, guardCalls } from "./access/guard.ts";
import { DEFAULT_BROWSER_RULES, tellBrowsers } from "./browser-rules.ts";
import { checkRoutes } from "./check-routes.ts";
import { healthRoutes } from "./health-routes.ts";
import { acceptJson } from "./json-body.ts";
import { requireKnownHost } from "./known-hosts.ts";
import { mountRoute } from "./mount-route.ts";
import { FRAME_LIMIT, mountSocket } from "./mount-socket.ts";
import type { GatewayOptions } from "./options.ts";
import { answerClientError, answerFrameworkError, answerProblem } from "./problem.ts";
import { toTrustProxy } from "./proxies.ts";
import { referenceRoutes } from "./reference.ts";
import { DEFAULT_LIMITS, limitAddresses, limitPrincipals } from "./request-limits.ts";
import { ticketRoutes } from "./ticket-routes.ts";
import { openTls, type Tls } from "./tls.ts";

export type Gateway = Awaited<ReturnType<typeof createGateway>>;

const MEBIBYTE = 1024 * 1024;
const SOCKET_GRACE_MS = 1_000;
const DRAIN_MS = 10_000;
/** Ids of sessions and messages are shorter. */
const MAX_PARAMETER = 1_000;
/** Smaller answers are not worth compressing. */
const COMPRESSED_FROM = 1_024;
const REQUEST_ID = /^[\w.-]{1,64}$/u;

/** Routes check with Zod and write JSON themselves, so that fastify need not load its compilers of schemas. */
function neverCompile(): never {
  throw new TypeError("A route of the gateway has a schema for fastify. Describe it with Zod instead.");
}

/** Starts the server. Throws `gateway/listen` when the address cannot be had. */
export async function createGateway(given: GatewayOptions) {
  checkRoutes(given.routes, given.sockets);
  const { host, port, drainMs = DRAIN_MS, tls: files, log } = given;
  const drain = { begun: false };
  const tls = files === undefined ? undefined : await openTls(files, log);
  const server = createServer(given, tls);
  server.addHook("onRequest", async () => {
    if (drain.begun) throw stopping();
  });
  // A connection that stays open after the answer to its last call would be waited for.
  server.addHook("onSend", async (_request, reply) => {
    if (drain.begun) reply.header("connection", "close");
  });
  try {
    await mountAll(server, given);
    await server.listen({ host, port });
  } catch (thrown) {
    tls?.close();
    await server.close();
    throw isTaken(thrown) ? notListening(host, port, thrown) : thrown;
  }
  return {
    url: addressOf(server, { host, isTls: tls !== undefined }),
    /** Takes nothing new, lets calls in hand end for as long as `drainMs`, then cuts them off. */
    close: async (within: { readonly drainMs: number } = { drainMs }): Promise<void> => {
      drain.begun = true;
      tls?.close();
      const timer = setTimeout(() => server.server.closeAllConnections(), within.drainMs);
      await server.close();
      clearTimeout(timer);
    },
  };
}

function createServer(options: GatewayOptions, tls: Tls | undefined): FastifyInstance {
  const { bodyLimit = MEBIBYTE, trustedProxies = 0, newId } = options;
  return fastify({
    bodyLimit,
    // A proxy that is believed may have given the request its id already.
    genReqId: ({ headers }) => {
      const sent = headers["x-request-id"];
      return trustedProxies !== 0 && typeof sent === "string" && REQUEST_ID.test(sent) ? sent : newId();
    },
    requestTimeout: 60_000,
    // The absence of a host is answered as every other fault of a call, with a problem.
    ...(tls === undefined ? { http: { requireHostHeader: false } } : { serverFactory: tls.serverFactory }),
    forceCloseConnections: "idle",
    // The library's own answer is no problem+json.
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: MAX_PARAMETER },
    trustProxy: toTrustProxy(trustedProxies),
    frameworkErrors: answerFrameworkError,
    clientErrorHandler: answerClientError,
    schemaController: { compilersFactory: { buildValidator: () => neverCompile, buildSerializer: () => neverCompile } },
  });
}

async function mountAll(server: FastifyInstance, options: GatewayOptions): Promise<void> {
  const { state, sockets, version, compression = true, log } = options;
  answerProblem(server, log);
  acceptJson(server);
  const guard = await guardServer(server, options);
  if (compression)
    await server.register(compress, {
      threshold: COMPRESSED_FROM,
      encodings: ["br", "gzip"],
      globalDecompression: false,
    });
  await server.register(websocket, {
    options: { maxPayload: largestFrame(sockets), clientTracking: true, perMessageDeflate: false },
    preClose: (done) => endSockets(server.websocketServer, done),
  });
  // A refused upgrade leaves its connection to nobody; without this it stayed open for ever.
  server.addHook("onResponse", async ({ headers, raw }) => {
    if (headers.upgrade !== undefined) raw.socket.destroySoon();
  });
  const tickets = state === undefined ? [] : ticketRoutes(state.tickets, sockets);
  const routes: readonly HttpRoute[] = [...healthRoutes(options), ...tickets, ...options.routes];
  for (const route of [...routes, ...referenceRoutes(routes, version)]) mountRoute(server, route, { guard, state });
  await server.register(async (scope) => {
    for (const socket of sockets) mountSocket(scope, socket, { ...options, guard });
  });
}

/** What every call passes before its body is read, in this order. */
async function guardServer(server: FastifyInstance, options: GatewayOptions): Promise<Guard> {
  const browsers = { ...DEFAULT_BROWSER_RULES, ...options.browsers };
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  server.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
  });
  await tellBrowsers(server, browsers, options.tls !== undefined);
  await limitAddresses(server, limits.address);
  requireKnownHost(server, { ...options, origins: browsers.corsOrigins });
  const guard = guardCalls(server, options);
  limitPrincipals(server, limits);
  return guard;
}

/** Tells every client that the server goes away; those that do not answer in time are cut off. */
function endSockets(sockets: WebSocketServer, done: () => void): void {
  for (const client of sockets.clients) client.close(1001, "The server stops.");
  const timer = setTimeout(() => {
    for (const client of sockets.clients) client.terminate();
  }, SOCKET_GRACE_MS);
  sockets.close(() => clearTimeout(timer));
  done();
}

/** The server library's own limit stands before the endpoints'. */
function largestFrame(sockets: readonly SocketRoute[]): number {
  return Math.max(FRAME_LIMIT, ...sockets.map(({ frameLimit = FRAME_LIMIT }) => frameLimit));
}

/** For what still comes on connections that are open; new ones are not taken. */
function stopping(): ParleyError {
  return new ParleyError("gateway/stopping", "This server stops. Send it again: another one answers.", {
    status: 503,
    retryable: true,
    retryAfterMs: 1_000,
  });
}

function isTaken(thrown: unknown): boolean {
  return thrown instanceof Error && "syscall" in thrown;
}

function notListening(host: string, port: number, cause: unknown): ParleyError {
  return new ParleyError(
    "gateway/listen",
    `The gateway cannot listen on ${host}:${port}. Stop what uses it, or choose another with PORT=… or gateway.port.`,
    { cause },
  );
}

function addressOf(
  server: FastifyInstance,
  { host, isTls }: { readonly host: string; readonly isTls: boolean },
): string {
  const address = server.server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return `${isTls ? "https" : "http"}://${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}
