/**
 * The claim loop, the same for every broker: begin, renew, run the handler turn by turn, and end the claim with finish,
 * retry or bury. All promises about order and loss are kept by the primitives; this file decides when to call them.
 */
import { setMaxListeners } from "node:events";
import { describeError } from "../errors.ts";
import type { Clock, Environment } from "../environment.ts";
import type { ConversationId } from "../conversation-id.ts";
import type { InboundEvent } from "../event.ts";
import type { Telemetry } from "../telemetry.ts";
import { createAbandonment } from "./abandon.ts";
import type { ClaimHandler, Running, WorkOptions } from "./broker.ts";
import type { ClaimContext } from "./claim-context.ts";
import { runClaim } from "./claim-run.ts";
import { DEFAULT_LEASE_MS, monotonicClock } from "./lease.ts";
import type { Mailboxes, WakeSource } from "./mailbox.ts";
import { pauseFor } from "./pause-for.ts";
import { DEFAULT_RETRY } from "./retry-policy.ts";

const DEFAULT_GRACE_MS = 10_000;
const PAUSE_AFTER_TROUBLE_MS = 250;

/** What the claim loop is built on. */
export interface WorkerParts {
  readonly mailboxes: Mailboxes;
  readonly wakes: WakeSource;
  readonly environment: Environment;
  readonly telemetry: Telemetry;
  /** Forward-only time for leases; tests hand in their own. */
  readonly monotonic?: Clock;
}

/** Claims ready mailboxes and runs `handler` on them until closed. */
export function startWorker(parts: WorkerParts, handler: ClaimHandler, options: WorkOptions = {}): Running {
  const closing = new AbortController();
  const stopping = new AbortController();
  // Each claim in hand listens to both.
  setMaxListeners(0, closing.signal, stopping.signal);
  const arrivals = arrivalListeners();
  const inHand = new Set<Promise<void>>();
  const context: ClaimContext = {
    ...parts,
    monotonic: parts.monotonic ?? monotonicClock,
    handler,
    leaseMs: options.leaseMs ?? DEFAULT_LEASE_MS,
    batch: options.batch ?? 20,
    retry: { ...DEFAULT_RETRY, ...options.retry },
    onDead: options.onDead ?? (() => []),
    closing: closing.signal,
    stopping: stopping.signal,
    abandonment: createAbandonment(stopping.signal),
    listen: arrivals.listen,
  };
  const stopArrivals = parts.wakes.onArrival(arrivals.tell);
  const source = parts.wakes.start(async (conversation) => {
    const run = claimSafely(context, conversation);
    inHand.add(run);
    await run;
    inHand.delete(run);
  }, options.concurrency ?? 50);

  let closed: Promise<void> | undefined;
  const close = async (graceMs: number): Promise<void> => {
    closing.abort();
    const grace = new AbortController();
    const overdue = pauseFor(graceMs, grace.signal).then(() => stopping.abort());
    await Promise.all([source.close(), settle(inHand)]);
    grace.abort();
    await overdue;
    stopArrivals();
  };
  return {
    close: async (graceMs = DEFAULT_GRACE_MS) => {
      closed ??= close(graceMs);
      await closed;
    },
  };
}

async function settle(inHand: ReadonlySet<Promise<void>>): Promise<void> {
  while (inHand.size > 0) await Promise.all(inHand);
}

/** Never rejects: trouble with the storage is logged and waited out, the sweeper finds the mailbox again. */
async function claimSafely(context: ClaimContext, conversation: ConversationId): Promise<void> {
  if (context.closing.aborted) return;
  try {
    await runClaim(context, conversation);
  } catch (thrown) {
    context.telemetry.log.warn(
      { error: describeError(thrown) },
      "A claim ended without an answer of the broker; the mailbox is taken up again later",
    );
    await pauseFor(PAUSE_AFTER_TROUBLE_MS, context.closing);
  }
}

function arrivalListeners() {
  const listeners = new Map<ConversationId, Set<(event: InboundEvent) => void>>();
  return {
    tell: (conversation: ConversationId, event: InboundEvent): void => {
      for (const listener of listeners.get(conversation) ?? []) listener(event);
    },
    listen: (conversation: ConversationId, listener: (event: InboundEvent) => void): (() => void) => {
      const known = listeners.get(conversation) ?? new Set();
      listeners.set(conversation, known.add(listener));
      return () => {
        known.delete(listener);
        if (known.size === 0) listeners.delete(conversation);
      };
    },
  };
}
