import { ParleyError } from "../errors.ts";
import type { BotPolicies } from "../bot.ts";
import type { Claim, WaitingEvent } from "../broker/broker.ts";
import type { InboundEvent } from "../event.ts";
import { textOf } from "../event.ts";
import { fingerprintOf } from "./content.ts";
import { TurnAmendedError, TurnSupersededError } from "./failure.ts";

/** What arrives in the conversation while the turn runs, and when the turn must stop. */
export interface Arrivals {
  readonly signal: AbortSignal;
  /** New words of the person since the last call (policy `steer`). */
  readonly steering: () => readonly string[];
  /** Ids of the events whose words were handed out by `steering`. */
  readonly steered: ReadonlySet<string>;
  readonly close: () => void;
}

/**
 * Watches a claim. A deletion of one of the turn's messages, or an edit that changes what it says, ends the work on the
 * old words; a new message of the same person waits, steers or cancels by the bot's policy.
 */
export function watchArrivals(
  claim: Claim,
  covered: readonly WaitingEvent[],
  policies: Pick<BotPolicies, "whileBusy" | "limits">,
): Arrivals {
  const controller = new AbortController();
  const waitingWords: InboundEvent[] = [];
  const steered = new Set<string>();
  let closed = false;
  const userId = covered[0]?.event.user.id;
  const { turnTimeoutMs } = policies.limits;
  const timer = setTimeout(
    () =>
      controller.abort(
        new ParleyError("turn/timeout", `The turn took longer than ${turnTimeoutMs} ms (limits.turnTimeoutMs).`),
      ),
    turnTimeoutMs,
  );
  const onClaimLost = (): void => controller.abort(claim.signal.reason);
  if (claim.signal.aborted) onClaimLost();
  claim.signal.addEventListener("abort", onClaimLost, { once: true });
  claim.onArrival((event) => {
    if (closed) return;
    if (event.type === "edit" || event.type === "delete") {
      if (amends(event, covered)) controller.abort(new TurnAmendedError(event.type));
      return;
    }
    if (event.type !== "message" || event.user.id !== userId || policies.whileBusy === "wait") return;
    if (policies.whileBusy === "cancel") controller.abort(new TurnSupersededError("a newer message"));
    // Files and messages referred to cannot be steered in: such a message gets a turn of its own.
    else if (isPlain(event)) waitingWords.push(event);
  });
  return {
    signal: controller.signal,
    steering: () => {
      const taken = waitingWords.splice(0);
      for (const event of taken) steered.add(event.id);
      return taken.map(textOf);
    },
    steered,
    close: () => {
      closed = true;
      clearTimeout(timer);
      claim.signal.removeEventListener("abort", onClaimLost);
    },
  };
}

function amends(event: Extract<InboundEvent, { type: "edit" | "delete" }>, covered: readonly WaitingEvent[]): boolean {
  const meant = covered.find((one) => "messageId" in one.event && one.event.messageId === event.messageId);
  if (meant === undefined || !/^(?:message|edit|command)$/u.test(meant.event.type)) return false;
  return event.type === "delete" || fingerprintOf(event) !== fingerprintOf(meant.event);
}

function isPlain(event: Extract<InboundEvent, { type: "message" }>): boolean {
  return event.attachments.length === 0 && event.replyTo === undefined && event.forwarded.length === 0;
}
