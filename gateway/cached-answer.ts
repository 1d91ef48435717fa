import { createHash } from "node:crypto";
import type { CacheRule, HttpRoute } from "../core/http.ts";

/** What an answer says of being kept: its own words where it has some, else its route's rule, else not at all. */
export function cacheControlOf(
  headers: Headers,
  { cache, holdsSecrets }: Pick<HttpRoute, "cache" | "holdsSecrets">,
): string {
  if (holdsSecrets === true) return "no-store";
  return headers.get("cache-control") ?? (cache === undefined ? "no-store" : written(cache));
}

function written({ by, seconds }: CacheRule): string {
  return seconds === 0 ? `${by}, no-cache` : `${by}, max-age=${seconds}`;
}

/** Of the words, not of the bytes on the wire, which compression changes: so it is a weak one. */
export function entityTag(text: string): string {
  return `W/"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`;
}

/** Whether the caller has this very answer already (RFC 9110, 13.1.2: weak comparison). */
export function isKnown(tag: string, ifNoneMatch: string | undefined): boolean {
  if (ifNoneMatch === undefined) return false;
  const strength = /^W\//u;
  const known = ifNoneMatch.split(",").map((one) => one.trim().replace(strength, ""));
  return known.includes("*") || known.includes(tag.replace(strength, ""));
}
