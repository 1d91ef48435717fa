/** One turn of a claim: hands the handler its `Claim` and says how the turn ended. */
import { describeError, ParleyError } from "../errors.ts";
import type { Claim, ClaimCommit } from "./broker.ts";
import type { ClaimContext, HeldClaim, TurnStart } from "./claim-context.ts";
import { FencedError } from "./errors.ts";
import type { Committed } from "./mailbox.ts";
import { untilAnswered } from "./until-answered.ts";

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
export async function runTurn(context: ClaimContext, held: HeldClaim, start: TurnStart): Promise<TurnEnd> {
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
      if (committed !== undefined) throw new CommittedTwiceError();
      const { remaining, ended = false } = await commitTurn(context, held, commit);
      const events = start.waiting.filter(({ sequence }) => sequence <= commit.through).length;
      committed = { events: Math.max(1, events), remaining, ended };
    },
  };
  reportQueueWait(context, start);
  let thrown: unknown;
  try {
    await context.abandonment.ended(context.handler(claim));
    if (committed === undefined) thrown = new NotCommittedError();
  } catch (caught) {
    thrown = caught;
  } finally {
    for (const stopListening of listening) stopListening();
  }
  return endOf(context, held, { committed, thrown });
}

function endOf(
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

/** A commit whose outcome is unknown is repeated while the claim is held: the primitive allows it. */
async function commitTurn(context: ClaimContext, held: HeldClaim, commit: ClaimCommit): Promise<Committed> {
  const { conversation, epoch } = held;
  const result = await untilAnswered(held.signal, () =>
    context.mailboxes.commit(conversation, epoch, { ...commit, leaseMs: context.leaseMs }),
  );
  if (result.status === "fenced") throw new FencedError(conversation);
  return result;
}

function reportQueueWait(context: ClaimContext, start: TurnStart): void {
  const head = start.waiting[0];
  if (head === undefined || start.attempt > 1) return;
  const waitedMs = context.environment.clock() - Date.parse(head.event.receivedAt);
  context.telemetry.metrics.queueWait({ platform: head.event.platform }, Math.max(0, waitedMs) / 1000);
}

class NotCommittedError extends ParleyError {
  override readonly name = "NotCommittedError";

  constructor() {
    super(
      "broker/not-committed",
      "The turn handler returned without claim.commit, so its event would run for ever. Commit, or throw.",
    );
  }
}

class CommittedTwiceError extends ParleyError {
  override readonly name = "CommittedTwiceError";

  constructor() {
    super("broker/committed-twice", "claim.commit was called a second time in one turn. A turn commits once.");
  }
}
