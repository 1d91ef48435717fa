import type { Outgoing } from "../adapter.ts";
import type { SealedPayload } from "../adapter-binding.ts";
import type { DeliveryAttempt } from "../broker/broker.ts";
import type { DeliveryRecord } from "../store/store.ts";
import type { LiveTarget } from "./live-target.ts";
import type { Parts, RenderParts } from "./parts.ts";
import type { DeliveryPlatform } from "./platform.ts";
import type { Progress } from "./progress.ts";
import type { SendPolicy } from "./send-policy.ts";

/** One try to deliver one reply, with all that its steps share. */
export interface DeliveryRun {
  readonly platform: DeliveryPlatform;
  readonly attempt: DeliveryAttempt;
  readonly progress: Progress;
  readonly rendering: RenderParts;
  readonly liveTarget: LiveTarget;
  readonly policy: SendPolicy;
}

/** How the delivery of a reply ended. */
export interface Ending {
  readonly outcome: DeliveryRecord["outcome"];
  /** For people: why it is not `delivered`. */
  readonly detail?: string;
}

/** The parts as they stand now: plain text from where the markup was refused, and without files that were refused. */
export function partsNow(run: DeliveryRun): Parts {
  return run.rendering.parts(run.progress.state);
}

/** The next part as a message; undefined when all are sent. */
export function nextOutgoing(run: DeliveryRun): Outgoing<SealedPayload> | undefined {
  const { entry, signal } = run.attempt;
  const { payloads } = partsNow(run);
  const part = run.progress.state.sent.length;
  const { moves = [] } = run.progress.state;
  const payload = payloads[part];
  if (payload === undefined) return undefined;
  return {
    conversation: entry.conversation,
    target: moves.at(-1)?.target ?? entry.target,
    payload,
    // Another place, another message: a platform that knows the key would take it for the one it knows.
    key: moves.length === 0 ? `${entry.id}.${part}` : `${entry.id}.moved${moves.length}.${part}`,
    eventId: entry.eventId,
    replyIndex: entry.index,
    replyCount: entry.count,
    part,
    partCount: payloads.length,
    signal,
  };
}
