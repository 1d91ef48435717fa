import type { Claim, WaitingEvent } from "../broker/broker.ts";
import type { Clock } from "../environment.ts";
import { pauseFor } from "../timing/sleep.ts";
import { collapseBurst, type Burst } from "./collapse.ts";

/** So long after an album's last part a further one may still come: platforms send each in a message of its own. */
const ALBUM_QUIET_MS = 500;

/**
 * The messages that the turn answers, with all parts of an album. The parts stay in the mailbox while it waits, so a
 * death of the process loses none.
 */
export async function gatherBurst(
  claim: Claim,
  waiting: readonly WaitingEvent[],
  { burstMs, clock }: { readonly burstMs: number; readonly clock: Clock },
): Promise<Burst> {
  let burst = collapseBurst(waiting, burstMs);
  for (;;) {
    const last = burst.covered.at(-1)?.event;
    if (last?.type !== "message" || last.album === undefined) return burst;
    const quietMs = Date.parse(last.receivedAt) + ALBUM_QUIET_MS - clock();
    if (quietMs <= 0) return burst;
    await pauseFor(Math.min(quietMs, ALBUM_QUIET_MS), claim.signal);
    const grown = collapseBurst(await claim.refresh(), burstMs);
    if (grown.through === burst.through || claim.signal.aborted) return grown;
    burst = grown;
  }
}
