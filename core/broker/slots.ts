/** A fixed number of places, given out first come, first served. */
export interface Slots {
  /** Waits for a place, runs the work in it and frees it. */
  readonly run: <Result>(work: () => Promise<Result>) => Promise<Result>;
}

/** Makes `count` places. */
export function createSlots(count: number): Slots {
  let free = count;
  const queue: (() => void)[] = [];
  const release = (): void => {
    const next = queue.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return {
    run: async (work) => {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => void queue.push(resolve));
      try {
        return await work();
      } finally {
        release();
      }
    },
  };
}
