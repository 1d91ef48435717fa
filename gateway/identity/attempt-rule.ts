/** How often a secret may be guessed at: a few times, then after ever longer pauses. */

export interface AttemptRule {
  /** So many within the window, the last of which locks. */
  readonly limit: number;
  readonly windowMs: number;
  /** The first lock; each further one is twice as long, up to `longestLockMs`. */
  readonly lockMs: number;
  readonly longestLockMs: number;
}

export interface AttemptState {
  readonly failures: number;
  /** When the window began, in milliseconds since 1970, like `lockedUntil`. */
  readonly since: number;
  /** How many locks there were in a row. */
  readonly locks: number;
  readonly lockedUntil: number;
}

const NONE: AttemptState = { failures: 0, since: 0, locks: 0, lockedUntil: 0 };
/** 2 to this power is far above every `longestLockMs`. */
const MOST_DOUBLINGS = 30;

/** Counts an attempt that is about to be checked. With `retryAt` it is refused, and nothing changes. */
export function countAttempt(
  counted: AttemptState | undefined,
  now: number,
  { limit, windowMs, lockMs, longestLockMs }: AttemptRule,
): { readonly state: AttemptState; readonly isLocking: boolean; readonly retryAt?: number } {
  const state = counted ?? NONE;
  if (state.lockedUntil > now) return { state, isLocking: false, retryAt: state.lockedUntil };
  const isOver = now - state.since >= windowMs;
  // Whoever kept away for the longest lock and the window begins anew.
  const locks = isOver && now - state.lockedUntil >= longestLockMs ? 0 : state.locks;
  const failures = (isOver ? 0 : state.failures) + 1;
  const since = isOver ? now : state.since;
  if (failures < limit) return { state: { failures, since, locks, lockedUntil: state.lockedUntil }, isLocking: false };
  const pause = Math.min(lockMs * 2 ** Math.min(locks, MOST_DOUBLINGS), longestLockMs);
  return { state: { failures: 0, since: now, locks: locks + 1, lockedUntil: now + pause }, isLocking: true };
}

/** An attempt that proved to be rightful counts no more. */
export function refundAttempt(state: AttemptState, { limit }: AttemptRule, isLocking: boolean): AttemptState {
  if (isLocking && state.lockedUntil > 0)
    return { ...state, failures: limit - 1, locks: Math.max(0, state.locks - 1), lockedUntil: 0 };
  return { ...state, failures: Math.max(0, state.failures - 1) };
}
