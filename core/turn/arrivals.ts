import type { BotPolicies } from "../bot.ts";
import type { Claim, WaitingEvent } from "../broker/broker.ts";
import type { InboundEvent } from "../event.ts";
import { textOf } from "../event.ts";
import { TurnSupersededError, TurnTimeoutError } from "./failure.ts";

/** What arrives in the conversation while the turn runs, and when the turn must stop. */
export interface Arrivals {
  readonly signal: AbortSignal;
  /** New words of the person since the last call (policy `steer`). */
  readonly steering: () => readonly string[];
  /** Ids of the events whose words were handed out by `steering`. */
  readonly steered: () => ReadonlySet<string>;
  readonly close: () => void;
}

/**
 * Watches a claim. A deleted or edited message cancels its own turn; a new message of the same person waits, steers or
 * cancels by the bot's policy.
 */
export function watchArrivals(
  claim: Claim,
  covered: readonly WaitingEvent[],
  policies: Pick<BotPolicies, "whileBusy" | "limits">,
): Arrivals {
  const controller = new AbortController();
  const waitingWords: InboundEvent[] = [];
  const steered = new Set<string>();
  const messageIds = new Set(covered.flatMap(({ event }) => ("messageId" in event ? [event.messageId] : [])));
  const userId = covered[0]?.event.user.id;
  const { turnTimeoutMs } = policies.limits;
  const timer = setTimeout(() => controller.abort(new TurnTimeoutError(turnTimeoutMs)), turnTimeoutMs);
  const onClaimLost = (): void => controller.abort(claim.signal.reason);
  if (claim.signal.aborted) onClaimLost();
  claim.signal.addEventListener("abort", onClaimLost, { once: true });
  claim.onArrival((event) => {
    if ((event.type === "edit" || event.type === "delete") && messageIds.has(event.messageId)) {
      controller.abort(
        new TurnSupersededError(event.type === "edit" ? "an edit of its message" : "the deletion of its message"),
      );
      return;
    }
    if (event.type !== "message" || event.user.id !== userId || policies.whileBusy === "wait") return;
    if (policies.whileBusy === "cancel") controller.abort(new TurnSupersededError("a newer message"));
    else waitingWords.push(event);
  });
  return {
    signal: controller.signal,
    steering: () => {
      const taken = waitingWords.splice(0);
      for (const event of taken) steered.add(event.id);
      return taken.map(textOf);
    },
    steered: () => steered,
    close: () => {
      clearTimeout(timer);
      claim.signal.removeEventListener("abort", onClaimLost);
    },
  };
}
