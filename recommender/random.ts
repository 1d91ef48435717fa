import { refuse, shown } from "./checks.ts";

/**
 * Seeded pseudo-random numbers: xorshift32 (Marsaglia 2003). The kernels draw the same sequence bit by bit, so that a
 * seed says which model comes out.
 */
export interface Random {
  /** A whole number from 0 to 2³² − 1, never 0. */
  readonly next: () => number;
  /** A whole number from 0 to `bound` − 1. */
  readonly below: (bound: number) => number;
  /** From 0 to 1, without 1; 24 bits, so that it is exact in single precision. */
  readonly uniform: () => number;
  /** Standard normal (Box and Muller). */
  readonly normal: () => number;
  /** Where the sequence stands; `createRandom` does not take it, a kernel does. */
  readonly state: () => number;
}

const TWO_TO_MINUS_32 = 2 ** -32;

/** Spreads a seed over all bits (the finalizer of MurmurHash3), so that seeds 1 and 2 start far apart. */
export function scrambleSeed(seed: number): number {
  let bits = (seed + 0x9e3779b9) | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  bits = (bits ^ (bits >>> 16)) >>> 0;
  return bits === 0 ? 0x9e3779b9 : bits;
}

/** A sequence that depends on `seed` (a whole number) alone. */
export function createRandom(seed: number): Random {
  if (!Number.isInteger(seed)) refuse(`A seed is a whole number; ${shown(seed)} was given.`);
  let state = scrambleSeed(seed) | 0;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  const uniform = (): number => (next() >>> 8) * 2 ** -24;
  return {
    next,
    below: (bound) => {
      if (!(bound > 0)) refuse(`A random number below ${shown(bound)} was asked for; there is none.`);
      return Math.floor(next() * (bound * TWO_TO_MINUS_32));
    },
    uniform,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    state: () => state >>> 0,
  };
}
