/** How long a handler may take to notice its abort before it is left behind. */
const ABANDON_AFTER_MS = 500;

/** Work that ignores its signal must not keep a process alive: `elapsed` resolves a moment after the abort. */
export function abandonAfterAbort(signal: AbortSignal): {
  readonly elapsed: Promise<void>;
  readonly dispose: () => void;
} {
  let timer: NodeJS.Timeout | undefined;
  const { promise: elapsed, resolve: giveUp } = deferred();
  const startTimer = (): void => {
    timer = setTimeout(giveUp, ABANDON_AFTER_MS);
  };
  if (signal.aborted) startTimer();
  else signal.addEventListener("abort", startTimer, { once: true });
  return {
    elapsed,
    dispose: () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", startTimer);
    },
  };
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  const resolvers: (() => void)[] = [];
  const promise = new Promise<void>((resolve) => void resolvers.push(resolve));
  return { promise, resolve: () => resolvers.forEach((resolve) => resolve()) };
}
