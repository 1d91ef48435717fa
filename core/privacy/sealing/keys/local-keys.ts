/** Keys of 32 bytes that this process reads: from a file, or from its environment. */
import { createHash } from "node:crypto";
import { describeError, ParleyError } from "../../../errors.ts";
import { createCipher, KEY_BYTES } from "../cipher.ts";
import { boundTo } from "../envelope.ts";
import type { KeyPort } from "./key-port.ts";

interface LocalKeys extends Pick<KeyPort, "place" | "prepare" | "renew"> {
  /** The key that wraps now, then former ones. Throws where there is none. */
  readonly read: () => Promise<readonly Uint8Array[]>;
}

/** Wraps with the first key, unwraps with any. */
export function localKeyPort({ read, place, prepare, ...rest }: LocalKeys): KeyPort {
  const current = async (): Promise<Uint8Array> => {
    const [key] = await read();
    if (key === undefined) throw missing(place);
    return key;
  };
  return {
    ...rest,
    place,
    prepare,
    current: async () => idOf(await current()),
    wrap: async (dataKey, dataKeyId) => {
      const key = await current();
      const by = idOf(key);
      return { by, bytes: createCipher(key).encrypt(dataKey, boundTo(by, "data key", dataKeyId)) };
    },
    unwrap: async ({ by, bytes }, dataKeyId) => {
      const key = (await read()).find((one) => idOf(one) === by);
      const opened = key && createCipher(key).decrypt(bytes, boundTo(by, "data key", dataKeyId));
      if (opened === undefined) throw missing(place, by);
      return opened;
    },
    check: async () => {
      try {
        const keys = await read();
        const former = keys.length > 1 ? `, and ${keys.length - 1} former` : "";
        return [{ name: "sealing key", status: "ok", detail: `${place}${former}` }];
      } catch (thrown) {
        return [{ name: "sealing key", status: "error", detail: describeError(thrown) }];
      }
    },
  };
}

/** Whether a text is a key. */
export function isKeyText(text: string): boolean {
  return keyIn(text) !== undefined;
}

function keyIn(text: string): Uint8Array | undefined {
  const trimmed = text.trim();
  const key = /^[0-9a-f]{64}$/iu.test(trimmed) ? Buffer.from(trimmed, "hex") : Buffer.from(trimmed, "base64");
  return key.length === KEY_BYTES && /^[\w+/=-]+$/u.test(trimmed) ? key : undefined;
}

/** Reads a key from text: base64, base64url or hexadecimal. Throws `sealing/key-invalid`. */
export function parseKey(text: string, place: string): Uint8Array {
  const key = keyIn(text);
  if (key !== undefined) return key;
  throw new ParleyError(
    "sealing/key-invalid",
    `${place} does not hold a key of 32 bytes in base64 or hexadecimal. Make one: openssl rand -base64 32`,
  );
}

/** What a key is called where it must not be named: no key can be found from it. */
export function idOf(key: Uint8Array): string {
  return createHash("sha256").update("parley key id").update(key).digest("hex").slice(0, 16);
}

function missing(place: string, id?: string): ParleyError {
  return new ParleyError(
    "sealing/key-missing",
    `${place} does not hold the key${id === undefined ? "" : ` ${id}`} that this installation's values are sealed with. ` +
      "Restore it, or name the former key as well: without it nothing that is sealed can be read.",
  );
}
