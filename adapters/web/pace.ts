/** How fast one socket may send: more than any person types, less than what would keep the others waiting. */
export interface Pace {
  readonly allows: () => boolean;
  /** True when the sender goes on and on although it is told. */
  readonly isHopeless: () => boolean;
}

const BURST = 100;
const PER_SECOND = 20;
const MAX_REFUSED = 500;

/** A bucket of tokens that refills with time. */
export function createPace(clock: () => number): Pace {
  let tokens = BURST;
  let refused = 0;
  let at = clock();
  return {
    allows: () => {
      const now = clock();
      tokens = Math.min(BURST, tokens + ((now - at) / 1_000) * PER_SECOND);
      at = now;
      if (tokens < 1) {
        refused += 1;
        return false;
      }
      tokens -= 1;
      return true;
    },
    isHopeless: () => refused > MAX_REFUSED,
  };
}
