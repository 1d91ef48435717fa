import { SilentConnectionError } from "./connection-errors.ts";
import type { Timing } from "./timing.ts";

/** Guards one connection: each wait for bytes may last so long and no longer. */
interface IdleWatchdog {
  /** Aborts when a guarded wait lasted too long; its reason is a {@link SilentConnectionError}. */
  readonly signal: AbortSignal;
  /** Watches one wait; time between two waits does not count, so a slow reader is never taken for a silent sender. */
  readonly guard: <Value>(wait: Promise<Value>) => Promise<Value>;
}

/** Closing a silent connection is the caller's business: it hands `signal` to whatever holds the socket. */
export function idleWatchdog(idleMs: number, timing: Timing): IdleWatchdog {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    guard: async (wait) => {
      const cancel = timing.after(idleMs, () => {
        controller.abort(new SilentConnectionError(`The model sent nothing for ${idleMs} ms.`));
      });
      try {
        return await wait;
      } catch (thrown) {
        controller.signal.throwIfAborted();
        throw thrown;
      } finally {
        cancel();
      }
    },
  };
}

/** The same bytes, with each wait for the next piece guarded. Cancelling the result cancels `body`. */
export function watchBody(body: ReadableStream<Uint8Array>, watchdog: IdleWatchdog): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const next = await watchdog.guard(reader.read());
      if (next.done) controller.close();
      else controller.enqueue(next.value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
