import { randomFillSync } from "node:crypto";
import { monotonicFactory } from "ulid";
import type { Environment } from "../../core/environment.ts";

/** The real clock, randomness and ids of this process. */
export function systemEnvironment(): Environment {
  const newId = monotonicFactory(pooledRandom());
  return { clock: () => Date.now(), newId: () => newId(), random: Math.random };
}

const POOL_BYTES = 4_096;

/** Cryptographic randomness from 0 to 1, drawn from the system in bulk: an id takes sixteen of them. */
function pooledRandom(): () => number {
  const pool = new Uint8Array(POOL_BYTES);
  let used = POOL_BYTES;
  return () => {
    if (used === POOL_BYTES) {
      randomFillSync(pool);
      used = 0;
    }
    const value = pool[used] ?? 0;
    used += 1;
    return value / 256;
  };
}
