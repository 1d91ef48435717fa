/** How parts of the broker hear that the file changed: at once in this process, by polling from others. */
import { performance } from "node:perf_hooks";
import type { Database } from "better-sqlite3";

/** Between polls: while others write, a message must not wait for them; when nothing happens, the process rests. */
const POLL_MS = 5;
const POLL_AT_REST_MS = 25;
/** So long after the last change of another process the file counts as at rest. */
const AT_REST_AFTER_MS = 2_000;

export interface ChangeWatch {
  /** Called after commits of this process (coalesced), and soon after those of others. Gives how to leave. */
  readonly onChange: (listener: () => void) => () => void;
  /** Called soon after commits of other processes only. */
  readonly onForeignChange: (listener: () => void) => () => void;
  /** Called at every poll, for what is due by time. */
  readonly onTick: (listener: () => void) => () => void;
  /** This process committed something. */
  readonly notify: () => void;
  readonly close: () => void;
}

/** Watches the file until closed. `report` is told of polls that failed. */
export function watchChanges(database: Database, report: (thrown: unknown) => void): ChangeWatch {
  const dataVersion = database.prepare("PRAGMA data_version").pluck();
  const changes = new Set<() => void>();
  const foreign = new Set<() => void>();
  const ticks = new Set<() => void>();
  let version = dataVersion.get();
  let changedAt = Number.NEGATIVE_INFINITY;
  let notified = false;
  let closed = false;

  function tell(listeners: ReadonlySet<() => void>): void {
    for (const listener of listeners) {
      try {
        if (!closed) listener();
      } catch (thrown) {
        report(thrown);
      }
    }
  }

  function poll(): void {
    timer = setTimeout(poll, performance.now() - changedAt < AT_REST_AFTER_MS ? POLL_MS : POLL_AT_REST_MS);
    try {
      const current = dataVersion.get();
      const changed = current !== version;
      version = current;
      if (changed) {
        changedAt = performance.now();
        tell(foreign);
        tell(changes);
      }
    } catch (thrown) {
      report(thrown);
    }
    tell(ticks);
  }

  let timer = setTimeout(poll, POLL_MS);
  return {
    onChange: (listener) => register(changes, listener),
    onForeignChange: (listener) => register(foreign, listener),
    onTick: (listener) => register(ticks, listener),
    notify: () => {
      if (notified) return;
      notified = true;
      setImmediate(() => {
        notified = false;
        tell(changes);
      });
    },
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
  };
}

function register(listeners: Set<() => void>, listener: () => void): () => void {
  // A function of its own, so that one listener registered twice is told twice and leaves once.
  const own = (): void => listener();
  listeners.add(own);
  return () => void listeners.delete(own);
}

export interface ChangeWait {
  /** True once something changed since the last call; false when the time is over or the signal aborted. */
  readonly next: () => Promise<boolean>;
  readonly stop: () => void;
}

/** Begins to watch, for `waitMs` at most. */
export function waitForChanges(watch: ChangeWatch, waitMs: number, signal: AbortSignal): ChangeWait {
  let over = waitMs <= 0 || signal.aborted;
  let changed = false;
  let wake: (() => void) | undefined;
  const end = (): void => {
    over = true;
    wake?.();
  };
  const stopWatching = watch.onChange(() => {
    changed = true;
    wake?.();
  });
  const timer = setTimeout(end, waitMs);
  signal.addEventListener("abort", end, { once: true });
  return {
    next: async () => {
      if (!changed && !over) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const more = changed && !over;
      changed = false;
      return more;
    },
    stop: () => {
      stopWatching();
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
    },
  };
}
