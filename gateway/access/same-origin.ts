import type { FastifyRequest } from "fastify";
import { ParleyError } from "../../core/errors.ts";

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * A browser sends cookies with what a foreign page makes it send. So what changes something and proves itself by a cookie
 * must come from a page of this very server, which every browser says in a header that no page can set.
 */
export function requireSameOrigin({ method, headers, routeOptions }: FastifyRequest): void {
  if (SAFE.has(method) && routeOptions.config.isSocket !== true) return;
  requireOwnPage({ origin: headers.origin, host: headers.host, site: headers["sec-fetch-site"] });
}

/** Whether an origin is that of a host: the port of its scheme may be written in both or left out. */
function isOriginOf(origin: string, host: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, host: own } = new URL(origin);
  const called = `${protocol}//${host}`;
  return own !== "" && URL.canParse(called) && new URL(called).origin === `${protocol}//${own}`;
}

/** The same of the headers alone: for calls that set cookies, before anybody is logged in. */
export function requireOwnPage({
  origin,
  host,
  site,
}: {
  readonly origin: string | undefined;
  readonly host: string | undefined;
  readonly site: string | readonly string[] | undefined;
}): void {
  const isOwn = origin !== undefined && host !== undefined && isOriginOf(origin, host);
  if (isOwn && (site === undefined || site === "same-origin")) return;
  throw new ParleyError(
    "gateway/cross-site",
    "A call that is signed in by a cookie must come from a page of this server: its Origin has to name the Host of the call. Programs send a token instead; a proxy hands the Host on as it came.",
    { status: 403 },
  );
}
