/**
 * Circuit breaker: after `failures` failures in a row the service is left alone for `openMs`; then one probe decides.
 * Model: M. Nygard, Release It!, "Circuit Breaker".
 */
import type { Clock } from "../environment.ts";
import { ParleyError } from "../errors.ts";

export type BreakerState = "closed" | "open" | "half-open";

export interface BreakerOptions {
  readonly service: string;
  readonly clock: Clock;
  /** Failures in a row that open it. @default 5 */
  readonly failures?: number;
  /** How long it stays open, in ms. @default 60_000 */
  readonly openMs?: number;
  /** Which failures speak against the service (a caller's mistake does not). @default all */
  readonly counts?: (thrown: unknown) => boolean;
  readonly onState?: (state: BreakerState) => void;
}

/** The service is being left alone; `retryAfterMs` says how long. */
export class BreakerOpenError extends ParleyError {
  override readonly name = "BreakerOpenError";

  constructor(service: string, retryAfterMs: number) {
    super("breaker/open", `${service} failed repeatedly and is left alone for another ${retryAfterMs} ms.`, {
      retryable: true,
      retryAfterMs,
      status: 503,
    });
  }
}

export interface Breaker {
  readonly state: () => BreakerState;
  /** Runs the call, or throws `BreakerOpenError` without running it. */
  readonly run: <Result>(call: () => Promise<Result>) => Promise<Result>;
}

/** Makes a closed breaker. */
export function createBreaker(options: BreakerOptions): Breaker {
  const { service, clock, failures: limit = 5, openMs = 60_000, counts = () => true, onState } = options;
  let failures = 0;
  let openedAt: number | undefined;
  let probing = false;

  const state = (): BreakerState => {
    if (openedAt === undefined) return "closed";
    // A clock that was set back does not keep it open for longer.
    openedAt = Math.min(openedAt, clock());
    return clock() - openedAt >= openMs ? "half-open" : "open";
  };

  const fail = (thrown: unknown): void => {
    if (!counts(thrown)) return;
    failures += 1;
    if (failures < limit && openedAt === undefined) return;
    openedAt = clock();
    onState?.("open");
  };

  /** Lets one call through to try an open breaker, and no other. */
  const probe = (): void => {
    const current = state();
    const wait = Math.max(0, openMs - (clock() - (openedAt ?? 0)));
    if (current === "open" || probing) throw new BreakerOpenError(service, wait);
    probing = true;
    onState?.("half-open");
  };

  return {
    state,
    run: async (call) => {
      const isProbe = openedAt !== undefined;
      if (isProbe) probe();
      try {
        const result = await call();
        const wasOpen = openedAt !== undefined;
        failures = 0;
        openedAt = undefined;
        if (wasOpen) onState?.("closed");
        return result;
      } catch (thrown) {
        fail(thrown);
        throw thrown;
      } finally {
        if (isProbe) probing = false;
      }
    },
  };
}
