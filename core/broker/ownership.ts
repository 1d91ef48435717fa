/**
 * One process at a time, by a fenced lease: the delivery of an account, the connection of an account. A stand-by waits
 * until the owner is gone.
 */
import type { AccountId } from "../conversation-id.ts";
import type { Clock, Environment } from "../environment.ts";
import { describeError } from "../errors.ts";
import type { Telemetry } from "../telemetry.ts";
import type { Running } from "./broker.ts";
import { DEFAULT_LEASE_MS, keepLease, monotonicClock } from "./lease.ts";
import type { Outboxes } from "./mailbox.ts";
import { pauseFor } from "./pause-for.ts";

const DEFAULT_GRACE_MS = 10_000;

/** What ownership is built on. */
export interface OwnershipParts {
  readonly outboxes: Pick<Outboxes, "own" | "release">;
  readonly environment: Environment;
  readonly telemetry: Telemetry;
  /** Forward-only time for leases; tests hand in their own. */
  readonly monotonic?: Clock;
}

/** A period of ownership. */
export interface Period {
  readonly epoch: number;
  /** Nothing further begins: the process closes, or the ownership was lost. */
  readonly closing: AbortSignal;
  /** What is in hand is aborted: the grace is over, or the ownership was lost. */
  readonly stopping: AbortSignal;
  /** Gives the ownership up, as if it had been lost. */
  readonly lose: () => void;
}

export interface OwnershipTask {
  readonly name: AccountId;
  readonly leaseMs?: number | undefined;
  /** Runs once for each period, until `closing`. A throw ends the period; it is taken up again after a pause. */
  readonly work: (period: Period) => Promise<void>;
}

/** Runs the work whenever this process is the owner, until closed. */
export function runWhileOwner(parts: OwnershipParts, task: OwnershipTask): Running {
  const closing = new AbortController();
  const stopping = new AbortController();
  const loop = takeTurns(parts, task, { closing: closing.signal, stopping: stopping.signal });
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

type Ending = Pick<Period, "closing" | "stopping">;

async function takeTurns(parts: OwnershipParts, task: OwnershipTask, ending: Ending): Promise<void> {
  const { outboxes, environment, telemetry } = parts;
  const { name, leaseMs = DEFAULT_LEASE_MS } = task;
  while (!ending.closing.aborted) {
    // A name per period of ownership: what is left of a lost period must not pass the fence of the next one.
    const owner = environment.newId();
    try {
      const epoch = await outboxes.own(name, owner, leaseMs);
      if (epoch === undefined) {
        await pauseFor(standByMs(leaseMs, environment.random()), ending.closing);
        continue;
      }
      try {
        await workAsOwner(parts, { ...task, leaseMs, owner, epoch }, ending);
      } finally {
        await outboxes.release(name, owner);
      }
    } catch (thrown) {
      telemetry.log.warn({ account: name, error: describeError(thrown) }, "The ownership ended; trying again");
      await pauseFor(standByMs(leaseMs, environment.random()), ending.closing);
    }
  }
}

/** A stand-by asks a few times per lease, not in step with others. */
function standByMs(leaseMs: number, random: number): number {
  return (leaseMs / 6) * (0.5 + random);
}

async function workAsOwner(
  parts: OwnershipParts,
  task: OwnershipTask & { readonly leaseMs: number; readonly owner: string; readonly epoch: number },
  ending: Ending,
): Promise<void> {
  const { name, epoch, leaseMs, owner } = task;
  const lost = new AbortController();
  const lease = keepLease({
    leaseMs,
    monotonic: parts.monotonic ?? monotonicClock,
    renew: async () => (await parts.outboxes.own(name, owner, leaseMs)) === epoch,
    onLost: () => lost.abort(),
    onTrouble: (thrown) =>
      parts.telemetry.log.warn(
        { account: name, error: describeError(thrown) },
        "The outbox's ownership could not be renewed",
      ),
  });
  try {
    await task.work({
      epoch,
      closing: AbortSignal.any([ending.closing, lost.signal]),
      stopping: AbortSignal.any([ending.stopping, lost.signal]),
      lose: () => lost.abort(),
    });
  } finally {
    lease.stop();
  }
}
