/** Keeps a lease alive while work goes on, and tells once when it is lost. Shared by claims and account ownership. */
import { performance } from "node:perf_hooks";
import type { Clock } from "../environment.ts";

/** Local time that only moves forward, in ms. A wall clock that jumps must not end a lease. */
export const monotonicClock: Clock = () => performance.now();

/**
 * Default lease of claims and ownerships. A dead worker's conversations wait for its end, so with the time until it is
 * noticed it has to stay well under 10 s.
 */
export const DEFAULT_LEASE_MS = 6_000;

export interface LeaseOptions {
  readonly leaseMs: number;
  /** Asks the storage for more time; false when somebody else holds the lease now. A throw means "not known". */
  readonly renew: () => Promise<boolean>;
  /**
   * Called at most once. `taken`: another holder has it. `expired`: the storage did not answer for a whole lease, so
   * another holder may have it.
   */
  readonly onLost: (how: "taken" | "expired") => void;
  /** A renewal threw; the lease may still hold. */
  readonly onTrouble: (thrown: unknown) => void;
  readonly monotonic: Clock;
}

/** Renews every third of the lease until `stop` is called or the lease is lost. Begins with a fresh lease. */
export function keepLease(options: LeaseOptions): { readonly stop: () => void } {
  const { leaseMs, monotonic } = options;
  let until = monotonic() + leaseMs;
  let renewing = false;
  let stopped = false;
  const timer = setInterval(() => void tick(), Math.max(1, leaseMs / 3));

  function stop(): void {
    stopped = true;
    clearInterval(timer);
  }

  function lose(how: "taken" | "expired"): void {
    if (stopped) return;
    stop();
    options.onLost(how);
  }

  async function tick(): Promise<void> {
    if (renewing) {
      if (monotonic() >= until) lose("expired");
      return;
    }
    renewing = true;
    // The new lease counts from before the question, never from the answer, which may be late.
    const asked = monotonic();
    try {
      if (await options.renew()) until = asked + leaseMs;
      else lose("taken");
    } catch (thrown) {
      if (stopped) return;
      options.onTrouble(thrown);
      if (monotonic() >= until) lose("expired");
    } finally {
      renewing = false;
    }
  }

  return { stop };
}
