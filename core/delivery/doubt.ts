/** What to do about a part that may or may not have arrived. */
import type { Outgoing } from "../adapter.ts";
import type { SealedPayload } from "../adapter-binding.ts";
import { backOffMs } from "../timing/back-off.ts";
import { within } from "../timing/deadline.ts";
import { briefError } from "./brief-error.ts";
import type { DeliveryRun } from "./delivery-run.ts";
import { readSendFailure } from "./send-failure.ts";

export type Verdict =
  | { readonly kind: "sent"; readonly messageId: string }
  | { readonly kind: "send-again" }
  | { readonly kind: "unknown"; readonly detail: string };

const RECONCILE_TRIES = 3;

/**
 * Asks the platform where it can tell; sends again where it drops the second copy by itself; otherwise the reply's
 * own policy decides: money is never repeated, anything else once, and that is noted before it happens.
 */
export async function resolveDoubt(run: DeliveryRun, outgoing: Outgoing<SealedPayload>): Promise<Verdict> {
  const { progress, attempt } = run;
  const { capabilities } = run.platform.adapter.manifest;
  const found = capabilities.reconcile ? await reconcile(run, outgoing) : "unknown";
  if (typeof found === "object") return { kind: "sent", messageId: found.sent };
  if (found === "not-sent") {
    await progress.notSent(false);
    return { kind: "send-again" };
  }
  const repeatedBefore = progress.state.repeated.includes(outgoing.part);
  if (capabilities.idempotentSend || (attempt.entry.repeat === "once" && !repeatedBefore)) {
    await progress.repeating();
    return { kind: "send-again" };
  }
  const place = `part ${outgoing.part + 1} of ${outgoing.partCount}`;
  return {
    kind: "unknown",
    detail: repeatedBefore
      ? `${place} was sent twice without a receipt`
      : `${place} was sent without a receipt and must not be repeated`,
  };
}

async function reconcile(
  run: DeliveryRun,
  outgoing: Outgoing<SealedPayload>,
): Promise<{ readonly sent: string } | "not-sent" | "unknown"> {
  const { session, log, sleep, environment } = run.platform;
  const { signal } = run.attempt;
  for (let tries = 1; tries <= RECONCILE_TRIES; tries++) {
    try {
      const answer = await within(async () => (await session.reconcile?.(outgoing)) ?? "unknown", {
        ms: run.policy.sendTimeoutMs,
        sleep,
      });
      return answer?.value ?? "unknown";
    } catch (thrown) {
      signal.throwIfAborted();
      log.warn({ error: briefError(thrown), tries }, "The platform could not say whether a message arrived");
      const failure = readSendFailure(thrown);
      const waitMs =
        failure.kind === "rate-limited" ? failure.retryAfterMs : backOffMs(tries, run.policy, environment.random());
      if (failure.kind !== "rate-limited" && failure.kind !== "transient") return "unknown";
      await sleep(waitMs, signal);
    }
  }
  return "unknown";
}
