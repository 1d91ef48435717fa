/**
 * A process with one server for each layer of the gateway, each with all layers before it. All answer with the same page
 * of the same history; the first is bare Fastify with a local limiter. Prints their addresses as one line of JSON.
 *
 * tsx bench/gateway/layers.ts <store.sqlite>
 */
import rateLimit from "@fastify/rate-limit";
import compress from "@fastify/compress";
import fastify, { type FastifyInstance } from "fastify";
import { ulid } from "ulid";
import { z } from "zod";
import { asShown } from "../../adapters/web/session-routes.ts";
import { ConversationId } from "../../core/conversation-id.ts";
import type { HttpRoute, Owner } from "../../core/http.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { createStore } from "../../core/store/create-store.ts";
import { openSqlite } from "../../core/store/sqlite/driver.ts";
import { openSqliteDatabase } from "../../core/store/sqlite/sqlite-database.ts";
import { guardCalls, type Guard } from "../../gateway/access/guard.ts";
import { DEFAULT_BROWSER_RULES, tellBrowsers } from "../../gateway/browser-rules.ts";
import { acceptJson } from "../../gateway/json-body.ts";
import { requireKnownHost } from "../../gateway/known-hosts.ts";
import { mountRoute } from "../../gateway/mount-route.ts";
import { limitAddresses, limitPrincipals } from "../../gateway/request-limits.ts";
import { testSealing } from "../../test/support/test-sealing.ts";

const NO_LIMIT = 10_000_000;
const HOST = "127.0.0.1";
const PATH = "/history";
const Query = z.strictObject({ limit: z.coerce.number().int().min(1).max(200).default(50) });

const [path = ""] = process.argv.slice(2);
const conversation = onlyConversation(path);
const database = openSqliteDatabase(path, { synchronous: "normal" });
const store = await createStore(database, {
  environment: { clock: Date.now },
  telemetry: silentTelemetry,
  sealing: testSealing(database),
});
const page = async (limit: number) => ({
  messages: (await store.history.page(conversation, { limit })).map(asShown),
});

/** Routes of a server of which no guard is asked. */
const OPEN: Guard = { requireOwner: async () => undefined, withBot: (_request, _route, query) => query };
const route: HttpRoute = {
  method: "GET",
  path: PATH,
  summary: "History",
  tags: ["bench"],
  permission: "conversations:read",
  examples: [],
  owner: async (): Promise<Owner> => "bearer",
  query: Query,
  handle: async ({ query }) =>
    Response.json(await page(Query.parse(query).limit), { headers: { "cache-control": "no-store" } }),
};

interface Built {
  readonly server: FastifyInstance;
  guard: Guard;
}
type Layer = readonly [name: string, add: (built: Built) => Promise<void> | void];

/** In the order in which the gateway adds them. */
const LAYERS: readonly Layer[] = [
  [
    "request id",
    ({ server }) =>
      void server.addHook("onRequest", async (request, reply) => {
        reply.header("x-request-id", request.id);
      }),
  ],
  ["headers for browsers", async ({ server }) => await tellBrowsers(server, DEFAULT_BROWSER_RULES, false)],
  ["rate limit by address", async ({ server }) => await limitAddresses(server, NO_LIMIT)],
  ["known host and origin", ({ server }) => requireKnownHost(server, { host: HOST })],
  [
    "identify and permission",
    (built) => {
      built.guard = guardCalls(built.server, {
        host: HOST,
        port: 0,
        routes: [],
        sockets: [],
        readiness: async () => ({ ready: true, parts: [] }),
        metrics: async () => ({ contentType: "text/plain", body: "" }),
        version: "0",
        newId: ulid,
        log: silentTelemetry.log,
      });
    },
  ],
  ["rate limit by person, key", ({ server }) => limitPrincipals(server, { person: NO_LIMIT, key: NO_LIMIT })],
  [
    "compression, not asked for",
    async ({ server }) => {
      await server.register(compress, { threshold: 1_024, encodings: ["br", "gzip"] });
    },
  ],
];

async function listening(layers: readonly Layer[], isMounted: boolean): Promise<string> {
  const built: Built = { server: fastify(), guard: OPEN };
  const { server } = built;
  if (isMounted) acceptJson(server);
  for (const [, add] of layers) await add(built);
  if (layers.length === 0) await server.register(rateLimit, { max: NO_LIMIT, timeWindow: 60_000 });
  if (isMounted) mountRoute(server, route, { guard: built.guard, state: undefined });
  else
    server.get(PATH, { config: { permission: "conversations:read", isOwned: true } }, async (request, reply) => {
      const { limit } = Query.parse(request.query);
      reply.header("cache-control", "no-store").type("application/json");
      return JSON.stringify(await page(limit));
    });
  return `${await server.listen({ host: HOST, port: 0 })}${PATH}`;
}

function onlyConversation(file: string): ConversationId {
  const seeded = openSqlite(file, { readonly: true });
  const { id } = z.object({ id: ConversationId }).parse(seeded.prepare("SELECT conversation AS id FROM turns").get());
  seeded.close();
  return id;
}

const servers: { name: string; url: string }[] = [{ name: "bare", url: await listening([], false) }];
for (const [index, [name]] of LAYERS.entries())
  servers.push({ name, url: await listening(LAYERS.slice(0, index + 1), false) });
servers.push({ name: "validation, owner, web response", url: await listening(LAYERS, true) });
console.log(JSON.stringify(servers));
