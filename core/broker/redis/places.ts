/** The places of one worker: as many conversations as it works on at once. */

/** Counts them; nobody takes one while they are paused. */
export function createPlaces(count: number) {
  let used = 0;
  let opened = false;
  let paused = false;
  let waiting: (() => void)[] = [];
  const release = (): void => {
    const all = waiting;
    waiting = [];
    for (const resolve of all) resolve();
  };
  const mustWait = (): boolean => !opened && (paused || used >= count);
  return {
    take: (): boolean => {
      if (paused || used >= count) return false;
      used += 1;
      return true;
    },
    areMany: (): boolean => used < count / 2,
    free: (): void => {
      used -= 1;
      release();
    },
    pause: (wanted: boolean): void => {
      paused = wanted;
      if (!paused) release();
    },
    untilFree: async (): Promise<void> => {
      while (mustWait()) {
        await new Promise<void>((resolve) => void waiting.push(resolve));
      }
    },
    open: (): void => {
      opened = true;
      release();
    },
  };
}
