/**
 * The delivery loop, the same for every broker: own the account, read its outbox in order, deliver one entry at a time
 * per conversation and many conversations at once, remove what has its outcome. A stand-by waits until the owner is gone.
 */
import { setMaxListeners } from "node:events";
import type { AccountId } from "../conversation-id.ts";
import type { Clock, Environment } from "../environment.ts";
import { describeError } from "../errors.ts";
import type { Telemetry } from "../telemetry.ts";
import type { DeliverOptions, DeliveryHandler, Running } from "./broker.ts";
import { runDeliveries } from "./delivery-run.ts";
import { DEFAULT_LEASE_MS, keepLease, monotonicClock } from "./lease.ts";
import type { Outboxes } from "./mailbox.ts";
import { pauseFor } from "./pause-for.ts";

const DEFAULT_GRACE_MS = 10_000;

/** What the delivery loop is built on. */
export interface CourierParts {
  readonly outboxes: Outboxes;
  readonly environment: Environment;
  readonly telemetry: Telemetry;
  /** Forward-only time for leases; tests hand in their own. */
  readonly monotonic?: Clock;
}

/** What is delivered, and by what. */
export interface CourierTask extends DeliverOptions {
  readonly account: AccountId;
  readonly handler: DeliveryHandler;
}

/** Delivers the account's outbox whenever this process owns it, until closed. */
export function startCourier(parts: CourierParts, task: CourierTask): Running {
  const closing = new AbortController();
  const stopping = new AbortController();
  const loop = deliverWhileOwner(parts, task, { closing: closing.signal, stopping: stopping.signal });
  let closed: Promise<void> | undefined;
  const close = async (graceMs: number): Promise<void> => {
    closing.abort();
    const finished = new AbortController();
    const overdue = pauseFor(graceMs, finished.signal).then(() => stopping.abort());
    await loop;
    finished.abort();
    await overdue;
  };
  return {
    close: async (graceMs = DEFAULT_GRACE_MS) => {
      closed ??= close(graceMs);
      await closed;
    },
  };
}

interface Ending {
  /** No further entry begins. */
  readonly closing: AbortSignal;
  /** Entries in hand are aborted. */
  readonly stopping: AbortSignal;
}

async function deliverWhileOwner(parts: CourierParts, task: CourierTask, ending: Ending): Promise<void> {
  const { outboxes, environment, telemetry } = parts;
  const { account, leaseMs = DEFAULT_LEASE_MS } = task;
  while (!ending.closing.aborted) {
    // A name per period of ownership: what is left of a lost period must not pass the fence of the next one.
    const owner = environment.newId();
    try {
      const epoch = await outboxes.own(account, owner, leaseMs);
      if (epoch === undefined) {
        await pauseFor(standByMs(leaseMs, environment.random()), ending.closing);
        continue;
      }
      try {
        await deliverAsOwner(parts, { ...task, leaseMs, owner, epoch }, ending);
      } finally {
        await outboxes.release(account, owner);
      }
    } catch (thrown) {
      telemetry.log.warn({ account, error: describeError(thrown) }, "The outbox did not answer; trying again");
      await pauseFor(standByMs(leaseMs, environment.random()), ending.closing);
    }
  }
}

/** A stand-by asks a few times per lease, not in step with others. */
function standByMs(leaseMs: number, random: number): number {
  return (leaseMs / 6) * (0.5 + random);
}

async function deliverAsOwner(
  parts: CourierParts,
  task: CourierTask & { readonly leaseMs: number; readonly owner: string; readonly epoch: number },
  ending: Ending,
): Promise<void> {
  const { account, epoch, leaseMs, owner } = task;
  const lost = new AbortController();
  const lease = keepLease({
    leaseMs,
    monotonic: parts.monotonic ?? monotonicClock,
    renew: async () => (await parts.outboxes.own(account, owner, leaseMs)) === epoch,
    onLost: () => lost.abort(),
    onTrouble: (thrown) =>
      parts.telemetry.log.warn(
        { account, error: describeError(thrown) },
        "The outbox's ownership could not be renewed",
      ),
  });
  const closing = AbortSignal.any([ending.closing, lost.signal]);
  const stopping = AbortSignal.any([ending.stopping, lost.signal]);
  // Each lane listens to both.
  setMaxListeners(0, closing, stopping);
  try {
    await runDeliveries({
      outboxes: parts.outboxes,
      environment: parts.environment,
      telemetry: parts.telemetry,
      handler: task.handler,
      concurrency: task.concurrency ?? 20,
      owned: { account, epoch },
      lose: () => lost.abort(),
      closing,
      stopping,
    });
  } finally {
    lease.stop();
  }
}
