/** How webhooks are signed: Standard Webhooks 1.0, HMAC-SHA256 over id, timestamp and body. */
import { createHmac, randomBytes } from "node:crypto";

const PREFIX = "whsec_";
const KEY_BYTES = 32;
/** The specification's own bounds. */
const [LEAST_BYTES, MOST_BYTES] = [24, 64];

/** What is signed, and sent in the headers. */
export interface Signed {
  readonly id: string;
  /** Seconds since the epoch: of the attempt, not of the event. */
  readonly timestamp: number;
  readonly body: string | Uint8Array;
}

/** A new secret, as it is shown to the receiver's people. */
export function newSecret(): string {
  return `${PREFIX}${randomBytes(KEY_BYTES).toString("base64")}`;
}

/** The key behind a secret; undefined where it is none. */
export function keyOf(secret: string): Buffer | undefined {
  const text = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret;
  if (!/^[A-Za-z0-9+/]+={0,2}$/u.test(text)) return undefined;
  const key = Buffer.from(text, "base64");
  return key.length < LEAST_BYTES || key.length > MOST_BYTES ? undefined : key;
}

/** The signature of one key. */
export function signatureOf(key: Uint8Array, { id, timestamp, body }: Signed): Buffer {
  return createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest();
}

/** The headers of one attempt, signed with each secret that is valid now. */
export function signedHeaders(signed: Signed, secrets: readonly string[]): Readonly<Record<string, string>> {
  const signatures = secrets.flatMap((secret) => {
    const key = keyOf(secret);
    return key === undefined ? [] : [`v1,${signatureOf(key, signed).toString("base64")}`];
  });
  return {
    "webhook-id": signed.id,
    "webhook-timestamp": String(signed.timestamp),
    "webhook-signature": signatures.join(" "),
  };
}
