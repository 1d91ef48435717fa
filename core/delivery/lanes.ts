import type { Window } from "./rate-window.ts";

/** Somebody who waits for a call to be allowed. */
export interface Waiter {
  readonly grant: () => void;
}

/** One chat: its rate and who waits. */
export interface Lane {
  readonly chat: string;
  readonly window: Window;
  readonly waiting: Waiter[];
}

export interface Lanes {
  readonly of: (chat: string) => Lane;
  readonly size: () => number;
}

/** Idle chats are looked for when there are this many, and then each time their number has doubled. */
const SWEEP_AT_LEAST = 64;

/** The lanes of the chats in use; idle ones are forgotten. */
export function createLanes(newWindow: () => Window): Lanes {
  const lanes = new Map<string, Lane>();
  let sweepAt = SWEEP_AT_LEAST;

  function sweep(): void {
    for (const lane of lanes.values()) {
      if (lane.waiting.length === 0 && lane.window.idle()) lanes.delete(lane.chat);
    }
    sweepAt = Math.max(SWEEP_AT_LEAST, lanes.size * 2);
  }

  return {
    of: (chat) => {
      const known = lanes.get(chat);
      if (known !== undefined) return known;
      if (lanes.size >= sweepAt) sweep();
      const lane: Lane = { chat, window: newWindow(), waiting: [] };
      lanes.set(chat, lane);
      return lane;
    },
    size: () => lanes.size,
  };
}

/**
 * Grants what may be granted now, one per lane and round. Gives the ms until there may be more, or undefined when
 * nobody waits.
 */
export function grantReady(queue: Set<Lane>, account: Window): number | undefined {
  let soonest: number | undefined;
  for (const lane of queue) {
    const accountWait = account.waitMs();
    if (accountWait > 0) return accountWait;
    const laneWait = lane.window.waitMs();
    if (laneWait > 0) {
      soonest = Math.min(soonest ?? laneWait, laneWait);
      continue;
    }
    queue.delete(lane);
    const waiter = lane.waiting.shift();
    if (waiter === undefined) continue;
    account.take();
    lane.window.take();
    // Behind the others: the loop meets it again only after each of them had its turn.
    if (lane.waiting.length > 0) queue.add(lane);
    waiter.grant();
  }
  return soonest;
}
