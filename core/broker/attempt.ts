/** One attempt at a turn: gives the handler its `Claim` and says how the attempt ended. */
import type { ConversationId } from "../conversation-id.ts";
import type { Clock, Environment } from "../environment.ts";
import { describeError, ParleyError } from "../errors.ts";
import type { InboundEvent } from "../event.ts";
import type { Telemetry } from "../telemetry.ts";
import type { Abandonment } from "../timing/abandonment.ts";
import type { Claim, ClaimHandler, RetryPolicy, WaitingEvent, WorkOptions } from "./broker.ts";
import { FencedError } from "./errors.ts";
import { type Mailboxes, repeatUntilKnown } from "./primitives.ts";
import type { Suspicion } from "./retry-policy.ts";

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
  /** Whether a suspect waits until nothing else runs: claims in hand end after their turn, and others take them up. */
  readonly isAwaited: () => boolean;
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
  readonly suspicion: Suspicion;
}

/** How a turn ended. */
export type TurnEnd =
  | ({ readonly kind: "committed" } & CommittedTurn)
  /** Another worker has the claim; nothing of this turn was kept. */
  | { readonly kind: "fenced" }
  /** Stopped from outside, by no fault of the event. */
  | { readonly kind: "given-back" }
  | { readonly kind: "failed"; readonly thrown: unknown };

interface CommittedTurn {
  readonly events: number;
  readonly remaining: number;
  /** The claim is over already. */
  readonly ended: boolean;
}

/** Runs the handler once on what waits. Never rejects. */
export async function attemptTurn(context: ClaimContext, held: HeldClaim, start: TurnStart): Promise<TurnEnd> {
  let committed: CommittedTurn | undefined;
  const listening: (() => void)[] = [];
  const claim: Claim = {
    conversation: held.conversation,
    epoch: held.epoch,
    waiting: start.waiting,
    attempt: start.attempt,
    signal: held.signal,
    onArrival: (listener) => {
      listening.push(context.listen(held.conversation, listener));
    },
    refresh: () => context.mailboxes.peek(held.conversation, context.batch),
    commit: async (commit) => {
      if (committed !== undefined)
        throw new ParleyError(
          "broker/committed-twice",
          "claim.commit was called a second time in one turn. A turn commits once.",
        );
      // A commit whose outcome is unknown is repeated while the claim is held: the primitive allows it.
      const { conversation, epoch } = held;
      const result = await repeatUntilKnown(held.signal, () =>
        context.mailboxes.commit(conversation, epoch, { ...commit, leaseMs: context.leaseMs }),
      );
      if (result.status === "fenced") throw new FencedError(conversation);
      const { remaining, ended = false } = result;
      const events = start.waiting.filter(({ sequence }) => sequence <= commit.through).length;
      committed = { events: Math.max(1, events), remaining, ended };
    },
  };
  let thrown: unknown;
  try {
    await context.abandonment.ended(context.handler(claim));
    if (committed === undefined)
      thrown = new ParleyError(
        "broker/not-committed",
        "The turn handler returned without claim.commit, so its event would run for ever. Commit, or throw.",
      );
  } catch (caught) {
    thrown = caught;
  } finally {
    for (const stopListening of listening) stopListening();
  }
  return endingOf(context, held, { committed, thrown });
}

function endingOf(
  context: ClaimContext,
  held: HeldClaim,
  turn: { readonly committed: CommittedTurn | undefined; readonly thrown: unknown },
): TurnEnd {
  const { committed, thrown } = turn;
  if (committed !== undefined) {
    if (thrown !== undefined) {
      context.telemetry.log.error({ error: describeError(thrown) }, "A turn threw after its commit; the commit stands");
    }
    return { kind: "committed", ...committed };
  }
  if (held.lost() === "taken" || thrown instanceof FencedError) return { kind: "fenced" };
  if (held.signal.aborted) return { kind: "given-back" };
  return { kind: "failed", thrown };
}
