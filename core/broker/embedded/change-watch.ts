/**
 * How parts of the broker hear that the file changed: at once in this process, from others by looking while somebody is at
 * work, by a bell while nobody is, and at the latest with the next beat.
 */
import type { Database } from "better-sqlite3";
import type { Clock } from "../../environment.ts";
import { repeat } from "../../timing/beat.ts";
import { createPace } from "./pace.ts";

export interface ChangeWatch {
  /** Called after commits of this process (coalesced), and soon after those of others. Gives how to leave. */
  readonly onChange: (listener: () => void) => () => void;
  /** Called soon after commits of other processes only. */
  readonly onForeignChange: (listener: () => void) => () => void;
  /** Called soon after the time, in ms since the epoch, that `dueAt` gave after the last change; again until it gives a later one. */
  readonly onDue: (dueAt: () => number, listener: () => void) => () => void;
  /** This process committed something. */
  readonly notify: () => void;
  readonly close: () => void;
}

export interface ChangeWatchParts {
  readonly clock: Clock;
  /** Told of looks that failed. */
  readonly report: (thrown: unknown) => void;
}

/** Watches the file until closed. */
export function watchChanges(database: Database, { clock, report }: ChangeWatchParts): ChangeWatch {
  const othersChanged = createVersion(database);
  const changes = new Set<() => void>();
  const foreign = new Set<() => void>();
  const dues = createDues(clock);
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  function tell(listeners: Iterable<() => void>): void {
    for (const listener of listeners) if (!closed) safely(listener, report);
  }

  function look(): void {
    if (closed) return;
    safely(() => {
      if (!othersChanged()) return;
      pace.theirs();
      tell(foreign);
      tell(changes);
    }, report);
    tell(dues.reached());
    lookLater();
  }

  function lookLater(): void {
    if (closed) return;
    clearTimeout(timer);
    const nextMs = pace.nextMs(dues.leftMs());
    timer = nextMs === undefined ? undefined : setTimeout(look, nextMs);
  }

  function afterCommit(): void {
    if (closed) return;
    const wasAtRest = pace.ours();
    tell(changes);
    if (wasAtRest) lookLater();
  }

  const pace = createPace(database.name, look);
  const stopBeat = repeat(() => {
    pace.beat();
    look();
  });
  lookLater();
  return {
    onChange: (listener) => register(changes, listener),
    onForeignChange: (listener) => register(foreign, listener),
    onDue: (dueAt, listener) => {
      const leave = dues.add(dueAt, listener);
      lookLater();
      return leave;
    },
    notify: oncePerTick(afterCommit),
    close: () => {
      closed = true;
      stopBeat();
      clearTimeout(timer);
      pace.close();
    },
  };
}

function safely(call: () => void, report: (thrown: unknown) => void): void {
  try {
    call();
  } catch (thrown) {
    report(thrown);
  }
}

function oncePerTick(call: () => void): () => void {
  let isComing = false;
  return () => {
    if (isComing) return;
    isComing = true;
    setImmediate(() => {
      isComing = false;
      call();
    });
  };
}

/** Whether another connection changed the file since the last call. */
function createVersion(database: Database): () => boolean {
  const statement = database.prepare("PRAGMA data_version").pluck();
  let version = statement.get();
  return () => {
    const before = version;
    version = statement.get();
    return version !== before;
  };
}

/** What is to be done at a time. */
function createDues(clock: Clock) {
  const dues = new Set<{ readonly at: () => number; readonly listener: () => void }>();
  return {
    add: (at: () => number, listener: () => void): (() => void) => {
      const due = { at, listener };
      dues.add(due);
      return () => void dues.delete(due);
    },
    reached: (): readonly (() => void)[] => {
      const now = clock();
      return [...dues].filter(({ at }) => at() <= now).map(({ listener }) => listener);
    },
    leftMs: (): number => Math.min(...[...dues].map(({ at }) => at())) - clock(),
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
