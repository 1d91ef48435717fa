/** How often somebody may call: by address before it is known who calls, then by person or key. */
import rateLimit, { normalizeIP } from "@fastify/rate-limit";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { ParleyError } from "../core/errors.ts";

const MINUTE_MS = 60_000;
/** Callers that are counted at once. Who calls least recently is forgotten first. */
const REMEMBERED = 20_000;

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
  const all = server.createRateLimit({ max, timeWindow: MINUTE_MS });
  const one = server.createRateLimit({
    max: ({ routeOptions }) => routeOptions.config.perMinute ?? max,
    timeWindow: MINUTE_MS,
    keyGenerator: ({ ip, method, routeOptions }) => `${normalizeIP(ip)} ${method} ${routeOptions.url ?? ""}`,
  });
  server.addHook("onRequest", async (request) => {
    if (isUncounted(request)) return;
    await take(all, request, "address");
    if (request.routeOptions.config.perMinute !== undefined) await take(one, request, "address, for this call alone,");
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
  throw new ParleyError(
    "gateway/rate-limited",
    `Too many calls by this ${whose} within a minute: ${taken.max} may be made.`,
    {
      status: 429,
      retryable: true,
      retryAfterMs: taken.ttl,
    },
  );
}

/**
 * Probes and scrapers come often, and must see an overloaded process too. A platform pushes all its people's messages
 * from one address, and its webhooks prove by a secret or a signature who they are. Sockets are long-lived, and whole offices
 * reconnect at once from one address after a restart: their endpoints limit them by number and pace.
 */
function isUncounted({ headers, routeOptions }: FastifyRequest): boolean {
  const { url = "", config } = routeOptions;
  const isSocket = config.isSocket === true && headers.upgrade?.toLowerCase() === "websocket";
  return isSocket || config.permission === "signed" || url.startsWith("/health/") || url === "/metrics";
}
