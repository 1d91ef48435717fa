/** Seals as the real one does, with one key that each call makes anew. */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { Sealer } from "../../gateway/identity/index.ts";

export function testSealer(): Sealer {
  const key = randomBytes(32);
  return {
    seal: async (context, bytes) => {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(JSON.stringify(context)));
      return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
    },
    open: async (context, sealed) => {
      const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, 12))
        .setAAD(Buffer.from(JSON.stringify(context)))
        .setAuthTag(sealed.subarray(-16));
      return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
    },
  };
}
