/** Random secrets, and the keyed hashes by which they are found again. */
import { createHmac, randomBytes } from "node:crypto";

/** What is hashed: the same text gives another hash for each. */
export type SecretKind = "api-key" | "attempts" | "one-use" | "place" | "recovery-code" | "refresh-token";

/**
 * A hash that nobody computes without the installation's key. Fast: what it is used for is random and long, or (places, names in
 * counters) no secret at all, only not to be read by whoever steals the tables.
 */
export type Hasher = (kind: SecretKind, text: string) => string;

export function createHasher(key: Uint8Array): Hasher {
  if (key.byteLength < 32) throw new TypeError("The key of hashes has fewer than 32 bytes");
  return (kind, text) => createHmac("sha256", key).update(`${kind}\0${text}`).digest("base64url");
}

/** 256 bits that nobody guesses, for addresses and headers. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}
