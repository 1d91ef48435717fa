/** What the parts of the claim loop hand each other. */
import type { ConversationId } from "../conversation-id.ts";
import type { Clock, Environment } from "../environment.ts";
import type { InboundEvent } from "../event.ts";
import type { Telemetry } from "../telemetry.ts";
import type { Abandonment } from "./abandon.ts";
import type { ClaimHandler, RetryPolicy, WaitingEvent, WorkOptions } from "./broker.ts";
import type { Mailboxes } from "./mailbox.ts";

/** Everything one claim needs from its worker. */
export interface ClaimContext {
  readonly mailboxes: Mailboxes;
  readonly environment: Environment;
  readonly telemetry: Telemetry;
  readonly monotonic: Clock;
  readonly handler: ClaimHandler;
  readonly leaseMs: number;
  readonly batch: number;
  readonly retry: RetryPolicy;
  readonly onDead: NonNullable<WorkOptions["onDead"]>;
  /** Aborted when the worker closes: no further turn begins. */
  readonly closing: AbortSignal;
  /** Aborted when the grace period is over: turns in hand are given back. */
  readonly stopping: AbortSignal;
  /** Leaves handlers behind that ignore `stopping`. */
  readonly abandonment: Abandonment;
  /** Registers for arrivals in one conversation until the returned function is called. */
  readonly listen: (conversation: ConversationId, listener: (event: InboundEvent) => void) => () => void;
}

/** A claim in hand: what its turns share. */
export interface HeldClaim {
  readonly conversation: ConversationId;
  readonly epoch: number;
  readonly signal: AbortSignal;
  /** How the lease was lost, once it was. */
  readonly lost: () => "taken" | "expired" | undefined;
}

/** What the next turn starts from. */
export interface TurnStart {
  readonly waiting: readonly WaitingEvent[];
  readonly attempt: number;
  readonly failures: number;
}
