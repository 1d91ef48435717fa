/** Work that ignores its signal must not keep a process alive: it is left behind a moment after the abort. */

/** How long a handler may take to notice its abort before it is left behind. */
const ABANDON_AFTER_MS = 500;

export interface Abandonment {
  /** Resolves with true when the work does (or rejects as it does), and with false when it was left behind. */
  readonly ended: (work: Promise<unknown>) => Promise<boolean>;
}

/** One for everything that ends with this signal: listening once costs less than listening for each piece of work. */
export function createAbandonment(signal: AbortSignal): Abandonment {
  const giveUps = new Set<() => void>();
  const startTimers = (): void => {
    for (const giveUp of giveUps) setTimeout(giveUp, ABANDON_AFTER_MS);
  };
  signal.addEventListener("abort", startTimers, { once: true });
  return {
    ended: (work) =>
      new Promise((resolve, reject) => {
        const giveUp = (): void => {
          giveUps.delete(giveUp);
          resolve(false);
        };
        giveUps.add(giveUp);
        const timer = signal.aborted ? setTimeout(giveUp, ABANDON_AFTER_MS) : undefined;
        const leave = (): void => {
          giveUps.delete(giveUp);
          clearTimeout(timer);
        };
        work.then(
          () => {
            leave();
            resolve(true);
          },
          (thrown: unknown) => {
            leave();
            reject(thrown);
          },
        );
      }),
  };
}
