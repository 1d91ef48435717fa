import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import websocket from "@fastify/websocket";
import type { FastifyInstance, FastifyRequest } from "fastify";
import fastify from "fastify";
import type { WebSocketServer } from "ws";
import { ParleyError } from "../core/errors.ts";
import { requireAccessToken } from "./access-token.ts";
import { openApiRoutes } from "./docs-page.ts";
import { healthRoutes } from "./health-routes.ts";
import { mountRoute } from "./mount-route.ts";
import { acceptJson } from "./json-body.ts";
import { requireKnownHost } from "./known-hosts.ts";
import { FRAME_LIMIT, mountSocket } from "./mount-socket.ts";
import type { SocketRoute } from "../core/http.ts";
import type { GatewayOptions } from "./options.ts";
import { answerClientError, answerFrameworkError, answerProblem } from "./problem.ts";

export type Gateway = Awaited<ReturnType<typeof createGateway>>;

const MEBIBYTE = 1024 * 1024;
const SOCKET_GRACE_MS = 1_000;
/** Ids of sessions and messages are shorter. */
const MAX_PARAMETER = 1_000;

/** Routes check with Zod and write JSON themselves, so that fastify need not load its compilers of schemas. */
function neverCompile(): never {
  throw new TypeError("A route of the gateway has a schema for fastify. Describe it with Zod instead.");
}

/** Starts the server. Throws `gateway/listen` when the address cannot be had. */
export async function createGateway(options: GatewayOptions) {
  const { host, port, log } = options;
  const server = fastify({
    bodyLimit: MEBIBYTE,
    genReqId: () => options.newId(),
    requestTimeout: 60_000,
    // Its absence is answered as every other fault of a call, with a problem.
    http: { requireHostHeader: false },
    forceCloseConnections: true,
    return503OnClosing: true,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: MAX_PARAMETER },
    trustProxy: (_address: string, hop: number) => hop < (options.trustedProxies ?? 0),
    frameworkErrors: answerFrameworkError,
    clientErrorHandler: answerClientError,
    schemaController: { compilersFactory: { buildValidator: () => neverCompile, buildSerializer: () => neverCompile } },
  });
  answerProblem(server, log);
  acceptJson(server);
  await guard(server, options);
  await server.register(websocket, {
    options: { maxPayload: largestFrame(options.sockets), clientTracking: true, perMessageDeflate: false },
    preClose: (done) => endSockets(server.websocketServer, done),
  });
  // A refused upgrade leaves its connection to nobody; without this it stayed open for ever.
  server.addHook("onResponse", async ({ headers, raw }) => {
    if (headers.upgrade !== undefined) raw.socket.destroySoon();
  });
  const routes = [...healthRoutes(options), ...options.routes];
  for (const route of [...routes, ...openApiRoutes(routes, options.version)]) mountRoute(server, route, options);
  await server.register(async (scope) => {
    for (const socket of options.sockets) mountSocket(scope, socket, options);
  });
  try {
    await server.listen({ host, port });
  } catch (thrown) {
    await server.close();
    throw new ParleyError(
      "gateway/listen",
      `The gateway cannot listen on ${host}:${port}. Stop what uses it, or choose another with PORT=… or gateway.port.`,
      { cause: thrown },
    );
  }
  return { url: addressOf(server, host), close: async (): Promise<void> => await server.close() };
}

async function guard(server: FastifyInstance, options: GatewayOptions): Promise<void> {
  const { accessToken, requestsPerMinute = 600 } = options;
  await server.register(helmet, {
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", "data:"],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        frameAncestors: ["'self'"],
        upgradeInsecureRequests: null,
      },
    },
    strictTransportSecurity: false,
  });
  await server.register(rateLimit, { max: requestsPerMinute, timeWindow: "1 minute", allowList: isUncounted });
  requireKnownHost(server, options);
  if (accessToken !== undefined) requireAccessToken(server, options);
}

/**
 * Probes and scrapers come often, and must see an overloaded process too. A platform pushes all its people's messages
 * from one address, and its webhooks prove by a secret or a signature who they are. Sockets are long-lived, and whole offices
 * reconnect at once from one address after a restart: their endpoints limit them by number and pace.
 */
function isUncounted({ headers, routeOptions }: FastifyRequest): boolean {
  const { url = "", config } = routeOptions;
  const isSocket = "isSocket" in config && headers.upgrade?.toLowerCase() === "websocket";
  return isSocket || url.startsWith("/health/") || url.startsWith("/webhooks/") || url === "/metrics";
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

function addressOf(server: FastifyInstance, host: string): string {
  const address = server.server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
