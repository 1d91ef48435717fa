import { ParleyError } from "../errors.ts";
import type { DeliveryPlatform } from "./platform.ts";

const POLL_MS = 500;
/** A connection that says it is down may still send: after this long it is tried. */
const MAX_DOWN_MS = 5 * 60_000;

/**
 * Waits until the connection is up. A platform that is not there yet says nothing about a message, so waiting counts
 * as no failure of it: a reply survives a restart, a login and an outage. Throws when the session is closed.
 */
export async function untilReady(platform: DeliveryPlatform, signal: AbortSignal): Promise<void> {
  const { session, sleep, log, adapter } = platform;
  for (let waitedMs = 0; ; waitedMs += POLL_MS) {
    const { state } = session.health();
    if (state === "live" || state === "degraded") return;
    if (state === "down" && waitedMs >= MAX_DOWN_MS) return;
    if (state === "closed") {
      throw new ParleyError("delivery/session-closed", `The ${adapter.manifest.platform} connection is closed.`, {
        retryable: true,
      });
    }
    if (waitedMs === 0) log.warn({ state, platform: adapter.manifest.platform }, "Replies wait for the connection");
    await sleep(POLL_MS, signal);
  }
}
