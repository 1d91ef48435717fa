/**
 * The claim loop, the same for every broker: begin, renew, run the handler turn by turn, and end the claim with finish,
 * retry or bury. All promises about order and loss are kept by the primitives; this file decides when to call them.
 */
import { setMaxListeners } from "node:events";
import type { ConversationId } from "../conversation-id.ts";
import type { Clock, Environment } from "../environment.ts";
import { describeError } from "../errors.ts";
import type { InboundEvent } from "../event.ts";
import type { Telemetry } from "../telemetry.ts";
import { createAbandonment } from "../timing/abandonment.ts";
import { monotonicClock, pauseFor } from "../timing/sleep.ts";
import type { ClaimContext } from "./attempt.ts";
import type { ClaimHandler, Running, WorkOptions } from "./broker.ts";
import { runClaim } from "./claim.ts";
import { DEFAULT_LEASE_MS } from "./lease.ts";
import type { Presence } from "./presence.ts";
import type { Mailboxes, WakeSource } from "./primitives.ts";
import { createQuarantine } from "./quarantine.ts";
import { DEFAULT_RETRY, type Quarantine } from "./retry-policy.ts";

const DEFAULT_GRACE_MS = 10_000;
const PAUSE_AFTER_TROUBLE_MS = 250;

/** What the claim loop is built on. */
export interface WorkerParts {
  readonly mailboxes: Mailboxes;
  readonly wakes: WakeSource;
  readonly presence: Presence;
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
  const doors: Doors = {};
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
    isAwaited: () => doors.shut !== undefined,
    abandonment: createAbandonment(stopping.signal),
    listen: arrivals.listen,
  };
  const stopArrivals = parts.wakes.onArrival(arrivals.tell);
  const { source, settled } = startClaims(context, { ...parts, doors }, options.concurrency ?? 50);

  let closed: Promise<void> | undefined;
  const close = async (graceMs: number): Promise<void> => {
    closing.abort();
    const overdue = setTimeout(() => stopping.abort(), graceMs);
    await Promise.all([source.close(), settled()]);
    clearTimeout(overdue);
    stopArrivals();
  };
  return {
    close: async (graceMs = DEFAULT_GRACE_MS) => {
      closed ??= close(graceMs);
      await closed;
    },
  };
}

/** Shut while a suspect must be alone: new claims wait for it, and those in hand end after their turn. */
interface Doors {
  shut?: Promise<void>;
}

/** Claims what is handed out, and what was in flight when a process died apart from the rest. */
function startClaims(
  context: ClaimContext,
  { presence, wakes, doors }: WorkerParts & { readonly doors: Doors },
  concurrency: number,
) {
  const inHand = new Set<Promise<unknown>>();
  const claimOne = (conversation: ConversationId, quarantine?: Quarantine): Promise<Quarantine | undefined> => {
    const run = claimSafely(context, conversation, quarantine).finally(() => inHand.delete(run));
    inHand.add(run);
    return run;
  };
  const lane = createQuarantine({
    claim: claimOne,
    alone: async (work) => {
      source.pause(true);
      doors.shut = settle(inHand).then(work);
      await doors.shut;
      delete doors.shut;
      source.pause(false);
    },
    closing: context.closing,
  });
  const joined = presence.join();
  const source = wakes.start(async (conversation) => {
    await joined;
    // Nothing may come between the last look and the claim.
    while (doors.shut !== undefined) await doors.shut;
    const needs = await claimOne(conversation);
    if (needs !== undefined) lane.offer(conversation, needs);
  }, concurrency);
  const settled = async (): Promise<void> => {
    await Promise.all([settle(inHand), lane.settled()]);
  };
  return { source, settled };
}

async function settle(inHand: ReadonlySet<Promise<unknown>>): Promise<void> {
  while (inHand.size > 0) await Promise.all(inHand);
}

/** Never rejects: trouble with the storage is logged and waited out, the sweeper finds the mailbox again. */
async function claimSafely(
  context: ClaimContext,
  conversation: ConversationId,
  quarantine?: Quarantine,
): Promise<Quarantine | undefined> {
  if (context.closing.aborted) return undefined;
  try {
    return await runClaim(context, conversation, quarantine);
  } catch (thrown) {
    context.telemetry.log.warn(
      { error: describeError(thrown) },
      "A claim ended without an answer of the broker; the mailbox is taken up again later",
    );
    await pauseFor(PAUSE_AFTER_TROUBLE_MS, context.closing);
    return undefined;
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
