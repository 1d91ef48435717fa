/** How a sealed text stands in a column: `$sealed$1$<id of the data key>$<payload in base64url>`. */

const PREFIX = "$sealed$1$";
const SHAPE = /^\$sealed\$1\$([0-9a-f]{16})\$([\w-]{59,})$/u;

export interface Envelope {
  readonly keyId: string;
  readonly payload: Uint8Array;
}

export function printEnvelope({ keyId, payload }: Envelope): string {
  return `${envelopesOf(keyId)}${Buffer.from(payload).toString("base64url")}`;
}

/** Undefined for a text that was never sealed. */
export function parseEnvelope(text: string): Envelope | undefined {
  if (!text.startsWith(PREFIX)) return undefined;
  const [, keyId, payload] = SHAPE.exec(text) ?? [];
  if (keyId === undefined || payload === undefined) return undefined;
  return { keyId, payload: Buffer.from(payload, "base64url") };
}

/** What all texts begin with that were sealed by this data key. */
export function envelopesOf(keyId: string): string {
  return `${PREFIX}${keyId}$`;
}

/**
 * What a payload is bound to, besides its key: it opens nowhere else. JSON of an array, so that no two places are written
 * alike.
 */
export function boundTo(keyId: string, ...place: readonly (string | number)[]): Uint8Array {
  return Buffer.from(JSON.stringify(["parley", 1, keyId, ...place]));
}
