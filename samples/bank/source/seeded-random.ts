/** Random numbers that are the same in each run with the same seed. */
export interface SeededRandom {
  /** From 0 up to, but not including, 1. */
  readonly next: () => number;
  /** A whole number from `low` to `high`, both included. */
  readonly integer: (low: number, high: number) => number;
  readonly chance: (probability: number) => boolean;
  /** One of `choices`, each as likely as its weight. Throws when there is nothing to choose from. */
  readonly pick: <T>(choices: readonly T[], weightOf?: (choice: T) => number) => T;
}

/** Mulberry32 (Tommy Ettinger, public domain): small and even enough for sample content. */
export function createSeededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    integer: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (probability) => next() < probability,
    pick: (choices, weightOf = () => 1) => {
      let left = next() * choices.reduce((sum, choice) => sum + weightOf(choice), 0);
      for (const choice of choices) {
        left -= weightOf(choice);
        if (left < 0) return choice;
      }
      const last = choices.at(-1);
      if (last === undefined) throw new RangeError("pick: the list of choices is empty");
      return last;
    },
  };
}
