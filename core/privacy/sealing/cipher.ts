/**
 * AES-256-GCM without a nonce that is ever used twice.
 *
 * Each cipher, one for each process and data key, seals under a key of its own: HKDF of the data key over a random salt of
 * 16 bytes. Below it the first six bytes of each nonce count up. So nothing has to be agreed with other processes, or kept
 * over a restart or a restored backup. The other six bytes are random, for a machine that is copied while it runs.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, randomFillSync } from "node:crypto";
import { LRUCache } from "lru-cache";

const ALGORITHM = "aes-256-gcm";
const SALT = 16;
const NONCE = 12;
const COUNTER = 6;
const TAG = 16;
/** So many bytes longer than what was sealed is a payload: salt, nonce, tag. */
export const OVERHEAD = SALT + NONCE + TAG;
export const KEY_BYTES = 32;

/** Far below what six bytes count and what one key may seal. */
const LONGEST_USE = 2 ** 32;
const KEPT_KEYS = 1_000;

export interface Cipher {
  readonly encrypt: (plain: Uint8Array, bound: Uint8Array) => Uint8Array;
  /** Undefined where it is not what this data key sealed with the same `bound`. */
  readonly decrypt: (payload: Uint8Array, bound: Uint8Array) => Uint8Array | undefined;
}

interface CipherOptions {
  /** After how many payloads the key below the data key is made anew. */
  readonly longestUse?: number;
}

/** Seals and opens under a data key of 32 bytes. */
export function createCipher(dataKey: Uint8Array, { longestUse = LONGEST_USE }: CipherOptions = {}): Cipher {
  const keys = new LRUCache<string, Buffer>({ max: KEPT_KEYS });
  const keyUnder = (salt: Buffer): Buffer => {
    const name = salt.toString("latin1");
    const known = keys.get(name);
    if (known !== undefined) return known;
    const derived = Buffer.from(hkdfSync("sha256", dataKey, salt, "parley sealing 1", KEY_BYTES));
    keys.set(name, derived);
    return derived;
  };
  let own: { readonly salt: Buffer; readonly key: Buffer; count: number } | undefined;
  const next = () => {
    if (own === undefined || own.count >= longestUse) {
      const salt = randomBytes(SALT);
      own = { salt, key: keyUnder(salt), count: 0 };
    }
    const nonce = Buffer.alloc(NONCE);
    nonce.writeUIntBE(own.count, 0, COUNTER);
    randomFillSync(nonce, COUNTER);
    own.count += 1;
    return { salt: own.salt, key: own.key, nonce };
  };
  return {
    encrypt: (plain, bound) => {
      const { salt, key, nonce } = next();
      const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG }).setAAD(bound);
      return Buffer.concat([salt, nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    },
    decrypt: (payload, bound) => {
      if (payload.length < OVERHEAD) return undefined;
      const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
      const key = keyUnder(bytes.subarray(0, SALT));
      const nonce = bytes.subarray(SALT, SALT + NONCE);
      const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG });
      decipher.setAAD(bound).setAuthTag(bytes.subarray(-TAG));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(SALT + NONCE, -TAG)), decipher.final()]);
      } catch {
        return undefined;
      }
    },
  };
}

/** The nonce of a payload. */
export function nonceOf(payload: Uint8Array): Uint8Array {
  return payload.subarray(SALT, SALT + NONCE);
}
