import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { ParleyError } from "../core/errors.ts";
import type { Caller } from "../core/http.ts";
import { isLoopback } from "./known-hosts.ts";
import type { GatewayOptions } from "./options.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Answers without a token. */
    readonly isOpen?: boolean;
  }
}

const Query = z.object({ access_token: z.string() });

type Tokens = Pick<GatewayOptions, "accessToken" | "trustedToken">;

/**
 * Asks for a token on everything but what is open by nature: health probes, webhooks (which prove themselves by a secret
 * or a signature), and the pages that say they tell nothing about anybody.
 */
export function requireAccessToken(server: FastifyInstance, tokens: Tokens): void {
  server.addHook("onRequest", async (request) => {
    // The route, not the address as it was written: that may be percent-encoded.
    const { url = "", config } = request.routeOptions;
    if (config.isOpen === true || url === "" || /^\/(?:health|webhooks)\//u.test(url)) return;
    const known = [tokens.accessToken, tokens.trustedToken].flatMap((one) => (one === undefined ? [] : [one()]));
    if (!givenTokens(request, url).some((given) => known.some((one) => sameSecret(given, one)))) {
      throw new ParleyError(
        "gateway/unauthorized",
        "This server needs its access token: send it as `Authorization: Bearer …`.",
        { status: 401 },
      );
    }
  });
}

/** Who calls, as far as it was proved. */
export function callerOf(request: FastifyRequest, { trustedToken }: Tokens): Caller {
  const token = bearer(request);
  const mayNameUsers = token !== undefined && trustedToken !== undefined && sameSecret(token, trustedToken());
  return { address: request.ip, mayNameUsers };
}

/** Throws where a call is for trusted systems and the caller did not prove to be one. */
export function requireTrust(caller: Caller, options: Tokens & Pick<GatewayOptions, "host" | "trustedProxies">): void {
  const { accessToken, trustedToken, host, trustedProxies = 0 } = options;
  const isOpen = accessToken === undefined && trustedToken === undefined && isLoopback(host) && trustedProxies === 0;
  if (!isOpen && !caller.mayNameUsers)
    throw new ParleyError(
      "gateway/needs-trusted-token",
      "This call speaks of other people or changes what serves everybody. Send gateway.trustedToken as `Authorization: Bearer …`.",
      { status: 403 },
    );
}

/**
 * Browsers cannot set headers on a WebSocket: there the token comes as a query parameter. Nor on a link to a source: the
 * chat page leaves it in a cookie, which counts for reading pages only.
 */
function givenTokens(request: FastifyRequest, route: string): readonly string[] {
  const cookie = request.method === "GET" && !route.startsWith("/api/") ? cookieToken(request) : undefined;
  return [bearer(request), Query.safeParse(request.query).data?.access_token, cookie].flatMap((one) =>
    one === undefined ? [] : [one],
  );
}

function bearer({ headers }: FastifyRequest): string | undefined {
  return /^Bearer +(.+)$/iu.exec(headers.authorization ?? "")?.[1];
}

function cookieToken({ headers }: FastifyRequest): string | undefined {
  const value = /(?:^|;\s*)parley_access=([^;]+)/u.exec(headers.cookie ?? "")?.[1];
  try {
    return value === undefined ? undefined : decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
