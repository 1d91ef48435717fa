import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyRequest } from "fastify";
import type { Credentials } from "./principal.ts";

/** What a request brings to prove who sends it. Nothing is taken from its address: addresses end up in logs. */
export function credentialsOf(request: FastifyRequest): Credentials {
  const { headers, ip: address, method } = request;
  const bearer = /^Bearer +(.+)$/iu.exec(headers.authorization ?? "")?.[1];
  return { bearer, cookies: cookiesOf(headers.cookie), address, method };
}

/** The cookies of a header, by name. */
export function cookiesOf(header = ""): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const part of header.split(";")) {
    const at = part.indexOf("=");
    const name = part.slice(0, at).trim();
    // The first of a name is that of the most specific path; a later one may be another's.
    if (at > 0 && !cookies.has(name)) cookies.set(name, decoded(part.slice(at + 1).trim()));
  }
  return cookies;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** Compares without telling by its time how much fits. */
export function isSameSecret(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
