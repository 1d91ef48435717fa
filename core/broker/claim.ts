/** One claim from begin to its end: turn after turn until the mailbox is empty, the batch is used up, or a turn fails. */
import type { ConversationId } from "../conversation-id.ts";
import { describeError, ParleyError } from "../errors.ts";
import { backOffMs } from "../timing/back-off.ts";
import { attemptTurn, type ClaimContext, type HeldClaim, type TurnEnd, type TurnStart } from "./attempt.ts";
import type { WaitingEvent } from "./broker.ts";
import { FencedError } from "./errors.ts";
import { keepLease } from "./lease.ts";
import type { OutboxDraft } from "./outbox-entry.ts";
import { crashedTooOften, failedTooOften, INNOCENT, isOutage, outageDelayMs, type Quarantine } from "./retry-policy.ts";

/**
 * Claims the mailbox if it is to be had and works on it. Gives what quarantine it needs when it was refused for want of
 * one. Rejects only when the storage does not answer.
 */
export async function runClaim(
  context: ClaimContext,
  conversation: ConversationId,
  quarantine?: Quarantine,
): Promise<Quarantine | undefined> {
  const { leaseMs, batch, mailboxes } = context;
  const begun = await mailboxes.begin(conversation, {
    leaseMs,
    batch,
    ...(quarantine === undefined ? {} : { quarantine }),
  });
  if (begun.status === "suspect") return begun.needs;
  if (begun.status !== "claimed") return undefined;
  const { epoch } = begun;
  const abort = new AbortController();
  let lost: "taken" | "expired" | undefined;
  const lease = keepLease({
    leaseMs,
    monotonic: context.monotonic,
    renew: () => mailboxes.renew(conversation, epoch, leaseMs),
    onLost: (how) => {
      lost = how;
      abort.abort(new FencedError(conversation));
    },
    onTrouble: (thrown) =>
      context.telemetry.log.warn({ error: describeError(thrown) }, "A claim could not be renewed; trying again"),
  });
  // No failure of the event: it is worked on again elsewhere.
  const stop = (): void =>
    abort.abort(
      new ParleyError("broker/stopped", "The process is stopping; this turn was given back to its mailbox.", {
        retryable: true,
      }),
    );
  context.stopping.addEventListener("abort", stop, { once: true });
  try {
    await runTurns(context, { conversation, epoch, signal: abort.signal, lost: () => lost }, begun);
  } finally {
    lease.stop();
    context.stopping.removeEventListener("abort", stop);
  }
  return undefined;
}

async function runTurns(context: ClaimContext, held: HeldClaim, begun: TurnStart): Promise<void> {
  let start = begun;
  let handled = 0;
  for (;;) {
    const head = start.waiting[0];
    if (head === undefined) break;
    if (start.suspicion.deaths > 0 && crashedTooOften(start.suspicion, context.retry)) {
      await bury(context, held, { head, attempts: start.attempt, reason: "its process died while it was worked on" });
      return;
    }
    const end = await attemptTurn(context, held, start);
    if (end.kind !== "committed") {
      await endUncommitted(context, held, { start, head, end });
      return;
    }
    if (end.ended) return;
    handled += end.events;
    if (end.remaining === 0 || handled >= context.batch || mustEnd(context, held, start)) break;
    const waiting = await context.mailboxes.peek(held.conversation, context.batch);
    start = { waiting, attempt: 1, failures: 0, suspicion: INNOCENT };
  }
  await context.mailboxes.finish(held.conversation, held.epoch);
}

/** Whether what is left in the mailbox is for another claim. */
function mustEnd({ closing, isAwaited }: ClaimContext, { signal }: HeldClaim, { suspicion }: TurnStart): boolean {
  // What comes behind a suspect needs no quarantine.
  return closing.aborted || signal.aborted || isAwaited() || suspicion.crashes > 0;
}

async function endUncommitted(
  context: ClaimContext,
  held: HeldClaim,
  turn: {
    readonly start: TurnStart;
    readonly head: WaitingEvent;
    readonly end: Exclude<TurnEnd, { kind: "committed" }>;
  },
): Promise<void> {
  const { start, head, end } = turn;
  const { conversation, epoch } = held;
  const log = context.telemetry.log.child({ eventId: head.event.id, attempt: start.attempt });
  if (end.kind === "fenced") {
    log.info({}, "A turn was discarded: its claim was taken over");
    return;
  }
  if (end.kind === "given-back") {
    await context.mailboxes.finish(conversation, epoch);
    log.info({}, "A turn in hand was given back to the mailbox");
    return;
  }
  const reason = describeError(end.thrown);
  if (isOutage(end.thrown)) {
    const delayMs = outageDelayMs(start.attempt, context.environment.random());
    log.warn({ error: reason, delayMs }, "A turn waits until what it needs is back");
    await context.mailboxes.retry(conversation, epoch, { delayMs, isOutage: true });
    return;
  }
  const failures = start.failures + 1;
  if (failedTooOften(failures, context.retry)) {
    await bury(context, held, { head, attempts: start.attempt, reason });
    return;
  }
  const asked = end.thrown instanceof ParleyError ? (end.thrown.retryAfterMs ?? 0) : 0;
  const delayMs = Math.max(asked, backOffMs(failures, context.retry, context.environment.random()));
  log.warn({ error: reason, delayMs }, "A turn failed and is tried again");
  await context.mailboxes.retry(conversation, epoch, { delayMs });
}

async function bury(
  context: ClaimContext,
  held: HeldClaim,
  burial: { readonly head: WaitingEvent; readonly attempts: number; readonly reason: string },
): Promise<void> {
  const { head, attempts, reason } = burial;
  const log = context.telemetry.log.child({ eventId: head.event.id, attempts });
  let replies: readonly OutboxDraft[] = [];
  try {
    replies = await context.onDead(head, reason);
  } catch (thrown) {
    log.error({ error: describeError(thrown) }, "A dead letter's notice could not be made; the person is not told");
  }
  if (!(await context.mailboxes.bury(held.conversation, held.epoch, { reason, attempts, replies }))) return;
  context.telemetry.metrics.deadLetter({ platform: head.event.platform });
  log.error({ reason }, "An event went to the dead letters");
}
