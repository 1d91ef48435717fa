import { backOffMs } from "../timing/back-off.ts";
import { briefError } from "./brief-error.ts";
import type { DeliveryRun, Ending } from "./delivery-run.ts";
import { shownBy } from "./live-target.ts";
import { readSendFailure } from "./send-failure.ts";

const MAX_TRIES = 3;
const MAX_PAUSE_MS = 10_000;

/**
 * Removes the streamed messages that the final text does not use. Where it was not delivered in full, only those go
 * whose words stand in newer messages: a partial answer is better than none. One that cannot be removed is logged.
 */
export async function removeLeftovers(run: DeliveryRun, ending: Ending): Promise<void> {
  const { liveTarget, progress } = run;
  const used = progress.state.sent.map((receipt) => receipt.messageId);
  const shown = shownBy(liveTarget.messages);
  if (used.length === 0 || shown.length === 0) return;
  const candidates = ending.outcome === "delivered" ? shown : liveTarget.messages.abandoned;
  for (const messageId of candidates) {
    if (!used.includes(messageId)) await removeOne(run, messageId);
  }
  await liveTarget.done();
}

async function removeOne(run: DeliveryRun, messageId: string): Promise<void> {
  const { session, log, sleep, environment, limiter } = run.platform;
  const { entry, signal } = run.attempt;
  for (let tries = 1; ; tries++) {
    try {
      await limiter.acquire(entry.target.chat, signal);
      await session.remove?.(entry.target, messageId);
      return;
    } catch (thrown) {
      signal.throwIfAborted();
      const failure = readSendFailure(thrown);
      const waitMs =
        failure.kind === "rate-limited" ? failure.retryAfterMs : backOffMs(tries, run.policy, environment.random());
      if (tries >= MAX_TRIES || failure.kind === "permanent" || waitMs > MAX_PAUSE_MS) {
        log.warn({ error: briefError(thrown), reply: entry.id }, "A streamed message could not be removed");
        return;
      }
      await sleep(waitMs, signal);
    }
  }
}
