import { ParleyError } from "../../../core/errors.ts";
import type { HttpRequest } from "../../../core/http.ts";
import { isLoopback } from "../../known-hosts.ts";

/** A proxy that is not in `gateway.trustedProxies` stands before this server: who calls is not on this machine. */
const FORWARDED = ["forwarded", "x-forwarded-for", "x-forwarded-proto"];

/** Throws `identity/plain-http` where others on the way could read a password or a token. */
export function requireSafeTransport({ raw, caller }: Pick<HttpRequest, "raw" | "caller">): void {
  const { protocol, hostname } = new URL(raw.url);
  if (protocol === "https:") return;
  const isHere = isLoopback(caller.address.replace(/^::ffff:/iu, "")) && isLoopback(hostname.replaceAll(/[[\]]/gu, ""));
  if (isHere && !FORWARDED.some((name) => raw.headers.has(name))) return;
  throw new ParleyError(
    "identity/plain-http",
    `Logging in over plain HTTP is refused: everybody on the way could read it. ${remedyFor(raw.headers)}`,
    { status: 403 },
  );
}

/** By what a proxy in front left behind. */
function remedyFor(headers: Headers): string {
  if (headers.get("x-forwarded-proto") === "https")
    return "A proxy says X-Forwarded-Proto: https, and is not believed: name it in gateway.trustedProxies.";
  if (headers.get("x-forwarded-proto") === "http")
    return "The proxy in front was called by plain HTTP: call it by https, and let it redirect there.";
  if (headers.has("x-forwarded-for") || headers.has("forwarded"))
    return "The proxy in front does not say that it was called by https: let it send X-Forwarded-Proto, and name it in gateway.trustedProxies.";
  return "Call by https: set gateway.tls, or let a proxy end TLS that sends X-Forwarded-Proto and stands in gateway.trustedProxies.";
}
