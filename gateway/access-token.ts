import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { ParleyError } from "../core/errors.ts";

/** The caller sent no access token or a wrong one. */
export class UnauthorizedError extends ParleyError {
  override readonly name = "UnauthorizedError";

  constructor() {
    super("gateway/unauthorized", "This server needs its access token: send it as `Authorization: Bearer …`.", {
      status: 401,
    });
  }
}

/** Asks for the bearer token on every API call; health probes and pages are open, since they tell nothing about anybody. */
export function requireAccessToken(server: FastifyInstance, accessToken: () => string): void {
  server.addHook("onRequest", async (request) => {
    await Promise.resolve();
    // The route, not the address as it was written: that may be percent-encoded.
    const path = request.routeOptions.url ?? "";
    if (!path.startsWith("/api/") && path !== "/metrics") return;
    const given = /^Bearer (.+)$/u.exec(request.headers.authorization ?? "")?.[1] ?? queryToken(request.query);
    if (given === undefined || !sameSecret(given, accessToken())) throw new UnauthorizedError();
  });
}

/** Browsers cannot set headers on a WebSocket: there the token comes as a query parameter. */
function queryToken(query: unknown): string | undefined {
  if (typeof query !== "object" || query === null || !("access_token" in query)) return undefined;
  return typeof query.access_token === "string" ? query.access_token : undefined;
}

function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
