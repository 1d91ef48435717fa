import { monotonicFactory } from "ulid";
import type { Environment } from "../../core/environment.ts";

/** The real clock, randomness and ids of this process. */
export function systemEnvironment(): Environment {
  const newId = monotonicFactory();
  return { clock: () => Date.now(), newId: () => newId(), random: Math.random };
}
