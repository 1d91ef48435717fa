/** How often somebody may call: by address before it is known who calls, then by person or key. */
import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { LRUCache } from "lru-cache";
import { countedAddress } from "../core/counted-address.ts";
import { ParleyError } from "../core/errors.ts";

const MINUTE_MS = 60_000;
/** Callers that are counted at once. Who calls least recently is forgotten first. */
const REMEMBERED = 20_000;
/** A wrong signature or secret, and a body that is too large to be looked at. */
const REFUSALS: ReadonlySet<number> = new Set([401, 403, 413]);

/** Calls a minute. */
export interface RequestLimits {
  readonly address: number;
  readonly person: number;
  readonly key: number;
}

export const DEFAULT_LIMITS: RequestLimits = { address: 600, person: 600, key: 1_200 };

type Count = ReturnType<FastifyInstance["createRateLimit"]>;

/** Counts by address. Call it before anything is looked up for a call. */
export async function limitAddresses(server: FastifyInstance, max: number): Promise<void> {
  await server.register(rateLimit, { global: false, cache: REMEMBERED });
  const keyGenerator = ({ ip }: FastifyRequest): string => countedAddress(ip);
  const all = server.createRateLimit({ max, timeWindow: MINUTE_MS, keyGenerator });
  const one = server.createRateLimit({
    max: ({ routeOptions }) => routeOptions.config.perMinute ?? max,
    timeWindow: MINUTE_MS,
    keyGenerator: ({ ip, method, routeOptions }) => `${countedAddress(ip)} ${method} ${routeOptions.url ?? ""}`,
  });
  server.addHook("onRequest", async (request) => {
    if (isUncounted(request)) return;
    await take(all, request, "address");
    if (request.routeOptions.config.perMinute !== undefined) await take(one, request, "address, for this call alone,");
  });
  limitUnsigned(server, max);
}

/** Counts by address the calls of signed routes that were refused: whoever has no secret may not try for ever. */
function limitUnsigned(server: FastifyInstance, max: number): void {
  const keyGenerator = ({ ip }: FastifyRequest): string => countedAddress(ip);
  const refused = server.createRateLimit({
    max,
    timeWindow: MINUTE_MS,
    keyGenerator: (request) => `refused ${keyGenerator(request)}`,
  });
  const shutOut = new LRUCache<string, true>({ max: REMEMBERED });
  const isSigned = ({ routeOptions }: FastifyRequest): boolean => routeOptions.config.permission === "signed";
  server.addHook("onRequest", async (request) => {
    if (isSigned(request) && shutOut.has(keyGenerator(request)))
      throw tooMany("refused calls by this address", max, shutOut.getRemainingTTL(keyGenerator(request)));
  });
  server.addHook("onResponse", async (request, { statusCode }) => {
    if (!isSigned(request) || !REFUSALS.has(statusCode)) return;
    const taken = await refused(request);
    if (!taken.isAllowed && taken.isExceeded) shutOut.set(keyGenerator(request), true, { ttl: taken.ttl });
  });
}

/** Counts by person and by key. Call it after it is known who calls. */
export function limitPrincipals(server: FastifyInstance, { person, key }: Omit<RequestLimits, "address">): void {
  const keyGenerator = ({ principal }: FastifyRequest): string => principal?.id ?? "";
  const counts = {
    user: server.createRateLimit({ max: person, timeWindow: MINUTE_MS, keyGenerator }),
    key: server.createRateLimit({ max: key, timeWindow: MINUTE_MS, keyGenerator }),
  };
  server.addHook("onRequest", async (request) => {
    const { principal } = request;
    // Everybody else is many callers under one name: they are counted by address alone.
    if (principal === undefined || isUncounted(request)) return;
    if (principal.kind === "user") await take(counts.user, request, "person");
    if (principal.kind === "key") await take(counts.key, request, "key");
  });
}

async function take(count: Count, request: FastifyRequest, whose: string): Promise<void> {
  const taken = await count(request);
  if (taken.isAllowed || !taken.isExceeded) return;
  throw tooMany(`calls by this ${whose}`, taken.max, taken.ttl);
}

function tooMany(what: string, max: number, retryAfterMs: number): ParleyError {
  return new ParleyError("gateway/rate-limited", `Too many ${what} within a minute: ${max} may be made.`, {
    status: 429,
    retryable: true,
    retryAfterMs,
  });
}

/**
 * Probes and scrapers come often, and must see an overloaded process too. A platform pushes all its people's messages
 * from one address, and its webhooks prove by a secret or a signature who they are: those that do not are counted by `limitUnsigned`. Sockets are long-lived, and whole offices
 * reconnect at once from one address after a restart: their endpoints limit them by number and pace.
 */
function isUncounted({ headers, routeOptions }: FastifyRequest): boolean {
  const { url = "", config } = routeOptions;
  const isSocket = config.isSocket === true && headers.upgrade?.toLowerCase() === "websocket";
  return isSocket || config.permission === "signed" || url.startsWith("/health/") || url === "/metrics";
}
