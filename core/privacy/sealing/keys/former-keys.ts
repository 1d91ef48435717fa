import { ParleyError } from "../../../errors.ts";
import type { KeyPort } from "./key-port.ts";

/** Wraps with one key, and unwraps what former ones wrapped as well, of whichever kind they are. */
export function withFormerKeys(key: KeyPort, former: readonly KeyPort[]): KeyPort {
  return {
    ...key,
    unwrap: async (wrapped, dataKeyId) => {
      let missing: unknown;
      for (const port of [key, ...former]) {
        try {
          return await port.unwrap(wrapped, dataKeyId);
        } catch (thrown) {
          if (!(thrown instanceof ParleyError) || thrown.code !== "sealing/key-missing") throw thrown;
          missing ??= thrown;
        }
      }
      throw missing;
    },
    check: async () => [
      ...(await key.check()),
      ...(await Promise.all(former.map(async (one) => await one.check()))).flat(),
    ],
  };
}
