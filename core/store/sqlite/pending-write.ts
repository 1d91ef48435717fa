import { performance } from "node:perf_hooks";
import { toError } from "../../errors.ts";
import { sqliteErrorCode } from "./driver.ts";

/** A write that waits for its transaction. */
export interface PendingWrite {
  /** False for what a power loss may undo. */
  readonly durable: boolean;
  /** Monotonic time of the call, in ms. */
  readonly since: number;
  readonly run: () => void;
  /** What the operation threw. */
  readonly thrown: () => { readonly thrown: unknown } | undefined;
  /** After COMMIT. */
  readonly settle: () => void;
  /** Nothing of the transaction stands. A write that failed by a mistake of its own keeps its own reason. */
  readonly fail: (error: Error) => void;
}

type Outcome<T> = { readonly value: T } | { readonly thrown: unknown };

/** Wraps an operation; its promise is settled once the outcome of the transaction is known. */
export function pendingWrite<T>(
  operation: () => T,
  durable: boolean,
  promise: { readonly resolve: (value: T) => void; readonly reject: (error: Error) => void },
): PendingWrite {
  let outcome: Outcome<T> | undefined;
  const thrown = () => (outcome !== undefined && "thrown" in outcome ? outcome : undefined);
  return {
    durable,
    since: performance.now(),
    run: () => {
      try {
        outcome = { value: operation() };
      } catch (caught) {
        outcome = { thrown: caught };
      }
    },
    thrown,
    settle: () => {
      if (outcome === undefined) promise.reject(new Error("The write was committed without having run"));
      else if ("thrown" in outcome) promise.reject(toError(outcome.thrown));
      else promise.resolve(outcome.value);
    },
    fail: (error) => {
      const own = thrown();
      promise.reject(own === undefined || isStorageFailure(own.thrown) ? error : toError(own.thrown));
    },
  };
}

/**
 * Whether SQLite failed rather than the statement: disk full, I/O, memory, locks, a damaged file. A constraint or a
 * wrong value is the statement's own fault.
 */
export function isStorageFailure(thrown: unknown): boolean {
  const code = sqliteErrorCode(thrown);
  return code !== undefined && !/^SQLITE_(?:CONSTRAINT|ERROR|MISMATCH|RANGE|TOOBIG|AUTH)/u.test(code);
}
