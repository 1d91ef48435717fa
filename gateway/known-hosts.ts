/**
 * Only calls that name this server are answered. A page of a foreign name that is made to resolve to this address (DNS
 * rebinding) sends its own name as the host; a foreign page that calls from a browser sends its own origin.
 */
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import type { FastifyInstance } from "fastify";
import { ParleyError } from "../core/errors.ts";

/** Checks `Host` and `Origin` of every call, sockets included; not of webhooks and probes, which no browser sends. */
export function requireKnownHost(
  server: FastifyInstance,
  {
    host,
    hosts = [],
    origins = [],
  }: {
    readonly host: string;
    readonly hosts?: readonly string[];
    /** Origins of foreign pages that may call it. */
    readonly origins?: readonly string[];
  },
): void {
  const names = new Set(hosts.map((name) => name.toLowerCase()));
  const isNamed = ({ name, full }: Host): boolean => names.has(name) || names.has(full);
  server.addHook("onRequest", async ({ headers, raw, routeOptions }) => {
    if (/^\/(?:health|webhooks)\//u.test(routeOptions.url ?? "")) return;
    const called = calledHost(raw);
    if (!isNamed(called) && !isOwn(called.name, host))
      throw new ParleyError(
        "gateway/unknown-host",
        "This server does not answer to the name in the Host header of the call. Call it by its address, or add the name to gateway.hosts; a proxy in front has to hand the Host on as it came.",
        { status: 421 },
      );
    if (headers.origin === undefined || origins.includes(headers.origin)) return;
    const from = originHost(headers.origin);
    if (from === undefined || (from.full !== withoutPort(called.full, headers.origin) && !isNamed(from)))
      throw new ParleyError(
        "gateway/foreign-origin",
        "A page of another origin may not call this server. Serve it from here, or add its origin to gateway.cors.",
        { status: 403 },
      );
  });
}

function calledHost({ headers, headersDistinct }: IncomingMessage): Host {
  const called = readHost(headers.host ?? "");
  // Of two, a proxy in front may have believed the other one.
  if (called === undefined || (headersDistinct["host"]?.length ?? 0) > 1) {
    throw new ParleyError("gateway/host-header", "The Host header is no host name or address with an optional port.", {
      status: 400,
    });
  }
  return called;
}

interface Host {
  readonly name: string;
  /** With its port, where one is written. */
  readonly full: string;
}

function readHost(header: string): Host | undefined {
  if (!/^(?:\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/iu.test(header)) return undefined;
  const full = header.toLowerCase();
  return { name: full.replace(/:\d+$/u, "").replaceAll(/^\[|\]$/gu, ""), full };
}

/** An origin leaves out the port of its scheme; a host may have it. */
function withoutPort(host: string, origin: string): string {
  return host.replace(origin.startsWith("https:") ? /:443$/u : /:80$/u, "");
}

function originHost(origin: string): Host | undefined {
  return URL.canParse(origin) ? readHost(new URL(origin).host) : undefined;
}

/** The bound address; where all are bound, any address of a machine: a name would have to be looked up, an address not. */
function isOwn(name: string, bound: string): boolean {
  if (name === bound.toLowerCase()) return true;
  if (bound === "0.0.0.0" || bound === "::") return name === "localhost" || isIP(name) !== 0;
  return isLoopback(bound) && isLoopback(name);
}

/** Whether a name or an address is this machine's own. */
export function isLoopback(name: string): boolean {
  return name === "localhost" || name === "::1" || (isIP(name) === 4 && name.startsWith("127."));
}
